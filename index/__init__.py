"""A small search engine: it stores documents with their records and searches the records by vector and by words."""
