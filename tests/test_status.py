"""The states of pledges: weighed, they agree with the codebook's wherever the labels are certain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from strategitekst.analysis import Analysis, analyze
from strategitekst.document import Block, Document, build_document
from strategitekst.reading import read_document
from strategitekst.reasons import reason
from strategitekst.state_model import load_state_model
from strategitekst.status import (
    CONCRETE,
    FAINT,
    INTENT_ONLY,
    MOST_EVIDENCE,
    PERHAPS,
    STATES,
    UNANCHORED,
    UNCERTAIN,
    UNMENTIONED,
    Signals,
    gold_state,
    is_gap,
    pledge_state,
    state_probabilities,
)
from strategitekst.strategy import load_strategy

MODEL = load_state_model()

Row = tuple[float, float, float, bool]
"""Theme, initiative and target probability of a paragraph, and whether it is anchored."""

probabilities = some.floats(0, 1)
rows = some.lists(
    some.tuples(probabilities, probabilities, probabilities, some.booleans()).map(
        lambda row: (row[0], row[1], row[2] * (1 - row[1]), row[3])
    ),
    max_size=8,
)
certain = some.lists(
    some.tuples(some.sampled_from([0.0, 1.0]), some.sampled_from(["initiative", "target", "other"]), some.booleans()),
    max_size=6,
)


def signals(given_rows: list[Row]) -> Signals:
    columns = np.array([row[:3] for row in given_rows], dtype=np.float64).reshape(-1, 3).T
    theme, initiative, target = columns
    return Signals(theme, initiative, target, np.array([row[3] for row in given_rows], dtype=bool))


@given(rows)
def test_probabilities_sum_to_one(given_rows: list[Row]) -> None:
    weighed = state_probabilities(signals(given_rows), MODEL)
    assert list(weighed) == list(STATES)
    assert sum(weighed.values()) == pytest.approx(1.0)
    assert all(0 <= value <= 1 + 1e-12 for value in weighed.values())


@given(certain)
def test_certain_labels_give_the_codebooks_states(labels: list[tuple[float, str, bool]]) -> None:
    given_rows = [
        (theme, float(statement == "initiative"), float(statement == "target"), anchored)
        for theme, statement, anchored in labels
    ]
    # Anchors count on initiatives and targets only, as in the codebook.
    told = [
        (statement, anchored and statement in ("initiative", "target"))
        for theme, statement, anchored in labels
        if theme
    ]
    decided = pledge_state(signals(given_rows), mentioned=bool(told), model=MODEL)
    assert decided.state == gold_state(told)
    assert decided.confidence > 0.5


@pytest.mark.parametrize(
    ("labels", "state"),
    [
        ([], UNMENTIONED),
        ([("context", False)], INTENT_ONLY),
        ([("target", True)], INTENT_ONLY),
        ([("initiative", False)], UNANCHORED),
        ([("initiative", False), ("commitment", False)], UNANCHORED),
        ([("initiative", False), ("target", True)], CONCRETE),
        ([("initiative", True)], CONCRETE),
    ],
)
def test_the_codebooks_section_four(labels: list[tuple[str, bool]], state: str) -> None:
    assert gold_state(labels) == state


def test_gaps_have_no_initiative() -> None:
    assert [state for state in STATES if is_gap(state)] == [UNMENTIONED, INTENT_ONLY]


@given(rows, some.randoms(use_true_random=False))
def test_order_does_not_matter(given_rows: list[Row], random: object) -> None:
    shuffled = list(given_rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    expected = state_probabilities(signals(given_rows), MODEL)
    assert state_probabilities(signals(shuffled), MODEL) == pytest.approx(expected, abs=1e-9)


@given(rows, rows)
def test_more_paragraphs_never_make_it_less_mentioned(given_rows: list[Row], more: list[Row]) -> None:
    before, after = (
        state_probabilities(signals(given_rows), MODEL),
        state_probabilities(signals(given_rows + more), MODEL),
    )
    assert after[UNMENTIONED] <= before[UNMENTIONED] + 1e-12
    assert after[UNMENTIONED] + after[INTENT_ONLY] <= before[UNMENTIONED] + before[INTENT_ONLY] + 1e-12


@given(rows, some.integers(6, 200))
def test_a_long_plan_is_no_louder_than_its_best_paragraphs(given_rows: list[Row], count: int) -> None:
    faint: list[Row] = [(0.05, 0.5, 0.0, True)]
    few, many = (state_probabilities(signals(given_rows + faint * number), MODEL) for number in (5, count))
    assert many == pytest.approx(few, abs=1e-9)


@given(rows, some.floats(0.5, 1.0))
def test_abstaining_says_uncertain_exactly_where_it_is(given_rows: list[Row], abstain: float) -> None:
    plain = pledge_state(signals(given_rows), mentioned=True, model=MODEL)
    asked = pledge_state(signals(given_rows), mentioned=True, model=MODEL, abstain=abstain)
    weighed = state_probabilities(signals(given_rows), MODEL)
    gap = weighed[UNMENTIONED] + weighed[INTENT_ONLY]
    assert asked.evidence == plain.evidence
    if max(gap, 1 - gap) < abstain:
        assert asked.state == UNCERTAIN
        assert 0.5 <= asked.confidence < abstain
    else:
        assert asked == plain


def test_a_false_gap_weighs_more_than_a_false_initiative() -> None:
    assert MODEL.threshold < 0.5


@given(rows)
def test_evidence_speaks_for_the_pledge(given_rows: list[Row]) -> None:
    evidence = pledge_state(signals(given_rows), mentioned=True, model=MODEL).evidence
    assert len(set(evidence)) == len(evidence) <= MOST_EVIDENCE
    assert all(given_rows[index][0] >= FAINT for index in evidence)


def test_an_anchored_initiative_stands_first_in_the_evidence() -> None:
    told: list[Row] = [(0.9, 0.0, 0.0, False), (0.9, 1.0, 0.0, False), (0.9, 1.0, 0.0, True), (0.05, 1.0, 0.0, True)]
    assert pledge_state(signals(told), mentioned=True, model=MODEL).evidence == (2, 1, 0)


@given(rows)
def test_unmentioned_is_what_no_paragraph_has_as_theme(given_rows: list[Row]) -> None:
    told = pledge_state(signals(given_rows), mentioned=False, model=MODEL)
    weighed = state_probabilities(signals(given_rows), MODEL)
    gap = weighed[UNMENTIONED] + weighed[INTENT_ONLY]
    if weighed[INTENT_ONLY] == pytest.approx(PERHAPS * gap):
        return  # rounding decides
    likely = weighed[INTENT_ONLY] > PERHAPS * gap
    assert told.state == (INTENT_ONLY if likely else UNMENTIONED)
    assert pledge_state(signals(given_rows), mentioned=True, model=MODEL).state != UNMENTIONED


@pytest.mark.parametrize("state", [*STATES, UNCERTAIN])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_reason_is_one_sentence(state: str, lang: str) -> None:
    sentence = reason(load_strategy().pledges[6], state, 2, 1, "12 i plan.pdf", lang)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "{" not in sentence
    assert "7" in sentence


@pytest.mark.parametrize(
    ("state", "mentions", "initiatives", "said", "unsaid"),
    [
        ("intent_only", 1, 0, "i ét afsnit, men det er ikke et konkret initiativ: afsnit 12", "ingen af dem"),
        ("intent_only", 2, 0, "2 afsnit, men ingen af dem", "ét"),
        ("intent_only", 0, 0, "muligvis", "afsnit,"),
        ("concrete", 3, 1, "mindst ét initiativ", "formentlig"),
        ("concrete", 3, 0, "formentlig et initiativ", "mindst ét"),
        ("unanchored", 3, 0, "formentlig et initiativ uden frist", "har et initiativ i"),
    ],
)
def test_a_reason_claims_no_more_than_was_found(
    state: str, mentions: int, initiatives: int, said: str, unsaid: str
) -> None:
    sentence = reason(load_strategy().pledges[6], state, mentions, initiatives, "12")
    assert said in sentence
    assert unsaid not in sentence


def test_what_speaks_for_an_initiative_shows_no_intention() -> None:
    """One paragraph may be a concrete initiative, or not be about the pledge: an intention is the least probable."""
    told = pledge_state(signals([(0.3, 0.97, 0.0, True)]), mentioned=False, model=MODEL)
    weighed = state_probabilities(signals([(0.3, 0.97, 0.0, True)]), MODEL)
    assert 1 - weighed[UNMENTIONED] > PERHAPS
    assert weighed[INTENT_ONLY] < weighed[UNMENTIONED] / 2
    assert told.state == UNMENTIONED


@given(rows, some.booleans())
def test_confidence_is_the_probability_of_the_state_shown(given_rows: list[Row], mentioned: bool) -> None:
    told = pledge_state(signals(given_rows), mentioned=mentioned, model=MODEL)
    assert told.confidence == pytest.approx(state_probabilities(signals(given_rows), MODEL)[told.state], abs=1e-9)


@pytest.mark.parametrize(
    ("state", "mentions", "why"),
    [
        ("concrete", 2, "et overset initiativ er den værste fejl"),
        ("unanchored", 2, "et overset initiativ er den værste fejl"),
        ("intent_only", 0, "en vag hensigt lettere overses"),
        ("intent_only", 2, "mindst ét afsnit er vurderet"),
        ("unmentioned", 0, "intet afsnit er vurderet"),
    ],
)
def test_a_state_less_probable_than_not_says_why_it_is_shown(state: str, mentions: int, why: str) -> None:
    pledge = load_strategy().pledges[6]
    assert why in reason(pledge, state, mentions, 1, "12", confidence=0.45)
    assert why not in reason(pledge, state, mentions, 1, "12", confidence=0.5)


def states(analysis: Analysis, document: str) -> list[tuple[str, str, float]]:
    table = analysis.pledges[analysis.pledges["document"] == document]
    return list(table[["pledge", "state", "confidence"]].itertuples(index=False, name=None))


@pytest.fixture
def plan(example_analysis: Analysis) -> Document:
    """The first paragraphs of the plan that ships."""
    paragraphs = example_analysis.paragraphs.head(20)
    blocks: list[Block] = []
    for row in paragraphs.to_dict("records"):
        blocks += [Block("heading", heading, level) for level, heading in enumerate(row["heading"], 1)]
        blocks.append(Block("prose", row["text"]))
    return build_document("plan", blocks)


def test_a_plan_given_twice_changes_no_state(plan: Document) -> None:
    copy = Document("kopi", plan.text, plan.paragraphs)
    twice = analyze([plan, copy])
    assert states(twice, "*") == states(twice, "plan") == states(twice, "kopi")
    covered = twice.coverage.set_index(["document", "pledge"])["coverage"]
    assert covered["*"].to_list() == pytest.approx(covered["plan"].to_list())


def test_a_paragraph_said_twice_changes_no_state() -> None:
    blocks = [Block("heading", "Trafik", 1), Block("prose", "I 2026 køber Movia 12 elbusser.")]
    once, twice = build_document("plan", blocks), build_document("plan", [*blocks, blocks[1]])
    assert states(analyze(once), "plan") == states(analyze(twice), "plan")


def test_the_order_of_plans_changes_no_state(example: Path) -> None:
    other = build_document("anden", [Block("prose", "Vi vil styrke indsatsen mod rygning blandt unge.")])
    read = read_document(example)
    one, two = analyze([read, other]), analyze([other, read])
    for (pledge, state, sure), (same, again, as_sure) in zip(states(one, "*"), states(two, "*"), strict=True):
        assert (pledge, state) == (same, again)
        assert sure == pytest.approx(as_sure, abs=2e-4)


def test_equal_words_under_other_headings_count_in_any_order() -> None:
    under_traffic = [Block("heading", "Busser og lokaltog", 1), Block("prose", "Movia begynder i 2026.")]
    under_psychiatry = [Block("heading", "Psykiatri", 1), Block("prose", "Movia begynder i 2026.")]
    one = analyze(build_document("plan", under_traffic + under_psychiatry))
    two = analyze(build_document("plan", under_psychiatry + under_traffic))
    assert states(one, "plan") == states(two, "plan")


def test_what_surrounds_a_web_page_hides_no_paragraph() -> None:
    text = "I 2026 køber Movia 12 elbusser."
    plain = analyze(build_document("plan", [Block("prose", text)]))
    page = analyze(build_document("plan", [Block("residue", text), Block("prose", text)]))
    assert states(page, "plan") == states(plain, "plan")
    best = page.coverage[page.coverage["document"] == "plan"]["best_paragraph"]
    assert set(best) == {1}
