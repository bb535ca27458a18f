package dev.sluice.supply;

import java.util.List;

/**
 * A library that the jar brings along.
 *
 * @param purl {@code pkg:maven/<group>/<name>@<version>}
 * @param sha256 in hexadecimal digits; empty if the list does not have it
 * @param licences by their SPDX identifiers where there is one, otherwise by the names that the authors gave them; of
 *     several, whoever uses it may choose one
 */
record Component(String purl, String group, String name, String version, String sha256, List<String> licences) {

    String file() {
        return name + "-" + version + ".jar";
    }

    /** Without the version. */
    String coordinates() {
        return group + ":" + name;
    }
}
