"""What the reader is trained on, the training, and how well it reads."""
