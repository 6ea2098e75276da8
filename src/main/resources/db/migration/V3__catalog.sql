-- The catalog: who this installation is, and the snapshots of packs and rules it decided by.

-- One row, made with the store. Its id stands in every mark at a target, so a second store that
-- uses the same broker id is told apart.
create table installation (
  one boolean primary key default true check (one),
  id text not null check (id ~ '^[0-9a-hjkmnp-tv-z]{24}$'),
  created_at timestamptz not null default clock_timestamp()
);

insert into installation (id)
select string_agg(
         substr('0123456789abcdefghjkmnpqrstvwxyz', (get_byte(bits, i) & 31) + 1, 1), '' order by i)
  from (select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) as bits) random,
       generate_series(0, 23) as i;

-- Packs and rules as one value. The digest is over names and texts, so a row never changes.
create table snapshot (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  first_seen_at timestamptz not null
);

create table snapshot_file (
  digest text not null references snapshot on delete cascade,
  name text not null,
  content text not null,
  primary key (digest, name)
);

-- What was accepted, in its order; the last one is in force on every node.
create table snapshot_acceptance (
  n bigint primary key check (n > 0),
  digest text not null references snapshot,
  accepted_at timestamptz not null,
  accepted_by text not null,
  how text not null check (how in ('administrator', 'configuration', 'demo'))
);

create index snapshot_acceptance_digest on snapshot_acceptance (digest);

-- What each node reads in its own folders, where that is not what is in force.
create table snapshot_proposal (
  node text primary key,
  digest text not null references snapshot,
  seen_at timestamptz not null
);

create function snapshot_is_final() returns trigger language plpgsql as $$
begin
  raise exception '% is never changed', tg_table_name;
end $$;

create trigger installation_is_final before update or delete on installation
  for each row execute function snapshot_is_final();
create trigger snapshot_is_final before update on snapshot
  for each row execute function snapshot_is_final();
create trigger snapshot_file_is_final before update on snapshot_file
  for each row execute function snapshot_is_final();
create trigger snapshot_acceptance_is_final before update or delete on snapshot_acceptance
  for each row execute function snapshot_is_final();

-- Which server each target is, by what the server says of itself: the first one that a good check
-- met, until an administrator accepts another. `other` is what answered last in its place.
create table target_server (
  target text not null,
  host text not null,
  port integer not null,
  server text not null,
  since timestamptz not null,
  accepted_by text,
  other text,
  primary key (target, host, port),
  check (other <> server)
);

-- Whether a target takes new grants, as the history told it last: told once, not by each node.
create table target_standing (
  target text primary key,
  closed boolean not null,
  since timestamptz not null
);
