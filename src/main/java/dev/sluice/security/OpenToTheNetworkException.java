package dev.sluice.security;

/** The service would be open to whoever reaches it over a network. */
final class OpenToTheNetworkException extends RuntimeException {

    private static final long serialVersionUID = 1;

    OpenToTheNetworkException(String setting, String address) {
        super("the service listens on " + address + " (" + setting
                + "), where others than this machine may reach it, and wants no key:"
                + " whoever reaches it could write, define and delete everything");
    }
}
