"""From similarities of an encoder to degrees of match: learnt from labelled pairs, one calibration an encoder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from strategitekst.coverage import Calibration, Floats
from strategitekst.encoding import default_cache
from strategitekst.errors import ModelError
from strategitekst.features import context
from strategitekst.persistence import CONFIG, FORMAT_VERSION
from strategitekst.resources import model_path
from strategitekst.strategy import Strategy, load_strategy

if TYPE_CHECKING:
    from strategitekst.corpus import LabelledDocument
    from strategitekst.encoding import Encoder

MODEL = "coverage"


def fit_calibration(similarities: Floats, serves: NDArray[np.int64]) -> Calibration:
    """Learn how much more frequent a similarity is among paragraphs that serve a pledge than among the others.

    How many of the pairs serve each other is left out of it: how probable a paragraph is to serve a pledge is for the
    classifier to say, what similarity adds is for the calibration.

    Args:
        similarities: Of pairs of paragraph and pledge to the nearest of the pledge's units, (pairs,).
        serves: 1 where the paragraph has the pledge as theme, else 0.

    Returns:
        The calibration; the standard error comes from the regression's information matrix.

    Example:
        >>> fitted = fit_calibration(np.array([0.7, 0.75, 0.8, 0.82, 0.88, 0.9]), np.array([0, 0, 1, 0, 1, 1]))
        >>> bool(0.75 < fitted.middle < 0.88)
        True
    """
    from sklearn.linear_model import LogisticRegression

    centre, spread = similarities.mean(), similarities.std()
    rows = ((similarities - centre) / spread)[:, None]
    model = LogisticRegression(C=1e3).fit(rows, serves)
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    probabilities = model.predict_proba(rows)[:, 1]
    information = np.einsum("n,ni,nj->ij", probabilities * (1 - probabilities), *[np.hstack([rows, rows**0])] * 2)
    errors = np.linalg.inv(information)
    gradient = np.array([intercept / slope**2, -1.0 / slope])
    middle_error = float(np.sqrt(gradient @ errors @ gradient)) * spread
    even = intercept - float(np.log(serves.mean() / (1.0 - serves.mean())))
    return Calibration(float(centre - even / slope * spread), float(slope / spread), float(middle_error))


def calibrate_on_strategy(units: Sequence[NDArray[np.float64]]) -> Calibration:
    """Learn a calibration for an encoder that none ships for, from the strategy's own words.

    Each unit takes the part of a paragraph: it serves its own pledge, told by the other units there, and no other.

    Args:
        units: For each pledge the vectors of its units, (units, dimensions).

    Returns:
        The calibration; rougher than one from labelled plans, since units are shorter and purer than paragraphs.

    Raises:
        ModelError: The strategy has too little text: fewer than two pledges of two units.
    """
    similarities, serves = [], []
    for number, own in enumerate(units):
        for other, theirs in enumerate(units):
            cosines = own @ theirs.T
            if other == number:
                cosines = cosines - 2.0 * np.eye(len(own))
            if cosines.shape[1] > (other == number):
                similarities += cosines.max(axis=1).tolist()
                serves += [int(other == number)] * len(own)
    if len(set(serves)) < 2:
        raise ModelError("Strategien har for lidt tekst til at kalibrere en ny encoder: giv løfterne beskrivelser")
    return fit_calibration(np.array(similarities), np.array(serves))


def calibrate(
    encoder: Encoder,
    *,
    documents: Sequence[LabelledDocument] | None = None,
    strategy: Strategy | None = None,
    keep: bool = True,
) -> Calibration:
    """Learn what similarities of an encoder are worth, so that coverage measured with it means what it always means.

    Args:
        encoder: The encoder.
        documents: Labelled plans to learn from; if None, the strategy's own words, which is rougher: units are shorter
            and purer than paragraphs.
        strategy: Whose pledges the labels name; the default strategy if None.
        keep: Whether to keep the calibration for the user, under the encoder's fingerprint, so that ``analyze`` finds
            it.

    Returns:
        The calibration.

    Raises:
        ModelError: The encoder cannot be loaded, or there is too little text to learn from.

    Example:
        >>> from strategitekst.encoding import Encoder
        >>> 0.7 < calibrate(Encoder(), keep=False).middle < 0.95
        True
    """
    strategy = strategy or load_strategy()
    units = [
        encoder.encode([unit.text for unit in pledge.units()], "query").astype(np.float64)
        for pledge in strategy.pledges
    ]
    if documents is None:
        learnt = calibrate_on_strategy(units)
    else:
        paragraphs = [each for document in documents for each in document.paragraphs]
        serves = np.array([[pledge.id in each.themes for pledge in strategy.pledges] for each in paragraphs], dtype=int)
        if len(np.unique(serves)) < 2:
            raise ModelError("Der er ingen mærkede afsnit at kalibrere på: angiv mærkede planer, eller udelad dem")
        vectors = encoder.encode([context(each.paragraph) for each in paragraphs]).astype(np.float64)
        nearest = np.stack([(vectors @ own.T).max(axis=1) for own in units], axis=1)
        learnt = fit_calibration(nearest.ravel(), serves.ravel())
    if learnt.slope <= 0:
        raise ModelError(f"{encoder!r} skelner ikke mellem strategiens løfter: vælg en anden encoder")
    if keep:
        kept = user_calibrations()
        known = _read(kept) | {encoder.fingerprint: learnt}
        save_calibrations(kept, known)
    return learnt


def find_calibration(encoder: Encoder, folder: Path | None = None) -> Calibration:
    """Read the calibration of an encoder: the one that ships, or the one that ``calibrate`` kept for the user.

    Args:
        encoder: The encoder.
        folder: Where to look first; where those lie that ship if None.

    Raises:
        ModelError: There is none.
    """
    shipped = model_path(MODEL)
    read = (_read(each).get(encoder.fingerprint) for each in (folder or shipped, shipped))
    found = next(filter(None, read), None) or _read(user_calibrations()).get(encoder.fingerprint)
    if found is None:
        raise ModelError(
            f"Der er ingen kalibrering til {encoder!r}, så dækning målt med den ville intet sige: "
            "kør st.calibrate(encoder) én gang først"
        )
    return found


def user_calibrations() -> Path:
    """Return the folder of the calibrations that ``calibrate`` kept, beside the cache of vectors."""
    return default_cache().parent / "calibrations"


def _read(folder: Path) -> dict[str, Calibration]:
    try:
        content = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        return {fingerprint: Calibration(**numbers) for fingerprint, numbers in content["encoders"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder} er beskadiget ({error}): slet mappen, og kør st.calibrate igen") from error


def save_calibrations(folder: Path, calibrations: Mapping[str, Calibration]) -> None:
    """Write calibrations, each under its encoder's fingerprint."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"format_version": FORMAT_VERSION, "encoders": {key: asdict(each) for key, each in calibrations.items()}}
    (folder / CONFIG).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
