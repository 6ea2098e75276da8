package dev.curfew.request;

import dev.curfew.CurfewException;
import java.util.List;
import java.util.function.Function;

/**
 * Part of a list.
 *
 * @param next where the next part begins, to be handed back as {@code cursor}; null at the end
 */
public record Page<T>(List<T> items, String next) {

  public Page {
    items = List.copyOf(items);
  }

  /**
   * The part of a list that is at hand, after the item whose key is the cursor.
   *
   * @param cursor null for the first part
   */
  public static <T> Page<T> of(List<T> all, Function<T, String> key, String cursor, int limit) {
    int from = 0;
    if (cursor != null && !cursor.isBlank()) {
      List<String> keys = all.stream().map(key).toList();
      from = keys.indexOf(cursor) + 1;
      if (from == 0) {
        throw CurfewException.invalid("cursor", "the list changed; begin at its first page");
      }
    }
    int to = Math.min(all.size(), from + Math.max(1, limit));
    List<T> items = all.subList(from, to);
    return new Page<>(items, to < all.size() ? key.apply(items.get(items.size() - 1)) : null);
  }
}
