"""Whom the harness asks: Turnwise in this process, or any server that speaks the contract."""
