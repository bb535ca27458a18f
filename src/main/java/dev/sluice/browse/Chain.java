package dev.sluice.browse;

import java.util.List;

/**
 * A sink and those that it hands on to, as a picture.
 *
 * @param description the same in words
 * @param limits why its guarantee is not stronger, empty where none is
 */
public record Chain(List<Link> links, int width, int height, String description, List<String> limits) {}
