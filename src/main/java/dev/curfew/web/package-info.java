/** The web door's shared parts: who is calling, what every call must pass, how a refusal looks. */
package dev.curfew.web;
