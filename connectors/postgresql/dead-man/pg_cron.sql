-- The dead-man by pg_cron 1.5 or later, for servers whose host you cannot enter. In the database that
-- pg_cron lives in, as a superuser or the provider's administrator. Not run in Curfew's own tests.
SELECT cron.schedule_in_database('curfew-reaper', '5 seconds', 'SELECT curfew.reap()', 'curfew_maintenance');
