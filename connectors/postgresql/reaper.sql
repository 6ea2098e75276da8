-- The dead-man: ends what outlives its grant while Curfew itself is down. PostgreSQL refuses password
-- logins past VALID UNTIL by itself but lets open sessions go on. As a superuser, in Curfew's
-- maintenance database, after setup.sql:
--
--   psql -v ON_ERROR_STOP=1 -v broker=cf_broker -d curfew_maintenance -f reaper.sql
--
-- and run `SELECT curfew.reap()` there every 5 seconds: dead-man/ has a systemd timer and a line for
-- pg_cron. On a standby it ends sessions only; the roles are blocked on the primary.

SELECT 'CREATE ROLE curfew_reaper NOLOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'curfew_reaper') \gexec
ALTER ROLE curfew_reaper NOLOGIN CREATEROLE;
GRANT pg_signal_backend, pg_read_all_stats TO curfew_reaper;

-- From 16 on only who made a role, or administers it, may block it; the reaper does so through the
-- broker's role and can neither act as it nor use its rights.
SELECT format('GRANT %I TO curfew_reaper WITH INHERIT FALSE, SET FALSE', :'broker')
 WHERE current_setting('server_version_num')::int >= 160000 \gexec

CREATE SCHEMA IF NOT EXISTS curfew;
REVOKE ALL ON SCHEMA curfew FROM PUBLIC;
GRANT USAGE ON SCHEMA curfew TO curfew_reaper;

-- Blocks every role whose mark says that its grant was over 5 seconds ago, and ends its sessions, those
-- of roles that Curfew had blocked itself, and those whose role is gone: PostgreSQL lets a session
-- outlive even DROP ROLE. Only a mark that is Curfew's to the letter counts, on a role that has the name
-- in it. Nothing is dropped. Answers how many sessions it ended.
CREATE OR REPLACE FUNCTION curfew.reap() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $reap$
DECLARE
  made record;
  over oid[] := '{}';
  ended bigint;
BEGIN
  FOR made IN
    SELECT r.oid, r.rolname, r.rolcanlogin, m.part[4] AS until
      FROM pg_roles r,
           regexp_match(shobj_description(r.oid, 'pg_authid'),
             '^\{"curfew":1,"installation":"([A-Za-z0-9._-]{1,100})","broker":"([a-z0-9]{1,2})","grant":"([a-z0-9]{1,24})","exp":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)"\}$') AS m(part)
     WHERE r.rolname ~ '^jitx?_'
       AND r.rolname IN ('jit_' || m.part[2] || '_' || m.part[3], 'jitx_' || m.part[2] || '_' || m.part[3])
       AND NOT r.rolsuper
  LOOP
    BEGIN
      IF made.until::timestamptz + interval '5 seconds' <= clock_timestamp()
         OR made.rolname ~ '^jitx_' THEN
        over := over || made.oid;
      END IF;
    EXCEPTION WHEN data_exception THEN
      NULL; -- no such day; a mark that says nothing counts for nothing
    END;
  END LOOP;

  SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid)) INTO ended
    FROM pg_stat_activity a
   WHERE a.usesysid IS NOT NULL
     AND (a.usesysid = ANY (over) OR NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = a.usesysid));

  IF pg_is_in_recovery() THEN
    RETURN ended;
  END IF;
  FOR made IN SELECT r.rolname FROM pg_roles r WHERE r.oid = ANY (over) AND r.rolcanlogin
  LOOP
    BEGIN
      EXECUTE format('ALTER ROLE %I NOLOGIN CONNECTION LIMIT 0', made.rolname);
    EXCEPTION WHEN OTHERS THEN
      RAISE WARNING 'curfew.reap: % could not be blocked: %', made.rolname, SQLERRM;
    END;
  END LOOP;
  RETURN ended;
END
$reap$;
REVOKE ALL ON FUNCTION curfew.reap() FROM PUBLIC;
ALTER FUNCTION curfew.reap() OWNER TO curfew_reaper;
