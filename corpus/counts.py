"""Print what the corpus holds, for its datasheet."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from strategitekst.corpus import PARTS, load_corpus
from strategitekst.prediction import STATEMENTS

FOLDER = Path(__file__).resolve().parent


def main() -> None:
    """Count documents, writers, paragraphs, statements and themes of each part."""
    for part in PARTS:
        documents = [each for each in load_corpus(FOLDER) if each.metadata["part"] == part]
        if not documents:
            continue
        paragraphs = [each for document in documents for each in document.paragraphs]
        writers = {document.metadata["hand"] for document in documents}
        print(f"{part}: {len(documents)} documents, {len(writers)} writers, {len(paragraphs)} paragraphs")
        statements = Counter(each.statement for each in paragraphs)
        print("  " + ", ".join(f"{name} {statements[name] / len(paragraphs):.0%}" for name in STATEMENTS))
        themes = Counter(theme for each in paragraphs for theme in each.themes)
        none = sum(not each.themes for each in paragraphs)
        print("  " + ", ".join(f"{name} {count}" for name, count in sorted(themes.items())) + f", none {none}")


if __name__ == "__main__":
    main()
