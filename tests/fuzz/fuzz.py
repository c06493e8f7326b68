"""Damage files of all formats at random and read them: ``python tests/fuzz/fuzz.py 10000``.

Whatever the damage, reading must end in time, within memory, with a document or a named error. Prints how the files
ended, and keeps what broke this rule in a folder, under a name that says with which seed it comes again.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from strategitekst import errors
from strategitekst.document import SEPARATOR, Document
from strategitekst.reading import Limits, read_document

Chance = random.Random
SENTENCES = (
    "Vi ansætter ti nye læger i regionen inden udgangen af 2026.",
    "Borgerne skal have hjælp tæt på, hvor de bor – også om natten.",
    "Region Testland køber 12 elbusser for 30 mio. kr.",
    "Et tættere samarbejde mellem kommuner og hospitaler er en forudsætning for mere lighed i sundhed.",
)
TOKENS = (
    b"\0",
    b"\xff" * 9,
    b"<",
    b">",
    b"</",
    b"&#x0;",
    b"]]>",
    b"(",
    b")",
    b"<<",
    b">>",
    b"endstream",
    b"obj",
    b"/Kids",
)
TOKENS += (
    b"{\\",
    b"}",
    b"\\u-1",
    b"\\bin99999999",
    b"%s" * 9,
    b"| |",
    b"```",
    b"[^1]",
    b"9" * 30,
    b"\xe2\x80\xae",
    b"-1",
)


class Outcome(NamedTuple):
    """How a damaged file ended: its status, and what was wrong with that, or nothing."""

    status: str
    wrong: str = ""


def seeds() -> dict[str, bytes]:
    """Make a small file of each format."""
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    table = "<table><tr><th>Indsats</th><th>Frist</th></tr><tr><td>Ny bil</td><td>2025</td></tr></table>"
    lists = "<ul><li>en<ul><li>to</li></ul></li></ul>"
    page = f"<html><body><h1>Plan</h1><main>{paragraphs}{lists}{table}</main></body></html>"
    plain = "Plan 2026\n\n" + "\n\n".join(SENTENCES) + "\n\n- en\n  - to\n\n1. tre\n2. fire\n"
    rows = "\n| Indsats | Frist |\n|---|---|\n| Ny bil | 2025 |\n\nTekst[^1]\n\n[^1]: En note.\n"
    rtf = "{\\rtf1\\ansi{\\stylesheet{\\s1 heading 1;}}{\\pard\\s1 Plan\\par}" + "".join(
        f"{{\\pard {sentence}\\par}}" for sentence in SENTENCES
    )
    rtf += "\\trowd\\cellx9 a\\cell b\\cell\\row Slut{\\footnote note}\\par}"
    return {
        "text": plain.encode(),
        "utf-16": plain.encode("utf-16"),
        "latin-1": plain.encode("latin-1", "replace"),
        "markdown": f"# {plain}{rows}".encode(),
        "html": page.encode(),
        "rtf": rtf.encode("latin-1", "replace"),
        "docx": _docx(),
        "odt": _odt(paragraphs),
        "epub": _epub(page),
        "pdf": _pdf(),
    }


def _zip(parts: dict[str, str]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Plan 2026", 0)
    for sentence in SENTENCES:
        document.add_paragraph(sentence)
    document.add_paragraph("en", style="List Bullet 2")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(1, 1).text = "Indsats", "2025"
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _odt(paragraphs: str) -> bytes:
    base = "urn:oasis:names:tc:opendocument:xmlns"
    body = paragraphs.replace("<p>", "<text:p>").replace("</p>", "</text:p>")
    body += "<text:list><text:list-item><text:p>en</text:p></text:list-item></text:list>"
    content = (
        f'<office:document-content xmlns:office="{base}:office:1.0" xmlns:text="{base}:text:1.0"><office:body>'
        f'<office:text><text:h text:outline-level="1">Plan</text:h>{body}</office:text></office:body>'
        "</office:document-content>"
    )
    return _zip({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _epub(page: str) -> bytes:
    container = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    book = '<package><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>'
    names = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "b.opf": book, "a.xhtml": page}
    return _zip(names)


def _pdf() -> bytes:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    styles = getSampleStyleSheet()
    story = [Paragraph("Plan 2026", styles["Title"])]
    story += [Paragraph(sentence * 9, styles["BodyText"]) for sentence in SENTENCES * 3]
    story.append(Table([["Indsats", "Frist"], ["Ny bil", "2025"]], style=[("GRID", (0, 0), (-1, -1), 1, "black")]))
    buffer = BytesIO()
    SimpleDocTemplate(buffer).build(story)
    return buffer.getvalue()


def mutate(data: bytes, others: list[bytes], chance: Chance) -> bytes:
    """Damage a file: in its packed parts too, where it is a zip."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        return _mutate_parts(data, others, chance)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        data = chance.choice(DAMAGES)(data, others, chance)
    return data


def _mutate_parts(data: bytes, others: list[bytes], chance: Chance) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice([name for name in old.namelist() if name.endswith((".xml", ".xhtml", ".opf", ".rels"))])
        for name in old.namelist():
            content = old.read(name)
            if name == chosen:
                for _ in range(chance.choice((1, 2, 5))):
                    content = chance.choice(DAMAGES)(content, others, chance)
            new.writestr(name, content)
    return buffer.getvalue()


def _span(data: bytes, chance: Chance) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + int(chance.paretovariate(0.7)))


def _flip(data: bytes, _: list[bytes], chance: Chance) -> bytes:
    changed = bytearray(data or b"x")
    for _number in range(chance.choice((1, 3, 10))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, _: list[bytes], chance: Chance) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _repeat(data: bytes, _: list[bytes], chance: Chance) -> bytes:
    start, end = _span(data, chance)
    times = min(chance.choice((2, 10, 1000)), 300_000 // max(1, end - start) + 2)
    return data[:start] + data[start:end] * times + data[end:]


def _truncate(data: bytes, _: list[bytes], chance: Chance) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _insert(data: bytes, _: list[bytes], chance: Chance) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(TOKENS) * chance.choice((1, 1, 50)) + data[place:]


def _splice(data: bytes, others: list[bytes], chance: Chance) -> bytes:
    other = chance.choice(others)
    start, end = _span(other, chance)
    place = chance.randrange(len(data) + 1)
    return data[:place] + other[start:end] + data[place:]


def _number(data: bytes, _: list[bytes], chance: Chance) -> bytes:
    """Replace a figure by an absurd one: sizes, counts and offsets are what parsers trust."""
    places = [place for place, value in enumerate(data) if 48 <= value <= 57]
    if not places:
        return data
    place = chance.choice(places)
    return data[:place] + chance.choice((b"0", b"-1", b"99999999", b"2147483648", b"1e99")) + data[place + 1 :]


Damage = Callable[[bytes, list[bytes], Chance], bytes]
DAMAGES: tuple[Damage, ...] = (_flip, _cut, _repeat, _truncate, _insert, _splice, _number)


def attempt(number: int, limits: Limits, originals: dict[str, bytes]) -> tuple[str, bytes, Outcome]:
    """Damage and read one file; the number decides all.

    Returns:
        The format it came from, the damaged file, and how it ended.
    """
    chance = Chance(number)
    kind = list(originals)[number % len(originals)]
    data = mutate(originals[kind], list(originals.values()), chance)
    started = time.monotonic()
    try:
        outcome = _check(read_document(data, name="fil", limits=limits))
    except errors.ReadingError as error:
        one_line = "\n" not in str(error) and str(error).startswith("fil ") and type(error) is not errors.ReadingError
        outcome = Outcome(type(error).__name__, "" if one_line else f"error without a name: {error!r}")
    except Exception as error:
        outcome = Outcome("crash", repr(error))
    if time.monotonic() - started > limits.seconds + 5:
        outcome = Outcome(outcome.status, f"took {time.monotonic() - started:.0f} s")
    return kind, data, outcome


def _check(document: Document) -> Outcome:
    if not any(sign.isalnum() for paragraph in document.paragraphs for sign in paragraph.text):
        return Outcome("ok", "ok without text")
    end = -len(SEPARATOR)
    for paragraph in document.paragraphs:
        if document.text[paragraph.start : paragraph.end] != paragraph.text or paragraph.start < end:
            return Outcome("ok", f"offsets of paragraph {paragraph.number} are wrong")
        end = paragraph.end
    return Outcome("ok")


def main() -> None:
    """Damage and read many files, and print how they ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--keep", type=Path, default=Path("out/fuzz"), help="folder for files that broke the rule")
    options = parser.parse_args()
    originals = seeds()
    statuses: Counter[tuple[str, str]] = Counter()
    wrong = 0
    started = time.monotonic()
    for number in range(options.first, options.first + options.count):
        kind, data, outcome = attempt(number, Limits(), originals)
        statuses[kind, outcome.status] += 1
        if outcome.wrong or outcome.status in ("ReaderCrashed", "ReadingTimeout", "ReadingMemory"):
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{number}.{kind}").write_bytes(data)
            print(number, kind, *outcome, flush=True)
        wrong += bool(outcome.wrong)
    for (kind, status), count in sorted(statuses.items()):
        print(f"{kind:10} {status:18} {count:6}")
    print(f"{options.count} files in {time.monotonic() - started:.0f} s, {wrong} against the rule")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
