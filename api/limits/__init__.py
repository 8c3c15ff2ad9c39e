"""How much one caller, and all of them together, may ask of the server: rate, questions at once, and time."""
