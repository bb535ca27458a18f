/** Asks how fast Sluice is beside what it competes with. */
package dev.sluice.bench;
