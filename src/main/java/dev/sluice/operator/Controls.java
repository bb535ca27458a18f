package dev.sluice.operator;

import dev.sluice.control.ControlAnswer;
import dev.sluice.control.Effect;
import dev.sluice.control.Pause;
import dev.sluice.control.Pauses;
import dev.sluice.delivery.Buffers;
import dev.sluice.delivery.Buffers.Left;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Shows what is paused, and how far what drains has come. */
@Component
class Controls {

    private static final Logger log = LoggerFactory.getLogger(Controls.class);

    /* Of a sink with very many partitions that are paused one by one. */
    private static final int MOST = 100;

    private final Pauses pauses;
    private final Buffers buffers;

    Controls(Pauses pauses, Buffers buffers) {
        this.pauses = pauses;
        this.buffers = buffers;
    }

    /** Returns what is paused of a sink, at most {@value #MOST}; null if nothing is. */
    @Nullable
    List<ControlAnswer> of(String sink) {
        List<Pause> paused = pauses.of(sink);
        return paused.isEmpty() ? null : shown(paused.subList(0, Math.min(MOST, paused.size())));
    }

    List<ControlAnswer> shown(List<Pause> paused) {
        return paused.stream().map(this::shown).toList();
    }

    private ControlAnswer shown(Pause pause) {
        Left left = pause.drains() ? left(pause) : null;
        return ControlAnswer.of(pause, left != null && left.nothing(), left == null ? null : left.records());
    }

    private @Nullable Left left(Pause pause) {
        try {
            return buffers.left(pause.scope().sink(), pause.scope().partition());
        } catch (DataAccessException | TransactionException e) {
            log.debug(
                    "What {} has left to deliver cannot be told", pause.scope().text(), e);
            return null;
        }
    }

    /** Returns how many replicas know what is paused; null if that cannot be told. */
    @Nullable
    String effectiveOn() {
        try {
            Effect effect = pauses.effect();
            return effect.text();
        } catch (DataAccessException | TransactionException e) {
            log.debug("Which replicas know what is paused cannot be told", e);
            return null;
        }
    }
}
