"""From similarities of an encoder to degrees of match: learnt from labelled pairs, one calibration an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from strategitekst.coverage import Calibration, Floats
from strategitekst.errors import ModelError
from strategitekst.persistence import load_model, save_model
from strategitekst.resources import model_path

if TYPE_CHECKING:
    from strategitekst.encoding import Encoder

MODEL = "coverage"


def fit_calibration(similarities: Floats, serves: NDArray[np.int64]) -> Calibration:
    """Learn how likely a paragraph serves a pledge, given its similarity to the nearest of the pledge's units.

    Args:
        similarities: Of pairs of paragraph and pledge, (pairs,).
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
    return Calibration(centre - intercept / slope * spread, slope / spread, middle_error)


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


def shipped_calibration(encoder: Encoder) -> Calibration | None:
    """Read the calibration that ships for an encoder, or None where there is none."""
    _, tensors = load_model(model_path(MODEL))
    values = tensors.get(encoder.fingerprint)
    if values is None:
        return None
    middle, slope, middle_error = (float(value) for value in values)
    return Calibration(middle, slope, middle_error)


def save_calibrations(folder: Path, fingerprints: Sequence[str], calibrations: Sequence[Calibration]) -> None:
    """Write calibrations, each under its encoder's fingerprint."""
    tensors = {
        fingerprint: np.array([each.middle, each.slope, each.middle_error], dtype=np.float64)
        for fingerprint, each in zip(fingerprints, calibrations, strict=True)
    }
    save_model(folder, {"encoders": list(fingerprints)}, tensors)
