"""The report: what it shows, that nothing in it can act, and that its words follow the language."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

import strategitekst
from strategitekst import errors
from strategitekst.errors import UsageError
from strategitekst.labels import LANGUAGES, Labels, label_table
from strategitekst.marks import MARKS
from strategitekst.prediction import STATEMENTS
from strategitekst.report.build import build_view
from strategitekst.report.render import render_report
from strategitekst.report.view import Limits
from strategitekst.status import STATES
from strategitekst.strategy import Ambition, Foundation, Initiative, Pledge, Strategy, Target, load_strategy

TEMPLATES = files("strategitekst.report") / "templates"
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "\"'><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "{value} {0} {number.__class__}",
    "&lt;b&gt; &amp; \u2028\u2029 ]]>",
]
NEUTRAL = "xqzw"
MOST_EVIDENCE = Limits().evidence


def small_strategy(text: str = NEUTRAL) -> Strategy:
    pledges = tuple(
        Pledge(f"Q{number}", f"{text} q{number}", number, text, targets=(Target(text),)) for number in range(1, 5)
    )
    return Strategy(
        "s", text, (Ambition("B1", text, text, pledges, (Initiative(text, ("Q1",)),)),), (Foundation("F1", text),),
        organisation=text, period=text,
    )  # fmt: skip


def paragraph(document: str, number: int, themes: list[str], strategy: Strategy, **more: object) -> dict[str, object]:
    values: dict[str, object] = {
        "document": document, "paragraph": number, "page": 3, "heading": [NEUTRAL, "hhh"],
        "text": f"{NEUTRAL} t{number}", "start": 0, "end": 9, "themes": themes,
        "theme_scores": dict.fromkeys(strategy.themes, 0.87),
        "ambitions": [],
        "statement": "initiative", "statement_scores": dict.fromkeys(STATEMENTS, 0.91), "specificity": 0.5,
        "actor": None, "deadline": None, "quantity": None, "budget": None,
    }  # fmt: skip
    return values | more


def tables(strategy: Strategy, text: str = NEUTRAL, number: int = 8) -> tuple[pd.DataFrame, ...]:
    """Make a plan that was read and one that was not; the pledges go through the four states in turn."""
    ids = [pledge.id for pledge in strategy.pledges]
    read, unread = f"{text}-1", f"{text}-2"
    paragraphs = [
        paragraph(read, place, [ids[3]] if place else [], strategy, text=f"{text} t{place}", heading=[text], actor=text,
                  deadline=text, quantity=text, budget=text, statement=STATEMENTS[place % 6])
        for place in range(number)
    ]  # fmt: skip
    coverage, pledges = [], []
    for document in (read, "*"):
        for place, pledge in enumerate(ids):
            coverage.append((document, pledge, place / len(ids), 0.1, 0.9, 2, 1, 0))
            evidence = list(range(1, number)) if place % 4 == 3 else []
            pledges.append((document, pledge, STATES[place % 4], 0.81, evidence, text))
    documents = [
        (read, "00", text, 3, number, "ok", None, 0.1),
        (unread, "00", text, None, 0, "NoTextLayer", text, 0.1),
    ]
    return (
        pd.DataFrame(paragraphs),
        pd.DataFrame(
            coverage,
            columns=["document", "pledge", "coverage", "low", "high", "paragraphs", "initiatives", "best_paragraph"],
        ),
        pd.DataFrame(pledges, columns=["document", "pledge", "state", "confidence", "evidence", "reason"]),
        pd.DataFrame(
            documents,
            columns=["document", "sha256", "format", "pages", "paragraphs", "status", "message", "seconds"],
        ),
    )


def rendered(text: str = NEUTRAL, lang: str = "da") -> str:
    strategy = small_strategy(text)
    return render_report(*tables(strategy, text), {text: {text: [text, 1, None]}}, strategy, lang=lang)


def parsed(page: str) -> LexborHTMLParser:
    return LexborHTMLParser(page)


def packed(page: str, kind: str) -> list:
    pieces = parsed(page).css(f"script.piece[data-kind='{kind}']")
    return [json.loads(gzip.decompress(base64.b64decode(piece.text()))) for piece in pieces]


def data_of(page: str) -> dict:
    """All that the table of paragraphs is drawn from; headings put where their numbers stand."""
    data = json.loads(parsed(page).css_first("#key").text())
    data["rows"] = [
        [*row[:3], piece["headings"][row[3]], *row[4:]] for piece in packed(page, "rows") for row in piece["rows"]
    ]
    return data


def shape(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with the names of its attributes: hostile text must add none."""
    return [(node.tag, tuple(sorted(node.attributes))) for node in parsed(page).css("*")]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_shows_as_text_and_adds_no_element(text):
    page = rendered(text)
    assert shape(page) == shape(rendered())
    tree = parsed(page)
    assert all(text in quote.text() for quote in tree.css("blockquote"))
    assert text in tree.css_first("h1").text()
    assert text in tree.css_first("title").text()
    assert text in tree.css_first(".manifest").text()
    data = data_of(page)
    assert data["rows"][1][4] == f"{text} t1"
    assert data["rows"][1][10] == [text] * 4
    assert data["plans"] == [f"{text}-1", f"{text}-2"]
    assert data["rows"][1][3] == text


@given(st.text(min_size=1))
@settings(max_examples=40, deadline=None)
def test_any_text_keeps_the_shape_of_the_page_and_can_be_written(text):
    page = rendered(text)
    page.encode("utf-8")
    assert shape(page) == shape(rendered())


def test_lone_surrogates_and_nuls_are_replaced():
    strategy = small_strategy()
    page = render_report(*tables(strategy, "b\x00c"), {"path": "a\ud800b"}, strategy)
    assert "b\ufffdc t1" in parsed(page).css_first("blockquote").text()
    assert data_of(page)["rows"][1][4] == "b\x00c t1"
    assert "a\ufffdb" in parsed(page).css_first(".manifest").text()


def test_nothing_points_outside_and_nothing_runs_but_the_hashed_script():
    tree = parsed(rendered("http://example.org/x"))
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on"), name
            assert name != "style"
            if name in {"href", "src", "action", "srcset", "xlink:href", "data", "formaction"}:
                assert (value or "").startswith("#"), (node.tag, name, value)
    assert "url(" not in tree.css_first("style").text()
    assert "@import" not in tree.css_first("style").text()
    assert [node.attributes.get("type") for node in tree.css("script")] == ["application/json", "text/plain", None]


def test_the_policy_allows_just_the_style_and_script_that_are_there():
    tree = parsed(rendered())
    policy = tree.css_first("meta[http-equiv='Content-Security-Policy']").attributes["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    def digest(selector: str) -> str:
        content = tree.css_first(selector).text()
        return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"

    assert rules == {
        "default-src": "'none'",
        "style-src": digest("style"),
        "script-src": digest("script:not([type])"),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    # The policy holds for what comes after it.
    assert [node.tag for node in tree.css("head > *")].index("meta") < 2
    assert tree.css("head > *")[1].attributes.get("http-equiv") == "Content-Security-Policy"


def test_the_same_tables_give_the_same_page():
    assert rendered() == rendered()


def test_every_inner_link_leads_somewhere():
    page = rendered()
    tree = parsed(page)
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    rows = {f"p-{row[0]}-{row[1]}" for row in data_of(page)["rows"]}
    targets = {node.attributes["href"].removeprefix("#") for node in tree.css("[href]")}
    assert targets <= set(ids) | rows
    assert any(target in rows for target in targets)
    for node in tree.css("[aria-labelledby]"):
        assert node.attributes["aria-labelledby"] in ids


def test_every_pledge_has_its_section_and_its_row_in_every_plan():
    strategy = load_strategy()
    tree = parsed(render_report(*tables(strategy), {}, strategy))
    assert [node.text().split(maxsplit=1) for node in tree.css("#pledges article > h3")] == [
        [pledge.id, pledge.name] for pledge in strategy.pledges
    ]
    assert len(tree.css("#plan-0 tbody tr")) == len(strategy.pledges)
    assert len(tree.css("table.heat tbody tr:not(.group)")) == len(strategy.pledges)


@pytest.mark.parametrize(("lang", "words"), [("da", "2 af 4 løfter har intet"), ("en", "2 of 4 pledges have no")])
def test_the_summary_says_which_pledges_lack_an_initiative(lang, words):
    summary = parsed(rendered(lang=lang)).css_first("#summary")
    assert words in summary.css_first(".finding").text()
    assert [item.text().split()[0] for item in summary.css(".findings")[0].css("li")] == ["Q1", "Q2"]
    assert re.search(r"81\s?%", summary.css_first(".findings li").text())


def test_a_concrete_pledge_without_an_initiative_of_its_own_is_named_as_such():
    strategy = small_strategy()
    paragraphs, coverage, pledges, documents = tables(strategy)
    heading = Labels("da")("summary.together")
    assert heading not in parsed(render_report(paragraphs, coverage, pledges, documents, {}, strategy)).html
    coverage.loc[coverage["pledge"] == "Q4", "initiatives"] = 0
    summary = parsed(render_report(paragraphs, coverage, pledges, documents, {}, strategy)).css_first("#summary")
    assert heading in summary.text()
    assert [item.text().split()[0] for item in summary.css(".findings")[1].css("li")] == ["Q4"]


def test_of_one_plan_nobody_says_any_of_the_plans():
    assert "i planen." in parsed(rendered()).css_first(".finding").text()
    strategy = small_strategy()
    paragraphs, coverage, pledges, documents = tables(strategy)
    both = documents.assign(status="ok", format="pdf", pages=1)
    page = parsed(render_report(paragraphs, coverage, pledges, both, {}, strategy))
    assert "i nogen af de læste planer." in page.css_first(".finding").text()


def test_state_stands_in_the_heat_map_as_symbol_and_as_text():
    labels = Labels("da")
    tree = parsed(rendered())
    cells = [row.css("td")[0] for row in tree.css("table.heat tbody tr:not(.group)")]
    assert [cell.css_first("use").attributes["href"] for cell in cells] == [f"#s-{state}" for state in STATES]
    assert all(labels(f"state.{s}") in c.text() for s, c in zip(STATES, cells, strict=True))
    assert ["edge" in cell.attributes["class"] for cell in cells] == [True, True, False, False]


def test_a_document_that_was_not_read_is_never_said_to_leave_a_pledge_out():
    tree = parsed(rendered())
    section = tree.css_first("#plan-1").text()
    assert Labels("da")("plan.unread") in section
    assert Labels("da")("state.unmentioned") not in section
    assert all(
        row.css("td")[1].css_first("use").attributes["href"] == "#s-unread"
        for row in tree.css("table.heat tbody tr:not(.group)")
    )
    assert "Ikke læst er ikke det samme som ikke omtalt" in tree.css_first("#summary .note").text()
    assert Labels("da")("status.NoTextLayer") in tree.css_first("#summary .note").text()


def test_where_nothing_could_be_read_no_pledge_has_a_state():
    strategy = small_strategy()
    paragraphs, coverage, pledges, documents = tables(strategy)
    everything = pledges[pledges["document"] == "*"]
    page = render_report(paragraphs[:0], coverage[:0], everything, documents[1:], {}, strategy)
    tree = parsed(page)
    assert tree.css_first(".finding").text() == Labels("da")("summary.nothing")
    assert {node.attributes["class"] for node in tree.css(".badge")} == {"badge state-unread"}


def test_evidence_comes_in_order_and_the_rest_is_counted():
    strategy = small_strategy()
    paragraphs, coverage, pledges, documents = tables(strategy, number=MOST_EVIDENCE + 9)
    order = list(reversed(range(1, MOST_EVIDENCE + 9)))
    place = pledges.index[(pledges["pledge"] == "Q4") & (pledges["document"] != "*")][0]
    pledges.at[place, "evidence"] = order
    section = parsed(render_report(paragraphs, coverage, pledges, documents, {}, strategy)).css_first("#pledge-3")
    assert [int(quote.text().rsplit("t", 1)[1]) for quote in section.css("blockquote")] == order[:MOST_EVIDENCE]
    assert Labels("da").count("pledge.more", 8) in section.text()
    facts = section.css_first(".facts").text()
    assert re.search(r"87\s?%", facts)
    assert re.search(r"91\s?%", facts)


def test_the_best_of_every_plan_comes_before_the_second_of_any():
    strategy = small_strategy()
    paragraphs = pd.DataFrame([paragraph(name, number, ["Q1"], strategy) for name in "ab" for number in range(3)])
    pledges = pd.DataFrame(
        [{"document": name, "pledge": "Q1", "state": "concrete", "confidence": 0.9, "evidence": [2, 0], "reason": ""}
         for name in "ab"]
    )  # fmt: skip
    _, coverage, _, documents = tables(strategy)
    documents = pd.concat([documents[:1].assign(document=name) for name in "ab"])
    view, _ = build_view(paragraphs, coverage, pledges, documents, strategy, Labels("da"), Limits())
    assert [(each.plan, each.number) for each in view.pledges[0].evidence] == [(0, 2), (1, 2), (0, 0), (1, 0)]


def test_many_plans_stand_below_one_another_under_the_path_that_tells_them_apart():
    strategy = small_strategy()
    paragraphs, coverage, pledges, documents = tables(strategy)
    many = pd.concat([documents[1:].assign(document=f"folder/{number}.pdf") for number in range(9)])
    tree = parsed(render_report(paragraphs[:0], coverage, pledges, many, {}, strategy))
    names = [row.css_first("th").text().strip() for row in tree.css("table.heat tbody tr")]
    assert names[1:] == [f"{number}.pdf" for number in range(9)]


def test_long_lists_of_plans_are_folded_and_counted():
    strategy = small_strategy()
    paragraphs, coverage, pledges, documents = tables(strategy, number=2)
    names = [f"plan{number}" for number in range(14)]

    def repeated(frame: pd.DataFrame) -> pd.DataFrame:
        one = frame[frame["document"] == f"{NEUTRAL}-1"]
        return pd.concat([frame[frame["document"] == "*"], *(one.assign(document=name) for name in names)])

    frames = [repeated(frame) for frame in (paragraphs, coverage, pledges, documents)]
    tree = parsed(render_report(*frames, {}, strategy))
    missing = tree.css_first("#pledge-0 details.missing")
    assert missing.css_first("summary").text() == Labels("da")("pledge.missing_many", number="14", total="14")
    assert len(missing.css("li")) == 14
    assert Labels("da")("summary.in_all") in tree.css_first("#summary .names").text()


def test_missing_figures_of_any_kind_are_shown_as_none():
    strategy = small_strategy()
    paragraphs, coverage, pledges, documents = tables(strategy)
    paragraphs["page"] = [None, float("nan")] * 4
    paragraphs["actor"] = float("nan")
    coverage["coverage"] = float("nan")
    page = render_report(paragraphs, coverage, pledges, documents, {}, strategy)
    assert {row[2] for row in data_of(page)["rows"]} == {None}
    assert {row[10][0] for row in data_of(page)["rows"]} == {None}
    assert "nan" not in parsed(page).css_first("main").text().lower()


def visible_words(page: str) -> str:
    """All that is shown or read out: text, attributes that are read, and the labels handed to the script."""
    tree = parsed(page)
    data = data_of(page)
    labels = [*data["labels"].values(), *data["statementLabels"], *data["anchors"]]
    labels += [parsed(html).body.text(separator="\n") for piece in packed(page, "plans") for html in piece]
    read = [node.attributes.get(name) or "" for node in tree.css("*") for name in ("aria-label", "label", "data-label")]
    for node in tree.css("script, style"):
        node.decompose()
    return "\n".join([tree.css_first("title").text(), tree.body.text(separator="\n"), *read, *labels])


@pytest.mark.parametrize(("lang", "other"), [("da", "en"), ("en", "da")])
def test_no_label_of_the_other_language_is_left(lang, other):
    strategy = small_strategy("7")
    paragraphs, coverage, pledges, documents = tables(strategy, "7")
    statuses = [name for name in Labels(lang).group("status") if name != "ok"]
    failed = pd.concat([documents[1:].assign(document=f"9-{name}", status=name) for name in statuses])
    page = render_report(paragraphs, coverage, pledges, pd.concat([documents[:1], failed]), {}, strategy, lang=lang)
    words = " ".join(visible_words(page).split())
    found = {side: set() for side in (lang, other)}
    elsewhere = ("plot.", "sheet.", "field.", "display.", "batch.", "print.")
    for key, label in label_table().items():
        if key.startswith(elsewhere):
            continue
        pieces = {side: {p.strip(" :.,()") for p in re.split(r"\{\w+\}", label[side])} for side in (lang, other)}
        for side, opposite in ((lang, other), (other, lang)):
            for piece in pieces[side] - pieces[opposite]:
                if len(piece) > 2 and re.search(rf"(?<!\w){re.escape(' '.join(piece.split()))}(?!\w|\.\w)", words):
                    found[side].add(key)
    assert len(found[lang]) > 100
    assert not found[other]


def test_templates_hold_no_words_of_their_own():
    for template in TEMPLATES.iterdir():
        if template.name.endswith(".html"):
            text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", template.read_text(encoding="utf-8"), flags=re.S)
            shown = re.sub(r"<[^>]*>", " ", text)
            assert not re.search(r"[^\W\d_]{2,}", shown), template.name
            spoken = re.findall(r'(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"', text)
            assert not any(words.strip() for words in spoken), template.name


def test_the_label_table_is_whole_and_nothing_in_it_is_unused():
    package = Path(strategitekst.__file__).parent
    sources = "".join(
        source.read_text(encoding="utf-8")
        for source in package.rglob("*")
        if source.name.endswith((".html", ".js", ".py"))
    )
    sources = sources.replace("'", '"')
    named = {"state", "meaning", "statement", "statement_meaning", "anchor", "status", "section", "column", "table"}
    named |= {"reason", "advice", "sheet", "field", "batch", "baseline", "measure"}
    for key, label in label_table().items():
        assert all(label[lang].strip() for lang in LANGUAGES), key
        fields = [sorted(re.findall(r"\{(\w+)\}", label[lang])) for lang in LANGUAGES]
        assert fields[0] == fields[1], key
        base = re.sub(r"\.(none|one|many)$", "", key)
        assert key.split(".")[0] in named or f'"{base}"' in sources or key.startswith(("method.limit_", "filter.")), key


def test_every_state_statement_and_reading_error_has_a_label():
    table = label_table()
    assert {*STATES, "unread"} <= set(Labels("da").group("state")) == set(Labels("da").group("meaning"))
    assert set(Labels("da").group("state")) <= set(MARKS)
    assert list(STATEMENTS) == list(Labels("da").group("statement")) == list(Labels("da").group("statement_meaning"))
    for error in errors.ReadingError.__subclasses__():
        assert f"status.{error.__name__}" in table


def test_an_unknown_language_is_told_what_there_is():
    with pytest.raises(UsageError, match="da eller en"):
        render_report(*tables(small_strategy()), {}, small_strategy(), lang="sv")


def test_evidence_without_its_paragraph_is_an_error_not_a_hole():
    strategy = small_strategy()
    paragraphs, coverage, pledges, documents = tables(strategy)
    whole = documents.assign(paragraphs=[2, 0])
    with pytest.raises(KeyError):
        render_report(paragraphs[:2], coverage, pledges, whole, {}, strategy)


def test_a_part_of_the_paragraphs_is_said_to_be_a_part():
    strategy = small_strategy()
    paragraphs, coverage, pledges, documents = tables(strategy)
    tree = parsed(render_report(paragraphs[:2], coverage, pledges, documents, {}, strategy))
    assert Labels("da")("filter.part", number="2", total="8") in tree.css_first("#paragraphs").text()
    assert len(tree.css("#pledge-3 blockquote")) == 1


def test_a_huge_analysis_is_cut_to_what_a_page_can_hold_and_says_so():
    strategy = small_strategy()
    paragraphs, coverage, pledges, documents = tables(strategy, number=20)
    place = pledges.index[(pledges["pledge"] == "Q4") & (pledges["document"] != "*")][0]
    pledges.at[place, "evidence"] = [19, 17]
    one = pledges[pledges["document"] == f"{NEUTRAL}-1"]
    more = [documents[:1].assign(document=f"n{number}", paragraphs=0) for number in range(5)]
    documents = pd.concat([documents[:1], *more])
    pledges = pd.concat([pledges, *(one.assign(document=f"n{n}", evidence=[[]] * len(one)) for n in range(5))])
    limits = Limits(plans=4, open_plans=2, rows=5, evidence=1, listed=2)
    page = render_report(paragraphs, coverage, pledges, documents, {}, strategy, limits=limits)
    tree = parsed(page)
    # The evidence is kept before what comes first.
    assert [row[1] for row in data_of(page)["rows"]] == [0, 1, 2, 17, 19]
    assert Labels("da")("filter.part", number="5", total="20") in tree.css_first("#paragraphs").text()
    assert [node.attributes["id"] for node in tree.css("#plans article")] == ["plan-0", "plan-1"]
    assert [len(packed(page, kind)[0]) for kind in ("heat", "plans")] == [2, 2]
    assert Labels("da")("plan.left_out", number="2") in tree.css_first("#plans").text()
    assert Labels("da")("pledge.missing_more", number="4") in tree.css_first("#pledge-0").text()
    assert Labels("da").count("pledge.more", 1) in tree.css_first("#pledge-3").text()


def test_reasons_come_in_the_language_of_the_report():
    strategy = small_strategy()
    tree = parsed(render_report(*tables(strategy), {}, strategy, lang="en"))
    assert "Pledge 1 is not mentioned." in tree.css_first("#plan-0-0").text()
    assert "strongest is paragraph 1." in tree.css_first("#plan-0-3").text()
    assert f"strongest is paragraph 1 in {NEUTRAL}-1." in tree.css_first("#pledge-3 .reason").text()


def test_colours_keep_their_contrast():
    """WCAG AA asks for 4.5 between text and ground."""
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    schemes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)
    ]
    assert len(schemes) == 2
    pairs = re.findall(r"background: var\(--([^)]*)\); color: var\(--([^)]*)\)", css)
    pairs += [(ground, text) for ground in ("paper", "wash", "here", "gap-wash") for text in ("ink", "accent")]
    pairs += [(ground, "quiet") for ground in ("paper", "wash", "here")] + [("mark", "ink")]
    assert len(pairs) > 15
    for named in schemes:
        for ground, text in pairs:
            bright, dark = sorted((_light(named[ground]), _light(named[text])), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= 4.5, (ground, text)


def _light(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_strategy_of_another_make_is_shown_as_well():
    strategy = replace(load_strategy("eksempelby-2024-2028"), foundations=())
    tree = parsed(render_report(*tables(strategy), {}, strategy))
    assert len(tree.css("#pledges article")) == 7
    assert not any(node.attributes["label"] == Labels("da")("filter.foundations") for node in tree.css("optgroup"))
