"""What a run has to say: one document, and its forms for people."""
