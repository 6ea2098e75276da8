-- Takes from everyone what PostgreSQL gives to everyone in the connected database: to connect, to
-- make temporary tables and, up to 14, to create in schema public. Recommended for every database
-- of the server, since a grantee is a login too. Give your applications' roles CONNECT first:
--
--   SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'orders';
--   GRANT CONNECT, TEMPORARY ON DATABASE orders TO orders_app;
--   psql -v ON_ERROR_STOP=1 -d orders -v database=orders -f close-public.sql

REVOKE CONNECT, TEMPORARY ON DATABASE :"database" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
