package dev.curfew.web.page;

import dev.curfew.request.CatalogReads;
import dev.curfew.request.Listing;
import dev.curfew.web.CurrentCaller;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriBuilder;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;

/** Everything the person may ask for, and exactly what it gives. */
@Path("/catalog")
@Produces(MediaType.TEXT_HTML)
public class CatalogPage {

  /** A tag to narrow by; the chosen one leads back to all. */
  public record Tag(String name, String href, boolean current) {}

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance catalog(
        String query, String tag, List<Tag> tags, List<Listing> listings);
  }

  private final CurrentCaller current;
  private final CatalogReads catalog;

  CatalogPage(CurrentCaller current, CatalogReads catalog) {
    this.current = current;
    this.catalog = catalog;
  }

  @GET
  public TemplateInstance catalog(@RestQuery String q, @RestQuery String tag) {
    String query = q == null ? "" : q.strip();
    String chosen = tag == null ? "" : tag.strip();
    List<Listing> found = catalog.search(current.caller(), query, chosen);
    return Templates.catalog(query, chosen, tags(found, query, chosen), found);
  }

  private static List<Tag> tags(List<Listing> found, String query, String chosen) {
    return found.stream()
        .flatMap(listing -> listing.offer().tags().stream())
        .distinct()
        .sorted()
        .map(name -> tag(name, query, name.equals(chosen)))
        .toList();
  }

  private static Tag tag(String name, String query, boolean current) {
    UriBuilder href = UriBuilder.fromPath("/catalog");
    if (!query.isEmpty()) {
      href.queryParam("q", "{q}");
    }
    if (!current) {
      href.queryParam("tag", "{tag}");
    }
    return new Tag(
        name, href.buildFromMap(java.util.Map.of("q", query, "tag", name)).toString(), current);
  }
}
