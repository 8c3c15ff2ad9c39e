"""What to reply, and the proof."""
