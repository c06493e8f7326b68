"""Plans beside plans: groups of plans, and one plan in two versions; every difference with its interval."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.duplicates import near_duplicates
from strategitekst.errors import UsageError
from strategitekst.status import ALL, GAPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

DRAWS = 1000
INTERVAL = (5.0, 95.0)
_NORMAL_WIDTH = 3.29  # a 90 % interval of a normal distribution in standard deviations
DIFF_KEYS = ("old", "new")


@dataclass(frozen=True)
class Difference:
    """What changed from one version of a plan to the next.

    Attributes:
        pledges: A row a pledge: ``state_before``, ``state_after``, ``moved``, ``coverage_before``, ``coverage_after``,
            ``difference`` with its 90 % interval ``low`` and ``high``.
        paragraphs: A row a paragraph that ``came``, ``went`` or ``changed``: ``text_before``, ``text_after``,
            ``themes``, ``statement``.
    """

    pledges: pd.DataFrame = field(repr=False)
    paragraphs: pd.DataFrame = field(repr=False)

    def __repr__(self) -> str:
        changes = self.paragraphs["change"].value_counts().to_dict()
        return f"Difference({changes}, moved={self.pledges.loc[self.pledges['moved'], 'pledge'].to_list()})"


def compare_groups(
    coverage: pd.DataFrame, pledges: pd.DataFrame, groups: Mapping[str, object], *, seed: int = 0
) -> pd.DataFrame:
    """Measure each pledge in groups of plans, and how far each group lies from the other plans.

    Args:
        coverage: The table of coverage.
        pledges: The table of pledges.
        groups: The group of each plan by its name; plans without one, or with a missing one, are left out.
        seed: Of the draws.

    Returns:
        A row a group and pledge: ``plans``, mean ``coverage`` with ``low`` and ``high``, share of ``gaps`` with
        ``gaps_low`` and ``gaps_high``, and ``difference`` in coverage from the mean of the other groups' plans with
        ``difference_low`` and ``difference_high``; missing where there are no others. The intervals hold 90 %: plans
        are drawn anew with replacement, and each plan's coverage by its own uncertainty.
    """
    import pandas as pd

    group = coverage["document"].map(dict(groups))
    rows = coverage[group.notna() & (coverage["document"] != ALL)].assign(group=group)
    if rows.empty:
        raise UsageError("Ingen af planerne har en gruppe: tjek, at metadata nævner planerne ved deres navn")
    state = pledges.set_index(["document", "pledge"])["state"]
    found = []
    for pledge, some in rows.groupby("pledge", sort=False):
        flagged = state.reindex(pd.MultiIndex.from_arrays([some["document"], some["pledge"]])).isin(GAPS).to_numpy()
        value, spread = some["coverage"].to_numpy(), ((some["high"] - some["low"]) / _NORMAL_WIDTH).to_numpy()
        names = some["group"].to_numpy()
        for name in dict.fromkeys(names.tolist()):
            inside = names == name
            own = _draw_means(value[inside], spread[inside], np.random.default_rng(seed))
            row = {
                "group": name,
                "pledge": pledge,
                "plans": int(inside.sum()),
                "coverage": float(value[inside].mean()),
                **_ends(own, "low", "high"),
                "gaps": float(flagged[inside].mean()),
                **_share_interval(int(flagged[inside].sum()), int(inside.sum())),
                "difference": np.nan,
                "difference_low": np.nan,
                "difference_high": np.nan,
            }
            if not inside.all():
                others = _draw_means(value[~inside], spread[~inside], np.random.default_rng(seed + 1))
                row["difference"] = float(value[inside].mean() - value[~inside].mean())
                row |= _ends(own - others, "difference_low", "difference_high")
            found.append(row)
    return pd.DataFrame(found).sort_values(["group"], kind="stable").reset_index(drop=True)


def read_groups(by: str, documents: pd.DataFrame, metadata: pd.DataFrame | str | Path | None) -> dict[str, Any]:
    """Find the group of each plan.

    Args:
        by: The column that names the group; ``document`` for each plan by itself.
        documents: The table of documents; it may have got the column.
        metadata: A table with the column ``document`` and the one asked for, or its CSV file; a plan may be named with
            or without folder and ending.

    Returns:
        The group by the name of the plan.

    Raises:
        UsageError: There is no such table or column.
    """
    names = [str(name) for name in documents["document"]]
    if metadata is None:
        if by not in documents.columns:
            raise UsageError(f"Dokumenterne har ingen kolonne {by}: giv den med metadata=, en tabel eller en CSV-fil")
        return dict(zip(names, documents[by], strict=True))
    table = _read_table(metadata)
    if by not in table.columns or "document" not in table.columns:
        raise UsageError(f"Metadata mangler kolonnen {by if 'document' in table.columns else 'document'}: tilføj den")
    told = dict(zip(table["document"].astype(str), table[by], strict=True))
    return {
        name: next((told[key] for key in (name, Path(name).name, Path(name).stem) if key in told), None)
        for name in names
    }


def _read_table(metadata: pd.DataFrame | str | Path) -> pd.DataFrame:
    import pandas as pd

    if isinstance(metadata, pd.DataFrame):
        return metadata
    try:
        return pd.read_csv(metadata, sep=None, engine="python")
    except (OSError, ValueError) as error:
        raise UsageError(f"{metadata} kan ikke læses som CSV ({type(error).__name__}): gem tabellen som CSV") from error


def compare_versions(
    old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame], pledges: Sequence[str]
) -> Difference:
    """Tell what changed between two analyses of the same plan, or of two sets of plans.

    Args:
        old: The tables ``paragraphs``, ``coverage`` and ``pledges`` of the first version.
        new: Of the second.
        pledges: Ids, in order.

    Returns:
        What changed.
    """
    import pandas as pd

    rows = []
    for pledge in pledges:
        before, after = (_total(tables, pledge) for tables in (old, new))
        difference = after["coverage"] - before["coverage"]
        # MOVER (Zou and Donner 2008): each end by the ends of both that lie towards it.
        down = np.hypot(after["coverage"] - after["low"], before["high"] - before["coverage"])
        up = np.hypot(after["high"] - after["coverage"], before["coverage"] - before["low"])
        rows.append(
            {
                "pledge": pledge,
                "state_before": before["state"],
                "state_after": after["state"],
                "moved": before["state"] != after["state"],
                "coverage_before": before["coverage"],
                "coverage_after": after["coverage"],
                "difference": difference,
                "low": max(difference - down, -1.0),
                "high": min(difference + up, 1.0),
            }
        )
    changes = _paragraph_changes(old["paragraphs"].to_dict("records"), new["paragraphs"].to_dict("records"))
    columns = ["change", "text_before", "text_after", "themes", "statement"]
    return Difference(pd.DataFrame(rows), pd.DataFrame(changes, columns=columns))


def _total(tables: Mapping[str, pd.DataFrame], pledge: str) -> dict[str, Any]:
    """Take a pledge's row over all plans; without any plan that was read, nothing is known to be covered."""
    found: dict[str, Any] = {"coverage": 0.0, "low": 0.0, "high": 0.0, "state": None}
    for name, columns in (("coverage", ("coverage", "low", "high")), ("pledges", ("state",))):
        table = tables[name]
        row = table[(table["document"] == ALL) & (table["pledge"] == pledge)]
        found |= {column: row[column].iloc[0] for column in columns if len(row)}
    return found


def _paragraph_changes(old: Sequence[Mapping[Any, Any]], new: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    kept = {row["text"] for row in old} & {row["text"] for row in new}
    went = [row for row in old if row["text"] not in kept]
    came = [row for row in new if row["text"] not in kept]
    # "new" comes before "old" in the alphabet, so that the first of a pair is the new one.
    pairs = near_duplicates(
        [row["text"] for row in (*went, *came)], [DIFF_KEYS[0]] * len(went) + [DIFF_KEYS[1]] * len(came)
    )
    before: dict[int, int] = {}
    taken: set[int] = set()
    for after, earlier, _ in pairs:  # the most alike first
        if after not in before and earlier not in taken:
            before[after] = earlier
            taken.add(earlier)
    changes = []
    for number, row in enumerate(came, len(went)):
        text = went[before[number]]["text"] if number in before else None
        changes.append(_change("came" if text is None else "changed", text, row["text"], row))
    changes += [_change("went", row["text"], None, row) for number, row in enumerate(went) if number not in taken]
    return changes


def _change(change: str, before: str | None, after: str | None, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "change": change,
        "text_before": before,
        "text_after": after,
        "themes": row["themes"],
        "statement": row["statement"],
    }


def _draw_means(
    values: NDArray[np.float64], spread: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.float64]:
    chosen = generator.integers(0, len(values), (DRAWS, len(values)))
    drawn = np.clip(values[chosen] + spread[chosen] * generator.normal(size=chosen.shape), 0.0, 1.0)
    return np.asarray(drawn.mean(axis=1))


def _ends(draws: NDArray[np.float64], low: str, high: str) -> dict[str, float]:
    ends = np.percentile(draws, INTERVAL)
    return {low: float(ends[0]), high: float(ends[1])}


def _share_interval(hits: int, count: int) -> dict[str, float]:
    """Give Jeffreys' interval of a share (Brown, Cai and DasGupta 2001)."""
    from scipy.stats import beta

    low = 0.0 if hits == 0 else float(beta.ppf(INTERVAL[0] / 100, hits + 0.5, count - hits + 0.5))
    high = 1.0 if hits == count else float(beta.ppf(INTERVAL[1] / 100, hits + 0.5, count - hits + 0.5))
    return {"gaps_low": low, "gaps_high": high}
