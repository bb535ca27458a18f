package dev.sluice.console;

/**
 * A page above the present one.
 *
 * @param href its path
 */
public record Crumb(String text, String href) {}
