package dev.curfew.audit;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a flow's method: when it refuses ({@link dev.curfew.CurfewException}), the history gets one
 * entry, written after the rollback in a transaction of its own. Where flows call each other only
 * the outermost writes; what it catches and mends is no refusal.
 *
 * <p>Who and what is read from the arguments: a parameter of type {@code Caller}; and parameters,
 * or components of record parameters, of type {@code String} named {@code request} or {@code
 * requestId}, {@code grant} or {@code grantId}, {@code entitlement}, {@code target}, {@code person}
 * or {@code personId}. Text that has not the shape of such a name is not kept. Without a {@code
 * Caller} nothing is written: sign-in, enrolment and set-up tell {@link Refusals} themselves.
 */
@Inherited
@InterceptorBinding
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Recorded {

  /** The act's name, for example {@code vote}. */
  @Nonbinding
  String value();
}
