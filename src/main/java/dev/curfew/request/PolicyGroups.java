package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.account.RuleGroups;
import dev.curfew.policy.Policies;
import dev.curfew.policy.Policy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;

/** Looks into the policy of the accepted snapshot. */
@ApplicationScoped
class PolicyGroups implements RuleGroups {

  private final Policies policies;

  PolicyGroups(Policies policies) {
    this.policies = policies;
  }

  @Override
  public Set<String> named() {
    return policy().map(Policy::groups).orElse(Set.of());
  }

  @Override
  public boolean mayName(String group) {
    return policy().map(policy -> policy.names(group)).orElse(true);
  }

  private Optional<Policy> policy() {
    try {
      return Optional.of(policies.current());
    } catch (CurfewException noRules) {
      return Optional.empty();
    }
  }
}
