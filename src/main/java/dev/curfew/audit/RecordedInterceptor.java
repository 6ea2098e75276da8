package dev.curfew.audit;

import dev.curfew.CurfewException;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import org.jboss.logging.Logger;

/**
 * Writes the refusals of flows. It stands outside {@code @Transactional} (priority 200), so that
 * the flow's transaction is rolled back before the refusal is written.
 */
@Recorded("")
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_BEFORE + 100)
class RecordedInterceptor {

  private static final Logger LOG = Logger.getLogger(RecordedInterceptor.class);
  private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

  private final Refusals refusals;

  RecordedInterceptor(Refusals refusals) {
    this.refusals = refusals;
  }

  @AroundInvoke
  Object around(InvocationContext call) throws Exception {
    if (INSIDE.get()) {
      return call.proceed();
    }
    INSIDE.set(true);
    try {
      return call.proceed();
    } catch (Exception e) {
      record(call, e);
      throw e;
    } finally {
      INSIDE.remove();
    }
  }

  private void record(InvocationContext call, Exception failure) {
    CurfewException refusal = refusalIn(failure);
    if (refusal == null) {
      return;
    }
    try {
      About about = About.of(call.getMethod(), call.getParameters());
      if (about.caller() != null) {
        refusals.record(about, act(call), refusal);
      }
    } catch (RuntimeException e) {
      LOG.error("a refusal could not be written to the history", e);
    }
  }

  private static String act(InvocationContext call) {
    Recorded method = call.getMethod().getAnnotation(Recorded.class);
    return method != null
        ? method.value()
        : call.getMethod().getDeclaringClass().getAnnotation(Recorded.class).value();
  }

  private static CurfewException refusalIn(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CurfewException refusal) {
        return refusal;
      }
    }
    return null;
  }
}
