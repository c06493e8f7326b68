"""Print how PDFs that nobody wrote for us are read.

    python benchmarks/reading_real.py FOLDER

FOLDER holds any PDFs, in any folders below it. Each is read under the usual limits, save two minutes of time; what is
no named error ends the program. Its words are then laid beside those of poppler's ``pdftotext`` (which must be
installed), both in the order that it finds on the page and in that of the file (``-raw``):

- *order*: of the words that both give, the share that stands in the same order (longest common subsequence), with the
  nearer of pdftotext's two orders; the columns beside it name them apart.
- *found*: of pdftotext's words, the share that is among ours. Running heads and page numbers, which ours leaves out,
  count as not found; the order does not see them.

Words are compared without case, punctuation and hyphens. Files in which pdftotext finds fewer than fifty words, or
mostly other letters than Latin ones, are read but not compared.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from strategitekst.errors import StrategitekstError
from strategitekst.reading import Limits, read_document

LIMITS = Limits(seconds=120)
FEWEST_WORDS, MOST_WORDS = 50, 400_000
BAR = 0.97
MOST_OTHER_LETTERS = 0.2


class Comparison(NamedTuple):
    """How near our words are to those of another reader.

    Attributes:
        order: Of the words that both give, the share in the same order.
        found: Of the other's words, the share that ours has.
    """

    order: float
    found: float


def words(text: str) -> list[str]:
    """Reduce a text to its words; halves around a hyphen at the end of a line are put together.

    Example:
        >>> words("Sund-\\nhed, e-hospital og ﬁre børn.")
        ['sundhed', 'ehospital', 'og', 'fire', 'børn']
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"(?<=\w)[-\u00ad\u2010\ufffe]\s*\n\s*(?=\w)", "", text)
    return [word for each in text.split() if (word := re.sub(r"[\W_]", "", each))]


def common_in_order(ours: Sequence[str], others: Sequence[str]) -> int:
    """Count the words of the longest common subsequence, bit by bit (Hyyrö 2004).

    Example:
        >>> common_in_order("vi kommer hjem i dag".split(), "i dag kommer vi hjem".split())
        2
    """
    places: dict[str, int] = {}
    for place, word in enumerate(ours):
        places[word] = places.get(word, 0) | 1 << place
    every = (1 << len(ours)) - 1
    row = every
    for word in others:
        match = row & places.get(word, 0)
        if match:
            row = (row + match | row - match) & every
    return len(ours) - row.bit_count()


def compare(ours: Sequence[str], others: Sequence[str]) -> Comparison:
    """Lay the words of two readers beside each other."""
    both = (Counter(ours) & Counter(others)).total()
    return Comparison(common_in_order(ours, others) / both if both else 0.0, both / len(others))


def pdftotext(path: Path, *options: str) -> list[str]:
    """Return the words that poppler finds."""
    command = ("pdftotext", "-q", "-nopgbrk", *options, str(path), "-")
    done = subprocess.run(command, capture_output=True, check=False, timeout=300)  # noqa: S603 - its own arguments
    return words(done.stdout.decode("utf-8", "replace"))


def is_comparable(others: Sequence[str]) -> bool:
    """Say whether there is enough text in Latin letters."""
    letters = [sign for word in others[:5000] for sign in word if sign.isalpha()]
    other = sum(not unicodedata.name(sign, "").startswith("LATIN") for sign in letters)
    return FEWEST_WORDS <= len(others) <= MOST_WORDS and other <= MOST_OTHER_LETTERS * len(letters)


def main() -> None:
    """Read all, print a line a file, then the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder of PDFs")
    folder = parser.parse_args().folder
    statuses: Counter[str] = Counter()
    pages = 0
    found: dict[Path, Comparison] = {}
    for path in sorted(each for each in folder.rglob("*") if each.suffix.casefold() == ".pdf" and each.is_file()):
        try:
            document = read_document(path, limits=LIMITS)
        except StrategitekstError as error:
            statuses[type(error).__name__] += 1
            print(f"{type(error).__name__:22} {path.relative_to(folder)}", flush=True)
            continue
        statuses["ok"] += 1
        pages += document.pages or 0
        laid, raw = pdftotext(path), pdftotext(path, "-raw")
        if not is_comparable(laid):
            print(f"not compared, {len(laid):6} words {path.relative_to(folder)}", flush=True)
            continue
        ours = words(document.text)
        by_page, by_file = compare(ours, laid), compare(ours, raw)
        found[path.relative_to(folder)] = best = max(by_page, by_file)
        print(
            f"{best.order:.3f} ({by_page.order:.3f} {by_file.order:.3f}) found {best.found:.3f} "
            f"{document.pages:5} pages {path.relative_to(folder)}",
            flush=True,
        )
    print(f"\n{statuses.total()} files, {pages} pages: {dict(statuses.most_common())}")
    if found:
        print_sums(found)


def print_sums(found: dict[Path, Comparison]) -> None:
    """Print the order of words in each folder and in all, and the worst ten."""
    groups = sorted({path.parts[0] for path in found if len(path.parts) > 1})
    print("| files | compared | order, median | mean | order at least 0.97 | words found, median |")
    print("|---|---|---|---|---|---|")
    for group in [*groups, "all"]:
        chosen = [each for path, each in found.items() if group in ("all", path.parts[0])]
        orders = [each.order for each in chosen]
        middle, mean = statistics.median(orders), statistics.mean(orders)
        good = sum(order >= BAR for order in orders) / len(orders)
        share = statistics.median(each.found for each in chosen)
        print(f"| {group} | {len(chosen)} | {middle:.3f} | {mean:.3f} | {good:.2f} | {share:.3f} |")
    print("worst:")
    for path, each in sorted(found.items(), key=lambda entry: entry[1].order)[:10]:
        print(f"  {each.order:.3f} found {each.found:.3f} {path}")


if __name__ == "__main__":
    main()
