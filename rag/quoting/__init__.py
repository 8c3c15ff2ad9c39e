"""Was this said? Quotes checked against the transcripts, word by word."""
