package dev.curfew.audit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.identity.Caller;
import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class ExportTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject Audit audit;
  @Inject Export export;
  @Inject History history;
  @Inject DataSource store;

  private final Caller auditor = Histories.auditor();
  private final String request = Ids.next();
  private final Filter ofRequest =
      new Filter(null, null, null, request, null, null, null, null, null);

  private static final List<String> NASTY =
      List.of(
          "=cmd|' /C calc'!A0",
          "+1",
          "-1",
          "@SUM(A1)",
          "\tTab",
          "\r\nline",
          "＝fullwidth",
          "'quoted",
          "say \"hi\", all",
          "plain");

  @BeforeEach
  void fillAndNumber() {
    NASTY.forEach(
        text ->
            Histories.record(
                audit,
                Entry.of(Kind.REQUEST_LAPSED, Histories.person(text))
                    .target(text)
                    .entitlement("orders-db/read-only")
                    .request(request)
                    .with("why", text)));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Histories.ask(store, "select count(*) from audit_outbox") == 0);
  }

  @Test
  void jsonLinesHoldTheRowsOfTheScreen() throws IOException {
    List<String> lines = lines(Export.Format.JSONL);
    List<Moment> screen = screen();
    assertEquals(screen.size() + 1, lines.size());
    for (int i = 0; i < screen.size(); i++) {
      JsonNode line = JSON.readTree(lines.get(i));
      Moment moment = screen.get(i);
      assertEquals(moment.n(), line.get("n").longValue());
      assertEquals(moment.at().toString(), line.get("at").textValue());
      assertEquals(moment.words(), line.get("words").textValue());
      assertEquals(moment.target(), line.get("target").textValue());
      assertEquals(moment.fields(), line.get("body"));
      assertTrue(lines.get(i).contains("\"body\":" + moment.body()), "the body's own bytes");
      assertEquals(
          moment.actorName(), line.get("personal").get("actor_name").get("value").textValue());
    }
  }

  @Test
  void theLastLineStatesFilterCountAndDigest() throws Exception {
    byte[] file = file(Export.Format.JSONL);
    String text = new String(file, StandardCharsets.UTF_8);
    int last = text.lastIndexOf('\n', text.length() - 2) + 1;
    JsonNode stated = JSON.readTree(text.substring(last)).get("export");
    byte[] before = text.substring(0, last).getBytes(StandardCharsets.UTF_8);
    assertEquals(sha256(before), stated.get("sha256").textValue());
    assertEquals(before.length, stated.get("bytes").intValue());
    assertEquals(NASTY.size(), stated.get("rows").intValue());
    assertEquals(request, stated.get("filter").get("request").textValue());
    assertEquals(1, stated.get("filter").size());
  }

  @Test
  void theCsvParsesBackToTheRowsOfTheScreen() throws IOException {
    List<Map<String, String>> rows = csv(file(Export.Format.CSV));
    List<Moment> screen = screen();
    assertEquals(screen.size(), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Map<String, String> row = rows.get(i);
      Moment moment = screen.get(i);
      assertEquals(moment.n().toString(), row.get("n"));
      assertEquals(moment.words(), row.get("words"));
      assertEquals(moment.target(), value(row.get("target")));
      assertEquals(moment.actorName(), value(row.get("actor_name")));
      assertEquals(moment.body(), row.get("body"));
      assertEquals(NASTY.get(i), JSON.readTree(row.get("body")).get("why").textValue());
    }
  }

  @Test
  void noCellIsAFormula() throws IOException {
    for (Map<String, String> row : csv(file(Export.Format.CSV))) {
      for (Map.Entry<String, String> cell : row.entrySet()) {
        boolean formula =
            !cell.getValue().isEmpty() && "=+-@\t\r\n＝＋－＠".indexOf(cell.getValue().charAt(0)) >= 0;
        assertFalse(formula, cell.toString());
      }
    }
  }

  @Test
  void theManifestBesideTheCsvStatesTheSameFile() throws Exception {
    Export.Ready ready = export.ready(auditor, ofRequest, Export.Format.CSV, OptionalLong.empty());
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    export.write(ready, file);
    // what happens meanwhile changes nothing: the last number is fixed
    Histories.record(audit, Entry.of(Kind.REQUEST_LAPSED, auditor).request(request));
    Manifest manifest =
        export.manifest(auditor, ofRequest, Export.Format.CSV, OptionalLong.of(ready.upTo()));
    assertEquals(sha256(file.toByteArray()), manifest.sha256());
    assertEquals(file.size(), manifest.bytes());
    assertEquals(NASTY.size(), manifest.rows());
    assertEquals(ready.file(), manifest.file());
  }

  @Test
  void anExportIsItselfPartOfTheHistory() {
    export.ready(auditor, ofRequest, Export.Format.CSV, OptionalLong.empty());
    assertEquals(
        1,
        Histories.ask(
            store,
            "select count(*) from audit_entry where kind = 'history-exported' and actor = '"
                + auditor.person()
                + "' and body like '%"
                + request
                + "%'"));
  }

  @Test
  void onlyAuditorsAndAdministratorsReadTheHistory() {
    Caller ada = Histories.person("Ada", "engineers");
    for (Runnable attempt :
        List.<Runnable>of(
            () -> history.page(ada, Filter.all(), OptionalLong.empty(), 50),
            () -> export.ready(ada, Filter.all(), Export.Format.CSV, OptionalLong.empty()),
            () -> export.manifest(ada, Filter.all(), Export.Format.CSV, OptionalLong.empty()))) {
      CurfewException refusal = assertThrows(CurfewException.class, attempt::run);
      assertEquals(Fault.NOT_ALLOWED, refusal.fault());
    }
    assertEquals(
        3,
        Histories.ask(
            store, "select count(*) from audit_entry where actor = '" + ada.person() + "'"));
  }

  @Test
  void filtersNarrowAndPagesFollowTheNumber() {
    History.Page first = history.page(auditor, ofRequest, OptionalLong.empty(), 4);
    History.Page second = history.page(auditor, ofRequest, first.next(), 4);
    History.Page third = history.page(auditor, ofRequest, second.next(), 4);
    List<Moment> all = new ArrayList<>(first.moments());
    all.addAll(second.moments());
    all.addAll(third.moments());
    assertTrue(third.next().isEmpty());
    Collections.reverse(all);
    assertEquals(screen(), all);

    Moment one = all.get(3);
    assertEquals(1, count(new Filter(one.actor(), null, null, null, null, null, null, null, null)));
    assertEquals(
        1, count(new Filter("@SUM(A1)", null, null, request, null, null, null, null, null)));
    assertEquals(
        1, count(new Filter(null, "@SUM(A1)", null, request, null, null, null, null, null)));
    assertEquals(
        NASTY.size(),
        count(
            new Filter(
                null,
                null,
                "orders-db/read-only",
                request,
                null,
                "request-lapsed",
                null,
                null,
                null)));
    assertEquals(
        0,
        count(
            new Filter(null, null, null, request, null, null, Entry.Outcome.REFUSED, null, null)));
    assertEquals(3, count(new Filter(null, null, null, request, null, null, null, null, one.at())));
    assertEquals(
        NASTY.size() - 3,
        count(new Filter(null, null, null, request, null, null, null, one.at(), null)));
  }

  @Test
  void twoHundredThousandRowsStreamWithoutBeingHeld() throws Exception {
    String many = Ids.next();
    Histories.execute(
        store,
        """
        with entry as (
          insert into audit_entry (id, at, kind, actor, request_id, outcome, body)
          select '%s-' || g, timestamptz '2020-01-01 00:00Z' + g * interval '1 s', 'request-lapsed',
                 'seeded', '%s', 'DONE', '{"personal":{},"session":"","via":"host","why":"' || g || '"}'
            from generate_series(1, 200000) as g returning id, at)
        insert into audit_outbox (entry_id, at) select id, at from entry
        """
            .formatted(many, many));
    await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> Histories.ask(store, "select count(*) from audit_outbox") == 0);
    Filter filter = new Filter(null, null, null, many, null, null, null, null, null);
    Export.Ready ready = export.ready(auditor, filter, Export.Format.JSONL, OptionalLong.empty());
    Watching watching = new Watching();
    Manifest manifest = export.write(ready, watching);
    assertEquals(200_000, manifest.rows());
    assertEquals(200_001, watching.lines);
    assertTrue(
        watching.longestWrite <= 64 * 1024,
        "written piece by piece, never more than " + watching.longestWrite + " bytes at once");
    assertTrue(
        watching.mostRowsHeld <= 20 * Export.FETCH,
        watching.mostRowsHeld + " rows were alive at once");
  }

  /** Reads as a slow client would, and looks now and then how many rows are alive. */
  private final class Watching extends OutputStream {

    private long lines;
    private long longestWrite;
    private long mostRowsHeld;
    private long nextLook = 50_000;

    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] some, int from, int length) {
      longestWrite = Math.max(longestWrite, length);
      for (int i = from; i < from + length; i++) {
        lines += some[i] == '\n' ? 1 : 0;
      }
      if (lines >= nextLook) {
        nextLook += 50_000;
        mostRowsHeld = Math.max(mostRowsHeld, Alive.count("dev.curfew.audit.Moment"));
      }
    }
  }

  private long count(Filter filter) {
    return history.page(auditor, filter, OptionalLong.empty(), 200).moments().size();
  }

  /** The rows of the page, in the order of a file. */
  private List<Moment> screen() {
    List<Moment> newestFirst =
        new ArrayList<>(history.page(auditor, ofRequest, OptionalLong.empty(), 200).moments());
    Collections.reverse(newestFirst);
    return newestFirst;
  }

  private byte[] file(Export.Format format) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    export.write(export.ready(auditor, ofRequest, format, OptionalLong.empty()), file);
    return file.toByteArray();
  }

  private List<String> lines(Export.Format format) {
    return Arrays.asList(new String(file(format), StandardCharsets.UTF_8).split("\n"));
  }

  private static List<Map<String, String>> csv(byte[] file) throws IOException {
    return new CsvMapper()
        .readerForMapOf(String.class)
        .with(CsvSchema.emptySchema().withHeader())
        .<Map<String, String>>readValues(file)
        .readAll();
  }

  /** What the documentation tells a reader to do: take one leading apostrophe away. */
  private static String value(String cell) {
    return cell.startsWith("'") ? cell.substring(1) : cell;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
