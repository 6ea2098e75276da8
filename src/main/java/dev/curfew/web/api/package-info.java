/** The REST door under {@code /api/v1}: parse, call one flow, render. Bearers only, no cookies. */
package dev.curfew.web.api;
