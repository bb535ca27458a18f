/** A campaign of faults against real processes, with writers, and a checker that knows nothing of the service's code. */
package dev.sluice.campaign;
