"""Judges a running assistant, in process or over HTTP."""
