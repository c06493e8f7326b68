"""What stands around a paragraph counts: its section for a theme, other themes against it, the order for nothing."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from strategitekst.surroundings import Surroundings, evidence
from strategitekst.surroundings_training import Places, see_among_others, train_surroundings

USUAL = np.array([0.2, 0.1, 0.1])
AROUND = Surroundings((1.0, 0.7, -0.2), np.zeros(3), USUAL)
PROBABILITIES = arrays(np.float64, st.tuples(st.integers(1, 8), st.just(3)), elements=st.floats(0.0, 1.0))


@settings(deadline=None)
@given(PROBABILITIES, st.randoms(use_true_random=False))
def test_the_order_of_paragraphs_changes_nothing(alone: np.ndarray, random: Random) -> None:
    sections = [random.choice("ab") for _ in alone]
    order = list(range(len(alone)))
    random.shuffle(order)
    told = AROUND.probabilities(alone, sections)
    again = AROUND.probabilities(alone[order], [sections[row] for row in order])
    np.testing.assert_array_equal(again, told[order])


@settings(deadline=None)
@given(PROBABILITIES)
def test_a_paragraph_by_itself_has_no_section(alone: np.ndarray) -> None:
    own, section, _rival = evidence(alone[:1], ["a"], USUAL)
    assert own.shape == (1, 3)
    np.testing.assert_allclose(section, 0.0, atol=1e-9)


def test_a_section_speaks_for_its_theme_and_a_rival_against() -> None:
    short = [0.3, 0.1, 0.0]
    buses, nature = [0.9, 0.0, 0.0], [0.0, 0.0, 0.9]
    alone = np.array([short, buses, buses, short, nature, nature])
    told = AROUND.probabilities(alone, ["buses"] * 3 + ["nature"] * 3)
    assert told[0, 0] > told[3, 0]
    sure = AROUND.probabilities(np.array([[0.5, 0.9, 0.0]]), ["a"])[0, 0]
    assert sure < AROUND.probabilities(np.array([[0.5, 0.0, 0.0]]), ["a"])[0, 0]


def test_a_strategy_of_one_theme_is_not_told_by_missing_rivals() -> None:
    around = Surroundings((1.0, 0.7, -0.2), np.zeros(1), np.full(1, 0.05))
    one, two = (around.probabilities(np.array([row]), ["a"])[0, 0] for row in ([0.3], [0.3, 0.05]))
    assert one == pytest.approx(two)


def make_plans(plans: int) -> tuple[np.ndarray, np.ndarray, Places]:
    """Plans of two sections, each with one theme, read by a head that is often unsure."""
    draw = np.random.default_rng(0)
    gold, alone, plan, section = [], [], [], []
    for number in range(plans):
        for part, theme in enumerate(draw.permutation(3)[:2]):
            for _ in range(6):
                gold.append(np.eye(3)[theme])
                scores = draw.normal(0.0, 1.2, 3) - 1.5 + 2.5 * np.eye(3)[theme]
                alone.append(1 / (1 + np.exp(-scores)))
                plan.append(number)
                section.append(part)
    writers = [f"w{number % 6}" for number in plan]
    return np.array(alone), np.array(gold), Places(np.array(plan), section, writers)


@pytest.mark.parametrize("pooled", [False, True])
def test_sections_are_learnt_to_count(pooled: bool) -> None:
    alone, gold, places = make_plans(40)
    around, seen = train_surroundings(alone, gold, places, pooled=pooled)
    assert around.weights[1] > 0 > around.weights[2]
    by_itself, among = (float(((each >= 0.5) == gold).mean()) for each in (alone, seen))
    assert among > by_itself + 0.03
    fitted = see_among_others(around, alone, places)
    assert np.abs(fitted - seen).mean() < 0.05
    again = Surroundings.from_state("s", *((state := around.state("s"))[0], state[1]))
    np.testing.assert_allclose(see_among_others(again, alone, places), fitted)
