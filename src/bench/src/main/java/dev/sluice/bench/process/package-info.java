/** Programs that the benchmark starts, and stops whatever happens. */
package dev.sluice.bench.process;
