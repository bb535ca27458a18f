package dev.sluice.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseDurabilityTests {

    @ParameterizedTest
    @CsvSource({
        "on, on, '', process kill and power loss of this host",
        "on, local, standby, process kill and power loss of this host",
        "on, on, standby, host loss",
        "on, remote_apply, standby, host loss",
        "off, on, '', process kill",
        "on, off, standby, nothing: synchronous_commit is off"
    })
    void promisesNoMoreThanTheSettingsDo(String fsync, String synchronousCommit, String standbys, String survives) {
        assertThat(DatabaseDurability.describe(fsync, synchronousCommit, standbys, "18.6 (Debian 18.6-1)"))
                .containsEntry("acknowledgementSurvives", survives)
                .containsEntry("server", "18.6");
    }
}
