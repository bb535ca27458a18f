package dev.sluice.access;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What whoever calls a route has to be allowed: one of these, of the sink that the path names or, where it names none, of
 * all sinks. Without any: whoever has said who they are, and the handler looks at the rest.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Needs {

    /** Returns the verbs. */
    Verb[] value();
}
