-- Requests, the votes on them and the decisions of the rules. A request leaves PENDING once; what
-- was asked, decided and voted is never edited.

create table access_request (
  id              text primary key,
  person          text not null,
  entitlement     text not null,
  target          text not null,
  -- reserved at submit, so that the names shown to the approver are the names made
  grant_id        text not null unique,
  window_seconds  bigint not null check (window_seconds > 0),
  ticket          text not null,
  -- digest of the packs and rules that decided
  snapshot        text not null,
  -- which proof of MFA came with the ask, in words
  proof           text not null,
  state           text not null
                  check (state in ('PENDING', 'APPROVED', 'DENIED', 'CANCELLED', 'LAPSED')),
  created_at      timestamptz not null,
  lapse_at        timestamptz not null,
  decided_at      timestamptz,
  decided_by      text,
  decided_why     text,
  idempotency_key text,
  body_hash       text,
  unique (person, idempotency_key),
  check ((state = 'PENDING') = (decided_at is null)),
  check ((idempotency_key is null) = (body_hash is null))
);

-- never two open requests of one person for one thing, whoever clicks how often
create unique index access_request_once on access_request (person, entitlement)
  where state = 'PENDING';
create index access_request_lapse on access_request (lapse_at) where state = 'PENDING';
create index access_request_person on access_request (person, created_at desc, id desc);
create index access_request_newest on access_request (created_at desc, id desc);

-- Personal text, apart so that it can be erased; the history has its hash.
create table request_reason (
  request_id text primary key references access_request (id),
  reason     text not null
);

-- What the rules said, with its trace; and what the access would do, as the approver reads it.
create table request_decision (
  request_id         text primary key references access_request (id),
  decision           text not null check (decision in ('ALLOW', 'ASK')),
  pick_up_by_passkey boolean not null,
  claim_by_seconds   bigint not null check (claim_by_seconds > 0),
  trace              text not null,
  effects            text not null
);

-- Who must agree.
create table request_stage (
  request_id  text not null references access_request (id),
  position    integer not null,
  name        text not null,
  group_name  text not null,
  needed      integer not null check (needed > 0),
  accept_code boolean not null,
  words       text not null,
  primary key (request_id, position)
);
create index request_stage_group on request_stage (group_name, request_id);

create table vote (
  id         text primary key,
  request_id text not null references access_request (id),
  voter      text not null,
  choice     text not null check (choice in ('APPROVE', 'DENY')),
  -- hash of the request and its effects as the voter saw them
  shown      text not null,
  by_code    boolean not null,
  proof      text not null,
  proof_id   text not null unique,
  at         timestamptz not null,
  voided_at  timestamptz,
  voided_why text,
  -- one human counts once
  unique (request_id, voter)
);
create index vote_voter on vote (voter, at);

create table vote_reason (
  vote_id text primary key references vote (id),
  reason  text not null
);

-- A secret is shown once: the second pick-up with a key is refused.
create table pickup_key (
  person          text not null,
  idempotency_key text not null,
  grant_id        text not null,
  at              timestamptz not null,
  primary key (person, idempotency_key)
);

create function request_keep() returns trigger language plpgsql as $$
begin
  if old.state <> 'PENDING' then
    raise exception 'request % is % and stays so', old.id, old.state;
  end if;
  if (new.id, new.person, new.entitlement, new.target, new.grant_id, new.window_seconds, new.ticket,
      new.snapshot, new.created_at, new.lapse_at)
     is distinct from
     (old.id, old.person, old.entitlement, old.target, old.grant_id, old.window_seconds, old.ticket,
      old.snapshot, old.created_at, old.lapse_at) then
    raise exception 'what request % asks for stays as it was asked', old.id;
  end if;
  return new;
end
$$;
create trigger access_request_keep before update on access_request
  for each row execute function request_keep();

create function vote_keep() returns trigger language plpgsql as $$
begin
  if old.voided_at is not null
     or (new.id, new.request_id, new.voter, new.choice, new.shown, new.by_code, new.proof,
         new.proof_id, new.at)
        is distinct from
        (old.id, old.request_id, old.voter, old.choice, old.shown, old.by_code, old.proof,
         old.proof_id, old.at) then
    raise exception 'vote % stays as it was cast', old.id;
  end if;
  return new;
end
$$;
create trigger vote_keep before update on vote
  for each row execute function vote_keep();
