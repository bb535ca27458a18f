package dev.sluice.resolution;

import dev.sluice.body.ActMembers;
import java.util.Set;

/** The members of acts on dead letters. */
final class Bodies {

    static final String REASON = "reason";
    static final String FILTER = "filter";
    static final String EXPECTED = "expected";
    static final String OVERWRITE = "overwrite";
    static final String PER_SECOND = "perSecond";
    static final String REVISION = "revision";

    private static final String PARTITION = "partition";
    private static final String CODE = "code";
    private static final String FIELD = "field";
    private static final int LONGEST_FILTER = 300;

    private Bodies() {}

    /** Reads which open dead letters are meant. */
    static LetterFilter filter(ActMembers body) {
        ActMembers given = body.object(FILTER, Set.of(PARTITION, CODE, FIELD));
        if (given == null) {
            return LetterFilter.OPEN;
        }
        return new LetterFilter(
                LetterState.OPEN,
                given.string(PARTITION, LONGEST_FILTER),
                given.string(CODE, LONGEST_FILTER),
                given.string(FIELD, LONGEST_FILTER));
    }
}
