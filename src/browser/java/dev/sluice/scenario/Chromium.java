package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A browser that people have, without which no test of this directory passes. */
final class Chromium implements AutoCloseable {

    private static final Path PROGRAM = Path.of(System.getProperty("sluice.test.chromium", "/usr/bin/chromium"));
    private static final Path PICTURES = Path.of("target/console");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright) {
        this.playwright = playwright;
        this.browser = playwright
                .chromium()
                .launch(new LaunchOptions().setExecutablePath(PROGRAM).setArgs(List.of("--no-sandbox")));
    }

    static Chromium start() {
        assertThat(PROGRAM)
                .as("Chromium, without which nobody knows what a browser shows: apt-get install chromium, or"
                        + " -Dsluice.test.chromium=<path>")
                .isExecutable();
        return new Chromium(Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))));
    }

    /** Returns somebody's browser, with cookies of its own, that looks at a service on this machine. */
    BrowserContext context(int port) {
        return context(port, ColorScheme.LIGHT, 1280);
    }

    BrowserContext context(int port, ColorScheme scheme, int width) {
        return browser.newContext(options(port).setColorScheme(scheme).setViewportSize(width, 800));
    }

    /** Returns one in which no page may run a script. */
    BrowserContext withoutScripts(int port) {
        return browser.newContext(options(port).setJavaScriptEnabled(false));
    }

    private static NewContextOptions options(int port) {
        return new NewContextOptions().setBaseURL("http://127.0.0.1:" + port);
    }

    /** Returns what the browser will complain of: errors of scripts, refused loads, breaches of the policy. */
    static List<String> complaints(Page page) {
        List<String> complaints = new CopyOnWriteArrayList<>();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        return complaints;
    }

    /** Returns the addresses that it will load. */
    static List<String> asked(Page page) {
        List<String> asked = new CopyOnWriteArrayList<>();
        page.onRequest(request -> asked.add(request.url()));
        return asked;
    }

    /** Keeps a picture of a whole page in {@code target/console}. */
    static void picture(Page page, String name) {
        page.screenshot(
                new ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(true));
    }

    @Override
    public void close() {
        playwright.close();
    }
}
