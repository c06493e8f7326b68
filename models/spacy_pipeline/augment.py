"""Other names in the treebank's sentences, so that few names are learned by heart."""

from __future__ import annotations

import random
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from treebank import Sentence

Name = tuple[tuple[str, str], ...]
"""The words of a name, each with its part of speech."""

_COMMON_NOUNS = frozenset(
    {"Folketinget", "Venstre", "Nationalbanken", "Rigsrevisionen", "Højesteret", "Rigshospitalet", "Børsen"}
)
_NOUN_ENDINGS = ("styrelsen", "ministeriet", "direktoratet", "rådet", "foreningen")


@dataclass(frozen=True)
class NameSource:
    """Where other names come from: written lists, and the names of the training sentences themselves."""

    lists: dict[str, list[str]]
    seen: dict[str, list[Name]]

    def draw(self, kind: str, length: int, rng: random.Random) -> Name:
        """Draw a name.

        Args:
            kind: PER, ORG or LOC.
            length: The number of words of the name it takes the place of.
            rng: Where chance comes from.

        Returns:
            The name.
        """
        if rng.random() < 0.5:
            return rng.choice(self.seen[kind])
        if kind == "PER":
            # A person is first named in full and then by one name; the place in the text decides which.
            words = [rng.choice(self.lists["given"]), rng.choice(self.lists["family"])]
            return _as_name(" ".join(words if length > 1 else words[rng.randrange(2) :][:1]))
        if kind == "LOC":
            return _as_name(rng.choice(self.lists["places"] + self.lists["municipalities"]))
        if rng.random() < 0.5:
            return _as_name(rng.choice(self.lists["organisations"]))
        return _as_name(
            rng.choice(self.lists["bodies"]).format(rng.choice(self.lists["municipalities"])), noun_last=True
        )


def _as_name(text: str, *, noun_last: bool = False) -> Name:
    words = text.split()
    tags = ["NOUN" if word in _COMMON_NOUNS or word.endswith(_NOUN_ENDINGS) else "PROPN" for word in words]
    if noun_last:
        tags[-1] = "NOUN"
    return tuple(zip(words, tags, strict=True))


def read_names(path: Path, sentences: Sequence[Sentence]) -> NameSource:
    """Collect names.

    Args:
        path: The file of lists.
        sentences: The training sentences.

    Returns:
        The source of names.
    """
    seen: defaultdict[str, list[Name]] = defaultdict(list)
    for sentence in sentences:
        for start, end, kind in _spans(sentence):
            seen[kind].append(tuple(zip(sentence.words[start:end], sentence.upos[start:end], strict=True)))
    return NameSource(tomllib.loads(path.read_text(encoding="utf-8")), dict(seen))


def _spans(sentence: Sentence) -> list[tuple[int, int, str]]:
    spans: list[tuple[int, int, str]] = []
    for index, tag in enumerate(sentence.entities):
        if tag.startswith("B-"):
            spans.append((index, index + 1, tag[2:]))
        elif tag.startswith("I-"):
            start, _, kind = spans.pop()
            spans.append((start, index + 1, kind))
    return spans


def swap_names(sentence: Sentence, names: NameSource, rng: random.Random) -> Sentence:
    """Put other names of the same kinds into a sentence.

    Args:
        sentence: A sentence.
        names: Where names come from.
        rng: Where chance comes from.

    Returns:
        The sentence with all its names changed; itself, if it has none.
    """
    spans = _spans(sentence)
    if not spans:
        return sentence
    words: list[str] = []
    spaces: list[bool] = []
    upos: list[str] = []
    entities: list[str] = []
    done = 0
    for start, end, kind in spans:
        for column, source in ((words, sentence.words), (upos, sentence.upos), (entities, sentence.entities)):
            column.extend(source[done:start])
        spaces.extend(sentence.spaces[done:start])
        name = names.draw(kind, end - start, rng)
        following = sentence.upos[end] if end < len(sentence.words) else "PUNCT"
        genitive = (
            sentence.words[end - 1].endswith("s") and following in ("NOUN", "ADJ") and not name[-1][0].endswith("s")
        )
        words.extend(word for word, _ in name)
        if genitive:
            words[-1] += "s"
        upos.extend(tag for _, tag in name)
        entities.extend(("I-" if index else "B-") + kind for index in range(len(name)))
        spaces.extend([True] * (len(name) - 1) + [sentence.spaces[end - 1]])
        done = end
    words.extend(sentence.words[done:])
    spaces.extend(sentence.spaces[done:])
    upos.extend(sentence.upos[done:])
    entities.extend(sentence.entities[done:])
    return Sentence(tuple(words), tuple(spaces), tuple(upos), tuple(entities))
