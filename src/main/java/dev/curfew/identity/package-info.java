/** Plain values for who acts: they decide nothing and know nothing of how somebody signed in. */
package dev.curfew.identity;
