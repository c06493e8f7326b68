"""What notebooks show of an analysis: in a sentence, as a heat map, and the gaps with their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from strategitekst.display import framed, heat_map, named, rows, sign
from strategitekst.labels import Labels
from strategitekst.status import ALL, is_gap
from strategitekst.strategy import Strategy
from strategitekst.told import ReasonTeller

if TYPE_CHECKING:
    import pandas as pd

MOST_GAPS = 100
"""So many gaps of single plans are listed."""


def analysis_html(tables: Mapping[str, pd.DataFrame], strategy: Strategy, lang: str = "da") -> str:
    """Show an analysis.

    Args:
        tables: The four tables by name.
        strategy: What the documents were held against.
        lang: ``da`` or ``en``.

    Returns:
        HTML; of very many plans the first ones, with a word on the rest.
    """
    import pandas as pd

    t = Labels(lang)
    documents = tables["documents"]
    joined = tables["pledges"].merge(tables["coverage"], on=["document", "pledge"], how="left")
    records = joined.to_dict("records")
    names = {pledge.id: pledge.name for pledge in strategy.pledges}
    order = {pledge: place for place, pledge in enumerate(names)}
    cells = {
        (str(row["document"]), str(row["pledge"])): (str(row["state"]), _share(row["coverage"]), is_gap(row["state"]))
        for row in records
    }
    read = int((documents["status"] == "ok").sum()) if len(documents) else 0
    overall = [row for row in records if row["document"] == ALL and row["pledge"] in order]
    gaps = sorted((row for row in overall if is_gap(row["state"])), key=lambda row: order[row["pledge"]])
    parts: list[str] = [Markup("<h3>{}</h3>").format(strategy.name)]
    if not read:
        return framed(*parts, Markup("<p>{}</p>").format(t("summary.nothing")))
    key = "summary.gaps_of_one" if read == 1 else "summary.gaps"
    finding = t.count(key, len(gaps), total=len(names)) if gaps else t(f"{key}.none", total=len(names))
    figures = t(
        "summary.figures",
        read=t.count("summary.read", read),
        paragraphs=t.count("unit.paragraph", int(documents["paragraphs"].sum())),
    )
    parts += [Markup("<p><strong>{}</strong> <span class='quiet'>{}</span></p>").format(finding, figures)]
    parts += [heat_map(names, [str(name) for name in documents["document"]], cells, t)]
    by_plan = [row for row in records if row["document"] != ALL and row["pledge"] in order and is_gap(row["state"])]
    if gaps or by_plan:
        # The paragraphs, which may be very many and still on disk, are only needed to translate.
        tell = ReasonTeller(pd.DataFrame() if lang == "da" else tables["paragraphs"], strategy, t)
        parts += [Markup("<h3>{}</h3>").format(t("display.gaps"))] if gaps or read > 1 else []
        parts += [_gap_table(gaps, names, tell, t)] if gaps else []
        if read > 1 and by_plan:
            parts += [_folded(by_plan, names, tell, t)]
    return framed(*parts)


def _folded(by_plan: list[Any], names: dict[str, str], tell: ReasonTeller, t: Labels) -> Markup:
    """Fold the gaps of single plans away, as many as a notebook should hold."""
    left = len(by_plan) - MOST_GAPS
    return Markup("<details><summary>{}</summary>{}<p class='quiet'>{}</p></details>").format(
        t("display.gaps_by_plan", number=t.number(len(by_plan))),
        _gap_table(by_plan[:MOST_GAPS], names, tell, t, plans=True),
        t("display.more_gaps", number=t.number(left)) if left > 0 else "",
    )


def _gap_table(gaps: list[Any], names: dict[str, str], tell: ReasonTeller, t: Labels, *, plans: bool = False) -> Markup:
    return rows(
        [
            *([t("column.plan")] if plans else []),
            t("column.pledge"),
            t("column.state"),
            t("column.sure"),
            t("column.reason"),
        ],
        [
            (
                *([str(row["document"])] if plans else []),
                named(row["pledge"], names[row["pledge"]]),
                sign(row["state"], t, gap=True),
                t("summary.sure", words=t.certainty(row["confidence"]), percent=t.probability(row["confidence"])),
                tell(row, *(int(_share(row[name]) or 0) for name in ("paragraphs", "initiatives"))),
            )
            for row in gaps
        ],
    )


def _share(value: Any) -> float | None:
    import pandas as pd

    return None if pd.isna(value) else float(value)
