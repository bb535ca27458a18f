/** The application: its packages are its capabilities, one level deep. */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
