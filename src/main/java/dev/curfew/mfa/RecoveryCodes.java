package dev.curfew.mfa;

import dev.curfew.Clocks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Ten codes on paper: each opens enrolment once and proves nothing else. Stored hashed. */
@ApplicationScoped
class RecoveryCodes {

  private static final int COUNT = 10;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final EntityManager store;
  private final Clocks clocks;

  RecoveryCodes(EntityManager store, Clocks clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  int left(String person) {
    return ((Number)
            store
                .createNativeQuery("select count(*) from recovery_code where person = ?1")
                .setParameter(1, person)
                .getSingleResult())
        .intValue();
  }

  /** New ones in place of the old, to be shown once. */
  List<String> renew(String person) {
    forget(person);
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      String code = next();
      codes.add(code);
      store
          .createNativeQuery(
              "insert into recovery_code (person, hash, created_at) values (?1, ?2, ?3)")
          .setParameter(1, person)
          .setParameter(2, hash(code))
          .setParameter(3, clocks.now())
          .executeUpdate();
    }
    return codes;
  }

  /** Uses the code up; false when there is no such one. */
  boolean use(String person, String code) {
    return store
            .createNativeQuery("delete from recovery_code where person = ?1 and hash = ?2")
            .setParameter(1, person)
            .setParameter(2, hash(code))
            .executeUpdate()
        == 1;
  }

  void forget(String person) {
    store
        .createNativeQuery("delete from recovery_code where person = ?1")
        .setParameter(1, person)
        .executeUpdate();
  }

  /** 80 random bits as {@code abcd-efgh-ijkl-mnop}. */
  private static String next() {
    byte[] bits = new byte[10];
    RANDOM.nextBytes(bits);
    String text = Base32.encode(bits).toLowerCase(Locale.ROOT);
    return String.join(
        "-", text.substring(0, 4), text.substring(4, 8), text.substring(8, 12), text.substring(12));
  }

  private static String hash(String code) {
    return Hashes.sha256(code.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT));
  }
}
