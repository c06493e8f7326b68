"""Coverage: a weighted share between 0 and 1 that grows with what a plan says, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer

from strategitekst.analysis import analyze
from strategitekst.assessment import make_yardstick
from strategitekst.calibration import calibrate, calibrate_on_strategy, find_calibration, fit_calibration
from strategitekst.coverage import DOUBT, TOP, Calibration, coverage
from strategitekst.document import Block, build_document
from strategitekst.encoding import Encoder, Prompt
from strategitekst.errors import ModelError
from strategitekst.reading import read_document
from strategitekst.strategy import bundled_strategies, load_strategy

Floats = NDArray[np.float64]
DIMENSIONS = 5


def unit_vectors(count: int, seed: int) -> Floats:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


class SmallEncoder(Encoder):
    """Another encoder: hashed letter n-grams, thrown onto a few dimensions."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.seed = seed

    @property
    def fingerprint(self) -> str:
        return f"small-{self.seed}"

    def encode(
        self, texts: Sequence[str], prompt: Prompt = "passage", *, progress: Callable[[int], object] | None = None
    ) -> NDArray[np.float32]:
        counts = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=4096).transform(texts)
        shadow = np.random.default_rng(self.seed).normal(size=(4096, 256))
        vectors = np.asarray(counts @ shadow, dtype=np.float32)
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


OTHER_PLAN = (
    "I 2026 køber Movia 12 elbusser, og lokaltogene kører på batteri fra 2027.",
    "Vi vil styrke indsatsen mod rygning blandt unge.",
    "Fra 2024 rykker to nye ambulancer ud fra Nakskov.",
    "Sygeplejerskeuddannelsen får 40 nye studiepladser i Nykøbing.",
)

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


@given(pledges, spoken_plans, spoken_plans, calibrations, seeds)
def test_more_paragraphs_never_lower_it_whatever_they_serve(
    units: Floats, plan: Floats, more: Floats, calibration: Calibration, seed: int
) -> None:
    weights, serves = weights_of(units), np.random.default_rng(seed).random(len(plan) + len(more))
    before = coverage(units, weights, plan, calibration, serves=serves[: len(plan)]).value
    after = coverage(units, weights, np.vstack([plan, more]), calibration, serves=serves).value
    assert after >= before - 1e-12


@given(pledges, calibrations)
def test_the_pledges_own_words_count_whatever_the_classifier_thinks(units: Floats, calibration: Calibration) -> None:
    measured = coverage(units, weights_of(units), units, calibration, serves=np.full(len(units), 0.01))
    assert measured.value == pytest.approx(1.0)


@given(pledges, spoken_plans)
def test_what_does_not_serve_the_pledge_takes_up_nothing(units: Floats, plan: Floats) -> None:
    steep = Calibration(0.95, 80.0)
    assert coverage(units, weights_of(units), plan * 0.9, steep, serves=np.full(len(plan), 0.1)).value < 0.1


def test_intervals_hold_the_truth_at_their_stated_rate() -> None:
    """The world draws which paragraphs serve the pledge, and the true middle; the interval knows only how probable."""
    held, trials = 0, 400
    for seed in range(trials):
        world = np.random.default_rng(seed)
        units, plan = (
            unit_vectors(int(world.integers(2, 9)), seed),
            unit_vectors(int(world.integers(3, 30)), seed + 10**6),
        )
        probable, calibration = world.random(len(plan)), Calibration(0.5, 8.0, 0.02)
        measured = coverage(units, weights_of(units), plan, calibration, serves=probable, seed=seed)
        serves = (world.random(len(plan)) < (probable - DOUBT) / (1 - DOUBT)).astype(float)
        middle = calibration.middle + world.normal(0.0, calibration.middle_error)
        # The truth by the definition: what each unit's best paragraphs leave of it, had we known who serves it.
        degrees = calibration.degree(units @ plan.T, middle - calibration.middle)
        expected = calibration.degree(units @ plan.T) * np.maximum(probable - DOUBT, 0) / (1 - DOUBT)
        best = np.argsort(-expected, axis=1)[:, :TOP]
        left = 1 - np.take_along_axis(degrees * serves, best, axis=1)
        truth = float(weights_of(units) @ (1 - left.prod(axis=1)) / weights_of(units).sum())
        held += measured.low - 1e-9 <= truth <= measured.high + 1e-9
    assert 0.86 <= held / trials <= 0.97


def test_the_interval_is_wider_where_it_is_uncertain_who_serves_the_pledge() -> None:
    units, calibration = np.eye(2), Calibration(0.8, 100.0)
    sure = coverage(units, np.ones(2), units, calibration, serves=np.array([0.99, 0.99]))
    unsure = coverage(units, np.ones(2), 0.9 * units, calibration, serves=np.array([0.6, 0.6]))
    assert unsure.high - unsure.low > sure.high - sure.low


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
    even = 0.85 + np.log(serves.mean() / (1 - serves.mean())) / 60  # where both are as frequent
    assert fitted.middle == pytest.approx(even, abs=4 * fitted.middle_error)
    assert fitted.slope == pytest.approx(60, rel=0.15)
    assert 0 < fitted.middle_error < 0.005


def test_a_strategy_of_one_pledge_cannot_calibrate() -> None:
    with pytest.raises(ModelError, match="kalibrere"):
        calibrate_on_strategy([np.eye(3)])


def test_calibrations_are_kept_by_encoder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STRATEGITEKST_CACHE", str(tmp_path))
    small = SmallEncoder()
    with pytest.raises(ModelError, match=r"st\.calibrate"):
        find_calibration(small)
    learnt = calibrate(small)
    assert find_calibration(small) == learnt
    other = calibrate(SmallEncoder(seed=1))
    assert find_calibration(small) == learnt != other


def test_a_damaged_calibration_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STRATEGITEKST_CACHE", str(tmp_path))
    calibrate(SmallEncoder())
    next(tmp_path.rglob("config.json")).write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="beskadiget"):
        find_calibration(SmallEncoder())


def test_two_encoders_measure_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, example: Path) -> None:
    monkeypatch.setenv("STRATEGITEKST_CACHE", str(tmp_path))
    plans = [read_document(example), build_document("anden", [Block("prose", text) for text in OTHER_PLAN])]
    calibrate(SmallEncoder())
    shipped, small = analyze(plans).coverage, analyze(plans, encoder=SmallEncoder()).coverage
    assert np.corrcoef(shipped["coverage"], small["coverage"])[0, 1] >= 0.9


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
