package dev.curfew.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.curfew.Ids;
import dev.curfew.account.People;
import dev.curfew.account.Person;
import dev.curfew.account.Seed;
import dev.curfew.testing.Cast;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The story that docs/api.md tells in bash, run as it stands there. */
@Journey
class ApiGuideTest {

  private static final Pattern BLOCK =
      Pattern.compile("## The whole story in bash.*?```bash\\n(.*?)```", Pattern.DOTALL);

  @Inject Cast cast;
  @Inject Seed seed;
  @Inject People people;

  @Test
  void theStoryInBashRunsAsItIsWritten() throws Exception {
    for (String program : List.of("bash", "curl", "jq", "openssl", "psql", "base32", "od")) {
      String missing = "skipped: the story of docs/api.md needs " + program;
      if (!isHere(program)) {
        System.out.println(missing);
      }
      assumeTrue(isHere(program), missing);
    }
    String erinSeed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    String annSeed = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU";
    Person erin = person("erin", "engineering", erinSeed);
    Person ann = person("ann", "dba-oncall", annSeed);

    ProcessBuilder builder = new ProcessBuilder("bash", "-c", story()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "ERIN",
                cast.token(erin),
                "ANN",
                cast.token(ann),
                "ERIN_SEED",
                erinSeed,
                "ANN_SEED",
                annSeed));
    Path output = Files.createTempFile("api-guide", ".txt");
    Process bash = builder.redirectOutput(output.toFile()).start();
    try {
      assertTrue(bash.waitFor(180, TimeUnit.SECONDS), () -> read(output));
    } finally {
      bash.destroyForcibly();
    }
    String said = read(output);
    assertEquals(0, bash.exitValue(), said);
    assertTrue(said.contains("Invoice 4711 looks wrong"), said);
    assertTrue(said.matches("(?s).*count *\\n-+\\n *\\d{4,}.*"), said);
    assertTrue(said.contains("password"), said);
    Files.delete(output);
  }

  private static String story() throws Exception {
    Matcher found = BLOCK.matcher(Files.readString(Path.of("docs/api.md")));
    assertTrue(found.find(), "docs/api.md tells no story");
    String demo = "http://localhost:8080";
    assertTrue(found.group(1).contains(demo), found.group(1));
    return found.group(1).replace(demo, "http://localhost:" + RestAssured.port);
  }

  private Person person(String name, String group, String totp) {
    String user = name + "-" + Ids.next();
    seed.person(new Seed.Settled(user, name, Cast.PASSWORD, Set.of(group), totp));
    return people.list().stream().filter(one -> one.user().equals(user)).findFirst().orElseThrow();
  }

  private static boolean isHere(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
