package dev.sluice.overview;

/**
 * Something that needs somebody.
 *
 * @param kind what it is, in a word or two
 * @param weight by which the list is sorted, the highest first
 * @param since when it began, empty where nobody knows
 * @param sentence what is the matter
 * @param help what the button says
 * @param href where the button leads
 */
public record Need(String kind, int weight, String sink, String since, String sentence, String help, String href) {}
