"""Results that several tests look at, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

import strategitekst
from strategitekst.analysis import Analysis, analyze
from strategitekst.encoding import Encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The encoder that ships."""
    return Encoder()


@pytest.fixture(scope="session")
def example() -> Path:
    """The plan that ships."""
    return Path(strategitekst.__file__).parent / "examples" / "handleplan.md"


@pytest.fixture(scope="session")
def example_analysis(example: Path) -> Analysis:
    """The plan that ships, held against the default strategy."""
    return analyze(example)
