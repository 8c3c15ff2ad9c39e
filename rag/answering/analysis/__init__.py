"""What a question asks: of its kind, of whom, about what."""
