/** People, their accounts and groups; signing in; sessions, tokens and one-time links. */
package dev.curfew.account;
