package dev.curfew.web.api;

import dev.curfew.request.Page;
import java.util.List;
import java.util.function.Function;

/**
 * Part of a list.
 *
 * @param next give it back as {@code cursor} for the next part; null at the end
 */
public record Items<T>(List<T> items, String next) {

  static <S, T> Items<T> of(Page<S> page, Function<S, T> each) {
    return new Items<>(page.items().stream().map(each).toList(), page.next());
  }

  static <S, T> Items<T> all(List<S> found, Function<S, T> each) {
    return new Items<>(found.stream().map(each).toList(), null);
  }
}
