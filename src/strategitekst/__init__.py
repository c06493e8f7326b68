"""Check Danish policy documents against a strategy, paragraph by paragraph.

Example:
    >>> import strategitekst as st
    >>> result = st.classify("Fra 2024 rykker to nye ambulancer ud fra Nakskov.")
    >>> result.themes, result.statement
    (('P2',), 'initiative')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from strategitekst.analysis import Analysis, analyze, load_analysis
    from strategitekst.calibration import calibrate
    from strategitekst.classification import Classification, classify
    from strategitekst.differences import diff
    from strategitekst.document import Document
    from strategitekst.encoding import Encoder
    from strategitekst.errors import StrategitekstError
    from strategitekst.own_training import train
    from strategitekst.ranking import relevance
    from strategitekst.reading import Limits, read_document
    from strategitekst.strategy import Strategy, load_strategy
    from strategitekst.strategy_reading import read_strategy

__all__ = [
    "Analysis",
    "Classification",
    "Document",
    "Encoder",
    "Limits",
    "StrategitekstError",
    "Strategy",
    "analyze",
    "calibrate",
    "classify",
    "diff",
    "load_analysis",
    "load_strategy",
    "plot_compare",
    "plot_coverage",
    "plot_specificity",
    "plot_states",
    "plot_themes_over_years",
    "read_document",
    "read_strategy",
    "relevance",
    "train",
]

_HOMES = {
    "Analysis": "analysis",
    "Classification": "classification",
    "Document": "document",
    "Encoder": "encoding",
    "Limits": "reading",
    "StrategitekstError": "errors",
    "Strategy": "strategy",
    "analyze": "analysis",
    "calibrate": "calibration",
    "classify": "classification",
    "diff": "differences",
    "load_analysis": "analysis",
    "load_strategy": "strategy",
    "plot_compare": "plots",
    "plot_coverage": "plots",
    "plot_specificity": "plots",
    "plot_states": "plots",
    "plot_themes_over_years": "plots",
    "read_document": "reading",
    "read_strategy": "strategy_reading",
    "relevance": "ranking",
    "train": "own_training",
}


def __getattr__(name: str) -> Any:
    # Names load their modules on first use: importing the package must not take seconds for spaCy and scikit-learn.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
