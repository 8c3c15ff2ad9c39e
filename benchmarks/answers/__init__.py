"""The question sets that answers were fitted on and judged by, over material that may not lie in the project."""
