# Plain instructions only (no RUN --mount, here-documents or COPY --chmod): the classic builder understands them too.

FROM eclipse-temurin:25-jdk AS build
WORKDIR /build
# One package is enough to make Maven fetch all plugins and dependencies: a layer that lasts until the POM changes.
COPY mvnw pom.xml LICENSE ./
COPY .mvn .mvn
COPY src/main/java/dev/sluice/*.java src/main/java/dev/sluice/
# A page, so that what compiles pages is there as well.
RUN mkdir src/main/jte && echo Sluice > src/main/jte/page.jte \
  && sh mvnw -B -ntp -Dmaven.test.skip -Dspotless.check.skip -Dspring-boot.aot.skip package \
  && rm -rf target src/main/jte
COPY src src
RUN sh mvnw -B -ntp -Dmaven.test.skip -Dspotless.check.skip package \
 && java -Djarmode=tools -jar target/sluice.jar extract --layers --destination layers


FROM eclipse-temurin:25-jre AS application
# A number, so that Kubernetes can tell that it is not root. The files stay root's: the service cannot change itself.
RUN groupadd --gid 10001 sluice \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin sluice \
 && mkdir -p /var/spool/sluice /var/lib/sluice/keys /opt/sluice/sinks \
 && chown 10001:10001 /var/spool/sluice /var/lib/sluice /var/lib/sluice/keys \
 && chmod 0700 /var/spool/sluice /var/lib/sluice/keys
WORKDIR /opt/sluice
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
USER 10001:10001
# Data would go with the container: without a database's URL the image refuses to start. A heap that begins small is kept
# small by G1, at the price of a concurrent collection every other second.
ENV SLUICE_POSTGRES_EMBEDDED=never \
    SERVER_ADDRESS=0.0.0.0 \
    JAVA_TOOL_OPTIONS="-XX:InitialRAMPercentage=25 -XX:MaxRAMPercentage=50 -XX:MetaspaceSize=96m"


# The cache halves the start. It fits this JVM, these files and the options of ENTRYPOINT only (a JVM that cannot use it
# starts without), therefore it is made here: by a whole start, up to the first answer, on a database thrown away. That is
# another service's, since the one that is trained shall start as it will: with a database that is there.
FROM application AS training
RUN ready() { bash -c "exec 3<>/dev/tcp/127.0.0.1/$1 && printf 'GET /actuator/health/readiness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3 && read -r _ status _ <&3 && [ \"\$status\" = 200 ]" 2>/dev/null; }; \
    await() { until ready "$1"; do kill -0 "$2" || exit 1; sleep 1; done; }; \
    export SERVER_ADDRESS=127.0.0.1; \
    SLUICE_POSTGRES_EMBEDDED=auto SLUICE_POSTGRES_DIRECTORY=/tmp/postgres SLUICE_POSTGRES_PORT=5432 SERVER_PORT=8081 \
      java -jar sluice.jar & \
    database=$!; \
    await 8081 "$database"; \
    SPRING_DATASOURCE_URL=jdbc:postgresql://127.0.0.1:5432/sluice SPRING_DATASOURCE_USERNAME=sluice \
      SPRING_DATASOURCE_PASSWORD="$(cat /tmp/postgres/password)" \
      java -XX:AOTCacheOutput=/tmp/sluice.aot -Xlog:aot=error -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED \
           -jar sluice.jar & \
    service=$!; \
    await 8080 "$service"; \
    kill "$service"; wait "$service"; \
    kill "$database"; wait "$database"; \
    test -s /tmp/sluice.aot


FROM application
LABEL org.opencontainers.image.title="Sluice" \
      org.opencontainers.image.description="Exactly-once delivery over HTTP into Postgres tables, files and HTTP APIs" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=training --chown=0:0 /tmp/sluice.aot ./
EXPOSE 8080
# The image has no curl. The service answers to names it knows only, localhost is one of them. With a certificate on its
# port it is asked over TLS, without one of its own: server.ssl.client-auth: need wants another check.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "port=${SERVER_PORT:-8080}; ask() { printf 'GET /actuator/health/readiness HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n'; }; if [ -n \"$SERVER_SSL_BUNDLE\" ]; then ask | openssl s_client -quiet -connect \"127.0.0.1:$port\" 2>/dev/null; else exec 3<>\"/dev/tcp/127.0.0.1/$port\" && ask >&3 && cat <&3; fi | { read -r _ status _ && [ \"$status\" = 200 ]; }"]
# The cache holds profiles, with which C2 compiles at once what only starts the service, on the cores that start it.
# Later, by the two numbers, it compiles what stays hot. The training is without them, and its cache fits all the same
# (src/docs/decisions/0023-compiling-later.md).
# Sinks of one's own are jars in /opt/sluice/sinks. What follows sluice.jar on the class path does not spoil the cache.
ENTRYPOINT ["java", "-XX:AOTCache=sluice.aot", "-XX:Tier2InvokeNotifyFreqLog=16", "-XX:Tier2BackedgeNotifyFreqLog=22", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "-cp", "sluice.jar:sinks/*", "dev.sluice.SluiceApplication"]
