package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.testing.Servers;
import java.io.BufferedReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SqlCommandTest {

  @TempDir Path folder;

  private final Servers.Shared server = Servers.pg17();
  private final String database = server.createDatabase("prompt");
  private final String role = "r" + System.nanoTime();
  private final StringWriter out = new StringWriter();

  @Test
  void runsStatementsAndShowsTables() throws Exception {
    role();
    int code =
        run(
            "create temp table t(a int, b text);\ninsert into t values (1, 'x;y'),\n (2, null);\n"
                + "select * from t order by a;\nselect nothing;\n\\q\n");
    assertTrue(
        out.toString().contains(" a | b\n---+-----\n 1 | x;y\n 2 |\n(2 rows)"), out.toString());
    assertTrue(out.toString().contains("done, 2 rows"), out.toString());
    assertTrue(out.toString().contains("column \"nothing\" does not exist"), out.toString());
    assertFalse(out.toString().contains("Location:"), "where in the server's source is nobody's");
    assertFalse(out.toString().contains("p:w"), "the password must not be repeated");
    assertEquals(Serve.FAILED, code, "a script must notice that a statement failed");
  }

  @Test
  void saysThatCurfewEndedTheAccessWhileNothingIsTyped() throws Exception {
    role();
    PipedWriter keyboard = new PipedWriter();
    BufferedReader typed = new BufferedReader(new PipedReader(keyboard));
    CompletableFuture<Integer> running = CompletableFuture.supplyAsync(() -> command(typed));
    Awaitility.await().until(() -> out.toString().contains("You are in"));
    server.execute(
        "postgres",
        "alter role " + role + " nologin",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = '" + role + "'");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> out.toString().contains("Curfew ended this session"));
    keyboard.write("\n");
    keyboard.flush();
    assertEquals(SqlCommand.ENDED, running.get(10, TimeUnit.SECONDS));
  }

  @Test
  void saysThatAnEndedAccessDoesNotEnter() throws Exception {
    Files.writeString(file(), line("gone"));
    assertEquals(SqlCommand.ENDED, run(""));
    assertTrue(out.toString().contains("password authentication failed"), out.toString());
  }

  @Test
  void aLineIsReadWithItsEscapesAndNeverRepeated() {
    PgpassLine line = PgpassLine.parse("db.example.com:5432:orders:jit_x:a\\:b\\\\c\n");
    assertEquals("a:b\\c", line.password());
    assertEquals("jit_x@db.example.com:5432/orders", line.toString());
    String refused =
        assertThrows(IllegalArgumentException.class, () -> PgpassLine.parse("hunter2"))
            .getMessage();
    assertEquals("a pgpass line is host:port:database:user:password", refused);
  }

  private void role() throws Exception {
    server.execute("postgres", "create role " + role + " login password 'p:w'");
    Files.writeString(file(), line(role));
  }

  private String line(String user) {
    return server.host() + ":" + server.port() + ":" + database + ":" + user + ":p\\:w\n";
  }

  private Path file() {
    return folder.resolve("line");
  }

  private int run(String typed) {
    return command(new BufferedReader(new StringReader(typed)));
  }

  private int command(BufferedReader typed) {
    SqlCommand sql = new SqlCommand();
    sql.readFrom(typed);
    return new CommandLine(sql).setOut(new PrintWriter(out)).execute("--file", file().toString());
  }
}
