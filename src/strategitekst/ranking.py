"""Which paragraphs speak to which goal, for any goals and any text, in Danish or English: words and meaning together.

Three rankers see different things: BM25 over word stems, letter n-grams (compounds, inflections, names), and vectors of
meaning. Nothing in them is learnt from labels, so that text of another kind is not judged by ours. Two things lift them
above their parts: vectors are measured from the mean of all goals and of all paragraphs, which takes away what goals
have in common (the manner of goals) and what makes a paragraph near to everything; and lexical scores are measured from
a paragraph's mean over the goals.

How much words count beside meaning follows from how much they can tell: the more words a goal has, the surer some of
them are to come back, and the fewer texts there are, the less is known of what their vectors have in common. And it
follows from the texts at hand: where the paragraphs that share most words with a goal lie no nearer to it in meaning
than others do, words come back by chance (goals in the language of treaties, plans in that of craft), and they are
hardly listened to.

Two steps follow on the fused scores. Goals compete for a paragraph: up to half of what its best goals score on average
is taken off, so that a paragraph near to many goals does not fill the lists of all. And the best paragraphs of a goal
are asked what else is like them (Rocchio's feedback), since a plan says a thing more than once in words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.document import Paragraph
from strategitekst.encoding import Encoder
from strategitekst.errors import UsageError
from strategitekst.features import context
from strategitekst.pairs import letter_similarity
from strategitekst.persistence import load_model
from strategitekst.resources import model_path
from strategitekst.strategy import Pledge
from strategitekst.zero_shot import MODEL

Floats = NDArray[np.float64]

WORDS, LIST, FEW_TEXTS = 0.06, 2.4, 30.0
"""Weight of a lexical ranker beside meaning: ``WORDS`` times the root of the goal's words, and what is left of ``LIST``
where there are more than ``FEW_TEXTS`` paragraphs. Chosen on plans of the training part, on English goals, and on the
strategy's initiatives, so that neither short goals nor long ones, neither few texts nor many, pay for the others."""

FEW = 5.0  # how many texts the background counts as where a mean is taken
SPREAD = {"stems": 0.07, "letters": 0.035, "meaning": 0.20}  # least spread of a ranker that found something
BEST = 10  # paragraphs of a goal that are looked at for trust in words and for feedback, at most a tenth of them all
CHANCE, USUAL, USUAL_TEXTS = 0.5, 1.5, 20.0
"""Trust in words: how far in meaning, in standard deviations, their best paragraphs lie beyond ``CHANCE``. ``USUAL`` is
what stands in for it where texts are too few to tell, and weighs as much as ``USUAL_TEXTS`` of them."""
MOST_TRUST = 2.0
RIVALS, RIVALRY, PLACES = 5, 0.5, 3
"""How many goals compete for a paragraph, and the share of their mean score that is taken off, less where there are not
many more than ``PLACES`` paragraphs a goal: then several goals mean the same one."""
FEEDBACK = 0.3  # weight of likeness to a goal's best paragraphs
SLOPE, MIDDLE = 2.0, 3.0  # of the logistic curve from fused scores to 0–1, fitted on the training plans
K1, B = 1.2, 0.75

_DANISH = frozenset(
    ("og", "at", "det", "er", "til", "af", "på", "med", "som", "der", "de", "vi", "en", "et", "i", "skal")
)
_ENGLISH = frozenset(
    ("and", "to", "the", "is", "of", "on", "with", "that", "which", "we", "a", "an", "in", "shall", "by")
)
_WORD = re.compile(r"\w+")


def relevance(
    pledges: Sequence[str | Pledge], paragraphs: Sequence[str | Paragraph], *, encoder: Encoder | None = None
) -> Floats:
    """Score how well each paragraph speaks to each pledge, without any training on them.

    Give all goals and paragraphs at once: what is special to one is told by what is common to all.

    Args:
        pledges: Pledges, or goals of any kind as text.
        paragraphs: Paragraphs, read with the headings above them, or passages as text.
        encoder: The encoder; the one that ships if None.

    Returns:
        Scores from 0 to 1, (pledges, paragraphs); what they are good for is the order within a pledge.

    Raises:
        UsageError: A text is empty.
        ModelError: The encoder cannot be loaded.

    Example:
        >>> goals = ["Achieve universal access to safe drinking water", "End overfishing"]
        >>> passages = ["Boreholes bring clean water to every village.", "Trawlers get quotas for cod."]
        >>> relevance(goals, passages).argmax(axis=1).tolist()
        [0, 1]
    """
    goals = [_pledge_text(pledge) if isinstance(pledge, Pledge) else pledge for pledge in pledges]
    passages = [context(each) if isinstance(each, Paragraph) else each for each in paragraphs]
    if not all(text.strip() for text in (*goals, *passages)):
        raise UsageError("En af teksterne er tom: udelad tomme løfter og afsnit")
    if not goals or not passages:
        return np.zeros((len(goals), len(passages)))
    asked, said = _vectors(goals, passages, encoder or Encoder())
    meaning = _standardized(asked @ said.T, SPREAD["meaning"])
    words = []
    for name, scores in (("stems", _stems(goals, passages)), ("letters", _letters(goals, passages))):
        special = scores - scores.mean(axis=0) if len(goals) > 1 else scores
        words.append(_standardized(special, SPREAD[name]))
    weight = _word_weight(goals, len(passages)) * _trust(words, meaning)
    total = _against_rivals(meaning + weight * sum(words))
    total = total + FEEDBACK * _standardized(_like_the_best(total, said), SPREAD["meaning"])
    return np.asarray(1.0 / (1.0 + np.exp(MIDDLE - SLOPE * total / (1.0 + 2.0 * weight))))


def _word_weight(goals: Sequence[str], passages: int) -> Floats:
    words = np.array([len(_WORD.findall(goal)) for goal in goals])
    # What words of a goal are its own shows against other goals only: alone, chance matches would count.
    others = (len(goals) - 1) / (len(goals) + FEW)
    return np.asarray(WORDS * np.sqrt(words) + others * LIST * FEW_TEXTS / (FEW_TEXTS + passages))[:, None]


def _trust(words: Sequence[Floats], meaning: Floats) -> float:
    """Tell how much words are worth for these goals and passages: how near in meaning their best passages lie."""
    count = meaning.shape[1]
    near = np.mean([_mean_at_best(meaning, scores) for scores in words])
    seen = (count * near + USUAL_TEXTS * USUAL) / (count + USUAL_TEXTS)
    return float(np.clip(seen - CHANCE, 0.0, MOST_TRUST))


def _mean_at_best(meaning: Floats, scores: Floats) -> float:
    # Many paragraphs share no word with a goal: all of them count where one of them would.
    least = np.sort(scores, axis=1)[:, -_most_best(scores)][:, None] - 1e-9
    best = scores >= least
    return float(((meaning * best).sum(axis=1) / best.sum(axis=1)).mean())


def _most_best(scores: Floats) -> int:
    return min(BEST, 1 + int(scores.shape[1]) // BEST)


def _against_rivals(scores: Floats) -> Floats:
    goals, count = scores.shape
    share = RIVALRY * count / (count + PLACES * goals)
    return np.asarray(scores - share * np.sort(scores, axis=0)[-RIVALS:].mean(axis=0))


def _like_the_best(scores: Floats, said: Floats) -> Floats:
    """Compare passages with the middle of those that a goal likes best."""
    best = np.argsort(-scores, axis=1)[:, : _most_best(scores)]
    return _of_unit_length(said[best].mean(axis=1)) @ said.T


def _pledge_text(pledge: Pledge) -> str:
    return " ".join(unit.text if unit.text.endswith((".", "!", "?")) else f"{unit.text}." for unit in pledge.units())


def _standardized(scores: Floats, spread: float) -> Floats:
    """Make the scores of different rankers comparable, row by row; a short list tells little of its own spread."""
    count = scores.shape[1]
    known = count / (count + FEW)
    deviation = np.sqrt(known * scores.var(axis=1, keepdims=True) + (1.0 - known) * spread**2)
    # Rankers that found nothing in particular keep quiet: their noise is not blown up to the size of a finding.
    return np.asarray((scores - known * scores.mean(axis=1, keepdims=True)) / np.maximum(deviation, spread))


def _vectors(goals: Sequence[str], passages: Sequence[str], encoder: Encoder) -> tuple[Floats, Floats]:
    """Embed goals and passages, each measured from the mean of its kind; goals are read as queries and as passages."""
    usual = _usual_vector(encoder)
    said = _centred(encoder.encode(passages), usual)
    asked = [_centred(encoder.encode(goals, prompt), usual) for prompt in ("query", "passage")]
    return asked[0] + asked[1], said


def _centred(vectors: NDArray[Any], usual: Floats | None) -> Floats:
    wide = np.asarray(vectors, dtype=np.float64)
    if usual is None and len(wide) <= FEW:
        return wide  # the mean of a few vectors is too much of each of them
    mean = wide.mean(axis=0) if usual is None else (wide.sum(axis=0) + FEW * usual) / (len(wide) + FEW)
    return _of_unit_length(wide - mean)


def _of_unit_length(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def _usual_vector(encoder: Encoder) -> Floats | None:
    config, tensors = _background()
    return tensors["means"][0].astype(np.float64) if config["encoder"] == encoder.fingerprint else None


@cache
def _background() -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    return load_model(model_path(MODEL))


def _letters(goals: Sequence[str], passages: Sequence[str]) -> Floats:
    return letter_similarity(goals, passages, _background()[1]["idf"].astype(np.float64))


def _stems(goals: Sequence[str], passages: Sequence[str]) -> Floats:
    """Give BM25 over stems (Robertson and Zaragoza 2009), as a share of what a passage equal to the goal would get."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer=_stemmed)
    counts = vectorizer.fit_transform([*passages, *goals]).astype(np.float64).tocsr()
    held, asked = counts[: len(passages)], counts[len(passages) :]
    frequency = np.bincount(held.indices, minlength=held.shape[1])
    idf = np.log(1.0 + (len(passages) - frequency + 0.5) / (frequency + 0.5))
    length = np.asarray(held.sum(axis=1)).ravel()
    norm = K1 * (1.0 - B + B * length / max(length.mean(), 1.0))
    weights = held.tocoo()
    weights.data = weights.data * (K1 + 1.0) / (weights.data + norm[weights.row])
    terms = asked.multiply(idf).tocsr()
    most = np.asarray(terms.sum(axis=1)).ravel()
    return np.asarray((terms @ weights.tocsr().T).todense() / np.maximum(most, 1e-9)[:, None])


def _stemmed(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    danish, english = (sum(word in known for word in words) for known in (_DANISH, _ENGLISH))
    stem = _stemmer("english" if english > danish else "danish")
    # Function words tell languages apart, not goals.
    return [stem(word) for word in words if word not in _DANISH and word not in _ENGLISH]


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer

    return cache(snowballstemmer.stemmer(language).stemWord)
