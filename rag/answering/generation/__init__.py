"""Answers written by a language model, of which only what the cited passages bear out is kept."""
