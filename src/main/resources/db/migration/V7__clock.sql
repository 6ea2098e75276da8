-- The time that counts. The mark is the latest time ever read from the store's clock, so that a
-- clock that is set back takes nothing back. One row, raised every few seconds by every node.
create table store_clock (
  one boolean primary key default true check (one),
  mark timestamptz not null,
  -- how often an administrator accepted a corrected clock: until a node has read the new count,
  -- its own idea of the time is not believed
  accepted bigint not null default 0
) with (fillfactor = 10);

insert into store_clock (mark) values (clock_timestamp());

create function store_clock_falls_only_when_accepted() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.accepted < old.accepted
      or (new.mark < old.mark and new.accepted = old.accepted) then
    raise exception 'the time never goes back' using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger store_clock_falls_only_when_accepted before update or delete on store_clock
  for each row execute function store_clock_falls_only_when_accepted();
