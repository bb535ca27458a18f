/** Sluice as users run it: a process of its own, started, asked whether it is ready, watched and profiled. */
package dev.sluice.bench.service;
