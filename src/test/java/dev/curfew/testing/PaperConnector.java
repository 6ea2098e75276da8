package dev.curfew.testing;

import dev.curfew.connector.Ask;
import dev.curfew.connector.Checked;
import dev.curfew.connector.Connector;
import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Described;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Finding;
import dev.curfew.connector.Found;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Mark;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Profile;
import dev.curfew.connector.Progress;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Secret;
import dev.curfew.connector.Step;
import dev.curfew.connector.Target;
import dev.curfew.connector.Told;
import dev.curfew.connector.Verdict;
import dev.curfew.connector.Witness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A target on paper: accounts with a login, a password and live sessions, kept in memory. It can be
 * down, refuse, lose its answers after doing what was asked, and be held in the middle of a call.
 */
public final class PaperConnector implements Connector {

  public static final String KIND = "paper";

  /** An account at a paper target. */
  public static final class Account {
    private volatile Mark mark;
    private boolean login;
    private volatile boolean handedOut;
    private boolean blocked;
    private String password;
    private int sessions;

    private Account(Mark mark) {
      this.mark = mark;
    }

    public synchronized int sessions() {
      return sessions;
    }

    /** Somebody logs in; true when the account lets them. */
    public synchronized boolean logIn(String withPassword) {
      boolean in = login && withPassword.equals(password);
      sessions += in ? 1 : 0;
      return in;
    }

    private void endsAt(Instant until) {
      mark = new Mark(mark.installation(), mark.broker(), mark.grant(), until);
    }

    private synchronized void open(String newPassword) {
      login = true;
      password = newPassword;
    }

    private synchronized void block() {
      login = false;
      blocked = true;
    }

    private synchronized void kill() {
      sessions = 0;
    }

    /** What is blocked has another name from then on. */
    private synchronized String prefix() {
      return blocked ? "paperx_" : "paper_";
    }

    private synchronized boolean isOpen() {
      return login || sessions > 0;
    }
  }

  /** One call held in the middle until it is let go. */
  public static final class Stall {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Waits until a call is inside. */
    public void awaitEntered() {
      await(entered);
    }

    public void release() {
      released.countDown();
    }

    private void enter() {
      entered.countDown();
      await(released);
    }

    private static void await(CountDownLatch latch) {
      try {
        if (!latch.await(60, TimeUnit.SECONDS)) {
          throw new IllegalStateException("nobody came");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private final Map<String, Account> accounts = new ConcurrentHashMap<>();
  private final Map<String, String> homes = new ConcurrentHashMap<>();
  private final Set<String> down = ConcurrentHashMap.newKeySet();
  private final Map<String, String> refusals = new ConcurrentHashMap<>();
  private final Set<String> losingAnswers = ConcurrentHashMap.newKeySet();
  private final Map<String, Step> failing = new ConcurrentHashMap<>();
  private final Set<String> unseeable = ConcurrentHashMap.newKeySet();
  private final Set<String> holes = ConcurrentHashMap.newKeySet();
  private final Set<String> strangers = ConcurrentHashMap.newKeySet();
  private final Map<String, Witness> witnesses = new ConcurrentHashMap<>();
  private final Map<String, Stall> stalls = new ConcurrentHashMap<>();
  private final List<Stall> all = new CopyOnWriteArrayList<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile Runnable watcher = () -> {};
  private volatile boolean looksTwice;
  private volatile boolean opensAgain;

  // what a test does to the targets

  /** Back to nothing: no account, no fault. */
  public void reset() {
    accounts.clear();
    down.clear();
    refusals.clear();
    losingAnswers.clear();
    failing.clear();
    unseeable.clear();
    holes.clear();
    strangers.clear();
    witnesses.clear();
    letGo();
    calls.clear();
    watcher = () -> {};
    looksTwice = false;
    opensAgain = false;
  }

  /** Between two looks for sessions a revocation goes on later. */
  public void looksTwice() {
    looksTwice = true;
  }

  /** The next revocation finds open what an earlier call had closed. */
  public void opensAgain() {
    opensAgain = true;
  }

  /** Lets go of every call that is held, or would be. */
  public void letGo() {
    all.forEach(Stall::release);
    all.clear();
    stalls.clear();
  }

  public void down(String target) {
    down.add(target);
  }

  public void up(String target) {
    down.remove(target);
  }

  /** From now on provisions at the target are refused for good. */
  public void refuse(String target, String why) {
    refusals.put(target, why);
  }

  /** The verb does its work at the target, and its answer never arrives. */
  public void loseAnswers(String verb) {
    losingAnswers.add(verb);
  }

  public void answer(String verb) {
    losingAnswers.remove(verb);
  }

  /** Revocations at the target stop before that step. */
  public void failAt(String target, Step step) {
    failing.put(target, step);
  }

  public void mend(String target) {
    failing.remove(target);
    unseeable.remove(target);
    strangers.remove(target);
  }

  /** Looks at the target see a session that no revocation ends. */
  public void letInLate(String target) {
    strangers.add(target);
  }

  /** Runs after each step of a revocation and before each look. */
  public void watch(Runnable each) {
    watcher = each;
  }

  /** Looks at the target say UNKNOWN. */
  public void hide(String target) {
    unseeable.add(target);
  }

  /** The next call of the verb for the grant waits in the middle, before its effect. */
  public Stall stall(String verb, String grant) {
    Stall stall = new Stall();
    stalls.put(verb + " " + grant, stall);
    all.add(stall);
    return stall;
  }

  /** Looks at the target hang for as long as they may. */
  public void swallow(String target) {
    holes.add(target);
  }

  /** Somebody removes what the target remembers of the broker's store. */
  public void forget(Target target) {
    witnesses.keySet().removeIf(key -> key.startsWith(target.id() + " "));
  }

  /** Somebody removes the account by hand. */
  public void remove(String grant) {
    accounts.remove(grant);
  }

  /** An account appears that no call of ours made, as after a restore of the target. */
  public Account appear(Target target, Mark mark, boolean open) {
    Account account = new Account(mark);
    if (open) {
      account.open("restored");
    }
    accounts.put(mark.grant(), account);
    homes.put(mark.grant(), target.id());
    return account;
  }

  public Optional<Account> account(String grant) {
    return Optional.ofNullable(accounts.get(grant));
  }

  /** How often the verb was called for the grant. */
  public long calls(String verb, String grant) {
    return calls.stream().filter((verb + " " + grant)::equals).count();
  }

  // the contract

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Profile profile() {
    return new Profile(
        Profile.Guarantee.G2,
        true,
        true,
        true,
        Duration.ofSeconds(5),
        "live sessions end when the broker ends them");
  }

  @Override
  public Checked check(Target target, Limits limits) {
    return Checked.of(
        down.contains(target.id())
            ? List.of(Finding.fatal(target.id() + " did not answer"))
            : List.of());
  }

  @Override
  public Described describe(Target target, Entitlement entitlement, Limits limits) {
    reach(target.id());
    return new Described(List.of("read the paper"), List.of(), List.of());
  }

  @Override
  public Plan plan(Ask ask) {
    Map<String, String> facts =
        Map.of(
            "target", ask.target().id(),
            "role", "paper_" + ask.grant(),
            "installation", ask.installation(),
            "broker", ask.broker(),
            "snapshot", ask.snapshot());
    return new Plan(
        new Handle(KIND, ask.grant(), facts),
        List.of("Makes an account on paper for " + ask.entitlement().id() + "."));
  }

  @Override
  public Outcome provision(Plan plan, Instant until, Limits limits) {
    Handle handle = plan.handle();
    String target = target(handle);
    Optional<Outcome> unreached = enter("provision", handle);
    if (unreached.isPresent()) {
      return unreached.get();
    }
    if (refusals.containsKey(target)) {
      return new Outcome.Refused(refusals.get(target));
    }
    accounts.computeIfAbsent(handle.grant(), grant -> new Account(mark(handle, until)));
    homes.put(handle.grant(), target);
    return answer("provision", target, new Receipt(Map.of("account", handle.grant())));
  }

  @Override
  public Verdict verify(Handle handle, Receipt receipt, Limits limits) {
    calls.add("verify " + handle.grant());
    watcher.run();
    String target = target(handle);
    if (holes.contains(target)) {
      LockSupport.parkNanos(limits.left().toNanos());
    }
    if (down.contains(target) || unseeable.contains(target)) {
      return Verdict.unknown(target + " did not answer");
    }
    if (strangers.contains(target)) {
      return Verdict.live(
          "a session of it is open", List.of("no account of that name", "a session of it is open"));
    }
    Optional<Witness> remembered =
        Optional.ofNullable(witnesses.get(target + " " + handle.facts().get("broker")));
    if (Told.of(handle).filter(told -> told.isMoreThan(remembered)).isPresent()) {
      return Verdict.unknown(target + " remembers less than it was told");
    }
    return account(handle.grant())
        .map(
            account ->
                account.isOpen()
                    ? Verdict.live("the account is there", List.of("the account is there"))
                    : Verdict.leftover("the account is there", List.of("the account is there")))
        .orElse(Verdict.absent(List.of("no account of that name", "no session of it")));
  }

  @Override
  public Secret issue(Handle handle, Instant until, Limits limits) {
    enter("issue", handle)
        .ifPresent(
            outcome -> {
              throw new ConnectorException(target(handle) + " did not answer", false);
            });
    Account account = accounts.get(handle.grant());
    if (account == null) {
      throw new ConnectorException("there is nothing to open", true);
    }
    String password = "paper-" + System.nanoTime();
    account.open(password);
    account.handedOut = true;
    account.endsAt(until);
    if (losingAnswers.contains("issue")) {
      throw new ConnectorException(target(handle) + " did not answer in time", true);
    }
    return new Secret(
        List.of(
            Secret.Line.open("user", "User", handle.grant()),
            Secret.Line.secret("password", "Password", password.toCharArray())));
  }

  @Override
  public Outcome revoke(Handle handle, Receipt receipt, Progress progress, Limits limits) {
    Optional<Outcome> unreached = enter("revoke", handle);
    if (unreached.isPresent()) {
      return unreached.get();
    }
    String target = target(handle);
    Account account = accounts.get(handle.grant());
    if (account != null && account.handedOut && !receipt.isHandedOut()) {
      throw new IllegalStateException("nobody said that a secret of it was asked for");
    }
    if (opensAgain) {
      opensAgain = false;
      return new Outcome.Later(Duration.ZERO, receipt, true);
    }
    for (Step step : List.of(Step.BLOCK, Step.KILL, Step.CLEAN)) {
      if (failing.get(target) == step) {
        return new Outcome.Again(Duration.ZERO, target + " refused to " + step, true);
      }
      List<String> facts = account == null ? List.of() : act(step, handle.grant(), account);
      if (!progress.done(step, receipt, facts)) {
        return new Outcome.Again(Duration.ZERO, "somebody else took over", true);
      }
      watcher.run();
      if (step == Step.BLOCK && looksTwice && !receipt.facts().containsKey("looked")) {
        return new Outcome.Later(Duration.ofHours(1), new Receipt(Map.of("looked", "once")), false);
      }
    }
    return answer("revoke", target, receipt);
  }

  @Override
  public Stream<Found> sweep(Target target, String broker, Limits limits) {
    reach(target.id());
    List<Found> found = new ArrayList<>();
    accounts.forEach(
        (grant, account) -> {
          if (target.id().equals(homes.get(grant))) {
            Handle handle = new Handle(KIND, grant, Map.of("target", target.id()));
            Optional<Mark> mark =
                Optional.of(account.mark).filter(each -> !each.installation().isEmpty());
            found.add(new Found(account.prefix() + grant, mark, account.isOpen(), handle));
          }
        });
    return found.stream();
  }

  @Override
  public boolean keepsWitness() {
    return true;
  }

  @Override
  public Optional<Witness> witness(Target target, String broker, Limits limits) {
    reach(target.id());
    if (losingAnswers.contains("witness")) {
      String why = target.id() + " did not answer in time";
      throw new ConnectorException(why, why, true, true);
    }
    return Optional.ofNullable(witnesses.get(target.id() + " " + broker));
  }

  @Override
  public void witness(Target target, String broker, Witness witness, Limits limits) {
    reach(target.id());
    witnesses.put(target.id() + " " + broker, witness);
  }

  private List<String> act(Step step, String grant, Account account) {
    switch (step) {
      case BLOCK -> account.block();
      case KILL -> {
        int sessions = account.sessions();
        account.kill();
        return List.of(sessions + " sessions ended");
      }
      case CLEAN -> {
        accounts.remove(grant);
        return List.of("left behind, now of curfew_estate: table scratch");
      }
      case VERIFY -> throw new IllegalStateException("verify is a call of its own");
    }
    return List.of();
  }

  private Optional<Outcome> enter(String verb, Handle handle) {
    calls.add(verb + " " + handle.grant());
    Stall stall = stalls.remove(verb + " " + handle.grant());
    if (stall != null) {
      stall.enter();
    }
    String target = target(handle);
    return down.contains(target)
        ? Optional.of(new Outcome.Again(Duration.ZERO, target + " did not answer", false))
        : Optional.empty();
  }

  private Outcome answer(String verb, String target, Receipt receipt) {
    return losingAnswers.contains(verb)
        ? new Outcome.Again(Duration.ZERO, target + " did not answer in time", true)
        : new Outcome.Done(receipt);
  }

  private void reach(String target) {
    if (down.contains(target)) {
      throw new ConnectorException(target + " did not answer", false);
    }
  }

  private static Mark mark(Handle handle, Instant until) {
    return new Mark(
        handle.facts().get("installation"), handle.facts().get("broker"), handle.grant(), until);
  }

  private static String target(Handle handle) {
    return handle.facts().get("target");
  }
}
