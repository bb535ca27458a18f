/** Tells what was measured: Markdown, JSON and pictures. */
package dev.sluice.bench.report;
