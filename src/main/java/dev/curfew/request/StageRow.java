package dev.curfew.request;

import dev.curfew.approval.Stage;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Duration;
import java.util.List;

/** A stage as it was decided at submit. */
@Embeddable
class StageRow {

  String name;

  @Column(name = "group_name")
  String group;

  int needed;

  @Column(name = "accept_code")
  boolean acceptCode;

  String words;

  static StageRow of(Stage stage) {
    StageRow row = new StageRow();
    row.name = stage.name();
    row.group = stage.group();
    row.needed = stage.needed();
    row.acceptCode = stage.acceptCode();
    row.words = stage.words();
    return row;
  }

  /** For the tally. What it no longer needs, the times and the words, is with the request. */
  Stage stage() {
    return new Stage(name, group, needed, acceptCode, Duration.ZERO, Duration.ZERO, List.of());
  }
}
