"""Agreement between readers: values by hand, and what alpha must be whatever the labels."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategitekst.agreement import agree, masi_distance, micro_f1, statement_alpha, theme_alpha
from strategitekst.corpus_labels import LabelledDocument, LabelledParagraph
from strategitekst.document import Block, build_document
from strategitekst.errors import UsageError

SETS = st.frozensets(st.sampled_from(["P1", "P2", "P3", "G1"]), max_size=3)


def labelled(name: str, *labels: tuple[tuple[str, ...], str]) -> LabelledDocument:
    document = build_document(name, [Block("prose", f"Afsnit {number}.") for number in range(len(labels))])
    paragraphs = tuple(
        LabelledParagraph(name, paragraph, themes, statement)
        for paragraph, (themes, statement) in zip(document.paragraphs, labels, strict=True)
    )
    return LabelledDocument(document, {}, paragraphs)


def test_masi_is_that_of_passonneau():
    assert masi_distance({"a"}, {"a"}) == 0
    assert masi_distance({"a"}, {"a", "b"}) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi_distance({"a", "b"}, {"b", "c"}) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi_distance({"a"}, {"b"}) == 1
    assert masi_distance(set(), {"b"}) == 1
    assert masi_distance((), []) == 0


def test_alpha_of_statements_is_that_of_krippendorffs_own_example():
    # Krippendorff 2011, "Computing Krippendorff's alpha-reliability", example B: nominal data, two observers.
    ben = list("aabbdcccedda")
    gerry = list("babbbccceddd")
    assert statement_alpha([ben, gerry]) == pytest.approx(0.692, abs=5e-4)


def test_alpha_of_sets_by_hand():
    # Three units: {a} twice, {b} twice, {a} against {a, b}. Coincidences: aa 2, bb 2, a–ab 2; margins a 3, b 2, ab 1.
    # Observed: 2/6 · 2/3. Expected over ordered pairs of 6·5: a–b 2·3·2·1, a–ab 2·3·1·2/3, b–ab 2·2·1·2/3.
    observed = 2 / 6 * 2 / 3
    expected = (12 + 4 + 8 / 3) / 30
    assert theme_alpha([[{"a"}, {"b"}, {"a"}], [{"a"}, {"b"}, {"a", "b"}]]) == pytest.approx(1 - observed / expected)


@given(st.lists(SETS, min_size=2, max_size=20).filter(lambda sets: len(set(sets)) > 1))
def test_equal_labels_have_alpha_and_f1_of_one(sets):
    assert theme_alpha([sets, sets, sets]) == pytest.approx(1)
    assert micro_f1(sets, sets) == 1


@given(st.lists(st.tuples(SETS, SETS), min_size=2, max_size=20))
def test_the_order_of_readers_and_units_makes_no_difference(pairs):
    left, right = [one for one, _ in pairs], [other for _, other in pairs]
    assert theme_alpha([left, right]) == pytest.approx(theme_alpha([right[::-1], left[::-1]]))
    assert micro_f1(left, right) == pytest.approx(micro_f1(right[::-1], left[::-1]))
    assert 0 <= micro_f1(left, right) <= 1


def test_random_labels_have_alpha_about_zero():
    draw = random.Random(1)  # noqa: S311 only to draw labels
    kinds = ["initiative", "target", "commitment", "context"]
    readers = [[draw.choice(kinds) for _ in range(4000)] for _ in range(2)]
    assert statement_alpha(readers) == pytest.approx(0, abs=0.03)
    sets = [[frozenset(draw.sample(["P1", "P2", "P3"], draw.randint(0, 2))) for _ in range(4000)] for _ in range(2)]
    assert theme_alpha(sets) == pytest.approx(0, abs=0.03)


def test_alpha_is_undefined_where_nothing_varies_or_nobody_overlaps():
    assert statement_alpha([["a", "a"], ["a", "a"]]) is None
    assert statement_alpha([["a", None], [None, "b"]]) is None
    assert statement_alpha([]) is None


def test_what_one_reader_left_out_does_not_count():
    assert statement_alpha([["a", "b", "a"], ["a", "b", None]]) == statement_alpha([["a", "b"], ["a", "b"]])


def test_labels_of_different_length_are_refused():
    with pytest.raises(UsageError, match="different length"):
        statement_alpha([["a"], ["a", "b"]])


def test_readers_are_compared_pair_by_pair_and_together():
    gold = [labelled("x", (("P1",), "context"), (("P2",), "target")), labelled("y", ((), "context"))]
    kim = [labelled("x", (("P1",), "context"), (("P2", "P3"), "target"))]
    bo = [labelled("x", (("P1",), "context"), ((), "context")), labelled("y", ((), "context"))]
    rows = {row.readers: row for row in agree({"gold": gold, "kim": kim, "bo": bo})}
    assert [row.paragraphs for row in rows.values()] == [2, 3, 2, 3]
    assert rows["gold", "kim"].theme_f1 == pytest.approx(4 / 5)
    assert rows["gold", "kim"].statement_alpha == 1
    assert rows["gold", "bo"].theme_f1 == pytest.approx(2 / 3)
    assert rows["gold", "bo"].statement_accuracy == pytest.approx(2 / 3)
    together = rows["gold", "kim", "bo"]
    assert together.theme_f1 == pytest.approx((4 / 5 + 2 / 3 + 1 / 2) / 3)
