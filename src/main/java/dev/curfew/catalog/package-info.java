/**
 * What can be asked for: packs and rules as files, the one snapshot of them that all nodes decide
 * by, and what targets say of themselves.
 */
package dev.curfew.catalog;
