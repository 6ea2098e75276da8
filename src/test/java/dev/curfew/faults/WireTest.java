package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said at one end is heard at the other, or not, as a test wants it. */
class WireTest {

  private ServerSocket echo;
  private Wire wire;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread server = new Thread(this::answer, "echo");
    server.setDaemon(true);
    server.start();
    wire = new Wire(echo::getLocalPort);
  }

  @AfterEach
  void stop() throws IOException {
    wire.close();
    echo.close();
  }

  @Test
  void whatIsSaidComesBack() throws IOException {
    try (Socket socket = connected()) {
      assertEquals(7, said(socket, 7));
    }
  }

  @Test
  void whatIsDelayedComesLater() throws IOException {
    try (Socket socket = connected()) {
      wire.delay(Duration.ofMillis(150));
      long before = System.nanoTime();
      assertEquals(7, said(socket, 7));
      assertTrue(Duration.ofNanos(System.nanoTime() - before).toMillis() >= 300, "both ways");
    }
  }

  @Test
  void aBlackHoleTakesEverythingAndAnswersNothing() throws IOException {
    try (Socket inside = connected()) {
      assertEquals(7, said(inside, 7));
      wire.swallow();
      assertThrows(SocketTimeoutException.class, () -> said(inside, 8));
      try (Socket late = connected()) {
        assertThrows(SocketTimeoutException.class, () -> said(late, 8));
      }
      wire.pass();
      assertThrows(IOException.class, () -> heard(inside));
    }
    try (Socket again = connected()) {
      assertEquals(9, said(again, 9));
    }
  }

  @Test
  void aResetCutsOffWhoIsInsideAndWhoComes() throws IOException {
    try (Socket inside = connected()) {
      assertEquals(7, said(inside, 7));
      wire.reset();
      assertThrows(SocketException.class, () -> said(inside, 8));
      try (Socket late = connected()) {
        assertThrows(SocketException.class, () -> heard(late));
      }
    }
  }

  @Test
  void aSlowDoorLetsInLater() throws IOException {
    wire.acceptAfter(Duration.ofMillis(300));
    long before = System.nanoTime();
    try (Socket socket = connected()) {
      assertEquals(7, said(socket, 7));
    }
    assertTrue(Duration.ofNanos(System.nanoTime() - before).toMillis() >= 300);
  }

  @Test
  void whoComesToAStoppedOneIsRefusedUntilItIsBack() throws IOException {
    wire.refuse();
    assertThrows(ConnectException.class, this::connected);
    wire.pass();
    try (Socket socket = connected()) {
      assertEquals(7, said(socket, 7));
    }
  }

  private Socket connected() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), wire.port());
    socket.setSoTimeout(700);
    return socket;
  }

  private static int said(Socket socket, int what) throws IOException {
    socket.getOutputStream().write(what);
    return heard(socket);
  }

  private static int heard(Socket socket) throws IOException {
    return socket.getInputStream().read();
  }

  private void answer() {
    try {
      while (true) {
        Socket socket = echo.accept();
        Thread one = new Thread(() -> answer(socket), "echo-one");
        one.setDaemon(true);
        one.start();
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      for (int what = heard(socket); what >= 0; what = heard(socket)) {
        socket.getOutputStream().write(what);
      }
    } catch (IOException e) {
      // it was cut off
    }
  }
}
