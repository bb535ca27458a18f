package dev.sluice.console;

import dev.sluice.asset.Assets;
import dev.sluice.call.Call;
import java.time.Instant;
import java.util.List;

/**
 * What all pages have around them.
 *
 * @param section of the navigation
 * @param commands what was read for the page, as commands
 * @param base scheme, host and port, for commands
 * @param formToken what forms have to send with them
 * @param sender whose key it is
 * @param wantsKey whether the service wants to know who asks
 * @param notice what was done just now, empty for nothing
 * @param undo where that can be undone; empty where it cannot
 */
public record Frame(
        String title,
        String section,
        List<Crumb> crumbs,
        List<String> commands,
        String base,
        String formToken,
        String sender,
        boolean wantsKey,
        String notice,
        List<Crumb> undo,
        Assets assets,
        Instant now) {

    /** Returns a call as a command. */
    public String curl(Call call) {
        return call.curl(base, wantsKey);
    }

    /** Returns a call as a command that sends what is in a file. */
    public String curl(Call call, String file) {
        return curl(call) + " \\\n  -H 'Content-Type: application/json' \\\n  --data-binary @" + file;
    }
}
