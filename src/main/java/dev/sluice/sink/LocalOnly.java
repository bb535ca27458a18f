package dev.sluice.sink;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a component of a settings record: only the configuration of the service may set it, not a definition that comes
 * over HTTP. For settings that read from the machine, such as the name of a file with a password.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface LocalOnly {}
