package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.account.People;
import dev.curfew.account.Person;
import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.Offer;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.Map;

/** Names of people and entitlements for the templates, each read once in a call. */
@Named("names")
@RequestScoped
public class Names {

  private final People people;
  private final Catalog catalog;
  private final Map<String, String> known = new HashMap<>();
  private final Map<String, String> titles = new HashMap<>();

  Names(People people, Catalog catalog) {
    this.people = people;
    this.catalog = catalog;
  }

  /** What people see for a person's id, or for a part of the broker. */
  public String of(String person) {
    if (person == null) {
      return "";
    }
    return known.computeIfAbsent(person, this::find);
  }

  /** The title of an entitlement; its id where the catalog no longer has it. */
  public String title(String entitlement) {
    return titles.computeIfAbsent(entitlement, this::findTitle);
  }

  /** Why a target takes no new grants; empty while it does. */
  public String closed(String target) {
    return catalog.closed(target).orElse("");
  }

  private String findTitle(String entitlement) {
    try {
      return catalog.offer(entitlement).map(Offer::title).orElse(entitlement);
    } catch (CurfewException noSnapshot) {
      return entitlement;
    }
  }

  private String find(String person) {
    return switch (person) {
      case "broker" -> "Curfew";
      case "configuration" -> "the configuration";
      case "demo" -> "the demo";
      default -> people.person(person).map(Person::name).orElse(person);
    };
  }
}
