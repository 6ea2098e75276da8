package dev.curfew.web.api;

import dev.curfew.CurfewException;

/** A call that needs a body and brings none is told so. */
final class Body {

  private Body() {}

  static <T> T required(T body) {
    if (body == null) {
      throw CurfewException.invalid("body", "send a JSON object");
    }
    return body;
  }
}
