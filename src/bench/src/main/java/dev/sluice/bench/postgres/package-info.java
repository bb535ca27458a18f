/** The database that everybody writes to, and PostgreSQL's own programs as competitors. */
package dev.sluice.bench.postgres;
