/**
 * The engine for SQL databases: it runs the statements of an engine pack and does the quoting, the
 * order of the steps, the deadlines and the secrets itself. A statement says what; never how often,
 * when, or with which value in it unquoted.
 */
package dev.curfew.connector.sql;
