"""Transcripts and answers: what was said, which passages bear on a question, what to reply, and the proof."""
