/**
 * Starts the broker: its commands, the embedded servers and the demo, the checks before the first
 * request, the jobs of the cluster, health and metrics. Sees everything; nothing sees it.
 */
package dev.curfew.boot;
