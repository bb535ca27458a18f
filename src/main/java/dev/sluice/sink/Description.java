package dev.sluice.sink;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a component of a settings record: what the setting is for, in a sentence or two; {@code GET /sink-types} shows it.
 * On the record itself: what sinks of the type do.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Description {

    /** Returns the sentence, which ends with a full stop. */
    String value();
}
