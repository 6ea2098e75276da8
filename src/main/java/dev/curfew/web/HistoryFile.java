package dev.curfew.web;

import dev.curfew.audit.Export;
import jakarta.ws.rs.core.StreamingOutput;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** An export on its way to the reader, piece by piece. */
public final class HistoryFile {

  private HistoryFile() {}

  /** The answer; the header {@code Curfew-Up-To} names the number for the manifest. */
  public static RestResponse<StreamingOutput> of(Export export, Export.Ready ready) {
    StreamingOutput rows = out -> export.write(ready, out);
    return ResponseBuilder.ok(rows)
        .header("Content-Type", ready.format().mediaType())
        .header("Content-Disposition", "attachment; filename=\"" + ready.file() + "\"")
        .header("Curfew-Up-To", ready.upTo())
        .build();
  }
}
