package dev.sluice.security;

import java.nio.charset.StandardCharsets;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.MessageBytes;

/**
 * HTTP/1.1 as Tomcat speaks it, with two more forms of the Host header: names with an underscore, which every Docker
 * network gives, and IPv6 addresses with a zone. Tomcat answers both 400, and has no setting for that. Made by its name.
 */
public final class HostHeaderProtocol extends Http11NioProtocol {

    @Override
    protected Processor createProcessor() {
        return new HostHeaderProcessor(this, getAdapter());
    }

    private static final class HostHeaderProcessor extends Http11Processor {

        HostHeaderProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
            super(protocol, adapter);
        }

        @Override
        protected void parseHost(MessageBytes value) {
            String host = value == null || value.isNull() ? "" : value.toString();
            if (host.indexOf('_') < 0 && host.indexOf('%') < 0) {
                super.parseHost(value);
                return;
            }
            String plain = HostNames.withoutZone(host).replace('_', 'x');
            // Tomcat judges all the rest of it.
            MessageBytes stand = MessageBytes.newInstance();
            byte[] bytes = plain.getBytes(StandardCharsets.ISO_8859_1);
            stand.setBytes(bytes, 0, bytes.length);
            super.parseHost(stand);
            if (!getErrorState().isError()) {
                request.serverName().setString(HostNames.withoutPort(HostNames.withoutZone(host)));
            }
        }
    }
}
