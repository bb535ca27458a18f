package dev.sluice.bench.load;

/** Something was answered that must not be: the numbers would mean nothing. */
final class LoadFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    LoadFailure(String message) {
        super(message);
    }
}
