package dev.curfew.web.api;

import dev.curfew.request.CatalogReads;
import dev.curfew.web.CurrentCaller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** What the caller may ask for. */
@Path("/api/v1/catalog")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "catalog")
public class CatalogResource {

  private final CurrentCaller current;
  private final CatalogReads catalog;

  CatalogResource(CurrentCaller current, CatalogReads catalog) {
    this.current = current;
    this.catalog = catalog;
  }

  @GET
  @Operation(
      summary = "List or search what you may ask for",
      description = "`text` looks for every word in names, tags, descriptions and privileges.")
  public Items<OfferAnswer> search(@RestQuery String text, @RestQuery String tag) {
    return Items.all(catalog.search(current.caller(), text, tag), OfferAnswer::of);
  }

  @GET
  @Path("/{target}/{name}")
  @Operation(summary = "Read one entitlement, with what it gives as read from its target")
  public OfferAnswer one(@RestPath String target, @RestPath String name) {
    return OfferAnswer.of(catalog.one(current.caller(), target + "/" + name));
  }
}
