package dev.sluice.sink;

/**
 * The target lacks records that were acknowledged, or is another one than they went to. Nothing is written until an
 * operator brings it back, or accepts the loss by its name.
 */
public class LostTargetException extends SinkException {

    private static final long serialVersionUID = 1;

    /** What became of the target. */
    public enum Loss {
        /** It is not there any more. */
        GONE("target-gone"),
        /** Another one has taken its place. */
        REPLACED("target-replaced"),
        /** It is there, but what was acknowledged is not in it. */
        EMPTIED("records-gone");

        private final String label;

        Loss(String label) {
            this.label = label;
        }

        /** Returns the name by which an operator accepts it. */
        public String label() {
            return label;
        }
    }

    private final Loss loss;

    /** Makes one; the message says what was expected, what was found and how to bring the target back. */
    public LostTargetException(Loss loss, String message) {
        super(Disposition.BROKEN, message, null);
        this.loss = loss;
    }

    /** Returns what became of the target. */
    public Loss loss() {
        return loss;
    }
}
