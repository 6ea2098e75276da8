package dev.curfew.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * A wire between two processes of this machine that can be cut and bent while it is in use: one
 * proxy for TCP, on a loopback port of its own.
 */
public final class Wire implements AutoCloseable {

  /** What the wire does to what goes through it, and to who wants in. */
  private enum Mood {
    PASSES,
    /** Takes everything, and nothing comes out on the other side. */
    SWALLOWS,
    /** Whoever connects is cut off at once, by a reset. */
    RESETS,
    /** Nobody listens. */
    REFUSES
  }

  private static final int FAR = 5_000;

  /** The two ends of one connection. */
  private record Pair(Socket near, Socket far) {

    void reset() {
      for (Socket end : new Socket[] {near, far}) {
        try {
          end.setSoLinger(true, 0);
        } catch (IOException e) {
          // it is closed already
        }
        shut(end);
      }
    }

    private static void shut(Socket end) {
      try {
        end.close();
      } catch (IOException e) {
        // nothing more can be done to it
      }
    }
  }

  private volatile IntSupplier to;
  private final int port;
  private final Set<Pair> open = ConcurrentHashMap.newKeySet();
  private volatile ServerSocket door;
  private volatile Mood mood = Mood.PASSES;
  private volatile Duration delay = Duration.ZERO;
  private volatile Duration beforeAccept = Duration.ZERO;

  /**
   * @param to the port of this machine at its other end, asked for each connection
   */
  public Wire(IntSupplier to) {
    this.to = to;
    listen(0);
    port = door.getLocalPort();
  }

  public int port() {
    return port;
  }

  /** Everything goes through; what was swallowed before stays lost, so those connections break. */
  public Wire pass() {
    boolean wasLosing = mood == Mood.SWALLOWS;
    delay = Duration.ZERO;
    beforeAccept = Duration.ZERO;
    mood = Mood.PASSES;
    if (wasLosing) {
      breakAll();
    }
    if (door.isClosed()) {
      listen(port);
    }
    return this;
  }

  /** The address answers as another server from now on; who is inside is cut off. */
  public Wire leadTo(IntSupplier other) {
    to = other;
    breakAll();
    return this;
  }

  /** Each piece takes this much longer, in either direction. */
  public Wire delay(Duration each) {
    delay = each;
    return this;
  }

  /** A black hole: connections are taken and stay, and nothing ever comes back. */
  public Wire swallow() {
    mood = Mood.SWALLOWS;
    return this;
  }

  /** Who is inside is cut off, and so is everybody who comes. */
  public Wire reset() {
    mood = Mood.RESETS;
    breakAll();
    return this;
  }

  /** Who comes is let in only after this time; who is inside notices nothing. */
  public Wire acceptAfter(Duration time) {
    beforeAccept = time;
    return this;
  }

  /** Nobody listens any more, and who is inside is cut off: the other side is stopped. */
  public Wire refuse() {
    mood = Mood.REFUSES;
    try {
      door.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    breakAll();
    return this;
  }

  public int connections() {
    return open.size();
  }

  @Override
  public void close() {
    refuse();
  }

  private void breakAll() {
    open.forEach(Pair::reset);
    open.clear();
  }

  private void listen(int wanted) {
    try {
      ServerSocket fresh = new ServerSocket();
      fresh.setReuseAddress(true);
      fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
      door = fresh;
      daemon("wire-door", () -> take(fresh));
    } catch (IOException e) {
      throw new IllegalStateException("no wire on port " + wanted + ": " + e.getMessage(), e);
    }
  }

  private void take(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket near = from.accept();
        daemon("wire", () -> carry(near));
      } catch (IOException e) {
        if (!from.isClosed()) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private void carry(Socket near) {
    Socket far = new Socket();
    Pair pair = new Pair(near, far);
    open.add(pair);
    rest(beforeAccept);
    if (mood == Mood.RESETS || mood == Mood.REFUSES) {
      end(pair);
      return;
    }
    if (mood == Mood.SWALLOWS) {
      drain(pair);
      return;
    }
    try {
      far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to.getAsInt()), FAR);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      daemon("wire-back", () -> pump(pair, far, near));
      pump(pair, near, far);
    } catch (IOException e) {
      end(pair);
    }
  }

  private void pump(Pair pair, Socket from, Socket into) {
    byte[] piece = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        rest(delay);
        if (mood != Mood.SWALLOWS) {
          out.write(piece, 0, length);
          out.flush();
        }
      }
    } catch (IOException e) {
      // one side is gone: so is the connection
    }
    if (mood != Mood.SWALLOWS) {
      end(pair);
    }
  }

  /** The other side never hears of who comes to a black hole; it is over when they give up. */
  private void drain(Pair pair) {
    byte[] piece = new byte[16 * 1024];
    try {
      InputStream in = pair.near().getInputStream();
      while (in.read(piece) >= 0) {
        // it is lost
      }
    } catch (IOException e) {
      // it is cut off
    }
    end(pair);
  }

  private void end(Pair pair) {
    open.remove(pair);
    pair.reset();
  }

  private static void rest(Duration time) {
    if (time.isZero()) {
      return;
    }
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }
}
