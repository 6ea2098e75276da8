package dev.curfew;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A refusal that its reader can act on: a fault and a message that says the mend. It holds no
 * secret. The audit marks it once it has written the refusal, so that it is written once.
 */
public final class CurfewException extends RuntimeException {

  private final Fault fault;
  private final String field;
  private final Duration retryAfter;
  private volatile boolean recorded;

  public CurfewException(Fault fault, String message) {
    this(fault, message, null, null, null);
  }

  private CurfewException(
      Fault fault, String message, String field, Duration retryAfter, Throwable cause) {
    super(Objects.requireNonNull(message), cause);
    this.fault = Objects.requireNonNull(fault);
    this.field = field;
    this.retryAfter = retryAfter;
  }

  /** A value the caller sent is wrong; {@code field} is its name in the body. */
  public static CurfewException invalid(String field, String message) {
    return new CurfewException(Fault.INVALID, message, field, null, null);
  }

  /** The caller sent a field that is not known here. */
  public static CurfewException unknownField(String field, String message) {
    return new CurfewException(Fault.UNKNOWN_FIELD, message, field, null, null);
  }

  /** The same for absent and forbidden. {@code what} is a word such as "request". */
  public static CurfewException notFound(String what) {
    return new CurfewException(Fault.NOT_FOUND, "no such " + what);
  }

  public CurfewException retryAfter(Duration wait) {
    return new CurfewException(fault, getMessage(), field, wait, getCause());
  }

  public CurfewException causedBy(Throwable cause) {
    return new CurfewException(fault, getMessage(), field, retryAfter, cause);
  }

  public Fault fault() {
    return fault;
  }

  public Optional<String> field() {
    return Optional.ofNullable(field);
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Marks the refusal as written to the audit; true for the first who asks. */
  public synchronized boolean markRecorded() {
    boolean first = !recorded;
    recorded = true;
    return first;
  }
}
