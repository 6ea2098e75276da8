package dev.curfew.audit;

import dev.curfew.Ids;
import dev.curfew.identity.Caller;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.regex.Pattern;

/**
 * Whom and what a refused act was about. Only ids and names of entitlements and targets are kept:
 * anything else somebody typed there may be a secret.
 */
public record About(
    Caller caller,
    String subject,
    String target,
    String entitlement,
    String request,
    String grant) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern ENTITLEMENT = Pattern.compile(NAME + "/" + NAME);

  public About {
    subject = Ids.isId(subject) ? subject : null;
    target = target != null && NAME.matcher(target).matches() ? target : null;
    entitlement =
        entitlement != null && ENTITLEMENT.matcher(entitlement).matches() ? entitlement : null;
    request = Ids.isId(request) ? request : null;
    grant = Ids.isId(grant) ? grant : null;
  }

  public static About caller(Caller caller) {
    return new About(caller, null, null, null, null, null);
  }

  public About subject(String person) {
    return new About(caller, person, target, entitlement, request, grant);
  }

  public About target(String name) {
    return new About(caller, subject, name, entitlement, request, grant);
  }

  public About entitlement(String name) {
    return new About(caller, subject, target, name, request, grant);
  }

  public About request(String id) {
    return new About(caller, subject, target, entitlement, id, grant);
  }

  public About grant(String id) {
    return new About(caller, subject, target, entitlement, request, id);
  }

  /** Reads the arguments of a call as {@link Recorded} says. */
  static About of(Method method, Object[] arguments) {
    About about = caller(null);
    Parameter[] parameters = method.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      about = about.with(parameters[i].getName(), arguments[i]);
    }
    return about;
  }

  private About with(String name, Object value) {
    if (value instanceof Caller found) {
      return new About(found, subject, target, entitlement, request, grant);
    }
    if (value instanceof Record bundle) {
      return withAll(bundle);
    }
    return value instanceof String text ? named(name, text) : this;
  }

  private About named(String name, String text) {
    return switch (name) {
      case "request", "requestId" -> request(text);
      case "grant", "grantId" -> grant(text);
      case "entitlement" -> entitlement(text);
      case "target" -> target(text);
      case "person", "personId" -> subject(text);
      default -> this;
    };
  }

  private About withAll(Record bundle) {
    About about = this;
    for (RecordComponent component : bundle.getClass().getRecordComponents()) {
      if (component.getType() == String.class) {
        about = about.named(component.getName(), value(bundle, component));
      }
    }
    return about;
  }

  private static String value(Record bundle, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return (String) accessor.invoke(bundle);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("the arguments of a flow can be read", e);
    }
  }
}
