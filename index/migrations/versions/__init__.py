"""A file for each format of the tables."""
