package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void aFreePortIsNobodys() {
    assertEquals(Optional.empty(), Ports.taken("127.0.0.1", Ports.free()));
  }

  @Test
  void aTakenPortNamesTheProcess() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String text = Ports.taken("127.0.0.1", socket.getLocalPort()).orElseThrow();
      assertTrue(text.contains("is taken by process " + ProcessHandle.current().pid()), text);
      assertTrue(text.contains("java"), text);
    }
  }
}
