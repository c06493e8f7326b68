"""The report: one HTML file that opens offline, asks the network for nothing and runs no script but its own."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from strategitekst.coverage import INTERVAL
from strategitekst.labels import Labels
from strategitekst.report.view import ANCHORS, LEVELS, Paragraph, ReportView, build_view
from strategitekst.status import CONCRETE, GAPS, STATES, UNANCHORED
from strategitekst.strategy import Strategy

if TYPE_CHECKING:
    import pandas as pd

ROWS_A_PAGE = 100
EVIDENCE_SHOWN = 5
LISTED = 12
"""Longer lists of plans are folded away."""
WIDE_PLANS = 6
"""Up to so many plans stand side by side in the heat map; more of them stand below one another."""

# HTML cannot hold a NUL, and no file can be written with the halves of UTF-16 pairs that broken PDFs yield.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
# Within a script element, these could end it or start a comment; JSON reads the escapes as the same characters.
_SCRIPT_ESCAPES = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"})


def render_report(
    paragraphs: pd.DataFrame,
    coverage: pd.DataFrame,
    pledges: pd.DataFrame,
    documents: pd.DataFrame,
    manifest: Mapping[str, Any],
    strategy: Strategy,
    lang: str = "da",
) -> str:
    """Render the tables of an analysis as one HTML page.

    Args:
        paragraphs: The table of paragraphs with the contract's columns; lists as lists, maps as dicts.
        coverage: The table of coverage.
        pledges: The table of pledge states.
        documents: The table of documents; the plans are shown in its order.
        manifest: Versions, fingerprints and options; shown as it is, nested as it is.
        strategy: The strategy that was analysed against.
        lang: The language of the labels, ``da`` or ``en``. Texts, names and reasons stay as they are.

    Returns:
        The page. The same input gives the same page, byte for byte.

    Raises:
        UsageError: If there are no labels in the language.
        KeyError: If a table lacks a column, or evidence names a paragraph that is not there.

    Example:
        >>> import pandas as pd
        >>> from strategitekst.strategy import load_strategy
        >>> empty = pd.DataFrame()
        >>> page = render_report(empty, empty, empty, empty, {}, load_strategy())
        >>> page.startswith("<!doctype html>"), "</html>" in page
        (True, True)
    """
    labels = Labels(lang)
    view = build_view(paragraphs, coverage, pledges, documents, strategy)
    style, script = _template("report.css"), _template("report.js")
    page = (
        _environment(labels)
        .get_template("report.html")
        .render(
            lang=lang,
            view=view,
            strategy=strategy,
            manifest=manifest,
            style=Markup(style),  # noqa: S704 - the package's own files, no text of a document
            script=Markup(script),  # noqa: S704
            policy=_policy(style, script),
            data=Markup(_embedded(_table_data(view, strategy, labels))),  # noqa: S704 - escaped for a script element
            states=STATES,
            gap_states=GAPS,
            unanchored=UNANCHORED,
            concrete=CONCRETE,
            anchors=ANCHORS,
            levels=LEVELS,
            evidence_shown=EVIDENCE_SHOWN,
            listed=LISTED,
            side_by_side=len(view.plans) <= WIDE_PLANS,
            interval=round(INTERVAL[1] - INTERVAL[0]),
            scalar=_scalar,
        )
    )
    return _UNWRITABLE.sub("\ufffd", page)


def _template(name: str) -> str:
    # read_text turns every line end into \n, as the browser's parser does before it takes the hash.
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")


def _environment(labels: Labels) -> Environment:
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["t"] = labels
    return environment


def _policy(style: str, script: str) -> str:
    """Allow the page its own style and script by their hashes, embedded images, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _embedded(value: object) -> str:
    """Write JSON that nothing in it can break out of a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_SCRIPT_ESCAPES)


def _table_data(view: ReportView, strategy: Strategy, labels: Labels) -> dict[str, Any]:
    """Gather what the table of all paragraphs is drawn from; what recurs is numbered to keep the file small."""
    themes, statements, headings = _Numbers(strategy.themes), _Numbers(labels.group("statement")), _Numbers(())
    rows = [_table_row(paragraph, themes, statements, headings) for paragraph in view.paragraphs]
    return {
        "pageSize": ROWS_A_PAGE,
        "labels": labels.group("table") | {f"figure.{key}": text for key, text in labels.group("figure").items()},
        "plans": [plan.name for plan in view.plans],
        "themes": list(themes),
        "statements": list(statements),
        "statementLabels": [labels.named("statement", name) for name in statements],
        "anchors": [labels(f"anchor.{anchor}") for anchor in ANCHORS],
        "headings": list(headings),
        "rows": rows,
    }


class _Numbers(dict[str, int]):
    """Numbers names from 0 in the order in which they are first met."""

    def __init__(self, names: Any) -> None:
        super().__init__({name: number for number, name in enumerate(names)})

    def __missing__(self, name: str) -> int:
        self[name] = len(self)
        return self[name]


def _table_row(paragraph: Paragraph, themes: _Numbers, statements: _Numbers, headings: _Numbers) -> list[Any]:
    return [
        paragraph.plan,
        paragraph.number,
        paragraph.page,
        headings[" › ".join(paragraph.heading)],
        paragraph.text,
        [themes[theme] for theme in paragraph.themes],
        [_percent(paragraph.theme_scores.get(theme)) for theme in paragraph.themes],
        statements[paragraph.statement],
        _percent(paragraph.statement_score),
        _percent(paragraph.specificity),
        [paragraph.anchors[anchor] for anchor in ANCHORS],
    ]


def _percent(value: float | None) -> int | None:
    return None if value is None else round(100 * value)


def _scalar(value: object) -> str:
    """Write a value of the manifest: text as it is, all else as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
