package dev.sluice.http;

/** What to do about an answer that no record is to blame for, in words that follow the status. */
final class Advice {

    private Advice() {}

    static String of(Answer answer) {
        return switch (answer.status()) {
            case 401 ->
                "it does not accept the credentials of this sink, or got none. Correct headers or header-files;"
                        + " a new value in a header file is used at once";
            case 402 -> "it wants to be paid, or a quota is used up. Settle that with whoever runs the target";
            case 403 ->
                "it knows who asks, but does not allow it. Give the credentials of this sink the right to write there;"
                        + " a firewall in front of the target answers so as well";
            case 404 ->
                "there is nothing at this address. Correct url, or create what it names; url may contain {partition}";
            case 405 -> "it does not take the method of this sink" + allowed(answer) + ". Set method, or correct url";
            case 406 -> "it has no answer in a form that this sink asks for. Add a header Accept that it likes";
            case 407 -> "the proxy on the way wants credentials. Give this host a way past it: -Dhttp.nonProxyHosts";
            case 410 -> "what was at this address is gone for good. Correct url";
            case 411 -> "it wants a Content-Length, which was sent: something on the way removes it";
            case 412, 428 -> "it wants other preconditions. Look at headers for If-Match and the like";
            case 414 -> "the address is too long. Shorten url";
            case 415 ->
                "it does not take what envelope makes, or its Content-Type. Set envelope to events, array or ndjson";
            case 421 -> "this server does not serve this host name. Correct url";
            case 424 -> "something that it depends on has failed. Look at the target";
            case 426 -> "it wants another protocol, often https. Correct url";
            case 431 -> "the header fields are too large. Look at headers and header-files";
            case 501 -> "it does not know the method of this sink. Set method, or correct url";
            case 511 -> "a network on the way wants a login: the request did not reach the target";
            default -> otherwise(answer);
        };
    }

    private static String otherwise(Answer answer) {
        return switch (answer.status() / 100) {
            case 1 -> "it changes to another protocol, which nobody asked for. Correct url";
            case 3 -> redirected(answer);
            case 4, 5 ->
                "it does not take this kind of request. Look at url, method, envelope and headers of this sink";
            default -> "which is no status of HTTP. Correct url";
        };
    }

    private static String redirected(Answer answer) {
        String location = answer.header("Location");
        int query = location.indexOf('?');
        String shown = answer.show(query < 0 ? location : location.substring(0, query));
        return "a redirect to " + (shown.isEmpty() ? "nowhere" : shown)
                + ". Redirects are never followed: set url to where the records shall go."
                + (answer.status() == 303 ? " This one says that the target has processed the request" : "");
    }

    private static String allowed(Answer answer) {
        String allow = answer.show(answer.header("Allow"));
        return allow.isEmpty() ? "" : " but " + allow;
    }
}
