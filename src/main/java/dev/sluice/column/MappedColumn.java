package dev.sluice.column;

/** A column of a table, and where its value comes from. */
public record MappedColumn(String name, ColumnSource source, ColumnType type) {}
