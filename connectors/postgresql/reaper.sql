-- The dead-man: ends sessions that outlive their grant while Curfew itself is down. PostgreSQL
-- refuses new logins past VALID UNTIL by itself but lets open sessions go on. As a superuser (or who
-- may give pg_signal_backend away), in Curfew's maintenance database, after setup.sql:
--
--   psql -v ON_ERROR_STOP=1 -d curfew_maintenance -f reaper.sql
--
-- and run `SELECT curfew.reap()` there every 5 seconds: dead-man/ has a systemd timer and a line for
-- pg_cron.

SELECT 'CREATE ROLE curfew_reaper NOLOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'curfew_reaper') \gexec
GRANT pg_signal_backend, pg_read_all_stats TO curfew_reaper;

CREATE SCHEMA IF NOT EXISTS curfew;
REVOKE ALL ON SCHEMA curfew FROM PUBLIC;
GRANT USAGE ON SCHEMA curfew TO curfew_reaper;

-- Ends every session of a made role that is past its end or was blocked, and every session whose role
-- is gone: PostgreSQL lets a session outlive even DROP ROLE. Answers how many it ended.
CREATE OR REPLACE FUNCTION curfew.reap() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $reap$
  SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid))
    FROM pg_stat_activity a
    LEFT JOIN pg_roles r ON r.oid = a.usesysid
   WHERE a.usesysid IS NOT NULL
     AND (r.oid IS NULL
          OR r.rolname ~ '^jitx_[a-z0-9]{1,2}_[0-9a-z]{24}$'
          OR (r.rolname ~ '^jit_[a-z0-9]{1,2}_[0-9a-z]{24}$' AND r.rolvaliduntil <= now()))
$reap$;
REVOKE ALL ON FUNCTION curfew.reap() FROM PUBLIC;
ALTER FUNCTION curfew.reap() OWNER TO curfew_reaper;
