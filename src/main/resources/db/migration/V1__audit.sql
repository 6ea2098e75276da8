-- What happened. Entries are written in the transaction in which the thing happens, get their
-- number a moment later, and are never changed or deleted.

create table audit_entry (
  id          text primary key,
  at          timestamptz not null,
  kind        text not null,
  actor       text not null,
  subject     text,
  target      text,
  entitlement text,
  request_id  text,
  grant_id    text,
  outcome     text not null check (outcome in ('DONE', 'REFUSED', 'FAILED')),
  -- canonical JSON (RFC 8785), kept as text so that its bytes, and a hash over them, stay
  body        text not null check (octet_length(body) <= 16384)
);

create index audit_entry_at on audit_entry (at, id);
create index audit_entry_kind on audit_entry (kind, at);
create index audit_entry_actor on audit_entry (actor, at);
create index audit_entry_subject on audit_entry (subject, at) where subject is not null;
create index audit_entry_target on audit_entry (target, at) where target is not null;
create index audit_entry_entitlement on audit_entry (entitlement, at) where entitlement is not null;
create index audit_entry_request on audit_entry (request_id, at, id) where request_id is not null;
create index audit_entry_grant on audit_entry (grant_id, at, id) where grant_id is not null;
create index audit_entry_not_done on audit_entry (outcome, at) where outcome <> 'DONE';

-- Personal values. The entry holds SHA-256(salt || value); salt and value can be erased together
-- without touching the entry.
create table audit_field (
  entry_id text not null references audit_entry (id),
  field    text not null,
  salt     bytea not null,
  value    text not null,
  primary key (entry_id, field)
);
create index audit_field_name on audit_field using hash (value)
  where field in ('actor_name', 'subject_name');

-- Entries that have no number yet.
create table audit_outbox (
  entry_id text primary key,
  at       timestamptz not null
);
create index audit_outbox_at on audit_outbox (at, entry_id);

-- The numbers, without a gap, in the order in which entries became part of the history.
create table audit_index (
  n        bigint primary key check (n > 0),
  entry_id text not null unique references audit_entry (id)
);

-- Refusals of the running minute, per caller or address, kind and code: the first ten are entries
-- of their own, the rest become one entry that counts them.
create table audit_refusal (
  who      text not null,
  kind     text not null,
  code     text not null,
  minute   timestamptz not null,
  person   text not null,
  name     text not null,
  address  text not null,
  count    bigint not null,
  first_at timestamptz not null,
  last_at  timestamptz not null,
  primary key (who, kind, code, minute)
);
create index audit_refusal_minute on audit_refusal (minute);

create function audit_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on %: the history is not changed', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_entry_stays before update or delete or truncate on audit_entry
  for each statement execute function audit_refuse_change();
create trigger audit_index_stays before update or delete or truncate on audit_index
  for each statement execute function audit_refuse_change();
-- erasing a personal value is a delete; changing one is never right
create trigger audit_field_stays before update or truncate on audit_field
  for each statement execute function audit_refuse_change();
alter table audit_entry enable always trigger audit_entry_stays;
alter table audit_index enable always trigger audit_index_stays;
alter table audit_field enable always trigger audit_field_stays;
