package dev.sluice.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Which failures leave a connection as it was. A pool throws one away after "feature not supported", in the middle of its
 * transaction: then "connection is closed" would be all that is told.
 */
final class KeptConnections implements SQLExceptionOverride {

    private static final String NOT_SUPPORTED = "0A000";

    @java.lang.Override
    public Override adjudicate(SQLException e) {
        return NOT_SUPPORTED.equals(e.getSQLState()) ? Override.DO_NOT_EVICT : Override.CONTINUE_EVICT;
    }
}
