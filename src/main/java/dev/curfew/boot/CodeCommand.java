package dev.curfew.boot;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.mfa.SeedCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** An authenticator for scripts, and for a first look without a phone. */
@Command(
    name = "code",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the one-time code of a seed, or of an otpauth URI, which it reads from standard input"
          + " and does not show. Each code works once; a new one comes every 30 seconds.",
      "",
      "By this machine's clock; needs no store and no settings."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the code is printed", "1:that is no seed"})
final class CodeCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      out.println(SeedCode.at(typed(), Clocks.ofThisMachine()));
      out.flush();
      return 0;
    } catch (CurfewException e) {
      spec.commandLine().getErr().println("curfew: " + e.getMessage());
      return Serve.FAILED;
    }
  }

  private static String typed() throws IOException {
    if (System.console() != null) {
      char[] typed = System.console().readPassword("Seed or otpauth URI (not shown): ");
      return typed == null ? "" : new String(typed);
    }
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }
}
