package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqlTextTest {

  @Test
  void cutsAtSemicolonsButNotInQuotesAndComments() {
    assertEquals(
        List.of(
            "select ';' || E'\\';' as \"a;b\"",
            "select 1::text",
            "do $x$ begin; end $x$",
            "select 2"),
        texts(
            "select ';' || E'\\';' as \"a;b\"; -- not; here\n"
                + "/* nor; /* here; */ */ select 1::text;do $x$ begin; end $x$;\n\nselect 2\n",
            Map.of()));
  }

  @Test
  void putsVariablesInQuoted() {
    assertEquals(
        List.of("grant x to \"a\"\"b\" -> 'a\"b', a\"b"),
        texts("grant x to :\"who\" -> :'who', :who", Map.of("who", "a\"b")));
  }

  @Test
  void namesAVariableWithoutValue() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> SqlText.all("grant :role to x", Map.of("other", "1")))
            .getMessage();
    assertEquals("the variable role has no value", message);
  }

  @Test
  void knowsGexec() {
    assertEquals(
        List.of(new SqlText.Statement("select 'x'", SqlText.Ending.GEXEC)),
        SqlText.all("select 'x' \\gexec\n", Map.of()));
  }

  @Test
  void keepsWhatIsNotWholeYet() {
    SqlText.Typed typed = SqlText.typed("select 1; select 'a;");
    assertEquals(1, typed.statements().size());
    assertEquals(" select 'a;", typed.rest());
    assertEquals("", SqlText.typed("select 1;\n").rest());
  }

  private static List<String> texts(String text, Map<String, String> variables) {
    return SqlText.all(text, variables).stream().map(SqlText.Statement::sql).toList();
  }
}
