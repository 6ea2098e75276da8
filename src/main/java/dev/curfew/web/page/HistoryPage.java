package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.account.People;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Export;
import dev.curfew.audit.Export.Format;
import dev.curfew.audit.Filter;
import dev.curfew.audit.History;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Manifest;
import dev.curfew.audit.Progress;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.HistoryFile;
import dev.curfew.web.HistoryQuery;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** What happened, for auditors and administrators: filters, pages, files. */
@Path("/history")
@Produces(MediaType.TEXT_HTML)
public class HistoryPage {

  private static final int SIZE = 50;

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance history(
        Shown shown, Choices choices, HistoryQuery query, Notice notice);
  }

  /** What can be chosen in the form. */
  public record Choices(List<Choice> people, List<Choice> kinds, List<Choice> outcomes) {}

  /** One of them; {@code chosen} is what the list now shows. */
  public record Choice(String value, String label, boolean chosen) {}

  /**
   * The list.
   *
   * @param query the filter as it stands in an address, without what pages it
   * @param older the address of the next page; empty on the last
   */
  public record Shown(
      List<Happened> happened,
      String query,
      String older,
      boolean filtered,
      boolean first,
      long upTo,
      Progress progress) {

    public boolean complete() {
      return progress.newer() == 0;
    }
  }

  private final CurrentCaller current;
  private final History history;
  private final Export export;
  private final People people;

  HistoryPage(CurrentCaller current, History history, Export export, People people) {
    this.current = current;
    this.history = history;
    this.export = export;
    this.people = people;
  }

  @GET
  public TemplateInstance page(@BeanParam HistoryQuery query, @RestQuery String before) {
    Caller caller = reader();
    try {
      return page(caller, query, query.filter(), HistoryQuery.number("before", before), null);
    } catch (CurfewException e) {
      if (e.field().isEmpty()) {
        throw e;
      }
      // a filter that does not fit: the form as it was typed, and what to mend
      Progress progress = history.page(caller, Filter.all(), OptionalLong.empty(), 1).progress();
      Shown none = new Shown(List.of(), "", "", true, true, progress.n(), progress);
      return Templates.history(none, choices(query), query, Notice.of(e));
    }
  }

  @GET
  @Path("/export.csv")
  @Produces("text/csv")
  public RestResponse<StreamingOutput> csv(@BeanParam HistoryQuery query, @RestQuery String upTo) {
    return file(query, Format.CSV, upTo);
  }

  @GET
  @Path("/export.csv.manifest.json")
  @Produces(MediaType.APPLICATION_JSON)
  public Manifest manifest(@BeanParam HistoryQuery query, @RestQuery String upTo) {
    return export.manifest(reader(), query.filter(), Format.CSV, HistoryQuery.number("upTo", upTo));
  }

  @GET
  @Path("/export.jsonl")
  @Produces("application/jsonl")
  public RestResponse<StreamingOutput> jsonl(
      @BeanParam HistoryQuery query, @RestQuery String upTo) {
    return file(query, Format.JSONL, upTo);
  }

  private RestResponse<StreamingOutput> file(HistoryQuery query, Format format, String upTo) {
    return HistoryFile.of(
        export, export.ready(reader(), query.filter(), format, HistoryQuery.number("upTo", upTo)));
  }

  /** Who may read it; for others this page, like all pages not theirs, is none. */
  private Caller reader() {
    Caller caller = current.caller();
    if (!caller.has(Role.AUDITOR) && !caller.has(Role.ADMINISTRATOR)) {
      throw CurfewException.notFound("page");
    }
    return caller;
  }

  private TemplateInstance page(
      Caller caller, HistoryQuery query, Filter filter, OptionalLong before, Notice notice) {
    History.Page page = history.page(caller, filter, before, SIZE);
    String address = address(filter);
    String older =
        page.next().isPresent() ? "/history?" + address + "before=" + page.next().getAsLong() : "";
    Shown shown =
        new Shown(
            Happened.all(page.moments()),
            address,
            older,
            !filter.conditions().isEmpty(),
            before.isEmpty(),
            page.progress().n(),
            page.progress());
    return Templates.history(shown, choices(query), query, notice);
  }

  /** The filter as the front part of an address, ready for more: "person=…&amp;". */
  private static String address(Filter filter) {
    return filter.conditions().entrySet().stream()
        .map(one -> one.getKey() + "=" + encoded(one.getValue()) + "&")
        .collect(Collectors.joining());
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private Choices choices(HistoryQuery query) {
    Stream<Choice> known =
        people.list().stream()
            .map(
                person ->
                    choice(person.id(), person.name() + " (" + person.user() + ")", query.person));
    Choice broker = choice(Caller.BROKER.person(), "Curfew itself", query.person);
    return new Choices(
        withTyped(Stream.concat(known, Stream.of(broker)).toList(), query.person),
        Arrays.stream(Kind.values())
            .map(kind -> choice(kind.code(), words(kind.code()), query.kind))
            .toList(),
        Arrays.stream(Entry.Outcome.values())
            .map(HistoryPage::code)
            .map(code -> choice(code, words(code), query.outcome))
            .toList());
  }

  /** Somebody whom the list does not hold, from a link that was made by hand or long ago. */
  private static List<Choice> withTyped(List<Choice> known, String typed) {
    boolean missing = typed != null && !typed.isBlank() && known.stream().noneMatch(Choice::chosen);
    return missing
        ? Stream.concat(known.stream(), Stream.of(new Choice(typed, typed, true))).toList()
        : known;
  }

  private static Choice choice(String value, String label, String chosen) {
    return new Choice(value, label, value.equals(chosen));
  }

  private static String code(Entry.Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  private static String words(String code) {
    String words = code.replace('-', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
