/** Who must agree and whether they have: pure values and one tally, with no store and no wire. */
package dev.curfew.approval;
