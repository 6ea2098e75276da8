package dev.curfew.request;

import java.util.List;

/**
 * Part of a list, newest first.
 *
 * @param next where the next part begins, to be handed back as {@code cursor}; null at the end
 */
public record Page<T>(List<T> items, String next) {

  public Page {
    items = List.copyOf(items);
  }
}
