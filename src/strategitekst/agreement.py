"""How far readers who labelled the same paragraphs agree, beyond what chance would give.

Krippendorff's alpha (Krippendorff 2018, "Content analysis", 4th ed., ch. 12): 1 for equal labels, 0 for labels drawn at
random, below 0 for readers who agree less than that. Statements are compared as equal or not; sets of themes by MASI
(Passonneau 2006, "Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation", LREC), which
gives part of the credit for an overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeVar

from strategitekst.corpus_labels import LabelledDocument, LabelledParagraph
from strategitekst.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Label = TypeVar("Label", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two or more readers agree on the paragraphs that at least two of them labelled.

    Attributes:
        readers: Their names.
        paragraphs: How many paragraphs at least two of them labelled.
        theme_alpha: Alpha of the sets of themes with MASI; None where it is undefined.
        theme_f1: Micro-F1 of themes between two readers; the mean over pairs for more of them.
        statement_alpha: Alpha of the statements; None where it is undefined.
        statement_accuracy: Share of equal statements between two readers; the mean over pairs for more of them.
    """

    readers: tuple[str, ...]
    paragraphs: int
    theme_alpha: float | None
    theme_f1: float
    statement_alpha: float | None
    statement_accuracy: float


def masi_distance(left: Collection[str], right: Collection[str]) -> float:
    """Measure how far two sets are apart: 1 minus Jaccard index times monotonicity.

    Args:
        left: A set of labels.
        right: Another.

    Returns:
        0 for equal sets (two empty ones too), 1 for sets with nothing in common; in between the overlap counts fully
        between equal sets, by 2/3 where one holds the other, by 1/3 else.

    Example:
        >>> round(masi_distance({"P1"}, {"P1", "P2"}), 3)
        0.667
    """
    one, other = set(left), set(right)
    if one == other:
        return 0.0
    common = one & other
    monotonicity = 2 / 3 if common in (one, other) else 1 / 3
    return 1 - len(common) / len(one | other) * monotonicity


def statement_alpha(labels: Sequence[Sequence[str | None]]) -> float | None:
    """Compute alpha of labels that are equal or not.

    Args:
        labels: For each reader a label per unit, None for a unit without one.

    Returns:
        Alpha, at most 1; None where it is undefined: all labels are the same, or no unit has two.

    Example:
        >>> round(statement_alpha([["a", "a", "b", "b"], ["a", "a", "b", "a"]]), 3)
        0.533
    """
    return _alpha(labels, lambda left, right: float(left != right))


def theme_alpha(labels: Sequence[Sequence[Collection[str] | None]]) -> float | None:
    """Compute alpha of sets of labels with MASI distance.

    Args:
        labels: For each reader a set per unit, None for a unit without labels; the empty set is a label too.

    Returns:
        Alpha, at most 1; None where it is undefined: all sets are the same, or no unit has two.

    Example:
        >>> theme_alpha([[{"P1"}, set(), {"P2"}], [{"P1"}, set(), {"P2"}]])
        1.0
    """
    sets = [[None if each is None else frozenset(each) for each in reader] for reader in labels]
    return _alpha(sets, masi_distance)


def _alpha(labels: Sequence[Sequence[Label | None]], distance: Callable[[Label, Label], float]) -> float | None:
    import krippendorff
    import numpy as np

    if len({len(reader) for reader in labels}) > 1:
        raise UsageError("labels of different length: give each reader a label or None for each unit")
    values: dict[Label, int] = {}
    for reader in labels:
        for label in reader:
            if label is not None:
                values.setdefault(label, len(values))
    counts = np.zeros((len(labels[0]) if labels else 0, len(values)), dtype=int)
    for reader in labels:
        for unit, label in enumerate(reader):
            if label is not None:
                counts[unit, values[label]] += 1
    # What only one reader labelled says nothing about agreement, and may leave a single value.
    counts = counts[counts.sum(axis=1) > 1]
    if (counts.sum(axis=0) > 0).sum() < 2:
        return None
    distances = np.array([[distance(left, right) for right in values] for left in values])

    # The library passes all of these by name.
    def metric(
        v1: NDArray[Any],
        v2: NDArray[Any],
        i1: NDArray[np.int_],
        i2: NDArray[np.int_],
        n_v: NDArray[Any],
        dtype: np.dtype[Any] | None = None,
    ) -> NDArray[Any]:
        return distances[i1, i2]

    return float(krippendorff.alpha(value_counts=counts, level_of_measurement=metric))


def micro_f1(left: Sequence[Collection[str]], right: Sequence[Collection[str]]) -> float:
    """Compute micro-F1 between two readers' sets; which of them is held to be right makes no difference.

    Args:
        left: A set of labels per unit.
        right: The other reader's sets of the same units.

    Returns:
        0–1; 1 where neither gave any label.

    Example:
        >>> micro_f1([{"P1"}, {"P2"}], [{"P1"}, {"P2", "P3"}])
        0.8
    """
    given = sum(len(set(one)) + len(set(other)) for one, other in zip(left, right, strict=True))
    common = sum(len(set(one) & set(other)) for one, other in zip(left, right, strict=True))
    return 2 * common / given if given else 1.0


def agree(readers: Mapping[str, Sequence[LabelledDocument]]) -> list[Agreement]:
    """Compare readers: each pair, then all of them together where there are more than two.

    Args:
        readers: The documents as each reader labelled them, by the reader's name; a reader may have left some out.

    Returns:
        A row per pair with paragraphs in common, then one for all.

    Example:
        >>> agree({"a": [], "b": []})
        []
    """
    labels = {
        name: {(each.document, each.paragraph.number): each for document in documents for each in document.paragraphs}
        for name, documents in readers.items()
    }
    rows = [_compare(pair, labels) for pair in combinations(labels, 2)]
    rows = [row for row in rows if row.paragraphs]
    if len(rows) > 1:
        together = _compare(tuple(labels), labels)
        pairs = len(rows)
        rows.append(
            Agreement(
                together.readers,
                together.paragraphs,
                together.theme_alpha,
                sum(row.theme_f1 for row in rows) / pairs,
                together.statement_alpha,
                sum(row.statement_accuracy for row in rows) / pairs,
            )
        )
    return rows


def _compare(names: tuple[str, ...], labels: Mapping[str, Mapping[tuple[str, int], LabelledParagraph]]) -> Agreement:
    """Compare readers; F1 and accuracy are those of the first two."""
    places = sorted({place for name in names for place in labels[name]})
    places = [place for place in places if sum(place in labels[name] for name in names) > 1]
    found = [[labels[name].get(place) for place in places] for name in names]
    themes = [[each.themes if each else None for each in reader] for reader in found]
    statements = [[each.statement if each else None for each in reader] for reader in found]
    both = [(one, other) for one, other in zip(found[0], found[1], strict=True) if one and other]
    return Agreement(
        names,
        len(places),
        theme_alpha(themes),
        micro_f1([one.themes for one, _ in both], [other.themes for _, other in both]),
        statement_alpha(statements),
        sum(one.statement == other.statement for one, other in both) / len(both) if both else 0.0,
    )
