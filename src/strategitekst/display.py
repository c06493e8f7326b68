"""What notebooks show of a strategy, a document and a paragraph, as HTML; all text that comes in is escaped.

States and anchors are told by signs of text as well as by colour: some notebooks strip styles, none strips text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from strategitekst.labels import Labels
from strategitekst.marks import MARKS, UNREAD

MOST_PLANS = 60
MOST_PARAGRAPHS = 30
BESIDE = 8
"""Up to so many plans stand side by side in the heat map; more of them stand below one another."""

_LEVELS = ("#f1f5f8", "#d9e7ef", "#b5d1e0", "#86b4cb", "#1f6283")
_CSS = """
.sttk {
  font: 14px/1.5 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  max-width: 75rem;
}
.sttk h3 { font-size: 1.15em; margin: .9em 0 .5em; } .sttk p { margin: .3em 0; max-width: 52rem; }
.sttk .quiet { opacity: .75; font-size: .92em; }
.sttk .wide { overflow: auto; max-height: 46rem; }
.sttk table { border-collapse: separate; border-spacing: 3px; border: 0; margin: .3em 0; }
.sttk th, .sttk td {
  text-align: left; vertical-align: top; padding: .25em .7em .25em .2em; border: 0; background: none;
  white-space: normal;
}
.sttk th { font-weight: 400; } .sttk thead th { font-weight: 600; font-size: .9em; vertical-align: bottom; }
.sttk td.f {
  text-align: center; vertical-align: middle; padding: .25em .3em; border-radius: 4px; white-space: nowrap;
  color: #17252d; min-width: 3.4em; font-size: .93em;
}
.sttk td.gap { box-shadow: inset 0 0 0 1.5px #a8430c; } .sttk td.strong { color: #fff; }
.sttk .sign {
  display: inline-block; width: 1.35em; line-height: 1.35em; text-align: center; border-radius: 50%;
  background: #fff; color: #0f4059; margin-right: .3em;
  font-family: "Segoe UI Symbol", "Apple Symbols", "Noto Sans Symbols 2", "DejaVu Sans", sans-serif;
}
.sttk .state { white-space: nowrap; }
.sttk .gap .sign, .sttk .sign.gap { color: #a8430c; }
.sttk b.id { font-weight: 650; margin-right: .3em; }
.sttk blockquote {
  margin: .4em 0; padding: .1em 0 .1em 1em; border-left: 3px solid #86b4cb; font-size: 1.07em;
  max-width: 52rem; color: inherit;
}
.sttk mark { background: #fbefc4; color: #17252d; border-radius: 3px; padding: .05em .2em; }
.sttk mark small { margin-left: .4em; color: #5c4a00; }
.sttk .chip {
  display: inline-block; border-radius: 1em; padding: .05em .75em; margin: .1em .3em .1em 0;
  background: #dcebf3; color: #0f4059;
}
"""


def framed(*parts: str) -> str:
    """Put parts of a display together with their style."""
    return f'<div class="sttk"><style>{_CSS}</style>{"".join(parts)}</div>'


def named(name: str, label: str) -> Markup:
    """Show an id and what it stands for."""
    return Markup('<b class="id">{}</b>{}').format(name, label)


def sign(state: str, labels: Labels, *, gap: bool) -> Markup:
    """Show a state as its sign and its name."""
    glyph = MARKS[state].glyph if state in MARKS else "·"
    kind = "sign gap" if gap else "sign"
    return Markup('<span class="state"><span class="{}">{}</span>{}</span>').format(
        kind, glyph, labels.named("state", state)
    )


def rows(head: Sequence[str], lines: Iterable[Sequence[str]]) -> Markup:
    """Show a table; the first cell of a line is its head, and what is no ``Markup`` is escaped."""
    top = Markup("").join(Markup('<th scope="col">{}</th>').format(cell) for cell in head)
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            line[0], Markup("").join(Markup("<td>{}</td>").format(cell) for cell in line[1:])
        )
        for line in lines
    )
    return Markup('<div class="wide"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>').format(
        top, body
    )


def heat_map(
    pledges: Mapping[str, str],
    plans: Sequence[str],
    cells: Mapping[tuple[str, str], tuple[str, float | None, bool]],
    labels: Labels,
) -> str:
    """Show coverage and states, pledge by plan.

    Args:
        pledges: Names by id.
        plans: In the order in which they stand.
        cells: State, coverage (0–1) and whether it is a gap, by plan and pledge; what is not there was not read.
        labels: Of the reader's language.

    Returns:
        HTML without a frame.
    """
    shown = plans[:MOST_PLANS]
    unread = (UNREAD, None, False)

    def field(plan: str, pledge: str) -> Markup:
        state, coverage, gap = cells.get((plan, pledge), unread)
        level = min(int((coverage or 0.0) * len(_LEVELS)), len(_LEVELS) - 1)
        kind = "f" + " gap" * gap + " strong" * (level == len(_LEVELS) - 1)
        return Markup('<td class="{}" style="background:{}" title="{}"><span class="sign">{}</span>{}</td>').format(
            kind,
            _LEVELS[level],
            labels.named("state", state),
            MARKS[state].glyph if state in MARKS else "·",
            labels.share(coverage),
        )

    if len(plans) <= BESIDE:
        key = Markup("")
        head = [labels("column.pledge"), *shown]
        lines = [(named(*pledge), [field(plan, pledge[0]) for plan in shown]) for pledge in pledges.items()]
    else:
        head = [labels("column.plan"), *pledges]
        lines = [(escape(plan), [field(plan, pledge) for pledge in pledges]) for plan in shown]
        key = Markup(", ").join(named(*pledge) for pledge in pledges.items())
    top = Markup("").join(Markup('<th scope="col">{}</th>').format(cell) for cell in head)
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(name, Markup("").join(fields)) for name, fields in lines
    )
    known = {cells.get((plan, pledge), unread)[::2] for plan in shown for pledge in pledges}
    legend = Markup(" &nbsp; ").join(sign(state, labels, gap=gap) for state, gap in sorted(known, key=_place))
    more = (
        labels("display.more_plans", number=labels.number(len(plans) - len(shown))) if len(plans) > len(shown) else ""
    )
    return Markup(
        '<p class="quiet">{}</p><div class="wide"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
        '<p class="quiet">{}</p><p class="quiet">{}</p>'
    ).format(legend, top, body, more, key)


def _place(state: tuple[str, bool]) -> int:
    return list(MARKS).index(state[0]) if state[0] in MARKS else len(MARKS)


def paragraph(
    text: str,
    anchors: Iterable[tuple[int, int, str]],
    themes: Iterable[tuple[str, float]],
    statement: tuple[str, float],
    specificity: float,
    heading: Sequence[str] = (),
    lang: str = "da",
) -> str:
    """Show one paragraph with its themes, its statement and the words that make it concrete.

    Args:
        text: The paragraph.
        anchors: Start, end and kind of each; of two that overlap, the first is shown.
        themes: Ids with their probability (0–1), main first.
        statement: What it does, with its probability.
        specificity: 0–1.
        heading: The headings above it.
        lang: ``da`` or ``en``.

    Returns:
        HTML.

    Example:
        >>> shown = paragraph("Movia køber <12> busser", [(0, 5, "actor")], [("P12", 0.9)], ("initiative", 0.8), 0.7)
        >>> "<mark>Movia<small>ansvarlig</small></mark> køber &lt;12&gt; busser" in shown
        True
    """
    t = Labels(lang)
    pieces, end = [], 0
    for start, stop, kind in sorted(anchors):
        if start >= end:
            pieces.append(escape(text[end:start]))
            pieces.append(Markup("<mark>{}<small>{}</small></mark>").format(text[start:stop], t.named("anchor", kind)))
            end = stop
    pieces.append(escape(text[end:]))
    chips = [Markup('<span class="chip">{} {}</span>').format(theme, t.probability(score)) for theme, score in themes]
    facts = (
        (t("result.themes"), Markup("").join(chips) if chips else t("table.no_theme")),
        (t("result.statement"), f"{t.named('statement', statement[0])} ({t.probability(statement[1])})"),
        (t("result.specificity"), t.share(specificity)),
    )
    return framed(
        Markup('<p class="quiet">{}</p>').format(" › ".join(heading)) if heading else "",
        Markup("<blockquote>{}</blockquote>").format(Markup("").join(pieces)),
        *(Markup('<p><span class="quiet">{}:</span> {}</p>').format(name, value) for name, value in facts),
    )


def strategy(
    name: str,
    facts: Sequence[str],
    pledges: Iterable[tuple[str, str, int, str, str]],
    foundations: Sequence[tuple[str, str]],
    lang: str = "da",
) -> str:
    """Show a strategy: its ambitions with their pledges, and its foundations.

    Args:
        name: The title.
        facts: Whose it is, and for which years; empty ones are left out.
        pledges: Id and name of each, how many initiatives it lists, and the id and name of its ambition.
        foundations: Id and name of each.
        lang: ``da`` or ``en``.

    Returns:
        HTML.
    """
    t = Labels(lang)
    parts = [
        Markup("<h3>{}</h3>").format(name),
        Markup('<p class="quiet">{}</p>').format(", ".join(filter(None, facts))),
    ]
    lines = [
        (named(pledge, title), named(*ambition), t.count("unit.initiative", initiatives))
        for pledge, title, initiatives, *ambition in pledges
    ]
    parts.append(rows([t("column.pledge"), t("display.ambition"), t("pledge.initiatives")], lines))
    if foundations:
        names = Markup(", ").join(named(*foundation) for foundation in foundations)
        parts.append(Markup('<p><span class="quiet">{}:</span> {}</p>').format(t("filter.foundations"), names))
    return framed(*parts)


def document(
    name: str,
    facts: tuple[str, int | None, int],
    paragraphs: Iterable[tuple[int, int | None, Sequence[str], str]],
    lang: str = "da",
) -> str:
    """Show a document: its paragraphs with their number, page and headings.

    Args:
        name: The document's name.
        facts: Its format, its pages and how many paragraphs it has.
        paragraphs: Number, page, headings and text of the first ones.
        lang: ``da`` or ``en``.

    Returns:
        HTML.
    """
    t = Labels(lang)
    format_, pages, count = facts
    told = [format_, t.count("unit.page", pages) if pages is not None else "", t.count("unit.paragraph", count)]
    lines = [
        (
            ", ".join([t("table.paragraph", number=number)] + ([] if page is None else [t("table.page", number=page)])),
            Markup('<span class="quiet">{}</span>').format(" › ".join(heading)),
            text,
        )
        for number, page, heading, text in paragraphs
    ]
    more = t("display.more_paragraphs", number=t.number(count - len(lines))) if count > len(lines) else ""
    return framed(
        Markup("<h3>{}</h3>").format(name),
        Markup('<p class="quiet">{}</p>').format(", ".join(filter(None, told))),
        rows([t("table.place"), t("display.heading"), t("table.text")], lines),
        Markup('<p class="quiet">{}</p>').format(more),
    )
