package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;

/** One comparison that can be run alone. */
public interface Question {

    String name();

    String title();

    /** Says what has to come out, for readers. */
    String goal();

    Answer ask(Lab lab) throws Exception;
}
