/** What was measured, and how it stands to its goal. */
package dev.sluice.bench.result;
