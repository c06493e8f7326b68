"""The report in a real browser: nothing asked for, nothing complained of, usable by keyboard, whole on paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from strategitekst.analysis import Analysis
from strategitekst.strategy import Ambition, Foundation, Initiative, Pledge, Strategy, Target

api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

HOSTILE = """<script>window.hit=1</script><img src=x onerror="window.hit=1">" ' javascript:alert(1) {{7*7}} </script>"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


class Visit:
    """A page that was opened, with all that it said and asked for."""

    def __init__(self, page: api.Page, address: str) -> None:
        self.page, self.said, self.asked = page, [], []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(address)
        page.wait_for_selector("#explorer[aria-busy=false]", state="attached")

    def text(self, selector: str) -> str:
        return " ".join(self.page.inner_text(selector).split())


@pytest.fixture(scope="module")
def browser() -> Iterator[api.Browser]:
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser: api.Browser, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    contexts = []

    def visit(analysis: Analysis, lang: str = "da", part: str = "", width: int = 1400, **options: object) -> Visit:
        file = analysis.to_html(tmp_path / "report.html", lang)
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **options))
        return Visit(contexts[-1].new_page(), f"{file.as_uri()}{part}")

    yield visit
    for context in contexts:
        context.close()


def hostile_strategy() -> Strategy:
    pledges = (Pledge("Q1", HOSTILE, 1, HOSTILE, targets=(Target(HOSTILE),)), Pledge("Q2", HOSTILE, 2))
    ambition = Ambition("B1", HOSTILE, HOSTILE, pledges, (Initiative(HOSTILE, ("Q1",)),))
    return Strategy("s", HOSTILE, (ambition,), (Foundation("F1", HOSTILE),), organisation=HOSTILE, period=HOSTILE)


def test_it_says_nothing_and_asks_for_nothing(visit, make_analysis):
    seen = visit(make_analysis(8, failed=1))
    seen.page.click("text=Vis planens afsnit i tabellen >> nth=0")
    assert seen.said == []
    assert [re.sub(r"#.*", "", address).rsplit("/", 1)[-1] for address in seen.asked] == ["report.html"]


def test_hostile_text_is_shown_as_text_and_does_nothing(visit, make_analysis):
    analysis = make_analysis(3, strategy=hostile_strategy(), text=HOSTILE, failed=1)
    analysis = replace(analysis, manifest={HOSTILE: [HOSTILE]})
    analysis.documents["message"] = HOSTILE
    seen = visit(analysis)
    shown = " ".join(HOSTILE.split())
    for selector in ("h1", "#summary", "#overview", "#pledge-0", "#plan-0", "#plan-3", "#rows", ".manifest"):
        assert shown in " ".join(seen.page.text_content(selector).split()), selector
    assert shown in seen.page.title()
    assert shown in seen.page.locator("#f-plan option").nth(1).text_content()
    for page in (1, 0):
        seen.page.keyboard.press("Home" if page else "End")
    seen.page.fill("#f-text", "<script>")
    seen.page.wait_for_timeout(200)
    assert seen.text("#count") == "36 af 36 afsnit"
    assert seen.page.evaluate("window.hit") is None
    hrefs = seen.page.eval_on_selector_all("[href]", "all => all.map(each => each.getAttribute('href'))")
    assert all(href.startswith("#") for href in hrefs)
    assert seen.page.locator("img, iframe, object, embed, base, form[action]").count() == 0
    assert seen.said == []
    assert len(seen.asked) == 1


def test_filters_work_by_keyboard_alone(visit, make_analysis):
    seen = visit(make_analysis(3))
    page = seen.page
    page.focus("#f-plan")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(100)
    assert seen.text("#count") == "12 af 36 afsnit"
    assert "x/afsnit 001.pdf" in seen.text("#rows tr:first-child")
    page.keyboard.press("Tab")
    page.keyboard.type("P1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("afsnit 11")
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.id") == "f-text"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert seen.text("#count") == "36 af 36 afsnit"
    assert page.input_value("#f-text") == ""


def test_pages_turn_by_keyboard_and_keep_the_focus(visit, make_analysis):
    seen = visit(make_analysis(5))
    seen.page.focus("#next")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_timeout(100)
    assert seen.text("#shown") == "viser 51–60"
    assert seen.page.evaluate("document.activeElement.id") == "previous"


def test_the_first_tab_skips_to_the_content_and_links_lead_to_their_place(visit, make_analysis):
    analysis = make_analysis(9)
    seen = visit(analysis)
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "main"
    link = seen.page.locator("#overview .field a").last
    link.focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.querySelector('tr:target').id") == "plan-8-11"
    assert seen.page.locator("#plan-8-11").is_visible()
    evidence = seen.page.locator("#plan-8-11 a[href^='#p-8-']").first
    number = evidence.get_attribute("href").rsplit("-", 1)[1]
    evidence.focus()
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_timeout(200)
    assert seen.page.evaluate("document.activeElement.id") == f"p-8-{number}"
    # The number in the reason, in the link and in the row is that of the table.
    reason = analysis.pledges[analysis.pledges["document"].str.endswith("008.pdf")].iloc[11]["reason"]
    assert f"afsnit {number}" in reason.replace("\u00a0", " ")
    assert f"afsnit {number}, side" in seen.text(f"#p-8-{number}").replace("\u00a0", " ")


def test_an_address_with_a_paragraph_opens_on_it(visit, make_analysis):
    seen = visit(make_analysis(9), part="#p-7-3")
    seen.page.wait_for_timeout(300)
    assert seen.page.evaluate("document.activeElement.id") == "p-7-3"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("lang", "width"), [("da", 1400), ("en", 1400), ("da", 390)])
def test_axe_finds_no_violation(visit, make_analysis, lang, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe is not installed")
    seen = visit(make_analysis(9, failed=1), lang, width=width, color_scheme=scheme)
    # What is out of view is not laid out, and what is not laid out is not checked; so is what is folded.
    seen.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    seen.page.evaluate(
        "document.querySelectorAll('.entry').forEach(each => { each.style.contentVisibility = 'visible' })"
    )
    seen.page.evaluate(axe.AXE_FILE_PATH.read_text(encoding="utf-8"))
    found = seen.page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", WCAG)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    assert seen.said == []


@pytest.mark.parametrize("width", [1400, 390])
def test_nothing_is_wider_than_the_window(visit, make_analysis, width):
    seen = visit(make_analysis(3, text="Et_meget_langt_navn_uden_mellemrum_" * 3), width=width)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def wide_strategy() -> Strategy:
    pledges = tuple(Pledge(f"P{number}", f"Løfte om noget {number}", number) for number in range(1, 25))
    return Strategy("s", "S", (Ambition("A1", "A", pledges=pledges),))


@pytest.mark.parametrize(("plans", "pledges"), [(4, 12), (12, 12), (40, 12), (9, 24)])
def test_paper_cuts_no_table(visit, make_analysis, tmp_path, plans, pledges):
    analysis = make_analysis(plans, strategy=wide_strategy() if pledges > 12 else None)
    seen = visit(analysis)
    seen.page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    pages = [document[number].get_textpage() for number in range(len(document))]
    text = "".join("".join(page.get_text_bounded().split()) for page in pages)
    cells = analysis.pledges[analysis.pledges["document"] != "*"]
    for reason in cells["reason"]:
        assert "".join(reason.split()) in text
    # Percentages of the heat map and of the plans: none is cut off at the edge.
    for row in analysis.coverage[analysis.coverage["document"] != "*"].itertuples():
        assert text.count(f"{round(100 * row.coverage)}%") >= 2
    for number in range(len(document)):
        width = document[number].get_width()
        text_page = document[number].get_textpage()
        for place in range(text_page.count_rects()):
            left, _, right, _ = text_page.get_rect(place)
            assert left >= 0
            assert right <= width


SHAPE = """() => {
  const shape = (node) => node.nodeType === 3 ? node.textContent : [node.tagName,
    [...node.attributes].map((each) => `${each.name}=${each.value}`).sort(),
    [...node.childNodes].filter((each) => each.nodeType === 1 || each.textContent.trim()).map(shape)];
  return JSON.stringify([...document.querySelectorAll('#rows tr')].map(shape));
}"""


def test_rows_of_the_script_are_those_of_the_page(visit, make_analysis, browser, tmp_path):
    drawn = visit(make_analysis(2)).page.evaluate(SHAPE)
    whole = (tmp_path / "report.html").read_text(encoding="utf-8")
    (tmp_path / "still.html").write_text(re.sub(r"<script>.*?</script>", "", whole, flags=re.S), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "still.html").as_uri())
    assert page.evaluate(SHAPE) == drawn
    page.close()


def test_without_script_all_but_the_filters_is_there(make_analysis, browser, tmp_path):
    file = make_analysis(9).to_html(tmp_path / "report.html")
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(file.as_uri())
    assert page.locator("#rows tr").count() == 50
    assert page.locator("noscript .note").is_visible()
    assert not page.locator("#filters").is_visible()
    page.context.close()


def test_a_link_to_a_paragraph_that_was_left_out_says_so(visit, make_analysis):
    analysis = make_analysis(2)
    analysis.tables["paragraphs"] = analysis.paragraphs[:20]
    seen = visit(analysis, part="#p-1-11")
    seen.page.wait_for_timeout(300)
    assert seen.text("#count") == "Afsnittet er ikke med i denne tabel. Det står i paragraphs.parquet."
    assert seen.page.locator("#next").is_disabled()
    assert seen.page.locator("#rows tr").count() == 20


def test_pages_turn_after_a_link_to_a_paragraph_that_was_left_out(visit, make_analysis):
    analysis = make_analysis(6)
    analysis.tables["paragraphs"] = analysis.paragraphs[:70]
    seen = visit(analysis, part="#p-5-11")
    seen.page.wait_for_timeout(300)
    seen.page.click("#next")
    seen.page.wait_for_timeout(200)
    assert seen.text("#shown") == "viser 51–70"
    assert seen.text("#count") == "70 af 70 afsnit"
    assert seen.page.locator("#rows tr").count() == 20


def test_pages_turn_though_the_table_is_not_yet_unpacked(visit, make_analysis):
    seen = visit(make_analysis(5))
    seen.page.add_init_script("addEventListener('DOMContentLoaded', () => document.getElementById('next').click())")
    seen.page.reload()
    seen.page.wait_for_selector("#explorer[aria-busy=false]", state="attached")
    seen.page.wait_for_timeout(200)
    assert seen.text("#shown") == "viser 51–60"
    assert seen.text("#count") == "60 af 60 afsnit"


def test_many_plans_are_packed_until_asked_for(visit, make_analysis):
    seen = visit(make_analysis(203, 2))
    page = seen.page
    assert page.locator("#overview tbody th").count() == 151
    page.focus("#overview .reveal")
    page.keyboard.press("Enter")
    page.wait_for_selector("#overview tbody tr:nth-child(50) >> text=199.pdf", state="attached")
    assert page.locator("#overview tbody th").count() == 201
    assert "150.pdf" in page.evaluate("document.activeElement.textContent")
    page.evaluate("location.hash = '#plan-202-3'")
    page.wait_for_selector("#plan-202-3", state="attached")
    assert page.locator("#plans article").count() > 150
    assert seen.said == []


@pytest.mark.slow
def test_fifty_thousand_paragraphs_open_and_filter_quickly(visit, make_analysis, tmp_path):
    seen = visit(make_analysis(500, 100, text="Regionen styrker indsatsen for borgerne på tværs af sektorer"))
    assert (tmp_path / "report.html").stat().st_size < 40e6
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    assert seen.page.evaluate(paint) < 3000
    measure = """() => new Promise((done) => {
      const field = document.getElementById('f-text'), start = performance.now();
      new MutationObserver(() => requestAnimationFrame(() => done(performance.now() - start)))
        .observe(document.getElementById('count'), {childList: true});
      field.value = 'borgerne 99';
      field.dispatchEvent(new Event('input'));
    })"""
    assert seen.page.evaluate(measure) < 300
    assert re.search(r"^[\d.]+ af 50\.000 afsnit$", seen.text("#count"))
