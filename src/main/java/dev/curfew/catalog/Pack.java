package dev.curfew.catalog;

import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Target;
import java.time.Duration;
import java.util.List;

/** What the files say can be entered, before any target was asked. */
final class Pack {

  private Pack() {}

  /**
   * A target of a pack.
   *
   * @param pack the folder it stands in
   * @param here what this node alone lacks for it; where there is something it is closed here
   */
  record Site(
      String id,
      String pack,
      String title,
      String description,
      List<String> tags,
      Target target,
      List<Access> accesses,
      List<Problem> here) {

    Site {
      here = List.copyOf(here);
      tags = List.copyOf(tags);
      accesses = List.copyOf(accesses);
    }
  }

  /** An entitlement of a target. */
  record Access(
      String id,
      String title,
      String description,
      List<String> tags,
      Level level,
      Duration longest,
      Entitlement entitlement) {

    Access {
      tags = List.copyOf(tags);
    }
  }
}
