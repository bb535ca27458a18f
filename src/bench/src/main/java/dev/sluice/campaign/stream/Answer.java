package dev.sluice.campaign.stream;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a service said.
 *
 * @param status of HTTP, 0 where there was no whole answer
 * @param body its JSON, or why there was no answer
 */
public record Answer(int status, String body) {

    static Answer none(String why) {
        return new Answer(0, why);
    }

    /** Returns the first number of that name in the JSON, or a default where it has none. */
    public long number(String member, long otherwise) {
        return numbers(member).stream().findFirst().orElse(otherwise);
    }

    /** Returns all numbers of that name in the JSON, in its order. */
    List<Long> numbers(String member) {
        return Pattern.compile('"' + member + "\"\\s*:\\s*(-?\\d+)")
                .matcher(body)
                .results()
                .map(match -> Long.valueOf(match.group(1)))
                .toList();
    }

    /** Returns a text of the JSON, empty where it has none of that name. */
    public String text(String member) {
        Matcher matcher =
                Pattern.compile('"' + member + "\"\\s*:\\s*\"([^\"]*)\"").matcher(body);
        return matcher.find() ? matcher.group(1) : "";
    }

    public boolean is(String problem) {
        return body.contains("/problems/" + problem + '"');
    }

    /** Whether the answer leaves open what became of the request. */
    boolean leavesOpen() {
        // 408: a service that stood still takes the client for silent.
        return status == 0 || status == 408 || status == 429 || status >= 500;
    }

    String brief() {
        return status + " " + (body.length() > 400 ? body.substring(0, 400) + "…" : body).replace('\n', ' ');
    }
}
