package dev.curfew.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.curfew.policy.Rules;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** An editor that holds files to the published schemas must not say other than the loader. */
class SchemaTest {

  private static final Path SCHEMAS = Path.of("src/main/resources/META-INF/resources/schema");
  private static final JsonSchema PACK = schema("pack.schema.json");
  private static final JsonSchema RULES = schema("rules.schema.json");

  private static final String PACK_HEAD =
      """
      uses: postgresql
      targets:
        - id: stock-db
          admin: {host: db.example.org, port: 5432}
          user: cf_broker
          secret: file:stock
          entitlements:
            - {id: read-only, level: read, longest: 8h, database: stock, role: stock_read}
      """;

  private static final String RULE_HEAD =
      """
      rules:
        - name: one
          for: orders-db/*
      """;

  @Test
  void shippedFilesSatisfyTheSchemas() {
    for (String pack : List.of("connectors/demo-orders", "connectors/postgresql")) {
      assertEquals(List.of(), errors(PACK, Readers.text(Path.of(pack, "pack.yaml"))), pack);
    }
    assertEquals(List.of(), errors(RULES, Readers.text(Path.of("approvals/orders.yaml"))));
  }

  @TestFactory
  Stream<DynamicTest> schemaAndLoaderAgreeOnPacks() {
    return Stream.of(
            PACK_HEAD,
            PACK_HEAD.replace("file:stock", "hunter2"),
            PACK_HEAD.replace("uses: postgresql\n", ""),
            standbys("{name: r1, host: r1.example.org, port: 5432}"),
            standbys("{name: r1, unreachable: true}"),
            standbys("{name: r1, unreachable: false}"),
            standbys("{name: r1, host: r1.example.org, port: 5432, unreachable: true}"),
            standbys("{name: r1, host: r1.example.org}"),
            standbys("{name: r1}"),
            standbys("{host: r1.example.org, port: 5432}"),
            standbys("{name: 'r 1', unreachable: true}"),
            standbys(""),
            PACK_HEAD.replace("port: 5432", "port: 0"),
            PACK_HEAD.replace("port: 5432", "port: '5432'"),
            PACK_HEAD.replace("port: 5432", "port: 5432, options: x"),
            PACK_HEAD.replace("host: db.example.org", "host: 'postgres://x'"),
            PACK_HEAD.replace("longest: 8h", "longest: 8"),
            PACK_HEAD.replace("longest: 8h", "longest: 1h30m"),
            PACK_HEAD.replace("level: read", "level: root"),
            PACK_HEAD.replace("role: stock_read", "role: stock_read, connections: 101"),
            PACK_HEAD.replace("role: stock_read", "role: stock_read, connections: 100"),
            PACK_HEAD.replace("role: stock_read", "role: stock_read, tags: [a, B]"),
            PACK_HEAD.replace("role: stock_read", "role: stock_read, tags: [a, b]"),
            PACK_HEAD.replace("role: stock_read", "role: ''"),
            PACK_HEAD.replace("id: stock-db", "id: stock-db\n    title: 12"),
            PACK_HEAD.replace("id: stock-db", "id: stock-db\n    title: \"a\\tb\""),
            PACK_HEAD.replace("id: stock-db", "id: stock-db\n    url: jdbc"),
            "uses: postgresql\ntargets: []\n",
            "engine: sql\nuses: postgresql\n")
        .map(text -> agree(PACK, text, acceptsPack(text)));
  }

  private static String standbys(String items) {
    return PACK_HEAD.replace("file:stock", "file:stock\n    standbys: [" + items + "]");
  }

  @TestFactory
  Stream<DynamicTest> schemaAndLoaderAgreeOnRules() {
    String who = "    who: {groups: engineering}\n";
    return Stream.of(
            who + "    allow: true\n",
            who + "    allow: false\n",
            "    allow: true\n",
            "    who: {except: [a]}\n    allow: true\n",
            "    deny: never\n",
            "    deny: never\n    because: twice\n",
            "    deny: never\n    when: ticket == \"\"\n",
            who + "    when: ticket != \"\"\n    allow: true\n",
            who + "    when: ticket != \"\"\n    because: b\n    allow: true\n",
            who + "    ask: {group: dba}\n",
            who + "    ask: {approvers: 2}\n",
            who + "    ask: {group: dba, approvers: 0}\n",
            who + "    ask: {group: dba, approvers: two}\n",
            who + "    ask: {group: dba, acceptCode: 'true'}\n",
            who + "    ask: {group: dba, claimBy: 30m, lapseAfter: 2d}\n",
            who + "    ask: {group: dba, claimBy: 30}\n",
            who + "    ask: {group: dba}\n    deny: both\n",
            who + "    ask: {group: dba}\n    proof: {askWithin: 0m, pickUp: passkey}\n",
            who + "    ask: {group: dba}\n    proof: {pickUp: never}\n",
            who)
        .map(RULE_HEAD::concat)
        .map(text -> agree(RULES, text, acceptsRules(text)));
  }

  private static DynamicTest agree(JsonSchema schema, String text, List<Problem> problems) {
    return DynamicTest.dynamicTest(
        text,
        () ->
            assertEquals(
                problems.isEmpty(),
                errors(schema, text).isEmpty(),
                text + "\nloader: " + problems + "\nschema: " + errors(schema, text)));
  }

  private static List<Problem> acceptsPack(String text) {
    String rules = "rules:\n  - {name: a, for: '*', deny: 'no'}\n";
    return Readers.reader().problems(Readers.files(text, rules)).stream()
        .filter(problem -> problem.file().startsWith("connectors/mine"))
        .toList();
  }

  private static List<Problem> acceptsRules(String text) {
    return new Rules().check(List.of(new RuleFile("r.yaml", text)), Set.of("orders-db/read-only"));
  }

  private static List<String> errors(JsonSchema schema, String yaml) {
    Object plain = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    JsonNode tree = new ObjectMapper().valueToTree(plain);
    return schema.validate(tree).stream().map(Object::toString).toList();
  }

  private static JsonSchema schema(String name) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Readers.text(SCHEMAS.resolve(name)));
  }
}
