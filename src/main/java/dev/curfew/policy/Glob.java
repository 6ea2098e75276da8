package dev.curfew.policy;

import java.util.regex.Pattern;

/** Names of entitlements: {@code *} stands for anything within one side of the slash. */
record Glob(String text) {

  static final Pattern SHAPE = Pattern.compile("\\*|[a-z0-9*-]{1,80}/[a-z0-9*-]{1,80}");

  boolean covers(String entitlement) {
    if (text.equals("*")) {
      return true;
    }
    int slash = text.indexOf('/');
    int other = entitlement.indexOf('/');
    return other >= 0
        && matches(text, 0, slash, entitlement, 0, other)
        && matches(text, slash + 1, text.length(), entitlement, other + 1, entitlement.length());
  }

  /** Goes back to the last star only, so its cost is the product of the lengths at most. */
  private static boolean matches(String glob, int g, int gEnd, String name, int n, int nEnd) {
    int star = -1;
    int resume = n;
    while (n < nEnd) {
      if (g < gEnd && glob.charAt(g) == '*') {
        star = g++;
        resume = n;
      } else if (g < gEnd && glob.charAt(g) == name.charAt(n)) {
        g++;
        n++;
      } else if (star >= 0) {
        g = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (g < gEnd && glob.charAt(g) == '*') {
      g++;
    }
    return g == gEnd;
  }
}
