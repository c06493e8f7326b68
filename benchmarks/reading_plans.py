"""Plans that are written to files in many formats, and how much of them a reader gives back.

The plans are those of corpus/, with tables, nested lists, quotes and footnotes put in. What Python alone can write,
``own_files`` writes; ``tool_files`` has pandoc, LibreOffice and Chromium write the rest where they are installed.
"""

from __future__ import annotations

import difflib
import os
import random
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from strategitekst.document import Block

PLANS = Path(__file__).parents[1] / "corpus" / "plans"
NAMES = "r1a r1d t1a t1c t1f t2b t2e w01a w02c w03d w04h w05b w06e w07a".split()  # noqa: SIM905 - reads better so
UNITS = ("Akutområdet", "Nære tilbud", "Hospital og patient", "Regional Udvikling", "Koncern HR", "Data og IT")


@dataclass(frozen=True)
class Part:
    """A piece of a plan before it is written.

    Attributes:
        kind: ``heading``, ``prose``, ``item``, ``quote`` or ``table``.
        text: Its text.
        level: Of a heading, from 1; of an item, its depth from 0.
        ordered: The item is numbered.
        note: A footnote at its end.
        rows: Of a table, the first names the columns.
    """

    kind: str
    text: str = ""
    level: int = 0
    ordered: bool = False
    note: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def load_plan(name: str, folder: Path = PLANS) -> list[Part]:
    """Read a plan and put in what it lacks; the same name gives the same plan.

    Args:
        name: Its name, without ``.md``.
        folder: Where it lies; what stands above a line of dashes, and lines that begin with ``%%``, are no part of it.
    """
    text = (folder / f"{name}.md").read_text(encoding="utf-8")
    text = re.sub(r"\n%%[^\n]*", "", text.partition("\n---\n")[2] or text)
    parts = _parse(text)
    words = " ".join(part.text for part in parts if part.kind == "prose").split()
    chance = random.Random(name)  # noqa: S311 - no secret
    result: list[Part] = []
    count = 0
    for place, part in enumerate(parts):
        result.append(part)
        if part.kind != "prose":
            continue
        count += 1
        if place + 1 < len(parts) and parts[place + 1].kind == "item":
            continue
        result += _additions(count % 7, words, chance)
        if count % 7 == 3:
            result[-1] = Part("prose", part.text, note=_cut(words, chance, 6, 14) + ".")
    return result


def _additions(turn: int, words: list[str], chance: random.Random) -> list[Part]:
    if turn == 2:
        rows = [("Indsats", "Ansvarlig", "Frist")]
        for _ in range(chance.randint(2, 5)):
            quarter = f"{chance.randint(1, 4)}. kvartal 20{chance.randint(24, 28)}"
            rows.append((_cut(words, chance, 3, 9), chance.choice(UNITS), quarter))
        return [Part("table", rows=tuple(rows))]
    if turn == 5:
        figures = [(_cut(words, chance, 2, 6), f"{chance.randint(2, 99)} pct.") for _ in range(3)]
        return [Part("table", rows=(("Mål", "Måltal 2027"), *figures))]
    if turn == 4:
        items = [Part("item", _cut(words, chance, 4, 10), level=depth) for depth in (0, 1, 1, 0, 1)]
        return [Part("prose", "Det gør vi ved at arbejde med:"), *items]
    if turn == 6:
        items = [Part("item", _cut(words, chance, 4, 10), ordered=True) for _ in range(3)]
        return [Part("prose", "Rækkefølgen er denne:"), *items]
    return [Part("quote", _cut(words, chance, 9, 20) + ".")] if turn == 1 else []


def _cut(words: list[str], chance: random.Random, least: int, most: int) -> str:
    count = chance.randint(least, most)
    start = chance.randrange(max(1, len(words) - count))
    text = re.sub(r"[*_|]", "", " ".join(words[start : start + count])).strip(' ,.;:–-()»«"”')
    text = re.sub(r"^(?:\w{1,4}\. |§ )+", "", text)
    return text[:1].upper() + text[1:]


def _parse(text: str) -> list[Part]:
    parts: list[Part] = []
    for block in re.split(r"\n\s*\n", text):
        for line in re.sub(r"\n(?!\s*(?:[-*]|\d+\.)\s)", " ", block).split("\n"):
            heading, item = re.match(r"(#{1,6}) (.*)", line), re.match(r"(\s*)([-*]|\d+\.) (.*)", line)
            if heading:
                parts.append(Part("heading", _fold(heading[2]), level=len(heading[1])))
            elif item:
                parts.append(Part("item", _fold(item[3]), level=len(item[1]) // 2, ordered=item[2][0].isdigit()))
            elif line.strip():
                parts.append(Part("prose", _fold(line)))
    return parts


def _fold(text: str) -> str:
    return " ".join(text.split())


def row_text(header: Sequence[str], row: Sequence[str]) -> str:
    """Write a row as the reader does."""
    return "; ".join(f"{name}: {cell}" for name, cell in zip(header, row, strict=True) if cell)


def markdown(plan: Sequence[Part]) -> str:
    """Write a plan as Markdown."""
    out: list[str] = []
    notes: list[str] = []
    for place, part in enumerate(plan):
        if part.kind == "heading":
            text = "#" * part.level + " " + part.text
        elif part.kind == "item":
            text = "    " * part.level + ("1. " if part.ordered else "- ") + part.text
        elif part.kind == "table":
            rows = ["| " + " | ".join(row) + " |" for row in part.rows]
            text = "\n".join([rows[0], "|" + "---|" * len(part.rows[0]), *rows[1:]])
        else:
            text = ("> " if part.kind == "quote" else "") + part.text
        if part.note:
            notes.append(part.note)
            text += f"[^{len(notes)}]"
        joined = part.kind == "item" and place and plan[place - 1].kind == "item"
        out.append(("\n" if joined else "\n\n") + text)
    return "".join(out).lstrip() + "".join(f"\n\n[^{number}]: {note}" for number, note in enumerate(notes, 1)) + "\n"


def plain_text(plan: Sequence[Part]) -> str:
    """Write a plan as plain text; a table's rows as the reader would, since text has no tables."""
    out: list[str] = []
    number = 0
    for place, part in enumerate(plan):
        text = part.text
        number = number + 1 if part.ordered else 0
        if part.kind == "item":
            text = "  " * part.level + (f"{number}. " if part.ordered else "- ") + part.text
        elif part.kind == "table":
            text = "\n\n".join(row_text(part.rows[0], row) for row in part.rows[1:])
        joined = part.kind == "item" and place and plan[place - 1].kind == "item"
        out.append(("\n" if joined else "\n\n") + text)
    return "".join(out).lstrip() + "\n"


def word_file(plan: Sequence[Part]) -> bytes:
    """Write a plan with python-docx, in Word's own styles, with running heads."""
    import docx

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Løbende sidehoved"
    document.sections[0].footer.paragraphs[0].text = "Side 1"
    for part in plan:
        if part.kind == "heading":
            document.add_heading(part.text, part.level)
        elif part.kind == "item":
            style = ("List Number" if part.ordered else "List Bullet") + (f" {part.level + 1}" if part.level else "")
            document.add_paragraph(part.text, style=style)
        elif part.kind == "table":
            table = document.add_table(rows=0, cols=len(part.rows[0]), style="Light Grid Accent 1")
            for row in part.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        else:
            half = part.text.rfind(" ", 0, len(part.text) // 2) + 1
            style = "Intense Quote" if part.kind == "quote" else None
            paragraph = document.add_paragraph(part.text[:half], style=style)
            paragraph.add_run(part.text[half:])
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def odf_file(plan: Sequence[Part]) -> bytes:
    """Write a plan with odfdo."""
    import odfdo

    document = odfdo.Document("text")
    document.body.clear()
    open_list = None
    for number, part in enumerate(plan):
        if part.kind == "item":
            if open_list is None:
                open_list = odfdo.List()
                document.body.append(open_list)
            item = odfdo.ListItem(part.text)
            above = open_list.get_elements("text:list-item")
            if part.level and above:
                inner = odfdo.List()
                inner.append_item(item)
                above[-1].append(inner)
            else:
                open_list.append_item(item)
            continue
        open_list = None
        if part.kind == "heading":
            document.body.append(odfdo.Header(part.level, part.text))
        elif part.kind == "table":
            table = odfdo.Table(f"T{number}")
            for cells in part.rows:
                row = odfdo.Row()
                row.set_values(list(cells))
                table.append_row(row)
            document.body.append(table)
        else:
            paragraph = odfdo.Paragraph(part.text)
            document.body.append(paragraph)
            if part.note:
                paragraph.insert_note(after=part.text[-12:], note_id=f"n{number}", citation="1", body=part.note)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


PAGE = """<!DOCTYPE html><html lang="da"><head><meta charset="utf-8"><title>Plan - Regionen</title>
<script>var a=1;</script></head><body>
<div id="cookie-banner" class="cookie-consent" role="dialog"><h2>Vi bruger cookies</h2><p>Vi bruger cookies til at
forbedre din oplevelse af siden og til statistik. Du kan læse mere om vores brug af cookies i vores politik.</p>
<button>Accepter alle</button></div><a class="skip" href="#main">Spring til indhold</a>
<header><a href="/">Region Testland</a><nav><ul><li><a href="/a">Sundhed</a></li><li>Om os</li></ul></nav></header>
<div class="breadcrumb"><a href="/">Forside</a> / <a href="/p">Planer</a> / Plan</div>
<{tag} class="content">{body}</{tag}><div class="share"><a href="#">Del på Facebook</a></div>
<aside><h3>Relateret indhold</h3><ul><li><a href="/x">Nyt fra regionen</a></li></ul></aside>
<footer><p>Region Testland, Alleen 15, 4180 Sorø. Telefon 70 15 50 00. Åbent mandag til torsdag kl. 8-15.</p></footer>
</body></html>"""


def web_page(plan: Sequence[Part], tag: str = "main") -> str:
    """Write a plan as a page of a site, with what stands around the text there."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    body = MarkdownIt("commonmark").enable("table").use(footnote_plugin).render(markdown(plan))
    return PAGE.format(tag=tag, body=body)


def own_files(plan: Sequence[Part]) -> dict[str, bytes]:
    """Write a plan in every format that Python writes; the names say how."""
    text = plain_text(plan)
    narrow = text.translate(str.maketrans({"–": "-", "”": '"', "“": '"', "’": "'"}))
    return {
        "markdown": markdown(plan).encode(),
        "docx, python-docx": word_file(plan),
        "odt, odfdo": odf_file(plan),
        "html, page with main": web_page(plan).encode(),
        "html, page of divs": web_page(plan, "div").encode(),
        "text, utf-8": text.encode(),
        "text, utf-16": text.encode("utf-16"),
        "text, cp1252": text.encode("cp1252", "replace"),
        "text, latin-1": narrow.encode("latin-1", "replace"),
    }


def tool_files(plan: Sequence[Part]) -> dict[str, bytes]:
    """Have pandoc, LibreOffice and Chromium write a plan, as far as they are installed."""
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "plan.md").write_text(markdown(plan), encoding="utf-8")
        (folder / "page.html").write_text(web_page(plan, "div"), encoding="utf-8")
        found |= _pandoc_files(folder)
        if shutil.which("soffice") and (folder / "plan.docx").exists():
            for kind in ("odt", "rtf", "html"):
                run("soffice", "--headless", "--convert-to", kind, "--outdir", name, str(folder / "plan.docx"))
                found[f"{kind}, LibreOffice"] = (folder / f"plan.{kind}").read_bytes()
            run("soffice", "--headless", "--convert-to", "docx", "--outdir", name, str(folder / "plan.odt"))
            found["docx, LibreOffice"] = (folder / "plan.docx").read_bytes()
        if shutil.which("chromium"):
            page = (folder / "page.html").as_uri()
            found["html, saved by Chromium"] = run("chromium", "--headless", "--no-sandbox", "--dump-dom", page)
    return found


def _pandoc_files(folder: Path) -> dict[str, bytes]:
    try:
        import pypandoc
    except ImportError:
        return {}
    found: dict[str, bytes] = {}
    for kind in ("docx", "odt", "rtf", "epub", "html", "gfm", "markdown", "plain"):
        target = folder / ("pandoc.odt" if kind == "odt" else f"plan.{kind}")
        arguments = ["--standalone", "--wrap=none"] if kind != "markdown" else ["--wrap=auto"]
        pypandoc.convert_file(
            str(folder / "plan.md"), kind, format="markdown-smart", outputfile=str(target), extra_args=arguments
        )
        found[f"{kind}, pandoc"] = target.read_bytes()
    return found


def run(*command: str) -> bytes:
    """Run a program and return what it prints."""
    environment = {**os.environ, "HOME": tempfile.gettempdir()}
    return subprocess.run(command, capture_output=True, check=True, env=environment, timeout=120).stdout  # noqa: S603


def score(
    plan: Sequence[Part],
    blocks: Sequence[Block],
    *,
    plain: bool = False,
    narrow: bool = False,
    noteless: bool = False,
) -> Counter[str]:
    """Count what of a plan a reader gave back in order.

    Args:
        plan: The plan.
        blocks: What the reader made of the file.
        plain: The format has no tables and no notes; rows are paragraphs there.
        narrow: The format lacks dashes and curly quotes.
        noteless: The writer leaves notes out.

    Returns:
        Counts of ``paragraphs``, ``headings``, ``rows``, ``notes`` in the plan; with ``_found`` behind, of those found;
        ``levels_found`` for headings with the right level, ``extra`` for paragraphs and headings that are not there.
    """

    def same(text: str) -> str:
        return _fold(text).translate(str.maketrans({"–": "-", "”": '"', "“": '"', "’": "'"}) if narrow else {})

    wanted = [same(part.text) for part in plan if part.kind in ("prose", "item", "quote")]
    rows = [same(row_text(part.rows[0], row)) for part in plan if part.kind == "table" for row in part.rows[1:]]
    headings = [(part.level, same(part.text)) for part in plan if part.kind == "heading"]
    notes = [] if plain or noteless else [same(part.note) for part in plan if part.note]
    read = [same(block.text) for block in blocks if block.kind not in ("heading", "row")]
    read_rows = [same(block.text) for block in blocks if block.kind == "row" or (plain and block.kind != "heading")]
    read_headings = [(block.level, same(block.text)) for block in blocks if block.kind == "heading"]
    known = {*wanted, *rows, *notes}
    return Counter(
        paragraphs=len(wanted),
        paragraphs_found=_common(wanted, read),
        headings=len(headings),
        headings_found=_common([text for _, text in headings], [text for _, text in read_headings]),
        levels_found=_common(headings, read_headings),
        rows=len(rows),
        rows_found=_common(rows, read_rows),
        notes=len(notes),
        notes_found=sum(note in read for note in notes),
        extra=sum(text not in known for text in read)
        + sum(text not in {text for _, text in headings} for _, text in read_headings),
    )


def _common(wanted: Sequence[object], read: Sequence[object]) -> int:
    matcher = difflib.SequenceMatcher(None, wanted, read, autojunk=False)
    return sum(match.size for match in matcher.get_matching_blocks())
