"""Labels of paragraphs: what one is, how a file of them is read, and how they are put to the paragraphs of a text."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from strategitekst.document import Document, Paragraph
from strategitekst.language.spans import ANCHOR_KINDS
from strategitekst.prediction import STATEMENTS
from strategitekst.strategy import Strategy


@dataclass(frozen=True, slots=True)
class LabelledParagraph:
    """A paragraph with what a reader said about it.

    Attributes:
        document: The id of its document.
        paragraph: The paragraph as it was read.
        themes: Theme ids, main first; empty for none.
        statement: One of ``STATEMENTS``.
        anchors: Those of ``ANCHOR_KINDS`` that it names; only an initiative or target has any.
    """

    document: str
    paragraph: Paragraph
    themes: tuple[str, ...]
    statement: str
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document with a label for each paragraph.

    Attributes:
        document: The document as it was read; its name is its id.
        metadata: Its row of ``documents.csv`` (``part``, ``hand``, ``title``, …); empty without one.
        paragraphs: One for each of the document's paragraphs, in the same order.
    """

    document: Document
    metadata: Mapping[str, str]
    paragraphs: tuple[LabelledParagraph, ...]


@dataclass(slots=True)
class Problems:
    """What is wrong with a corpus, one line each.

    Attributes:
        fatal: A document and its labels cannot be put together.
        rules: The labels can be used, but break a rule of the codebook or of the corpus.
    """

    fatal: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


def read_rows(path: Path, problems: Problems) -> list[dict[str, object]]:
    """Read a file of labels: each row a JSON object with all keys, of the right types."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        problems.fatal.append(f"{path.name}: filen med mærker findes ikke eller er ikke UTF-8; læg den ved dokumentet")
        return []
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            problems.fatal.append(f"{path.name}, linje {number}: ugyldig JSON ({error.msg}); ret linjen")
            continue
        wrong = _wrong_key(row)
        if wrong:
            problems.fatal.append(f'{path.name}, linje {number}: "{wrong}" mangler eller har forkert type; ret linjen')
        else:
            rows.append(row)
    return rows


def _wrong_key(row: object) -> str | None:
    if not isinstance(row, dict):
        return "paragraph"
    for key, kind in (("paragraph", int), ("begins", str), ("themes", list), ("statement", str), ("anchors", list)):
        value = row.get(key)
        if not isinstance(value, kind) or (
            isinstance(value, list) and not all(isinstance(each, str) for each in value)
        ):
            return key
    return None if row["begins"].strip() else "begins"


def align(
    document: Document, rows: list[dict[str, object]], name: str, strategy: Strategy, problems: Problems
) -> tuple[LabelledParagraph, ...]:
    """Put labels to paragraphs; a label that belongs to another paragraph stops the document at once."""
    labelled = []
    for paragraph, row in zip(document.paragraphs, rows, strict=False):
        begins = str(row["begins"])
        # Reading may close up a word that was split, so white space does not count.
        if row["paragraph"] != paragraph.number or not _squeeze(paragraph.text).startswith(_squeeze(begins)):
            problems.fatal.append(
                f'{name}: afsnit {paragraph.number} begynder "{paragraph.text[:40]}", men mærket hører til afsnit '
                f'{row["paragraph"]} "{begins[:40]}"; ret rækkefølgen'
            )
            return ()
        label = LabelledParagraph(
            document.name, paragraph, _texts(row["themes"]), str(row["statement"]), _texts(row["anchors"])
        )
        place = f"{name}: afsnit {paragraph.number}"
        problems.fatal += [f"{place}: {line}" for line in _unknown(label, strategy)]
        problems.rules += [f"{place}: {line}" for line in _broken_rules(label, strategy)]
        labelled.append(label)
    if len(rows) != len(document.paragraphs):
        problems.fatal.append(
            f"{name}: {len(rows)} mærker til {len(document.paragraphs)} afsnit; skriv ét mærke til hvert afsnit"
        )
    return tuple(labelled)


def _squeeze(text: str) -> str:
    return "".join(text.split()).casefold()


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values) if isinstance(values, list) else ()


def _unknown(label: LabelledParagraph, strategy: Strategy) -> list[str]:
    given: list[tuple[str, Collection[str], Collection[str]]] = [
        ("tema", label.themes, strategy.themes),
        ("udsagn", (label.statement,), STATEMENTS),
        ("anker", label.anchors, ANCHOR_KINDS),
    ]
    return [
        f'ukendt {what} "{value}"; brug {", ".join(known)}'
        for what, values, known in given
        for value in values
        if value not in known
    ]


def _broken_rules(label: LabelledParagraph, strategy: Strategy) -> list[str]:
    lines = [
        f'"{value}" står to gange; skriv det én gang'
        for values in (label.themes, label.anchors)
        for value in sorted({value for value in values if values.count(value) > 1})
    ]
    if label.anchors and label.statement not in ("initiative", "target"):
        lines.append(f"ankre på {label.statement}; kun initiative og target har ankre")
    for ambition in strategy.ambitions:
        own = [pledge.id for pledge in ambition.pledges if pledge.id in label.themes]
        if ambition.id in label.themes and own:
            lines.append(f"{ambition.id} står sammen med {', '.join(own)}; skriv kun løftet")
    return lines
