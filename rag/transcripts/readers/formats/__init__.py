"""The readers, one file a format, each with a module-level `READER`."""
