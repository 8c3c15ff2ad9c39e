"""Whether words in quotation marks were said: such questions, and the reply to them."""
