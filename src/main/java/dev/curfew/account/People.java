package dev.curfew.account;

import dev.curfew.CurfewException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Reads who there is. */
@ApplicationScoped
public class People {

  public Optional<Person> person(String id) {
    throw new UnsupportedOperationException();
  }

  /** Everybody, by name; disabled people too. */
  public List<Person> list() {
    throw new UnsupportedOperationException();
  }

  /** The enabled members of a group, by name; empty for a group that nobody is in. */
  public List<Member> members(String group) {
    throw new UnsupportedOperationException();
  }

  /** All groups somebody is in, and the reserved ones, sorted. */
  public List<String> groups() {
    throw new UnsupportedOperationException();
  }

  /**
   * @throws CurfewException NOT_FOUND
   */
  public Person mustBe(String id) {
    return person(id).orElseThrow(() -> CurfewException.notFound("person"));
  }
}
