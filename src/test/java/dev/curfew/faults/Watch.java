package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;

/**
 * An observer that looks again and again, in a thread of its own. It judges only who has really
 * been looked at: nobody, when it died, was ended, or could not read.
 */
final class Watch {

  private final Observer observer;
  private final Duration pause;
  private final Thread thread = new Thread(this::look, "observer");
  private volatile boolean watching = true;
  private volatile Throwable diedOf;

  Watch(Observer observer, Duration pause) {
    this.observer = observer;
    this.pause = pause;
    thread.setDaemon(true);
    thread.start();
  }

  private void look() {
    try {
      while (watching) {
        observer.look();
        Thread.sleep(pause.toMillis());
      }
    } catch (InterruptedException e) {
      // it was ended
    } catch (RuntimeException | Error e) {
      diedOf = e;
    }
  }

  void judge() {
    if (diedOf != null) {
      throw new AssertionError("the observer died while it looked", diedOf);
    }
    assertTrue(thread.isAlive(), "the observer looks no more");
    observer.look();
    List<String> said = observer.searchForSecrets();
    System.out.printf(
        "faults: %d breaches in %d looks at %d grants, %d looks could not read all, %d secrets"
            + " looked for%n",
        said.size(),
        observer.looks(),
        observer.grants(),
        observer.blindLooks(),
        observer.secrets());
    assertEquals(List.of(), said.size() > 20 ? said.subList(0, 20) : said);
    assertEquals("", observer.cannotRead(), "what the last look could not read");
    assertTrue(observer.looks() > 1, "nobody looked before this moment");
  }

  void end() {
    watching = false;
    thread.interrupt();
  }

  void awaitEnd() throws InterruptedException {
    thread.join();
  }
}
