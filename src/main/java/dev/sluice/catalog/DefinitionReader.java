package dev.sluice.catalog;

import dev.sluice.catalog.SinkDefinition.Source;
import dev.sluice.definition.CommonKeys;
import dev.sluice.definition.FieldError;
import dev.sluice.definition.Secrets;
import dev.sluice.definition.SettingsReader;
import dev.sluice.definition.SettingsReader.Result;
import dev.sluice.definition.SinkTypes;
import dev.sluice.definition.StatedDefinition;
import dev.sluice.delivery.CompositeSinkType;
import dev.sluice.delivery.Target;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.Reach;
import dev.sluice.sink.Sink;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Turns what was stated into a draft, or says what is wrong with it: everything, not only the first. */
@Component
class DefinitionReader {

    /* Of those keys that every definition may have, the ones that an answer has no member of its own for. */
    private static final List<String> SHOWN_AS_GIVEN = List.of("guarantee", "on-rejected", "dead-letters");

    private static final Logger log = LoggerFactory.getLogger(DefinitionReader.class);

    /**
     * A definition that makes sense by itself, before the sinks that it is made of are known.
     *
     * @param holding what it writes to by itself; null if only the sinks that it is made of write
     * @param secrets what no message may repeat
     * @param unclear what may not be what was meant
     * @param build makes the sink, given those; throws {@link InvalidDefinitionException}
     */
    record Draft(
            StatedDefinition stated,
            List<String> targets,
            @Nullable Holding<?> holding,
            Secrets secrets,
            List<FieldError> unclear,
            Function<List<SinkDefinition>, SinkDefinition> build) {}

    private final SinkTypes types;
    private final Definers definers;

    DefinitionReader(SinkTypes types, Definers definers) {
        this.types = types;
        this.definers = definers;
    }

    /** Reads a definition of the configuration, or one that is stored. */
    Draft read(StatedDefinition stated) {
        return read(stated, false);
    }

    /** Reads a definition that somebody is putting, and waits for. */
    Draft readNew(StatedDefinition stated) {
        return read(stated, true);
    }

    private Draft read(StatedDefinition stated, boolean fresh) {
        SinkDefinition.requireId(stated.id());
        Object typeName = stated.value("type");
        if (typeName == null) {
            throw new InvalidDefinitionException(List.of(FieldError.unknown("type", "is missing", types.names())));
        }
        Optional<SinkType<?>> plain = types.plain(typeName.toString());
        if (plain.isPresent()) {
            Reach reach = stated.local() ? Reach.ANYWHERE : definers.reach();
            return plain(stated, plain.get(), reach, fresh);
        }
        return composite(
                stated,
                types.composite(typeName.toString())
                        .orElseThrow(() -> new InvalidDefinitionException(
                                "type",
                                "there is no sink type '" + typeName + "'"
                                        + NearestNames.hint(typeName.toString(), types.names()) + "; known types: "
                                        + String.join(", ", types.names()))));
    }

    private static <P> Draft plain(StatedDefinition stated, SinkType<P> type, Reach reach, boolean fresh) {
        List<FieldError> errors = new ArrayList<>();
        CommonKeys common = CommonKeys.plain(stated, errors::add);
        Result<P> read = settings(stated, type.settingsType(), type.name(), errors);
        P settings = Objects.requireNonNull(read.settings());
        return new Draft(
                stated,
                List.of(),
                new Holding<>(type, stated.id(), settings),
                read.secrets(),
                read.unclear(),
                none -> attempt(type.settingsType(), read, () -> {
                    Guarantee guarantee = common.workers() ? Guarantee.AT_LEAST_ONCE : type.guarantee(settings);
                    refuse(Stream.concat(
                            common.maxRanges() > 0 && !type.takesAnyOrder(settings)
                                    ? Stream.of(
                                            FieldError.of(
                                                    "order",
                                                    "with these settings a sink of type '" + type.name()
                                                            + "' takes records in the order of their offsets only; remove order: any"))
                                    : Stream.empty(),
                            Stream.concat(noDeadLetters(common, type, settings), higherClaim(common, guarantee))));
                    Sink sink = common.workers()
                            ? type.createDynamic(stated.id(), settings, reach)
                            : type.create(stated.id(), common.partitions(), settings, reach);
                    if (fresh) {
                        checkNew(sink);
                    }
                    return define(
                            stated,
                            type.name(),
                            common,
                            common.partitions(),
                            guarantee,
                            !common.workers()
                                    && type.keepsFromDeadLetters(settings).isEmpty(),
                            List.of(),
                            read,
                            sink);
                }));
    }

    private static void checkNew(Sink sink) {
        try {
            sink.checkNew();
        } catch (RuntimeException e) {
            sink.close();
            throw e;
        }
    }

    private static <P> Draft composite(StatedDefinition stated, CompositeSinkType<P> type) {
        List<FieldError> errors = new ArrayList<>();
        CommonKeys common = CommonKeys.composite(stated, type.name(), errors::add);
        Result<P> read = settings(stated, type.settingsType(), type.name(), errors);
        P settings = Objects.requireNonNull(read.settings());
        List<String> targetIds = attempt(type.settingsType(), read, () -> List.copyOf(type.targets(settings)));
        return new Draft(
                stated,
                targetIds,
                null,
                read.secrets(),
                read.unclear(),
                found -> attempt(type.settingsType(), read, () -> {
                    List<Target> targets = found.stream()
                            .map(target -> new Target(
                                    target.id(),
                                    target.partitions(),
                                    target.guarantee(),
                                    target.partitioned(),
                                    target.deadLetters() != null))
                            .toList();
                    Guarantee guarantee = type.guarantee(settings, targets);
                    refuse(higherClaim(common, guarantee));
                    var sink = type.create(stated.id(), settings, targets);
                    return define(
                            stated,
                            type.name(),
                            common,
                            List.copyOf(sink.listParts()),
                            guarantee,
                            false,
                            targetIds,
                            read,
                            sink);
                }));
    }

    private static <P> Result<P> settings(
            StatedDefinition stated, Class<P> settingsType, String type, List<FieldError> errors) {
        Result<P> read = SettingsReader.read(stated, settingsType, CommonKeys.NAMES, "a sink of type '" + type + "'");
        errors.addAll(read.errors());
        if (!errors.isEmpty()) {
            throw new InvalidDefinitionException(errors);
        }
        return read;
    }

    /* A type's mistake about one stored definition must not concern the others. */
    static InvalidDefinitionException unexpected(RuntimeException e) {
        log.error("A sink type fails unexpectedly", e);
        return new InvalidDefinitionException(
                "",
                "its type fails with an unexpected " + e.getClass().getSimpleName()
                        + "; the service's log has the details");
    }

    private static <T> T attempt(Class<?> settingsType, Result<?> read, Supplier<T> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException | SinkException e) {
            throw new InvalidDefinitionException(
                    List.of(SettingsReader.blame(settingsType, CommonKeys.NAMES, e.getMessage(), read.secrets())));
        }
    }

    private static void refuse(Stream<FieldError> found) {
        List<FieldError> errors = found.toList();
        if (!errors.isEmpty()) {
            throw new InvalidDefinitionException(errors);
        }
    }

    private static <P> Stream<FieldError> noDeadLetters(CommonKeys common, SinkType<P> type, P settings) {
        return common.deadLetters() == null
                ? Stream.empty()
                : type.keepsFromDeadLetters(settings).map(why -> FieldError.of("on-rejected", why)).stream();
    }

    private static Stream<FieldError> higherClaim(CommonKeys common, Guarantee computed) {
        Guarantee claim = common.claim();
        return claim == null || claim.compareTo(computed) <= 0
                ? Stream.empty()
                : Stream.of(FieldError.of(
                        "guarantee",
                        "claims " + claim.text() + ", but with these settings this sink is " + computed.text()
                                + "; claim that, or nothing"));
    }

    /* Without these, what is shown could not be put again and be the same. */
    private static Map<String, Object> shown(StatedDefinition stated, Result<?> read) {
        Map<String, Object> shown = new LinkedHashMap<>(read.shown());
        for (String name : SHOWN_AS_GIVEN) {
            Object given = stated.value(name);
            if (given != null) {
                shown.put(name, given);
            }
        }
        return shown;
    }

    private static SinkDefinition define(
            StatedDefinition stated,
            String type,
            CommonKeys common,
            List<String> partitions,
            Guarantee guarantee,
            boolean settles,
            List<String> targets,
            Result<?> read,
            Sink sink) {
        return new SinkDefinition(
                new SinkDefinition.Common(
                        stated.id(),
                        type,
                        partitions,
                        guarantee,
                        common.maxRanges(),
                        common.deadLetters(),
                        settles,
                        targets,
                        stated.local() ? Source.CONFIGURATION : Source.DATABASE,
                        shown(stated, read),
                        stated.revision(),
                        stated.updatedAt()),
                sink);
    }
}
