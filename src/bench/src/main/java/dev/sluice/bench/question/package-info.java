/** The questions: each one names its competitor and its goal. */
package dev.sluice.bench.question;
