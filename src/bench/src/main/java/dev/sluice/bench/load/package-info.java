/** Makes load: requests over few CPU cycles, every answer checked; and the same rows as files for {@code COPY}. */
package dev.sluice.bench.load;
