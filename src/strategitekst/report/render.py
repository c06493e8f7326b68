"""The report: one HTML file that opens offline, asks the network for nothing and runs no script but its own."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from strategitekst.coverage import INTERVAL
from strategitekst.labels import Labels
from strategitekst.language.spans import ANCHOR_KINDS
from strategitekst.marks import UNREAD, in_order
from strategitekst.report.build import build_view
from strategitekst.report.pack import TableOfParagraphs, embed, pack
from strategitekst.report.rows import in_pieces, writable
from strategitekst.report.view import LEVELS, Limits
from strategitekst.status import CONCRETE, GAPS, STATES, UNANCHORED
from strategitekst.strategy import Strategy

if TYPE_CHECKING:
    import pandas as pd

ROWS_A_PAGE = 50
EVIDENCE_SHOWN = 5
PLANS_A_PIECE = 50
FEW_NAMES = 3
"""So many plans are named in a line of the summary."""
LISTED = 12
"""Longer lists of plans are folded away."""
WIDE_PLANS = 6
"""Up to so many plans stand side by side in the heat map; more of them stand below one another."""


def render_report(
    paragraphs: pd.DataFrame,
    coverage: pd.DataFrame,
    pledges: pd.DataFrame,
    documents: pd.DataFrame,
    manifest: Mapping[str, Any],
    strategy: Strategy,
    lang: str = "da",
    limits: Limits | None = None,
) -> str:
    """Render the tables of an analysis as one HTML page.

    Args:
        paragraphs: The table of paragraphs with the contract's columns; lists as lists, maps as dicts. Of a very large
            analysis a part of it will do, under its own row numbers: the page says how many are left out.
        coverage: The table of coverage.
        pledges: The table of pledge states.
        documents: The table of documents; the plans are shown in its order.
        manifest: Versions, fingerprints and options; shown as it is, nested as it is.
        strategy: The strategy that was analysed against.
        lang: The language of labels and reasons, ``da`` or ``en``. Texts and names stay as they are.
        limits: How much of a large analysis the page holds; the default ones if None.

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
    limits = limits or Limits()
    view, chosen = build_view(paragraphs, coverage, pledges, documents, strategy, labels, limits)
    table = TableOfParagraphs(paragraphs, chosen, view.plans, strategy, labels)
    pieces = table.pieces()
    style, script = _template("report.css"), _template("report.js")
    states = in_order(
        {*STATES, *(state for row in view.pledges for state in (row.overall.state, *row.states))} - {UNREAD}
    )
    context: dict[str, Any] = {
        "lang": lang,
        "view": view,
        "strategy": strategy,
        "manifest": manifest,
        "style": Markup(style),  # noqa: S704 - the package's own files, no text of a document
        "script": Markup(script),  # noqa: S704
        "policy": _policy(style, script),
        "key": Markup(embed(table.key(ROWS_A_PAGE))),  # noqa: S704 - escaped for a script element
        "pieces": pieces,
        "first_rows": table.first(ROWS_A_PAGE),
        "rows_shown": len(table),
        "open_plans": view.plans[: limits.open_plans],
        "packed_plans": len(view.plans[limits.open_plans :]),
        "states": states,
        "gap_states": GAPS,
        "unanchored": UNANCHORED,
        "concrete": CONCRETE,
        "anchors": ANCHOR_KINDS,
        "levels": LEVELS,
        "evidence_shown": EVIDENCE_SHOWN,
        "few_names": FEW_NAMES,
        "listed": LISTED,
        "side_by_side": len(view.plans) <= WIDE_PLANS,
        "interval": round(INTERVAL[1] - INTERVAL[0]),
        "scalar": _scalar,
    }
    environment = _environment(labels)
    packed = list(in_pieces(view.plans[limits.open_plans :], PLANS_A_PIECE))
    for kind in ("heat_row", "plan"):
        template = environment.get_template(f"{kind}.html")
        context[f"{kind}_pieces"] = [
            pack([writable(template.render(context, plan=plan)) for plan in plans]) for plans in packed
        ]
    return writable(environment.get_template("report.html").render(context))


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
    """Allow the page its own style and script by their hashes, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _scalar(value: object) -> str:
    """Write a value of the manifest: text as it is, all else as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
