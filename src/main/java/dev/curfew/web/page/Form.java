package dev.curfew.web.page;

import dev.curfew.CurfewException;
import java.util.Map;

/**
 * What somebody typed, shown again with what is wrong about it.
 *
 * @param values what was typed, by field
 * @param field the field that was refused; empty when none was
 * @param message what to do about it
 */
public record Form(Map<String, String> values, String field, String message) {

  public static final Form EMPTY = new Form(Map.of(), "", "");

  public static Form of(Map<String, String> values) {
    return new Form(values, "", "");
  }

  /** The same, with the refused field if the refusal names one. */
  public Form refused(CurfewException refusal) {
    return new Form(values, refusal.field().orElse(""), Wording.sentence(refusal.getMessage()));
  }

  public String value(String name) {
    String value = values.get(name);
    return value == null ? "" : value;
  }

  /** Whether the refusal stands beside a field that the form has. */
  public boolean isShown() {
    return values.containsKey(field);
  }

  public boolean isWrong(String name) {
    return field.equals(name);
  }

  public String problem(String name) {
    return isWrong(name) ? message : "";
  }
}
