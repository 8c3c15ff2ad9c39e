"""Judges a running assistant, in process or over HTTP, on a set of questions with known answers."""
