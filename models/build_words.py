"""Build the Danish word list that repairs words broken by hyphens and spaces.

The list comes from the Danish lemma table of spacy-lookups-data (MIT): 553,000 forms. Forms that are two other
forms put together are left out, since ``strategitekst.reading.words`` takes compounds apart itself; a third of the
forms remains, which is a file of some 360 kB and a set that loads in a few hundredths of a second.

Run: ``python models/build_words.py``
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import lzma
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src" / "strategitekst" / "reading" / "words_da.txt.xz"
SHORTEST_PART = 4  # as in strategitekst.reading.words


def is_compound(word: str, words: set[str]) -> bool:
    """Say whether two words of the list make this one, with or without a linking s or e."""
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        head, tail = word[:cut], word[cut:]
        linked = head[-1] in "se" and len(head) > SHORTEST_PART and head[:-1] in words
        if tail in words and (head in words or linked):
            return True
    return False


def main() -> None:
    """Write the list."""
    spec = importlib.util.find_spec("spacy_lookups_data")
    if spec is None or spec.origin is None:
        raise SystemExit("spacy-lookups-data is not installed: pip install 'strategitekst[train]'")
    table = Path(spec.origin).parent / "data" / "da_lemma_lookup.json.gz"
    lemmas: dict[str, str] = json.loads(gzip.decompress(table.read_bytes()))
    words = {word.lower() for word in (*lemmas.keys(), *lemmas.values()) if word.isalpha()}
    kept = sorted(word for word in words if len(word) > 1 and not is_compound(word, words))
    TARGET.write_bytes(lzma.compress("\n".join(kept).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(words):,} forms, {len(kept):,} kept, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
