package dev.curfew.journey;

import dev.curfew.boot.DemoServers;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One story from its beginning to its end, on what the demo starts. */
@QuarkusTest
@WithTestResource(DemoServers.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface Journey {}
