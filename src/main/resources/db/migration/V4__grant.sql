-- The grant: the access itself. The row is written before the first call to a target and is the
-- timer, the queue entry and the record of what was learned, all in one.

-- The legal moves, the same as in GrantState. NONE is where a new grant comes from.
create table grant_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);

insert into grant_transition (from_state, to_state) values
  ('NONE', 'PLANNED'),
  ('PLANNED', 'PROVISIONING'),
  ('PLANNED', 'CANCELLED'),
  ('PROVISIONING', 'PLANNED'),
  ('PROVISIONING', 'ACTIVE'),
  ('PROVISIONING', 'REVOKING'),
  ('ACTIVE', 'REVOKING'),
  ('REVOKING', 'STUCK'),
  ('REVOKING', 'ENDED'),
  ('STUCK', 'ENDED'),
  ('ENDED', 'REVOKING'),
  ('CANCELLED', 'REVOKING');

create table access_grant (
  id text primary key,
  request_id text not null,
  person text not null,
  entitlement text not null,
  target text not null,
  snapshot text,

  -- where it stands, and where it stood before: the pair must be a legal move
  came_from text not null,
  state text not null,

  created_at timestamptz not null,
  window_seconds bigint not null check (window_seconds > 0),
  claim_by timestamptz not null,
  due_at timestamptz not null,
  picked_up_at timestamptz,

  -- what was shown to the approver, and what finds and revokes it; no secret in either
  effects text not null,
  effects_hash text not null,
  handle text not null,
  guarantee text not null,
  max_residual_seconds bigint not null,
  residual text not null,

  -- what was learned at the target
  reached boolean not null default false,
  receipt text not null default '{}',
  provisioned_at timestamptz,
  issuing_at timestamptz,

  -- how it ends
  end_reason text,
  end_note text,
  ended_by text,
  ending_at timestamptz,
  revoke_step text,
  blocked_at timestamptz,
  dead_at timestamptz,
  -- somebody was seen inside, or could not be ruled out, and no look has said otherwise since
  seen_live boolean not null default false,
  stuck_at timestamptz,
  verified_at timestamptz,
  ended_at timestamptz,
  alive_again boolean not null default false,
  alive_open boolean not null default false,

  -- the queue: who works on it, and when the next call is due
  next_at timestamptz,
  lease_owner text,
  lease_until timestamptz,
  fence bigint not null default 0,
  attempts integer not null default 0,
  unreached boolean not null default false,
  -- what stopped the last call: fit for everybody, and with addresses and a driver's words
  problem text,
  problem_detail text,

  foreign key (came_from, state) references grant_transition (from_state, to_state),
  check ((lease_owner is null) = (lease_until is null)),
  check ((state in ('ENDED', 'CANCELLED')) = (ended_at is not null)),
  check (state in ('PLANNED', 'PROVISIONING', 'ACTIVE') or end_reason is not null),
  check (state not in ('ACTIVE', 'ENDED', 'CANCELLED') or next_at is null),
  check (state in ('ACTIVE', 'ENDED', 'CANCELLED') or next_at is not null),
  check (state = 'STUCK' or stuck_at is null)
);

-- Rows change often and stay few: keep them on their page and clean up early.
alter table access_grant set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 100);

create index access_grant_due on access_grant (due_at) where state in ('PLANNED', 'PROVISIONING', 'ACTIVE');
create index access_grant_queue on access_grant (target, next_at) where next_at is not null;
create index access_grant_leased on access_grant (target, lease_until) where lease_until is not null;
create index access_grant_ending on access_grant (ending_at) where state = 'REVOKING';
create index access_grant_stuck on access_grant (target) where state = 'STUCK';
create index access_grant_unreached on access_grant (target, id) where unreached;
create index access_grant_person on access_grant (person, created_at desc, id);
create index access_grant_request on access_grant (request_id);

-- A writer names the state it believes the grant is in, and is refused when it is wrong.
create function access_grant_moves() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.came_from <> 'NONE' then
      raise exception 'a new grant comes from nowhere, not from %', new.came_from using errcode = 'check_violation';
    end if;
  elsif new.state <> old.state then
    if new.came_from <> old.state then
      raise exception 'grant % is %, not %', old.id, old.state, new.came_from using errcode = 'check_violation';
    end if;
  elsif new.came_from <> old.came_from then
    raise exception 'grant % did not move', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger access_grant_moves before insert or update on access_grant
  for each row execute function access_grant_moves();

-- The first pick-up sets the end once, up or down. At every other time it may only fall.
create function access_grant_due_falls() returns trigger language plpgsql as $$
begin
  if old.picked_up_at is not null and new.picked_up_at is distinct from old.picked_up_at then
    raise exception 'grant % was picked up first at %', old.id, old.picked_up_at using errcode = 'check_violation';
  end if;
  if new.due_at > old.due_at and (old.picked_up_at is not null or new.picked_up_at is null) then
    raise exception 'the end of grant % only falls', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger access_grant_due_falls before update of due_at, picked_up_at on access_grant
  for each row execute function access_grant_due_falls();

-- A grant is never deleted: its end is the proof that it is gone.
create function access_grant_stays() returns trigger language plpgsql as $$
begin
  raise exception 'a grant is never deleted' using errcode = 'check_violation';
end $$;

create trigger access_grant_stays before delete on access_grant
  for each row execute function access_grant_stays();

-- What each step of a revocation did or read, one line each, for the grant's page.
create table grant_fact (
  id bigint generated always as identity primary key,
  grant_id text not null references access_grant (id),
  at timestamptz not null,
  step text not null,
  line text not null
);

create index grant_fact_of on grant_fact (grant_id, id);

-- What stands out at the targets: no live grant owns it.
create table grant_finding (
  id text primary key,
  target text not null,
  name text not null,
  grant_id text not null,
  kind text not null,
  open boolean not null,
  marked_until timestamptz,
  handle text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  released_by text,
  problem text,
  gone_at timestamptz
);

create unique index grant_finding_open on grant_finding (target, name) where gone_at is null;
-- what is taken away has another name on its way out
create unique index grant_finding_orphan on grant_finding (target, grant_id)
  where gone_at is null and kind = 'ORPHAN';
