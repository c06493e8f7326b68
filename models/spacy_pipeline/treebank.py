"""The Danish Dependency Treebank of ``shared/treebank`` as sentences, and as spaCy documents to train and test on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

# The training file has the tags of the first release of Universal Dependencies, dev and test those of a later one:
# CONJ is called CCONJ now, and expletive and relative "der" are both pronouns.
_RENAMED = {"CONJ": "CCONJ"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the treebank; every field has one entry a token.

    Attributes:
        words: The tokens.
        spaces: Whether a space follows; guessed from punctuation in the training file, which does not say.
        upos: Universal part of speech.
        entities: Entity tags in IOB2: PER, ORG and LOC.
        lemmas: Lemmas, or an empty tuple in the training file.
    """

    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    upos: tuple[str, ...]
    entities: tuple[str, ...]
    lemmas: tuple[str, ...] = ()


def _blocks(path: Path) -> list[list[list[str]]]:
    blocks: list[list[list[str]]] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line:
            blocks[-1].append(line.split("\t"))
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _modern_tag(word: str, tag: str) -> str:
    if word.lower() == "der" and tag == "ADV":
        return "PRON"
    return _RENAMED.get(tag, tag)


def _guess_spaces(words: Sequence[str]) -> tuple[bool, ...]:
    spaces, quoted = [], False
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if word == '"':
            quoted = not quoted
        space = following not in {".", ",", "?", "!", ":", ";", ")", "..."} and word != "("
        if (word == '"' and quoted) or (following == '"' and quoted):
            space = False
        spaces.append(space)
    return tuple(spaces)


def read_train(folder: Path) -> list[Sentence]:
    """Read the training sentences.

    Args:
        folder: The folder of the treebank.

    Returns:
        4,383 sentences without lemmas, tags brought to the later release's.
    """
    sentences = []
    for rows in _blocks(folder / "ddt-train.tsv"):
        words = tuple(row[0] for row in rows)
        tags = tuple(_modern_tag(row[0], row[1]) for row in rows)
        sentences.append(Sentence(words, _guess_spaces(words), tags, tuple(row[2] for row in rows)))
    return sentences


def read_gold(folder: Path, part: str) -> list[Sentence]:
    """Read the development or test sentences.

    Args:
        folder: The folder of the treebank.
        part: ``dev`` or ``test``.

    Returns:
        The sentences with lemmas and entities.

    Raises:
        ValueError: The two files of the part do not hold the same tokens.
    """
    sentences = []
    trees = _blocks(folder / f"da_ddt-ud-{part}.conllu")
    names = _blocks(folder / f"ner-{part}.iob2")
    for rows, entity_rows in zip(trees, names, strict=True):
        rows = [row for row in rows if row[0].isdigit()]
        words = tuple(row[1] for row in rows)
        if words != tuple(row[1] for row in entity_rows):
            raise ValueError(f"{part}: tree and entities differ at {words[:5]}")
        sentences.append(
            Sentence(
                words=words,
                spaces=tuple("SpaceAfter=No" not in row[9] for row in rows),
                upos=tuple(row[3] for row in rows),
                entities=tuple(row[2] for row in entity_rows),
                lemmas=tuple(row[2] for row in rows),
            )
        )
    return sentences


def to_doc(vocab: Vocab, sentences: Sequence[Sentence]) -> Doc:
    """Join sentences into one annotated document.

    Args:
        vocab: The vocabulary of the pipeline.
        sentences: At least one sentence.

    Returns:
        A document with sentence starts, parts of speech, entities and, if all sentences have them, lemmas.
    """
    from spacy.tokens import Doc

    known = all(sentence.lemmas for sentence in sentences)
    lemmas = [lemma for sentence in sentences for lemma in sentence.lemmas] if known else None
    return Doc(
        vocab,
        words=[word for sentence in sentences for word in sentence.words],
        spaces=[
            space or index == len(sentence.words) - 1
            for sentence in sentences
            for index, space in enumerate(sentence.spaces)
        ],
        pos=[tag for sentence in sentences for tag in sentence.upos],
        ents=[tag for sentence in sentences for tag in sentence.entities],
        sent_starts=[index == 0 for sentence in sentences for index in range(len(sentence.words))],
        lemmas=lemmas,
    )


def group(sentences: Sequence[Sentence], size: int) -> list[list[Sentence]]:
    """Cut a list of sentences into documents of a fixed number of sentences, in order.

    Args:
        sentences: The sentences.
        size: Sentences a document.

    Returns:
        The documents; the last may be shorter.

    Example:
        >>> [len(part) for part in group(["a", "b", "c"], 2)]  # type: ignore[list-item]
        [2, 1]
    """
    return [list(sentences[start : start + size]) for start in range(0, len(sentences), size)]


def shuffle_group(sentences: Sequence[Sentence], low: int, high: int, rng: random.Random) -> list[list[Sentence]]:
    """Cut a list of sentences into documents of random length, in random order.

    Args:
        sentences: The sentences.
        low: Fewest sentences a document.
        high: Most sentences a document.
        rng: Where chance comes from.

    Returns:
        The documents; the sentences within each keep their order.
    """
    parts, start = [], 0
    while start < len(sentences):
        size = rng.randint(low, high)
        parts.append(list(sentences[start : start + size]))
        start += size
    rng.shuffle(parts)
    return parts
