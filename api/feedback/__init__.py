"""What people think of answers, and which questions are asked: kept beside the index, never used for ranking."""
