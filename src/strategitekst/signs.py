"""What pledges are judged by: classified paragraphs, new or read back from a table, as columns of numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.classification import Classification
from strategitekst.coverage import KEY
from strategitekst.document import Paragraph
from strategitekst.features import context
from strategitekst.language.spans import ANCHOR_KINDS, CONCRETE_KINDS
from strategitekst.odds import rivals

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known about some paragraphs with regard to every pledge.

    Attributes:
        key: Of each paragraph, (paragraphs,) of ``KEY``.
        theme: Probability that it serves the pledge, (paragraphs, pledges).
        alone: The same of the paragraph read by itself, (paragraphs, pledges).
        rival: The greatest such probability of another theme, (paragraphs, pledges).
        given: Whether it is said to, (paragraphs, pledges).
        initiative: Probability that it is an initiative, (paragraphs,).
        target: Probability that it is a target, (paragraphs,).
        begun: Whether it is said to be an initiative, (paragraphs,).
        anchored: Whether it names a deadline, a quantity or a budget, (paragraphs,).
        speaks: Whether it can speak for anything: false for what a web page leaves around its text, (paragraphs,).
    """

    key: NDArray[Any]
    theme: Floats
    alone: Floats
    rival: Floats
    given: Flags
    initiative: Floats
    target: Floats
    begun: Flags
    anchored: Flags
    speaks: Flags


def read_signs(rows: Sequence[Row], pledges: Sequence[str]) -> Signs:
    """Take from paragraphs what pledges are judged by.

    Args:
        rows: Of the table ``paragraphs``.
        pledges: Ids.

    Returns:
        The columns.

    Example:
        >>> row = {"text": "Flere busser.", "heading": [], "themes": ["P12"], "theme_scores": {"P12": 0.9}}
        >>> row |= {"theme_scores_alone": {"P12": 0.8}, "budget": None}
        >>> row |= {"statement": "commitment", "statement_scores": {"initiative": 0.1, "target": 0.0}}
        >>> read_signs([row], ["P12"]).theme.tolist()
        [[0.9]]
    """
    scores = [(dict(row["theme_scores"]), dict(row["statement_scores"])) for row in rows]
    themes = [set(row["themes"]) for row in rows]
    shape = (len(rows), len(pledges))
    labels = list(scores[0][0]) if scores else list(pledges)
    columns = [labels.index(pledge) for pledge in pledges]
    theme = np.array([[told[label] for label in labels] for told, _ in scores]).reshape(len(rows), len(labels))
    by_itself = [dict(row["theme_scores_alone"]) for row in rows]
    alone = np.array([[told[label] for label in labels] for told in by_itself]).reshape(len(rows), len(labels))
    return Signs(
        key=np.frombuffer(b"".join(_hash(row) for row in rows), KEY),
        theme=theme[:, columns],
        alone=alone[:, columns],
        rival=rivals(alone)[:, columns],
        given=np.array([[pledge in given for pledge in pledges] for given in themes], dtype=bool).reshape(shape),
        initiative=np.array([statement["initiative"] for _, statement in scores], dtype=np.float64),
        target=np.array([statement["target"] for _, statement in scores], dtype=np.float64),
        begun=np.array([row["statement"] == "initiative" for row in rows], dtype=bool),
        anchored=np.array([any(_there(row, kind) for kind in CONCRETE_KINDS) for row in rows], dtype=bool),
        # Tables do not say what is residue, but residue alone is certain to be context and to serve nothing.
        speaks=np.array(
            [any(told.values()) or statement.get("context", 0.0) < 1.0 for told, statement in scores], dtype=bool
        ),
    )


def row_of(each: Classification) -> dict[str, Any]:
    """Give the columns of the table ``paragraphs`` that a classification decides.

    Args:
        each: A classified paragraph.

    Returns:
        A row without the name of the document.
    """
    paragraph = each.paragraph
    return {
        "paragraph": paragraph.number,
        "page": paragraph.page,
        "heading": list(paragraph.heading),
        "text": paragraph.text,
        "start": paragraph.start,
        "end": paragraph.end,
        "themes": list(each.themes),
        "theme_scores": dict(each.theme_scores),
        "ambitions": list(each.ambitions),
        "statement": each.statement,
        "statement_scores": dict(each.statement_scores),
        "specificity": each.specificity,
        **{kind: each.anchor(kind) for kind in ANCHOR_KINDS},
        "theme_scores_alone": dict(each.theme_scores_alone),
    }


def _there(row: Row, kind: str) -> bool:
    value = row.get(kind)
    # A table shows a missing anchor as None, pandas sometimes as NaN; an anchor is words.
    return isinstance(value, str)


def _hash(row: Row) -> bytes:
    paragraph = Paragraph(0, row["text"], 0, 0, heading=tuple(row["heading"]))
    return hashlib.blake2b(context(paragraph).encode(), digest_size=KEY.itemsize).digest()
