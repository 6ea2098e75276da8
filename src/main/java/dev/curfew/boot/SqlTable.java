package dev.curfew.boot;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Prints rows for a person. */
final class SqlTable {

  private static final int MOST = 500;
  private static final int WIDEST = 60;

  private SqlTable() {}

  static void print(ResultSet rows, PrintWriter out) throws SQLException {
    ResultSetMetaData about = rows.getMetaData();
    int columns = about.getColumnCount();
    List<String[]> lines = new ArrayList<>();
    lines.add(new String[columns]);
    for (int i = 0; i < columns; i++) {
      lines.get(0)[i] = about.getColumnLabel(i + 1);
    }
    boolean more = false;
    while (rows.next()) {
      if (lines.size() > MOST) {
        more = true;
        break;
      }
      String[] line = new String[columns];
      for (int i = 0; i < columns; i++) {
        line[i] = shown(rows.getString(i + 1));
      }
      lines.add(line);
    }
    print(lines, columns, out);
    int count = lines.size() - 1;
    String word = count == 1 ? " row" : " rows";
    out.println(more ? "(the first " + count + word + ")" : "(" + count + word + ")");
  }

  /** Control characters would let data write over the terminal. */
  private static String shown(String value) {
    if (value == null) {
      return "";
    }
    String plain = value.replaceAll("\\p{Cntrl}", "·");
    return plain.length() > WIDEST ? plain.substring(0, WIDEST - 1) + "…" : plain;
  }

  private static void print(List<String[]> lines, int columns, PrintWriter out) {
    int[] widths = new int[columns];
    for (String[] line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    for (int n = 0; n < lines.size(); n++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        text.append(i == 0 ? " " : " | ").append(lines.get(n)[i]);
        text.append(" ".repeat(widths[i] - lines.get(n)[i].length()));
      }
      out.println(text.toString().stripTrailing());
      if (n == 0) {
        StringBuilder rule = new StringBuilder();
        for (int i = 0; i < columns; i++) {
          rule.append(i == 0 ? "-" : "+-").append("-".repeat(widths[i] + 1));
        }
        out.println(rule);
      }
    }
  }
}
