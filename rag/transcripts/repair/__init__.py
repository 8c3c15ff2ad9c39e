"""Lost speaker labels: finding the paragraphs that are not the labelled speaker's."""

from rag.transcripts.repair.splitting import repair_labels

__all__ = ["repair_labels"]
