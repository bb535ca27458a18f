package dev.sluice.bench.question;

import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;

/** How much of its rate Sluice keeps when something grows, in relation to what COPY keeps. */
final class Loss {

    private Loss() {}

    static Verdict beyond(String what, Series ours, Series oursGrown, Series theirs, Series theirsGrown) {
        double kept = oursGrown.median() / ours.median();
        double keptByOthers = theirsGrown.median() / theirs.median();
        return new Verdict(
                what + ", kept by Sluice : kept by COPY", kept / keptByOthers, Verdict.RATIO, Goal.atLeast(0.9));
    }
}
