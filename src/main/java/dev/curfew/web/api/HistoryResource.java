package dev.curfew.web.api;

import dev.curfew.audit.Export;
import dev.curfew.audit.Export.Format;
import dev.curfew.audit.History;
import dev.curfew.audit.Manifest;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.HistoryFile;
import dev.curfew.web.HistoryQuery;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** What happened, for auditors and administrators. */
@Path("/api/v1/history")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "history")
public class HistoryResource {

  private final CurrentCaller current;
  private final History history;
  private final Export export;

  HistoryResource(CurrentCaller current, History history, Export export) {
    this.current = current;
    this.history = history;
    this.export = export;
  }

  @GET
  @Operation(
      summary = "Read the history, newest first",
      description =
          "Entries by number. `complete` says up to which number the history is complete and how"
              + " many newer entries have none yet.")
  public HistoryPart page(
      @BeanParam HistoryQuery query,
      @RestQuery String cursor,
      @RestQuery @DefaultValue("50") int limit) {
    return HistoryPart.of(
        history.page(
            current.caller(),
            query.filter(),
            HistoryQuery.number("cursor", cursor),
            Limit.checked(limit)));
  }

  @GET
  @Path("/export.csv")
  @Produces("text/csv")
  @Operation(summary = "Export as CSV, oldest first; its manifest stands beside it")
  @APIResponse(responseCode = "200", content = @Content(mediaType = "text/csv"))
  public RestResponse<StreamingOutput> csv(@BeanParam HistoryQuery query, @RestQuery String upTo) {
    return file(query, Format.CSV, upTo);
  }

  @GET
  @Path("/export.csv.manifest.json")
  @Operation(
      summary = "What the CSV export holds: filter, count, size and SHA-256",
      description = "Give `upTo` the number of the export's header `Curfew-Up-To`.")
  public Manifest manifest(@BeanParam HistoryQuery query, @RestQuery String upTo) {
    return export.manifest(
        current.caller(), query.filter(), Format.CSV, HistoryQuery.number("upTo", upTo));
  }

  @GET
  @Path("/export.jsonl")
  @Produces("application/jsonl")
  @Operation(summary = "Export as JSON lines, oldest first; the last line states what it holds")
  @APIResponse(responseCode = "200", content = @Content(mediaType = "application/jsonl"))
  public RestResponse<StreamingOutput> jsonl(
      @BeanParam HistoryQuery query, @RestQuery String upTo) {
    return file(query, Format.JSONL, upTo);
  }

  private RestResponse<StreamingOutput> file(HistoryQuery query, Format format, String upTo) {
    return HistoryFile.of(
        export,
        export.ready(current.caller(), query.filter(), format, HistoryQuery.number("upTo", upTo)));
  }
}
