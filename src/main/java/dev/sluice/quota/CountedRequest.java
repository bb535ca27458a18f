package dev.sluice.quota;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A request that tells how much of its body has come. */
final class CountedRequest extends HttpServletRequestWrapper {

    private final Pass pass;
    private @Nullable ServletInputStream body;

    CountedRequest(HttpServletRequest request, Pass pass) {
        super(request);
        this.pass = pass;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        ServletInputStream counted = body;
        if (counted == null) {
            counted = new Counted(super.getInputStream(), pass);
            body = counted;
        }
        return counted;
    }

    private static final class Counted extends ServletInputStream {

        private final ServletInputStream in;
        private final Pass pass;

        Counted(ServletInputStream in, Pass pass) {
            this.in = in;
            this.pass = pass;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            if (read >= 0) {
                pass.count(1);
            }
            return read;
        }

        @Override
        public int read(byte[] into, int start, int length) throws IOException {
            int read = in.read(into, start, length);
            if (read > 0) {
                pass.count(read);
            }
            return read;
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
