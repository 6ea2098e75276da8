-- A store restored from a backup must not revoke the living. Targets remember how far this store
-- was; when one remembers more than the store has, the installation stands still.

-- One row. since is null while there is no quarantine.
create table store_quarantine (
  one boolean primary key default true check (one),
  -- raised by the end of each quarantine, so that what targets remembered before no longer counts
  generation bigint not null default 1,
  -- the highest that any target remembered
  highest bigint not null default 1,
  since timestamptz,
  reasons text not null default '[]'
);

insert into store_quarantine default values;

create function store_generation_rises() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.generation < old.generation then
    raise exception 'the generation of the store only rises' using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger store_generation_rises before update or delete on store_quarantine
  for each row execute function store_generation_rises();

-- What is known of each target's memory: the other installation whose witness it has under our
-- broker's id, null when that is over; how far its server was told that this store is; and whether
-- that server remembers less.
create table target_witness (
  target text primary key,
  other text,
  seen_at timestamptz not null,
  server text not null default '',
  told_generation bigint not null default 0,
  told_n bigint not null default 0,
  put_back boolean not null default false
);

-- During a quarantine: what carries our mark, with the end it names, and what is not there.
create table quarantine_finding (
  id text primary key,
  target text not null,
  name text not null,
  grant_id text not null,
  kind text not null,
  open boolean not null,
  store_until timestamptz,
  marked_until timestamptz,
  found_at timestamptz not null,
  choice text,
  decided_by text,
  unique (target, name)
);

create index quarantine_finding_ends on quarantine_finding (marked_until) where marked_until is not null;

-- How the last look at each target went since the quarantine began; empty when it was seen. After
-- its end: the targets that no look has seen. Nothing ends there by time until one has.
create table quarantine_look (
  target text primary key,
  at timestamptz not null,
  problem text not null
);

-- The end a grant took over from its mark at the target: the one other way in which an end may rise.
alter table access_grant add column adopted_until timestamptz;

create or replace function access_grant_due_falls() returns trigger language plpgsql as $$
begin
  if old.picked_up_at is not null and new.picked_up_at is distinct from old.picked_up_at then
    raise exception 'grant % was picked up first at %', old.id, old.picked_up_at using errcode = 'check_violation';
  end if;
  if new.due_at > old.due_at and (old.picked_up_at is not null or new.picked_up_at is null)
      and (new.adopted_until is distinct from new.due_at or new.adopted_until is not distinct from old.adopted_until) then
    raise exception 'the end of grant % only falls', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
