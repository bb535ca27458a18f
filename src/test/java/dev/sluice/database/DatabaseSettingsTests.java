package dev.sluice.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseSettingsTests {

    @ParameterizedTest
    @CsvSource({
        "on, on, on, '', process kill and power loss of this host",
        "on, local, on, standby, process kill and power loss of this host",
        "on, on, on, standby, host loss",
        "on, remote_apply, on, standby, host loss",
        "off, on, on, '', process kill",
        "on, on, off, '', process kill",
        "on, off, on, standby, nothing: synchronous_commit is off"
    })
    void promisesNoMoreThanTheSettingsDo(
            String fsync, String synchronousCommit, String fullPageWrites, String standbys, String survives) {
        assertThat(settings(fsync, synchronousCommit, fullPageWrites, standbys, "read committed", false, false)
                        .survives())
                .isEqualTo(survives);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false"})
    void promisesNothingWhereNothingCanBeWritten(boolean readOnly, boolean inRecovery) {
        assertThat(settings("on", "on", "on", "", "read committed", readOnly, inRecovery)
                        .survives())
                .isEqualTo("nothing: the database takes no writes");
    }

    @ParameterizedTest
    @CsvSource({
        "on, on, on, read committed, false, false, ",
        "'', '', '', '', false, false, ",
        "on, remote_write, on, read committed, false, false, ",
        "off, on, on, read committed, false, false, FSYNC_OFF",
        "on, off, on, read committed, false, false, SYNCHRONOUS_COMMIT_OFF",
        "on, on, off, read committed, false, false, FULL_PAGE_WRITES_OFF",
        "on, on, on, repeatable read, false, false, ISOLATION",
        "on, on, on, read committed, true, true, IN_RECOVERY",
        "on, on, on, read committed, true, false, READ_ONLY"
    })
    void findsEachFlaw(
            String fsync,
            String synchronousCommit,
            String fullPageWrites,
            String isolation,
            boolean readOnly,
            boolean inRecovery,
            Flaw flaw) {
        assertThat(
                        settings(fsync, synchronousCommit, fullPageWrites, "", isolation, readOnly, inRecovery)
                                .findings()
                                .stream()
                                .map(Finding::flaw)
                                .toList())
                .isEqualTo(flaw == null ? List.of() : List.of(flaw));
    }

    private static DatabaseSettings settings(
            String fsync,
            String synchronousCommit,
            String fullPageWrites,
            String standbys,
            String isolation,
            boolean readOnly,
            boolean inRecovery) {
        return new DatabaseSettings(
                fsync, synchronousCommit, fullPageWrites, standbys, isolation, readOnly, inRecovery, "18.6");
    }
}
