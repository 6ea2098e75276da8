package dev.curfew.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SnapshotReaderTest {

  static final String PACK =
      """
      uses: postgresql
      targets:
        - id: stock-db
          title: Stock
          admin: {host: db.example.org, port: 5432}
          user: cf_broker
          secret: env:CURFEW_SECRET_STOCK
          entitlements:
            - id: read-only
              level: read
              longest: 8h
              database: stock
              role: stock_read
      """;

  static final String RULES =
      """
      rules:
        - name: everyone-reads
          for: '*'
          who: {groups: engineering}
          ask: {group: dba-oncall}
      """;

  @Test
  void theFilesOfTheDemoAreSound() {
    List<Problem> problems = new ArrayList<>();
    SnapshotFiles files =
        SnapshotFiles.read(List.of(Path.of("connectors"), Path.of("approvals")), problems);
    problems.addAll(Readers.reader().problems(files));
    assertEquals(List.of(), problems);
    Snapshot snapshot = Readers.reader().read(files, problems).orElseThrow();
    assertEquals(
        Set.of("orders-db/read-only", "orders-db/read-write", "orders-db/migration"),
        snapshot.accesses().keySet());
    assertEquals(
        "owner",
        snapshot.accesses().get("orders-db/migration").entitlement().settings().get("level"));
    assertEquals(5433, snapshot.sites().get("orders-db").target().connect().port());
  }

  @Test
  void aSmallPackIsSound() {
    assertEquals(List.of(), problems(PACK, RULES));
  }

  @Test
  void standbysAreReadWithTheirAddressOrAsOutOfReach() {
    String pack =
        PACK.replace(
            "env:CURFEW_SECRET_STOCK",
            """
            env:CURFEW_SECRET_STOCK
                standbys:
                  - {name: replica1, host: replica1.example.org, port: 5432}
                  - {name: dr, unreachable: true}
            """
                .strip());
    List<Problem> problems = new ArrayList<>();
    Map<String, String> settings =
        Readers.reader()
            .read(Readers.files(pack, RULES), problems)
            .orElseThrow()
            .sites()
            .get("stock-db")
            .target()
            .settings();
    assertEquals("replica1.example.org:5432", settings.get("standby.replica1"));
    assertEquals("unreachable", settings.get("standby.dr"));
    assertTrue(
        problems(pack.replace("name: dr", "name: replica1"), RULES)
            .toString()
            .contains("the standby `replica1` is named twice"));
  }

  @Test
  void everythingWrongIsToldAtOnceWithFileLineAndTheMend() {
    String wrong =
        """
        uses: postgres
        targets:
          - id: Stock DB
            titel: Stock
            admin: {host: 'jdbc:postgresql://x/y?z', port: 70000}
            user: cf_broker
            secret: hunter2
            sslmode: require
            entitlements:
              - id: read-only
                level: admin
                longest: 8 hours
                database: stock
        """;
    List<String> problems = problems(wrong, "rules: []");
    assertEquals(
        List.of(
            "approvals/mine.yaml:1: `rules` is not a list with items;"
                + " write at least one item with `- `",
            "connectors/mine/pack.yaml:1: there is no engine pack `postgres`; known: [postgresql]",
            "connectors/mine/pack.yaml:3: `id` is \"Stock DB\"; begin with a letter, then"
                + " lower-case letters, digits and hyphens, at most 40",
            "connectors/mine/pack.yaml:4: unknown key `titel`; did you mean `title`?",
            "connectors/mine/pack.yaml:5: `host` is \"jdbc:postgresql://x/y?z\";"
                + " a name or an address, never a URL",
            "connectors/mine/pack.yaml:5: `port` is 70000;"
                + " write a whole number from 1 to 65535",
            "connectors/mine/pack.yaml:7: `secret` is not a reference;"
                + " write env:CURFEW_SECRET_… or file:…, never the secret itself",
            "connectors/mine/pack.yaml:8: `sslmode` is \"require\";"
                + " verify-full, or disable in the demo alone",
            "connectors/mine/pack.yaml:10: `role` is missing;"
                + " the group role whose privileges are given",
            "connectors/mine/pack.yaml:11: `level` is \"admin\"; read, write, or owner",
            "connectors/mine/pack.yaml:12: `longest` is \"8 hours\"; write a length of time from"
                + " 1 min to 7 d, such as 45m, 2h or 1h30m"),
        problems);
  }

  @Test
  void aSecretWrittenOutIsNotRepeatedInTheProblem() {
    String wrong = PACK.replace("env:CURFEW_SECRET_STOCK", "s3cr3t-canary");
    assertFalse(problems(wrong, RULES).toString().contains("canary"));
    assertEquals(1, problems(wrong, RULES).size());
  }

  @Test
  void statementsThatAreNotShippedNeedTheirDigestTrusted() {
    SnapshotFiles files = Readers.files(PACK, RULES);
    Map<String, String> texts = new TreeMap<>(files.texts());
    texts.computeIfPresent(
        "connectors/postgresql/pack.yaml", (name, text) -> text.replace("DROP ROLE", "DROP  ROLE"));
    SnapshotFiles changed = new SnapshotFiles(new TreeMap<>(texts));
    List<Problem> problems = Readers.reader().problems(changed);
    assertEquals(1, problems.size(), problems.toString());
    assertEquals("these statements are not trusted", problems.get(0).text());
    String digest = problems.get(0).mend().replaceAll(".*([0-9a-f]{64}).*", "$1");
    assertEquals(List.of(), Readers.reader(Set.of(digest), List.of()).problems(changed));
  }

  @Test
  void aHostThatIsNotAllowedIsRefused() {
    SnapshotFiles files = Readers.files(PACK, RULES);
    assertEquals(List.of(), Readers.reader(Set.of(), List.of("*.example.org")).problems(files));
    assertEquals(1, Readers.reader(Set.of(), List.of("*.example.com")).problems(files).size());
    String metadata = PACK.replace("db.example.org", "169.254.169.254");
    assertEquals(1, problems(metadata, RULES).size());
  }

  @Test
  void aVariableThatIsNotSetIsToldByName() {
    String pack = PACK.replace("port: 5432", "port: 'env:CURFEW_TARGET_STOCK_PORT'");
    assertTrue(
        problems(pack, RULES).get(0).contains("CURFEW_TARGET_STOCK_PORT is not set on this node"));
  }

  @Test
  void whatOnlyThisNodeLacksClosesThatTargetAloneOnceAccepted() {
    String two =
        PACK
            + PACK.substring(PACK.indexOf("  - id: stock-db"))
                .replace("stock-db", "other-db")
                .replace("port: 5432", "port: 'env:CURFEW_TARGET_OTHER_PORT'");
    SnapshotFiles files = Readers.files(two, RULES);
    assertEquals(1, Readers.reader().problems(files).size(), "a proposal is refused");
    List<Problem> problems = new ArrayList<>();
    Snapshot snapshot = Readers.reader().readAccepted(files, problems).orElseThrow();
    assertEquals(List.of(), problems);
    assertEquals(List.of(), snapshot.sites().get("stock-db").here());
    assertEquals(
        "[connectors/mine/pack.yaml:16: CURFEW_TARGET_OTHER_PORT is not set on this node;"
            + " set it, or write the port]",
        snapshot.sites().get("other-db").here().toString());
    assertTrue(snapshot.sites().get("other-db").target().admin().host().endsWith(".invalid"));
  }

  @Test
  void aHostThatIsNotAllowedHereClosesItsTargetOnceAccepted() {
    SnapshotFiles files = Readers.files(PACK, RULES);
    SnapshotReader reader = Readers.reader(Set.of(), List.of("*.example.com"));
    Snapshot snapshot = reader.readAccepted(files, new ArrayList<>()).orElseThrow();
    assertEquals(1, snapshot.sites().get("stock-db").here().size());
    assertTrue(snapshot.sites().get("stock-db").target().connect().host().endsWith(".invalid"));
  }

  @Test
  void aTargetGivenTwiceIsRefused() {
    Map<String, String> texts = new TreeMap<>(Readers.files(PACK, RULES).texts());
    texts.put("connectors/other/pack.yaml", PACK);
    List<Problem> problems = Readers.reader().problems(new SnapshotFiles(new TreeMap<>(texts)));
    assertTrue(problems.get(0).text().contains("`stock-db` is also in the pack mine"));
  }

  @Test
  void theDigestDependsOnNamesAndTextsAlone() {
    SnapshotFiles files = Readers.files(PACK, RULES);
    assertEquals(files.digest(), Readers.files(PACK, RULES).digest());
    assertFalse(files.digest().equals(Readers.files(PACK + " ", RULES).digest()));
    TreeMap<String, String> moved = new TreeMap<>(files.texts());
    moved.put("approvals/mine.yaml2", moved.remove("approvals/mine.yaml"));
    assertFalse(files.digest().equals(new SnapshotFiles(moved).digest()));
  }

  @Test
  void aReportHasDigestAndDiffForAPipeline() {
    List<Path> folders = List.of(Path.of("connectors"), Path.of("approvals"));
    PacksReport report = PacksReport.of(Readers.reader(), folders, List.of(Path.of("connectors")));
    assertTrue(report.isSound());
    assertEquals("added approvals/orders.yaml", report.lines().get(0));
    assertEquals("digest " + report.digest(), report.lines().get(report.lines().size() - 1));
  }

  private static List<String> problems(String pack, String rules) {
    return Readers.reader().problems(Readers.files(pack, rules)).stream()
        .map(Problem::toString)
        .toList();
  }
}
