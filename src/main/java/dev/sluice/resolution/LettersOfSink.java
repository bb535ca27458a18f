package dev.sluice.resolution;

import dev.sluice.catalog.SinkData;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Keeps a sink from being deleted while somebody has to decide about its dead letters. */
@Component
class LettersOfSink implements SinkData {

    private final LetterPages pages;
    private final LetterRows rows;
    private final SetAsideStore setAside;

    LettersOfSink(LetterPages pages, LetterRows rows, SetAsideStore setAside) {
        this.setAside = setAside;
        this.pages = pages;
        this.rows = rows;
    }

    @Override
    public Optional<String> reasonToKeep(String sink) {
        long open = pages.count(sink, LetterFilter.OPEN);
        return open == 0
                ? Optional.empty()
                : Optional.of(open + " of its dead letters are open (GET /sinks/" + sink + "/dead-letters)");
    }

    @Override
    public long forget(String sink) {
        long open = pages.count(sink, LetterFilter.OPEN);
        rows.forget(sink);
        setAside.forget(sink);
        return open;
    }
}
