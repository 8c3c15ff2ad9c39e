"""Turnwise beside the well-known toolkits: the same transcripts, questions, model and judge in one run."""
