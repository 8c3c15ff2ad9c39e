"""Chat as OpenAI's clients speak it: a conversation in, an answer with its sources out, whole or in chunks."""
