"""Plots: they show what the tables hold, can be read at any number of plans, and leave matplotlib as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
matplotlib.use("agg")

from matplotlib import pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.colors import to_rgb  # noqa: E402
from matplotlib.text import Text  # noqa: E402

from strategitekst.analysis import Analysis  # noqa: E402
from strategitekst.errors import UsageError  # noqa: E402
from strategitekst.labels import Labels, label_table  # noqa: E402
from strategitekst.marks import MARKS  # noqa: E402
from strategitekst.plots import (  # noqa: E402
    plot_compare,
    plot_coverage,
    plot_specificity,
    plot_states,
    plot_themes_over_years,
)
from strategitekst.status import STATES  # noqa: E402
from strategitekst.strategy import Ambition, Foundation, Pledge, Strategy  # noqa: E402

AXES = (plot_coverage, plot_states, plot_specificity, plot_compare)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def groups_of(analysis: Analysis) -> dict[str, str]:
    return {name: "AB"[place % 2] for place, name in enumerate(analysis.documents["document"])}


def years_of(analysis: Analysis) -> dict[str, int]:
    return {name: 2020 + place % 3 for place, name in enumerate(analysis.documents["document"])}


def all_plots(analysis: Analysis, lang: str = "da") -> list[Any]:
    return [
        plot_coverage(analysis, lang=lang),
        plot_states(analysis, lang=lang),
        plot_specificity(analysis, lang=lang),
        plot_compare(analysis, groups_of(analysis), lang=lang),
        plot_themes_over_years(analysis, years_of(analysis), lang=lang)[0, 0],
    ]


def words_of(ax: Axes) -> list[str]:
    ax.figure.canvas.draw()
    return [found.get_text() for found in ax.figure.findobj(Text) if found.get_text() and found.get_visible()]


@pytest.mark.parametrize("plans", [1, 12, 120])
def test_names_do_not_run_into_one_another(make_analysis, plans):
    for ax in all_plots(make_analysis(plans, failed=1)):
        ax.figure.canvas.draw()
        boxes = [label.get_window_extent() for label in ax.get_yticklabels() if label.get_text()]
        for lower, upper in pairwise(sorted(boxes, key=lambda box: box.y0)):
            assert lower.y1 <= upper.y0 + 1
        assert all(label.get_fontsize() >= 7 for label in ax.get_yticklabels())


def test_the_heat_map_holds_coverage_and_a_shape_for_each_state(make_analysis):
    analysis = make_analysis(20)
    analysis.pledges.loc[0, "state"] = "uncertain"
    ax = plot_coverage(analysis)
    image = ax.get_images()[0].get_array()
    cells = analysis.coverage["document"] == analysis.documents.loc[4, "document"]
    expected = analysis.coverage.loc[cells, "coverage"].to_numpy()
    assert image[4].tolist() == pytest.approx(expected.tolist())
    drawn = {each.get_label(): each for each in ax.collections if not each.get_label().startswith("_")}
    t = Labels("da")
    assert set(drawn) == {t.named("state", state) for state in (*STATES, "uncertain")}
    assert len({path.vertices.tobytes() for each in drawn.values() for path in each.get_paths()}) == len(drawn)
    for state in STATES:
        cells = analysis.pledges[analysis.pledges["document"] != "*"]
        assert len(drawn[t(f"state.{state}")].get_offsets()) == (cells["state"] == state).sum()


def _light(colour: Any) -> float:
    parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_figures_stand_out_from_the_ground(make_analysis):
    """WCAG AA asks for 4.5 between text and ground."""
    analysis = make_analysis(12)
    analysis.coverage["coverage"] = [row % 101 / 100 for row in range(len(analysis.coverage))]
    ax = plot_coverage(analysis)
    [image] = ax.images
    for text in ax.texts:
        ground = image.cmap(image.get_array()[round(text.get_position()[1]), int(text.get_position()[0])])
        bright, dark = sorted((_light(ground), _light(text.get_color())), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.4, text.get_text()


def test_long_names_of_groups_leave_the_axes_their_width(make_analysis):
    analysis = make_analysis(12)
    kinds = ("Region Sjælland", "Vordingborg Kommune", "Sundhedsklyngen omkring Nykøbing Falster Sygehus" * 2)
    names = analysis.documents["document"]
    ax = plot_compare(analysis, {name: kinds[place % 3] for place, name in enumerate(names)})
    ax.figure.canvas.draw()
    assert ax.get_window_extent().width > 0.45 * ax.figure.bbox.width
    assert len({round(text.get_window_extent().x0) for text in ax.get_legend().get_texts()}) == 1


@pytest.mark.parametrize("pledges", [1, 40])
def test_states_fill_the_axes_and_the_legend_follows(make_analysis, pledges):
    strategy = Strategy(
        "s", "S", (Ambition("A", "A", "", tuple(Pledge(f"L{n}", f"Løfte {n}") for n in range(pledges))),)
    )
    ax = plot_states(make_analysis(3, strategy=strategy))
    ax.figure.canvas.draw()
    assert ax.get_ylim() == (pledges - 0.4, -0.6)
    axes, legend = ax.get_window_extent(), ax.get_legend().get_window_extent()
    gap = (axes.y0 - legend.y1) / ax.figure.dpi
    assert 0.35 < gap < 1.3
    assert not legend.overlaps(ax.xaxis.label.get_window_extent())


def test_bars_add_up_to_the_plans_that_were_read(make_analysis):
    ax = plot_states(make_analysis(9, failed=3))
    widths: dict[float, float] = {}
    for bar in ax.patches:
        widths[bar.get_y()] = widths.get(bar.get_y(), 0) + bar.get_width()
    assert set(widths.values()) == {9}
    assert len(widths) == 12


def test_colours_of_states_differ_for_colour_blind_readers_too():
    """Simulated after Viénot, Brettel and Mollon (1999); in grey print, hatching and shape tell them apart."""
    protan = ((0.1121, 0.8853, -0.0005), (0.1127, 0.8897, -0.0001), (0.0045, 0.0, 1.0019))
    deutan = ((0.2920, 0.7054, -0.0003), (0.2934, 0.7089, 0.0), (-0.0210, 0.0256, 0.9983))
    for matrix in (protan, deutan):
        seen = []
        for state in STATES:
            linear = [channel**2.2 for channel in matplotlib.colors.to_rgb(MARKS[state].colour)]
            seen.append([max(sum(m * c for m, c in zip(row, linear, strict=True)), 0) ** (1 / 2.2) for row in matrix])
        for one, other in pairwise(sorted(seen)):
            assert max(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.08


def test_specificity_leaves_out_what_serves_nothing(make_analysis):
    analysis = make_analysis(3)
    first = analysis.documents.loc[0, "document"]
    for row in analysis.paragraphs.index[analysis.paragraphs["document"] == first]:
        analysis.paragraphs.at[row, "themes"] = []
    assert len(plot_specificity(analysis).get_yticklabels()) == 2


def test_themes_over_years_are_shares_of_the_year(make_analysis):
    analysis = make_analysis(6)
    panels = plot_themes_over_years(analysis, years_of(analysis))
    own = max(panels[0, 0].get_lines(), key=lambda line: line.get_zorder())
    year = analysis.paragraphs["document"].map(years_of(analysis))
    expected = [
        sum("P1" in themes for themes in rows) / len(rows) for _, rows in analysis.paragraphs["themes"].groupby(year)
    ]
    assert list(own.get_xdata()) == [2020, 2021, 2022]
    assert list(own.get_ydata()) == pytest.approx(expected)


def test_years_come_from_names_and_are_asked_for_where_there_is_none(make_analysis):
    assert plot_themes_over_years(make_analysis(2, text="plan 2023"))[0, 0].get_lines()[0].get_xdata() == [2023]
    with pytest.raises(UsageError, match="years="):
        plot_themes_over_years(make_analysis(2))


def test_a_group_shows_its_mean_within_its_interval(make_analysis):
    analysis = make_analysis(12)
    ax = plot_compare(analysis, groups_of(analysis))
    mark = ax.get_lines()[0]
    cells = analysis.coverage[analysis.coverage["document"].map(groups_of(analysis)) == "A"]
    assert list(mark.get_xdata()) == pytest.approx(cells.groupby("pledge", sort=False)["coverage"].mean().tolist())
    for mean, segment in zip(mark.get_xdata(), ax.collections[0].get_segments(), strict=True):
        assert segment[0][0] <= mean <= segment[1][0]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["A (6)", "B (6)"]


def test_a_group_has_the_interval_of_the_comparison_and_a_plan_its_own(make_analysis):
    analysis = make_analysis(5)
    first, *others = analysis.documents["document"]
    groups = {first: "alene"} | dict.fromkeys(others, "flere")
    alone, several = (each.get_segments() for each in plot_compare(analysis, groups).collections)
    own = analysis.coverage[analysis.coverage["document"] == first]
    assert [segment[:, 0].tolist() for segment in alone] == own[["low", "high"]].to_numpy().tolist()
    metadata = pd.DataFrame({"document": list(groups), "group": list(groups.values())})
    table = analysis.compare("group", metadata=metadata).query("group == 'flere'")
    assert [segment[:, 0].tolist() for segment in several] == table[["low", "high"]].to_numpy().tolist()


def test_too_many_groups_and_no_plans_are_told_in_a_line(make_analysis):
    with pytest.raises(UsageError, match="mellem 1 og 8"):
        plot_compare(make_analysis(9))
    for plot in (*AXES, plot_themes_over_years):
        with pytest.raises(UsageError):
            plot(make_analysis(0, failed=1))


@pytest.mark.parametrize("plot", AXES)
def test_axes_given_are_drawn_on_and_settings_stay(make_analysis, plot: Callable[..., Axes]):
    settings = dict(matplotlib.rcParams)
    ax = plt.figure().subplots()
    assert plot(make_analysis(3), ax=ax) is ax
    ax.set_title("Eget")
    assert dict(matplotlib.rcParams) == settings


def test_names_of_any_kind_can_be_drawn(make_analysis):
    # Between two dollars matplotlib reads a formula; this is none.
    name = r"_ $x_{1}^$ \frac <script> & ' "
    strategy = Strategy("s", name, (Ambition("A", name, pledges=(Pledge("P", name),)),), (Foundation("G", name),))
    analysis = make_analysis(3, strategy=strategy, text=name)
    for ax in all_plots(analysis):
        ax.figure.canvas.draw()
    first, *others = analysis.documents["document"]
    ax = plot_compare(analysis, {first: name} | dict.fromkeys(others, "B"))
    ax.figure.canvas.draw()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [name.replace("$", r"\$") + " (1)", "B (2)"]


@pytest.mark.parametrize(("lang", "other"), [("da", "en"), ("en", "da")])
def test_no_label_of_the_other_language_is_left(make_analysis, lang, other):
    strategy = Strategy("s", "7", (Ambition("A1", "7", pledges=(Pledge("Q1", "7"),)),))
    words = " | ".join(" ".join(words_of(ax)) for ax in all_plots(make_analysis(14, strategy=strategy, text="7"), lang))
    for key, label in label_table().items():
        if key.startswith(("plot.", "state.", "column.", "result.")):
            pieces = {side: {p.strip(" :.,()") for p in re.split(r"\{\w+\}", label[side])} for side in (lang, other)}
            for piece in pieces[other] - pieces[lang]:
                if len(piece) > 2:
                    assert not re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", words), (key, piece)
    used = [key for key, label in label_table().items() if key.startswith("plot.") and "{" not in label[lang]]
    assert all(label_table()[key][lang] in words for key in used)
