"""Names that speech recognition misheard: found, explained beside the quote, never changed in it."""
