/** The pages: parse, call one flow, render a template. Cookies only, no bearers. */
package dev.curfew.web.page;
