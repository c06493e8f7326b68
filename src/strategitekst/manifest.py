"""What decided a result: versions, fingerprints, options and times, so that it can be reproduced and defended."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from strategitekst.language.pipeline import pipeline_version

if TYPE_CHECKING:
    from strategitekst.classification import Classifier
    from strategitekst.encoding import Encoder
    from strategitekst.strategy import Strategy

PACKAGES = ("numpy", "onnxruntime", "pandas", "scikit-learn", "spacy", "tokenizers")


def describe_models(classifier: Classifier, encoder: Encoder) -> dict[str, Any]:
    """Name the models and what tells them from others.

    Args:
        classifier: What tells themes and statements.
        encoder: What coverage is measured with.

    Returns:
        What JSON can hold.
    """
    return {
        "encoder": {"name": classifier.encoder.name, "fingerprint": classifier.encoder.fingerprint},
        "coverage_encoder": {"name": encoder.name, "fingerprint": encoder.fingerprint},
        **classifier.models(),
        "pipeline": pipeline_version(classifier.pipeline),
    }


def make_manifest(
    strategy: Strategy, models: Mapping[str, Any], started: datetime, statuses: Iterable[str]
) -> dict[str, Any]:
    """Describe a run.

    Args:
        strategy: What the documents were held against.
        models: What ``describe_models`` gave.
        started: When the run began.
        statuses: The status of each document.

    Returns:
        What JSON can hold.
    """
    finished = datetime.now(UTC)
    counts = Counter(statuses)
    return {
        "strategitekst": version("strategitekst"),
        "python": platform.python_version(),
        "packages": {package: version(package) for package in PACKAGES},
        "strategy": {"id": strategy.id, "name": strategy.name, "fingerprint": strategy.fingerprint},
        "models": dict(models),
        "documents": {"ok": counts["ok"], "failed": counts.total() - counts["ok"]},
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 1),
    }
