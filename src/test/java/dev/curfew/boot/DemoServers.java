package dev.curfew.boot;

import dev.curfew.testing.Servers;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/**
 * What the demo starts, for tests that live its whole story: a store and, on a server of its own,
 * the target {@code orders-db} with real tables, prepared by the scripts that operators run.
 */
public final class DemoServers implements QuarkusTestResourceLifecycleManager {

  private static final String FOLDER = "curfew.test.demo";
  private static final String SWITCH = "curfew.test:type=TargetSwitch";

  private Demo demo;
  private Path data;

  @Override
  public Map<String, String> start() {
    data =
        Path.of("target", "demo", ProcessHandle.current().pid() + "-" + System.nanoTime())
            .toAbsolutePath();
    Servers.lendPrograms(data);
    demo = Demo.start(data);
    System.setProperty(FOLDER, data.toString());
    register();
    Map<String, String> settings = demo.settings(8080);
    settings.put("curfew.data.dir", data.toString());
    return settings;
  }

  @Override
  public void stop() {
    demo.close();
    try {
      PostgresBinaries.delete(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String targetPort() {
    return PrivateFile.read(folder().resolve("port")).strip();
  }

  private static Path folder() {
    return Path.of(System.getProperty(FOLDER)).resolve("target");
  }

  /** The target server, as its superuser. */
  public static Connection target() throws SQLException {
    Path folder = folder();
    String port = targetPort();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/orders",
        Postgres.SUPERUSER,
        PrivateFile.read(folder.resolve("password")).strip());
  }

  /** The switch, as seen across class loaders. */
  public interface TargetSwitchMBean {
    void turn(boolean up);
  }

  /** Stops the target server, or starts it again: the test's classes are not this one's. */
  public static void targetIsUp(boolean up) {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(new ObjectName(SWITCH), "turn", new Object[] {up}, new String[] {"boolean"});
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  private void register() {
    TargetSwitchMBean bean =
        up -> {
          if (up) {
            demo.target().start();
          } else {
            demo.target().stop();
          }
        };
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      ObjectName name = new ObjectName(SWITCH);
      if (server.isRegistered(name)) {
        server.unregisterMBean(name);
      }
      server.registerMBean(new StandardMBean(bean, TargetSwitchMBean.class), name);
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
