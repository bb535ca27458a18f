package dev.sluice.sink;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a component of a settings record: the least and the most that it may be, written as in a definition; of a list, how
 * many items it may have. Tells people; the record's constructor is what refuses.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Bounds {

    /** Returns the least possible value. */
    String least();

    /** Returns the greatest possible value; empty if there is none. */
    String most() default "";
}
