package dev.curfew.policy;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.curfew.catalog.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule's condition: an expression in CEL over declared facts, checked before it is ever run. What
 * it may cost is limited by counts: its length, its nesting, its iterations. Regular expressions
 * are left out.
 *
 * @see <a href="https://github.com/google/cel-spec">Common Expression Language</a>
 */
final class Condition {

  static final int LONGEST = 4_096;

  /** A condition that cannot be used, with the mend. */
  static final class Unusable extends Exception {
    private final transient String mend;

    Unusable(String message, String mend) {
      super(message);
      this.mend = mend;
    }

    String mend() {
      return mend;
    }
  }

  private static final int MOST_ITERATIONS = 1_000;
  private static final int DEEPEST = 50;

  private static final Map<String, CelType> FACTS = new LinkedHashMap<>();

  static {
    FACTS.put("person", SimpleType.STRING);
    FACTS.put("groups", ListType.create(SimpleType.STRING));
    FACTS.put("entitlement", SimpleType.STRING);
    FACTS.put("target", SimpleType.STRING);
    FACTS.put("level", SimpleType.STRING);
    FACTS.put("tags", ListType.create(SimpleType.STRING));
    FACTS.put("window", SimpleType.DURATION);
    FACTS.put("ticket", SimpleType.STRING);
    FACTS.put("now", SimpleType.TIMESTAMP);
  }

  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'");
  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(LONGEST)
          .maxParseRecursionDepth(DEEPEST)
          .maxParseErrorRecoveryLimit(1)
          .comprehensionMaxIterations(MOST_ITERATIONS)
          .evaluateCanonicalTypesToNativeValues(true)
          .enableTimestampEpoch(true)
          .build();
  private static final CelCompiler COMPILER = compiler();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder()
          .setOptions(OPTIONS)
          .setStandardEnvironmentEnabled(false)
          .setStandardFunctions(
              CelStandardFunctions.newBuilder()
                  .excludeFunctions(CelStandardFunctions.StandardFunction.MATCHES)
                  .build())
          .build();

  private final String text;
  private final CelRuntime.Program program;

  private Condition(String text, CelRuntime.Program program) {
    this.text = text;
    this.program = program;
  }

  private static CelCompiler compiler() {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardEnvironmentEnabled(false)
            .setStandardDeclarations(
                CelStandardDeclarations.newBuilder()
                    .excludeFunctions(
                        CelStandardDeclarations.StandardFunction.MATCHES,
                        CelStandardDeclarations.StandardFunction.DYN)
                    .build())
            .setStandardMacros(
                CelStandardMacro.ALL,
                CelStandardMacro.EXISTS,
                CelStandardMacro.EXISTS_ONE,
                CelStandardMacro.FILTER,
                CelStandardMacro.MAP)
            .setResultType(SimpleType.BOOL);
    FACTS.forEach(builder::addVar);
    return builder.build();
  }

  /** Compiles and checks; runs nothing. */
  static Condition of(String text) throws Unusable {
    if (text.codePointCount(0, text.length()) > LONGEST) {
      throw new Unusable(
          "the condition is too long", "at most " + LONGEST + " characters; make two rules of it");
    }
    try {
      CelValidationResult result = COMPILER.compile(text);
      if (result.hasError()) {
        throw unusable(result.getErrors());
      }
      CelAbstractSyntaxTree tree = result.getAst();
      refuseNesting(tree);
      return new Condition(text, RUNTIME.createProgram(tree));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new Unusable("the condition cannot be used: " + e.getMessage(), "simplify it");
    } catch (StackOverflowError e) {
      throw new Unusable("the condition is nested too deep", "make two rules of it");
    }
  }

  private static Unusable unusable(List<CelIssue> issues) {
    CelIssue first = issues.get(0);
    String where = "the condition, column " + (first.getSourceLocation().getColumn() + 1) + ": ";
    Matcher undeclared = UNDECLARED.matcher(first.getMessage());
    if (!undeclared.find()) {
      return new Unusable(where + firstLine(first.getMessage()), "it must be true or false");
    }
    String name = undeclared.group(1);
    String[] facts = FACTS.keySet().toArray(String[]::new);
    String mend =
        Section.nearest(name, facts)
            .map(other -> "did you mean `" + other + "`?")
            .orElse("the facts are " + String.join(", ", facts));
    return new Unusable(where + "there is no `" + name + "`", mend);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("not understood");
  }

  /** A loop in a loop multiplies; one loop over a person's groups is all a rule needs. */
  private static void refuseNesting(CelAbstractSyntaxTree tree) throws Unusable {
    boolean nested =
        CelNavigableAst.fromAst(tree)
            .getRoot()
            .allNodes()
            .filter(node -> isLoop(node))
            .anyMatch(node -> hasLoopAbove(node));
    if (nested) {
      throw new Unusable("a loop stands in a loop", "make two rules of it");
    }
  }

  private static boolean isLoop(CelNavigableExpr node) {
    return node.getKind() == CelExpr.ExprKind.Kind.COMPREHENSION;
  }

  private static boolean hasLoopAbove(CelNavigableExpr node) {
    Optional<CelNavigableExpr> above = node.parent();
    while (above.isPresent()) {
      if (isLoop(above.get())) {
        return true;
      }
      above = above.get().parent();
    }
    return false;
  }

  /**
   * Whether it holds.
   *
   * @throws IllegalStateException when it cannot be worked out
   */
  boolean holds(Facts facts) {
    try {
      if (program.eval(values(facts)) instanceof Boolean holds) {
        return holds;
      }
      throw new IllegalStateException("it is neither true nor false");
    } catch (CelEvaluationException e) {
      throw new IllegalStateException(firstLine(e.getMessage()), e);
    }
  }

  private static Map<String, Object> values(Facts facts) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("person", facts.person());
    values.put("groups", sorted(facts.groups()));
    values.put("entitlement", facts.entitlement());
    values.put("target", facts.target());
    values.put("level", facts.level().code());
    values.put("tags", sorted(facts.tags()));
    values.put("window", facts.window());
    values.put("ticket", facts.ticket());
    values.put("now", facts.now());
    return values;
  }

  private static List<String> sorted(java.util.Set<String> texts) {
    return new ArrayList<>(new TreeSet<>(texts));
  }

  @Override
  public String toString() {
    return text;
  }
}
