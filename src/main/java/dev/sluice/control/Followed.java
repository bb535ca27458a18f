package dev.sluice.control;

/** Something of the database that every replica keeps in memory. */
public interface Followed {

    /** Reads all of it; throws a {@link org.springframework.dao.DataAccessException} where that cannot be done. */
    void load();
}
