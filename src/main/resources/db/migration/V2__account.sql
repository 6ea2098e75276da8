-- When this installation began: people, groups and keys of its first day wait for nothing.
create table first_day (
  began_at timestamptz not null default now(),
  one boolean primary key default true check (one)
);
insert into first_day default values;

create table person (
  id text primary key,
  name text not null,
  enabled boolean not null default true,
  settled boolean not null,
  created_at timestamptz not null,
  disabled_at timestamptz
);

-- A person is known by accounts (iss, sub), byte for byte. Local ones have the issuer 'local'.
create table account (
  iss text not null,
  sub text not null,
  person text not null references person,
  linked_at timestamptz not null,
  primary key (iss, sub)
);
create index account_person on account (person);

create table local_password (
  person text primary key references person,
  hash text not null,
  changed_at timestamptz not null
);

create table membership (
  person text not null references person,
  group_name text not null,
  since timestamptz not null,
  settled boolean not null,
  primary key (person, group_name)
);
create index membership_group on membership (group_name);

-- A browser's session; the cookie's secret is kept as its SHA-256 only.
create table web_session (
  id text primary key,
  secret_hash text not null unique,
  person text not null references person,
  level text not null check (level in ('PASSWORD', 'ENROLLING', 'FULL')),
  address text not null,
  agent text not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  until timestamptz not null,
  ended_at timestamptz
);
create index web_session_person on web_session (person) where ended_at is null;

create table personal_token (
  id text primary key,
  secret_hash text not null unique,
  person text not null references person,
  name text not null,
  scopes text not null,
  created_at timestamptz not null,
  seen_at timestamptz,
  until timestamptz not null,
  ended_at timestamptz
);
create index personal_token_person on personal_token (person) where ended_at is null;

create table enrolment_link (
  id text primary key,
  secret_hash text not null unique,
  person text not null references person,
  created_at timestamptz not null,
  until timestamptz not null,
  opened_at timestamptz,
  used_at timestamptz,
  ended_at timestamptz
);
create index enrolment_link_person on enrolment_link (person);

-- Failed sign-ins per account and per address. An account's key is an HMAC under the seed key, which
-- is not in here: a name nobody has may be a password typed into the wrong field.
create table sign_in_delay (
  key text primary key,
  failures integer not null,
  last_at timestamptz not null,
  next_at timestamptz not null
);

create table passkey (
  id text primary key,
  person text not null,
  credential text not null unique,
  public_key text not null,
  sign_count bigint not null,
  name text not null,
  created_at timestamptz not null,
  trusted_since timestamptz not null,
  counts_as_code_until timestamptz,
  used_at timestamptz
);
create index passkey_person on passkey (person);

-- Seeds are sealed by a key that is not in here (curfew.mfa.seed-key-file).
create table totp (
  person text primary key,
  sealed_seed text not null,
  created_at timestamptz not null,
  trusted_since timestamptz not null,
  last_step bigint not null
);

-- Shown as a QR code, not yet confirmed by a first code.
create table totp_draft (
  person text primary key,
  session text not null,
  sealed_seed text not null,
  created_at timestamptz not null
);

create table recovery_code (
  person text not null,
  hash text not null,
  created_at timestamptz not null,
  primary key (person, hash)
);

-- Wrong codes in a row, over all acts, and the hold that a recovery starts.
create table code_guard (
  person text primary key,
  wrong integer not null default 0,
  next_at timestamptz,
  off_at timestamptz,
  held_since timestamptz
);

create table proof_challenge (
  nonce text primary key,
  person text not null,
  session text not null,
  act_hash text not null,
  expires_at timestamptz not null,
  spent_at timestamptz
);
create index proof_challenge_expires on proof_challenge (expires_at);

create table proof (
  id text primary key,
  person text not null,
  session text not null,
  kind text not null check (kind in ('BOUND', 'RECENT', 'CODE')),
  credential text not null,
  credential_since timestamptz not null,
  act text not null,
  nonce text,
  assertion text,
  public_key text,
  earlier text references proof,
  at timestamptz not null,
  consumed_at timestamptz
);
create index proof_session on proof (session, at);
create index proof_person on proof (person, at);
