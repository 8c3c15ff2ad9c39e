"""The measures, a file each or a family: formula, paper, and what k or N means."""
