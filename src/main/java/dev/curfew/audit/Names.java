package dev.curfew.audit;

import java.util.Optional;

/** What a person is called now. Kept with each entry, as it was when the thing happened. */
public interface Names {
  Optional<String> name(String person);
}
