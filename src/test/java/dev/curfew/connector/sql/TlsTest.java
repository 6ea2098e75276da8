package dev.curfew.connector.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.boot.Postgres;
import dev.curfew.connector.Endpoint;
import dev.curfew.connector.Finding;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Target;
import dev.curfew.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sslmode: verify-full} against a real server with a certificate of its own. */
class TlsTest {

  private static final String BROKER = "cf_tls";
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;

  @Test
  void onlyTheRightCertificateForTheRightNameIsTalkedTo() throws Exception {
    Path ca = authority("ours");
    Path other = authority("another");
    Postgres server = Servers.own(17, Map.of());
    speakTls(server);
    try (Connection admin = server.connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("create role " + BROKER + " login password 'secret'");
      statement.execute("create database curfew_maintenance");
    }

    String right = text(findings(server, "localhost", ca));
    assertTrue(right.contains(BROKER), "it was let in and said what the broker lacks: " + right);
    assertNotTrusted(
        "its certificate is not for the host name 127.0.0.1; write the name that is in the"
            + " certificate as the target's host",
        findings(server, "127.0.0.1", ca));
    assertNotTrusted(
        "its certificate is not signed by the CA named, " + other + "; see to the target's ca",
        findings(server, "localhost", other));
    server.stop();
  }

  /** Everybody hears that, administrators why. */
  private static void assertNotTrusted(String why, List<Finding> found) {
    String all = "orders-db did not prove that it is the right server";
    assertEquals(List.of(Finding.fatal(all, all + ": " + why)), found);
  }

  private static String text(List<Finding> found) {
    return found.stream().map(Finding::detail).collect(Collectors.joining("\n"));
  }

  private static List<Finding> findings(Postgres server, String host, Path ca) {
    SqlConnector connector =
        new SqlConnector(
            PostgresTarget.pack(),
            reference -> "secret".toCharArray(),
            SqlConnector.Transport.VERIFIED);
    Endpoint endpoint = new Endpoint(host, server.port());
    Map<String, String> settings =
        Map.of("user", BROKER, "secret", "env:CURFEW_SECRET_ORDERS", "ca", ca.toString());
    Target target = new Target("orders-db", "postgresql", endpoint, endpoint, settings);
    return connector.check(target, Limits.within(Duration.ofSeconds(30))).findings();
  }

  /**
   * With a certificate of {@code ours} for localhost; the restart gives the files to the server.
   */
  private void speakTls(Postgres server) throws Exception {
    keytool("server", "-genkeypair", "-dname", "CN=localhost", "-keyalg", "EC");
    keytool("server", "-certreq", "-file", path("request"));
    keytool(
        "ours",
        "-gencert",
        "-ext",
        "san=dns:localhost",
        "-infile",
        path("request"),
        "-outfile",
        path("signed"),
        "-rfc");
    KeyStore store = KeyStore.getInstance(folder.resolve("server.p12").toFile(), PASSWORD);
    Key key = store.getKey("server", PASSWORD);
    Files.copy(Path.of(path("signed")), server.folder().resolve("server.crt"));
    Path keyFile = server.folder().resolve("server.key");
    Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
    try (Connection admin = server.connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("alter system set ssl_cert_file = '../server.crt'");
      statement.execute("alter system set ssl_key_file = '../server.key'");
      statement.execute("alter system set ssl = on");
    }
    server.stop();
    server.start();
  }

  private Path authority(String name) throws Exception {
    keytool(name, "-genkeypair", "-dname", "CN=" + name, "-keyalg", "EC", "-ext", "bc:c");
    KeyStore store = KeyStore.getInstance(folder.resolve(name + ".p12").toFile(), PASSWORD);
    Certificate certificate = store.getCertificate(name);
    return Files.writeString(
        folder.resolve(name + ".pem"), pem("CERTIFICATE", certificate.getEncoded()));
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void keytool(String store, String... what) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(what));
    command.addAll(List.of("-alias", store, "-keystore", path(store + ".p12")));
    command.addAll(List.of("-storepass", new String(PASSWORD), "-J-XX:TieredStopAtLevel=1"));
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertEquals(0, process.waitFor(), () -> command + "\n" + read(said));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
