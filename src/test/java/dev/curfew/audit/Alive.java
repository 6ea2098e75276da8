package dev.curfew.audit;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** How many instances of a class survive a collection, as the virtual machine counts them. */
final class Alive {

  private Alive() {}

  static long count(String className) {
    try {
      String histogram =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
      return histogram
          .lines()
          .map(line -> line.trim().split("\\s+"))
          .filter(columns -> columns.length >= 4 && columns[3].equals(className))
          .mapToLong(columns -> Long.parseLong(columns[1]))
          .sum();
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
