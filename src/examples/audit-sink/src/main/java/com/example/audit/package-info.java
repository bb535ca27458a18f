/** {@code type: audit}: an audit trail, each entry of which is sealed by the hash of the one before it. */
@NullMarked
package com.example.audit;

import org.jspecify.annotations.NullMarked;
