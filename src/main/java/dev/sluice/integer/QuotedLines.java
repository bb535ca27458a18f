package dev.sluice.integer;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;

/**
 * An answer that is sent while it is made: JSON documents of a line each. A line is held until it has ended, blank ones
 * are not.
 */
final class QuotedLines extends HttpServletResponseWrapper {

    private static final int KEPT_BYTES = 1 << 16;

    private final Out out = new Out();
    private ByteArrayOutputStream line = new ByteArrayOutputStream();

    QuotedLines(HttpServletResponse response) {
        super(response);
    }

    /** Sends the last line, which need not have ended. */
    void finish() throws IOException {
        if (line.size() > 0) {
            send();
        }
    }

    private void send() throws IOException {
        byte[] json = line.toByteArray();
        if (json.length > KEPT_BYTES) {
            line = new ByteArrayOutputStream();
        } else {
            line.reset();
        }
        super.getOutputStream().write(QuotedIntegers.in(json));
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return out;
    }

    @Override
    public PrintWriter getWriter() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    @Override
    public void reset() {
        super.reset();
        line.reset();
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        line.reset();
    }

    /* It grows by the quotes. */
    @Override
    public void setContentLength(int bytes) {}

    @Override
    public void setContentLengthLong(long bytes) {}

    @Override
    public void setHeader(String name, String value) {
        if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, String value) {
        if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
            super.addHeader(name, value);
        }
    }

    private final class Out extends ServletOutputStream {

        @Override
        public void write(int b) throws IOException {
            line.write(b);
            if (b == '\n') {
                send();
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n') {
                    line.write(bytes, from, i + 1 - from);
                    from = i + 1;
                    send();
                }
            }
            line.write(bytes, from, offset + length - from);
        }

        @Override
        public void flush() throws IOException {
            QuotedLines.super.getOutputStream().flush();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("answers that are not waited for are not quoted line by line");
        }
    }
}
