-- Lets Curfew give one group away, in one database. Once per entitlement's group; running it again
-- changes nothing. As an administrator of the server, in any database:
--
--   psql -v ON_ERROR_STOP=1 -v broker=cf_broker -v database=orders -v group=orders_ro -f allow.sql
--
-- The group must exist, must not be able to log in and must not own a database.

GRANT CONNECT ON DATABASE :"database" TO :"broker", :"group";

-- From 16 on a role may give away only what it administers. Curfew administers the group and holds
-- nothing of it itself. Up to 15 CREATEROLE is enough, so nothing is granted there.
SELECT format('GRANT %I TO %I WITH ADMIN TRUE, INHERIT FALSE, SET FALSE', :'group', :'broker')
 WHERE current_setting('server_version_num')::int >= 160000 \gexec
