"""Print how far the label sets of each part agree, for the datasheet."""

from __future__ import annotations

from pathlib import Path

from strategitekst.agreement import Agreement, agree
from strategitekst.corpus import LabelledDocument, load_annotators, load_corpus

FOLDER = Path(__file__).resolve().parent
LABELLED_TWICE = ("train", "test", "test_real")


def main() -> None:
    """Compare the readers of each part, two and two, then all."""
    readers = load_annotators(FOLDER)
    for part in LABELLED_TWICE:
        names = {each.document.name for each in load_corpus(FOLDER, part)}
        sets = {reader: _only(documents, names) for reader, documents in readers.items()}
        print(part)
        for found in agree(sets):
            print("  " + _line(found))


def _only(documents: list[LabelledDocument], names: set[str]) -> list[LabelledDocument]:
    return [document for document in documents if document.document.name in names]


def _line(found: Agreement) -> str:
    return (
        f"{', '.join(found.readers)}: {found.paragraphs} paragraphs; "
        f"themes alpha (MASI) {found.theme_alpha:.3f}, micro-F1 {found.theme_f1:.3f}; "
        f"statements alpha {found.statement_alpha:.3f}, accuracy {found.statement_accuracy:.3f}"
    )


if __name__ == "__main__":
    main()
