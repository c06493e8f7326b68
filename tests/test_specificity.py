from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategitekst.errors import UsageError
from strategitekst.specificity import ANCHOR_WEIGHTS, STATEMENT_WEIGHTS, specificity

KINDS = st.sets(st.sampled_from(sorted(ANCHOR_WEIGHTS)))


@st.composite
def distributions(draw: st.DrawFn) -> dict[str, float]:
    weights = draw(st.lists(st.floats(0.001, 1), min_size=6, max_size=6))
    return {name: weight / sum(weights) for name, weight in zip(STATEMENT_WEIGHTS, weights, strict=True)}


@given(distributions(), KINDS, st.sampled_from(sorted(ANCHOR_WEIGHTS)))
def test_an_anchor_never_lowers_the_score(scores: dict[str, float], kinds: set[str], added: str) -> None:
    assert specificity(scores, kinds | {added}) >= specificity(scores, kinds)


@given(distributions(), KINDS)
def test_the_score_lies_between_0_and_1(scores: dict[str, float], kinds: set[str]) -> None:
    assert 0 <= specificity(scores, kinds) <= 1


@given(distributions(), KINDS, st.sampled_from(sorted(STATEMENT_WEIGHTS)))
def test_more_weight_on_an_initiative_never_lowers_the_score(
    scores: dict[str, float], kinds: set[str], donor: str
) -> None:
    moved = {**scores, donor: 0.0}
    moved["initiative"] = moved["initiative"] + scores[donor] if donor != "initiative" else scores["initiative"]
    assert specificity(moved, kinds) >= specificity(scores, kinds)


def test_a_fully_anchored_initiative_is_as_specific_as_can_be() -> None:
    assert specificity({"initiative": 1.0}, ANCHOR_WEIGHTS) == 1


def test_context_is_never_specific() -> None:
    assert specificity({"context": 1.0}, ANCHOR_WEIGHTS) == 0


def test_statements_are_ordered_as_in_the_literature() -> None:
    order = ["context", "ambition", "commitment", "result", "initiative"]
    scores = [specificity({statement: 1.0}, ["deadline"]) for statement in order]
    assert scores == sorted(scores)
    assert len(set(scores)) == len(scores)


def test_a_kind_counts_once() -> None:
    assert specificity({"target": 1.0}, ["quantity", "quantity"]) == specificity({"target": 1.0}, ["quantity"])


@pytest.mark.parametrize(("scores", "anchors"), [({"plan": 1.0}, []), ({"initiative": 1.0}, ["place"])])
def test_unknown_names_are_refused(scores: dict[str, float], anchors: list[str]) -> None:
    with pytest.raises(UsageError, match="codebook"):
        specificity(scores, anchors)
