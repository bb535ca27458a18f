package dev.sluice.scenario.hostile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A text that is nowhere by chance, and all that it may look like where it has got to. */
record Canary(String what, List<String> forms) {

    /** Makes one of a secret; of one in parts that are separated by dots, each is one. */
    static Canary of(String what, String secret) {
        List<String> forms = new ArrayList<>();
        for (String part : secret.split("\\.", -1)) {
            addForms(forms, part);
        }
        return new Canary(what, forms);
    }

    private static void addForms(List<String> forms, String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        forms.add(secret);
        forms.add(new StringBuilder(secret).reverse().toString());
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
        StringBuilder percent = new StringBuilder();
        for (byte one : bytes) {
            percent.append('%').append(HexFormat.of().withUpperCase().toHexDigits(one));
        }
        forms.add(percent.toString());
        // By what stands before it, base64 looks in one of three ways; the ends depend on what is beside.
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            int whole = shifted.length / 3 * 3;
            int first = before == 0 ? 0 : 4;
            String base64 = Base64.getEncoder().encodeToString(Arrays.copyOf(shifted, whole));
            forms.add(base64.substring(first));
            forms.add(base64.substring(first).replace('+', '-').replace('/', '_'));
        }
    }

    /** Returns what surrounds the first place where a text has it. */
    Optional<String> in(String text) {
        for (String form : forms) {
            int at = text.indexOf(form);
            if (at >= 0) {
                return Optional.of(
                        text.substring(Math.max(0, at - 300), Math.min(text.length(), at + form.length() + 100)));
            }
        }
        return Optional.empty();
    }
}
