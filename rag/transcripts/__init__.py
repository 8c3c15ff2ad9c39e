"""What was said: from sources in many formats to transcripts made of turns."""
