package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedTargetsTests {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, x, 10.255.0.1, true",
        "10.0.0.0/8, x, 11.0.0.1, false",
        "172.16.0.0/12, x, 172.31.255.255, true",
        "172.16.0.0/12, x, 172.32.0.0, false",
        "192.168.1.128/25, x, 192.168.1.127, false",
        "192.168.1.128/25, x, 192.168.1.255, true",
        "127.0.0.1, x, 127.0.0.1, true",
        "127.0.0.1, x, 127.0.0.2, false",
        "0.0.0.0/0, x, 127.0.0.2, true",
        "0.0.0.0/0, x, ::1, false",
        "::/0, x, fe80::1, true",
        "fd00::/8, x, fdff::1, true",
        "fd00::/8, x, fc00::1, false",
        "::1, x, ::1, true",
        "*, x, ::1, true",
        "host.test, HOST.test, 10.0.0.1, true",
        "host.test., host.test, 10.0.0.1, true",
        "host.test, host.test., 10.0.0.1, true",
        "host.test, other.test, 10.0.0.1, false",
        "*.host.test, a.host.test, 10.0.0.1, true",
        "*.host.test, host.test, 10.0.0.1, false",
        "*.host.test, ahost.test, 10.0.0.1, false",
        "my_host, my_host, 10.0.0.1, true"
    })
    void findsHostsByNameAndAddressesByNetwork(String entry, String host, String address, boolean allowed)
            throws UnknownHostException {
        assertThat(AllowedTargets.of(List.of(entry)).allows(host, InetAddress.getByName(address)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://host.test",
                "host.test:80",
                "*host",
                "a.*.test",
                "10.0.0.0/33",
                "10.0.0/8",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "::1/129",
                "[::1]",
                "host/8",
                "",
                " "
            })
    void refusesWhatIsNeither(String entry) {
        assertThatThrownBy(() -> new HttpProperties(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sluice.http.allow must list")
                .hasMessageContaining("'" + entry + "'");
    }
}
