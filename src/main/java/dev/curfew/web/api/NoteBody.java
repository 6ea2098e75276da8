package dev.curfew.web.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What may come with an act that needs no proof. */
public record NoteBody(@Schema(description = "why; may be left out") String note) {

  static String noteOf(NoteBody body) {
    return body == null ? null : body.note();
  }
}
