-- Makes what Curfew needs on a PostgreSQL server, once per server, and nothing more. Running it
-- again changes nothing. As an administrator of the server, in any database:
--
--   psql -v ON_ERROR_STOP=1 -v broker=cf_broker -v maintenance=curfew_maintenance -f setup.sql
--
-- then set the role's password so that only its verifier travels:  \password cf_broker

-- The role Curfew logs in as. It can make roles, end sessions and see them; it reads no data.
SELECT format('CREATE ROLE %I LOGIN CREATEROLE', :'broker')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'broker') \gexec
GRANT pg_signal_backend, pg_read_all_stats TO :"broker";

-- Gets what people leave behind. It may do nothing, so a view or function of it grants nobody anything.
SELECT 'CREATE ROLE curfew_estate NOLOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'curfew_estate') \gexec
COMMENT ON ROLE curfew_estate IS 'Owns what people left behind when their access by Curfew ended. Grant it nothing.';
GRANT curfew_estate TO :"broker";

-- Where Curfew works: a database nobody else enters, so nobody can turn its settings against Curfew.
SELECT format('CREATE DATABASE %I', :'maintenance')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'maintenance') \gexec
REVOKE ALL ON DATABASE :"maintenance" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"maintenance" TO :"broker";
