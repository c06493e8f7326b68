"""Coverage: a weighted share between 0 and 1 that grows with what a plan says, and how sure it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

from strategitekst.assessment import make_yardstick
from strategitekst.calibration import calibrate_on_strategy, fit_calibration, save_calibrations
from strategitekst.coverage import Calibration, coverage
from strategitekst.encoding import Encoder
from strategitekst.errors import ModelError
from strategitekst.persistence import load_model
from strategitekst.strategy import bundled_strategies, load_strategy

Floats = NDArray[np.float64]
DIMENSIONS = 5


def unit_vectors(count: int, seed: int) -> Floats:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


seeds = some.integers(0, 2**32 - 1)
pledges = some.builds(unit_vectors, some.integers(1, 6), seeds)
plans = some.builds(unit_vectors, some.integers(0, 25), seeds)
spoken_plans = some.builds(unit_vectors, some.integers(1, 25), seeds)
calibrations = some.builds(Calibration, some.floats(0.1, 0.95), some.floats(1.0, 80.0), some.floats(0.0, 0.1))


def weights_of(units: Floats) -> Floats:
    return np.array([1.0 + number % 2 for number in range(len(units))])


@given(pledges, plans, calibrations)
def test_value_lies_in_its_interval(units: Floats, plan: Floats, calibration: Calibration) -> None:
    measured = coverage(units, weights_of(units), plan, calibration)
    assert 0.0 <= measured.low <= measured.value <= measured.high <= 1.0


def test_rounding_leaves_the_value_in_its_interval() -> None:
    """Without an error of the calibration one paragraph has an interval without width, which rounding could leave."""
    for seed in range(50):
        units, plan = unit_vectors(3, seed), unit_vectors(1, seed + 1000)
        measured = coverage(units, weights_of(units), plan, Calibration(0.3, 10.0))
        assert measured.low <= measured.value <= measured.high


@given(pledges, spoken_plans, spoken_plans, calibrations)
def test_more_paragraphs_never_lower_it(units: Floats, plan: Floats, more: Floats, calibration: Calibration) -> None:
    weights = weights_of(units)
    before = coverage(units, weights, plan, calibration).value
    assert coverage(units, weights, np.vstack([plan, more]), calibration).value >= before


@given(pledges, spoken_plans, calibrations, some.randoms(use_true_random=False))
def test_order_changes_nothing(units: Floats, plan: Floats, calibration: Calibration, random: object) -> None:
    order = np.arange(len(plan))
    random.shuffle(order)  # type: ignore[attr-defined]
    one = coverage(units, weights_of(units), plan, calibration)
    other = coverage(units, weights_of(units), plan[order], calibration)
    assert (other.value, other.low, other.high) == pytest.approx((one.value, one.low, one.high), abs=1e-9)
    assert one.best is not None
    assert order[other.best] == one.best


@given(pledges, spoken_plans, calibrations)
def test_saying_it_twice_changes_no_value(units: Floats, plan: Floats, calibration: Calibration) -> None:
    weights = weights_of(units)
    twice = coverage(units, weights, np.vstack([plan, plan]), calibration).value
    assert twice == pytest.approx(coverage(units, weights, plan, calibration).value, abs=1e-9)


@given(pledges, calibrations)
def test_an_empty_plan_covers_nothing(units: Floats, calibration: Calibration) -> None:
    measured = coverage(units, weights_of(units), np.empty((0, DIMENSIONS)), calibration)
    assert (measured.value, measured.low, measured.high, measured.best) == (0.0, 0.0, 0.0, None)


@given(pledges, calibrations)
def test_the_pledge_itself_is_covered_wholly(units: Floats, calibration: Calibration) -> None:
    assert coverage(units, weights_of(units), units, calibration).value == pytest.approx(1.0)


@given(pledges, spoken_plans, calibrations)
def test_equal_input_gives_equal_intervals(units: Floats, plan: Floats, calibration: Calibration) -> None:
    assert coverage(units, weights_of(units), plan, calibration) == coverage(
        units, weights_of(units), plan, calibration
    )


def test_weights_decide_the_share() -> None:
    units, calibration = np.eye(3), Calibration(0.8, 100.0)
    measured = coverage(units, np.array([2.0, 1.0, 1.0]), units[[0, 2]], calibration)
    assert measured.value == pytest.approx(0.75)
    assert measured.best == 0


def test_the_interval_is_wider_where_one_paragraph_carries_all() -> None:
    units, calibration = np.eye(2), Calibration(0.8, 100.0)
    often = coverage(units, np.ones(2), np.repeat(units, 10, axis=0), calibration)
    once = coverage(units, np.ones(2), units, calibration)
    assert once.high - once.low > often.high - often.low


@given(calibrations, some.lists(some.floats(-1, 1), min_size=2, max_size=20))
def test_degrees_grow_with_similarity(calibration: Calibration, similarities: list[float]) -> None:
    degrees = calibration.degree(np.sort(similarities))
    assert (np.diff(degrees) >= 0).all()
    assert ((degrees >= 0) & (degrees <= 1)).all()
    assert calibration.degree(np.array([1.0]))[0] == pytest.approx(1.0)


def test_a_calibration_finds_the_middle() -> None:
    generator = np.random.default_rng(0)
    similarities = generator.uniform(0.7, 0.95, 4000)
    serves = (generator.random(4000) < 1 / (1 + np.exp(-60 * (similarities - 0.85)))).astype(np.int64)
    fitted = fit_calibration(similarities, serves)
    assert fitted.middle == pytest.approx(0.85, abs=4 * fitted.middle_error)
    assert fitted.slope == pytest.approx(60, rel=0.15)
    assert 0 < fitted.middle_error < 0.005


def test_a_strategy_of_one_pledge_cannot_calibrate() -> None:
    with pytest.raises(ModelError, match="kalibrere"):
        calibrate_on_strategy([np.eye(3)])


def test_calibrations_are_kept_by_encoder(tmp_path: Path) -> None:
    save_calibrations(tmp_path, ["one", "two"], [Calibration(0.8, 50.0, 0.01), Calibration(0.3, 9.0, 0.02)])
    assert load_model(tmp_path)[1]["two"].tolist() == [0.3, 9.0, 0.02]


@pytest.mark.parametrize("name", bundled_strategies())
def test_a_plan_of_the_pledge_itself_covers_it(name: str, encoder: Encoder) -> None:
    strategy = load_strategy(name)
    yardstick = make_yardstick(strategy, encoder)
    for pledge, units, weights in zip(strategy.pledges, yardstick.units, yardstick.weights, strict=True):
        plan = encoder.encode([unit.text for unit in pledge.units()]).astype(np.float64)
        assert coverage(units, weights, plan, yardstick.calibration).value >= 0.95, pledge.id


def test_another_subject_covers_little(encoder: Encoder) -> None:
    yardstick = make_yardstick(load_strategy(), encoder)
    plan = encoder.encode(["Opskriften kræver to æg, mel og en knivspids salt."]).astype(np.float64)
    for units, weights in zip(yardstick.units, yardstick.weights, strict=True):
        assert coverage(units, weights, plan, yardstick.calibration).value < 0.2
