package dev.curfew.web;

import dev.curfew.CurfewException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** A misspelt filter must not show everything: the API refuses parameters a call does not have. */
class KnownParameters {

  private final Map<Method, Set<String>> known = new ConcurrentHashMap<>();

  @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
  void refuseUnknown(ResourceInfo route, RoutingContext call) {
    if (!Doors.isApi(call) || call.queryParams().isEmpty()) {
      return;
    }
    Set<String> names = known.computeIfAbsent(route.getResourceMethod(), KnownParameters::names);
    for (String given : call.queryParams().names()) {
      if (!names.contains(given)) {
        throw CurfewException.unknownField(
            given.substring(0, Math.min(60, given.length())),
            names.isEmpty()
                ? "this call takes no parameters"
                : "there is no such parameter here; take it out, or use one of: "
                    + String.join(", ", names));
      }
    }
  }

  static Set<String> names(Method route) {
    Set<String> names = new TreeSet<>();
    for (Parameter parameter : route.getParameters()) {
      if (parameter.isAnnotationPresent(BeanParam.class)) {
        for (Field field : parameter.getType().getFields()) {
          addName(names, field, field.getName());
        }
      }
      addName(names, parameter, parameter.getName());
    }
    return names;
  }

  private static void addName(Set<String> names, AnnotatedElement element, String fallback) {
    RestQuery query = element.getAnnotation(RestQuery.class);
    if (query != null) {
      names.add(query.value().isEmpty() ? fallback : query.value());
    }
  }
}
