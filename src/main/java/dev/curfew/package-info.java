/** What every floor needs: the ways to say no, ids and time. Nothing else lives here. */
package dev.curfew;
