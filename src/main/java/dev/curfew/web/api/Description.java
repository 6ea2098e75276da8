package dev.curfew.web.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.Paths;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * What the description of the API says of every call, so that no resource repeats it: bearers only,
 * and problems for whatever is refused.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class Description implements OASFilter {

  private static final String BEARER = "bearer";
  private static final String PROBLEM = "Problem";

  @Override
  public void filterOpenAPI(OpenAPI api) {
    api.setInfo(
        OASFactory.createInfo()
            .title("Curfew")
            .version("v1")
            .description(
                "Ask for access, prove it is you, have it approved, and have it end by itself."
                    + " Every call takes a personal token, or the short-lived one it is traded for"
                    + " at /api/v1/token. The guide is docs/api.md.")
            .license(
                OASFactory.createLicense()
                    .name("Apache-2.0")
                    .url("https://www.apache.org/licenses/LICENSE-2.0")));
    api.setServers(null);
    Components components = api.getComponents();
    if (components == null) {
      components = OASFactory.createComponents();
      api.setComponents(components);
    }
    components.addSecurityScheme(BEARER, bearer());
    components.addSchema(PROBLEM, problem());
    api.setSecurity(List.of(OASFactory.createSecurityRequirement().addScheme(BEARER)));
    api.setPaths(onlyOurs(api.getPaths()));
  }

  private static Paths onlyOurs(Paths paths) {
    Paths ours = OASFactory.createPaths();
    if (paths != null && paths.getPathItems() != null) {
      Map<String, PathItem> sorted = new TreeMap<>(paths.getPathItems());
      sorted.forEach(
          (path, item) -> {
            if (path.startsWith("/api/")) {
              item.getOperations().values().forEach(Description::mayRefuse);
              ours.addPathItem(path, item);
            }
          });
    }
    return ours;
  }

  private static void mayRefuse(Operation operation) {
    APIResponse refused =
        OASFactory.createAPIResponse()
            .description("Refused; `code` says how and `detail` says the mend.")
            .content(
                OASFactory.createContent()
                    .addMediaType(
                        "application/problem+json",
                        OASFactory.createMediaType()
                            .schema(
                                OASFactory.createSchema().ref("#/components/schemas/" + PROBLEM))));
    if (operation.getResponses() == null) {
      operation.setResponses(OASFactory.createAPIResponses());
    }
    operation.getResponses().setDefaultValue(refused);
  }

  private static SecurityScheme bearer() {
    return OASFactory.createSecurityScheme()
        .type(SecurityScheme.Type.HTTP)
        .scheme("bearer")
        .description("A personal token, or the JWT of ten minutes it is traded for.");
  }

  /** RFC 9457. */
  private static Schema problem() {
    return OASFactory.createSchema()
        .addType(SchemaType.OBJECT)
        .description("Why a call was refused (RFC 9457).")
        .addProperty("type", text("a URI that names the problem"))
        .addProperty("title", text("the problem in a few words"))
        .addProperty(
            "status",
            OASFactory.createSchema().addType(SchemaType.INTEGER).description("the HTTP status"))
        .addProperty("detail", text("what was refused and what to do"))
        .addProperty("code", text("the stable code, for example already-decided"))
        .addProperty("field", text("the field of the body that is wrong, where it is one"))
        .addProperty(
            "retryAfter",
            OASFactory.createSchema()
                .addType(SchemaType.INTEGER)
                .description("seconds to wait, where waiting helps"));
  }

  private static Schema text(String description) {
    return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
  }
}
