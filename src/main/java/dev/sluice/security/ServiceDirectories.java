package dev.sluice.security;

import dev.sluice.sink.ReservedDirectories;
import dev.sluice.sink.ReservedDirectories.Reserved;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the service keeps for itself, whether or not anything of it is there now. */
@Configuration(proxyBeanMethods = false)
class ServiceDirectories {

    @Bean
    ReservedDirectories reservedDirectories(
            @Value("${sluice.postgres.directory:./data/postgres}") String postgres,
            @Value("${sluice.spool.directory}") String spool,
            @Value("${java.io.tmpdir}") String temporary,
            @Value("${sluice.keys.administrator-file:}") String administratorKey,
            @Value("${sluice.certificates.file:}") String clients) {
        List<Reserved> all = new ArrayList<>();
        all.add(new Reserved(absolute(postgres), true, "sluice.postgres.directory"));
        // Where everybody has temporary files, what is below it is not the spool's.
        boolean ofItsOwn = !absolute(spool).equals(absolute(temporary));
        all.add(new Reserved(absolute(spool), ofItsOwn, "sluice.spool.directory"));
        addDirectoryOf(administratorKey, "sluice.keys.administrator-file", all);
        addDirectoryOf(clients, "sluice.certificates.file", all);
        return new ReservedDirectories(all);
    }

    private static void addDirectoryOf(String file, String setting, List<Reserved> all) {
        Path directory = file.isBlank() ? null : absolute(file).getParent();
        if (directory != null) {
            // Its parent may well have other directories, for data.
            all.add(new Reserved(directory, false, setting));
        }
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }
}
