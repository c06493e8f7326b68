"""Danish language: the spaCy pipeline, what anchors a paragraph, and how it speaks."""
