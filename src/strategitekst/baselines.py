"""What simple methods reach on the same documents: the least that a model has to beat.

Each baseline is fitted on labelled documents and gives a predictor back. A paragraph's text for them is its headings
and itself.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from strategitekst.corpus_labels import LabelledDocument, LabelledParagraph
from strategitekst.document import Document, Paragraph
from strategitekst.encoding import Encoder, Prompt
from strategitekst.errors import UsageError
from strategitekst.evaluation import table
from strategitekst.prediction import STATEMENTS, Prediction, Predictor
from strategitekst.strategy import Strategy, load_strategy

if TYPE_CHECKING:
    from strategitekst.metrics import Table

FOLDS = 5


class TextEncoder(Protocol):
    """Anything that turns texts into rows of length 1."""

    def encode(self, texts: Sequence[str], prompt: Prompt = "passage") -> NDArray[np.float32]:
        """Embed texts."""


def fit_majority(train: Sequence[LabelledDocument], strategy: Strategy | None = None) -> Predictor:
    """Say the commonest theme and the commonest statement of the training documents, whatever the text.

    Args:
        train: Labelled documents.
        strategy: Whose themes they have; the default strategy if None.

    Returns:
        A predictor; its probabilities are the shares in the training documents.
    """
    labels = _labels(train)
    themes = Counter(theme for each in labels for theme in each.themes)
    statements = Counter(each.statement for each in labels)
    prediction = Prediction(
        tuple(theme for theme, _ in themes.most_common(1)),
        {theme: themes[theme] / len(labels) for theme in (strategy or load_strategy()).themes},
        statements.most_common(1)[0][0],
        {name: statements[name] / len(labels) for name in STATEMENTS},
    )

    def predict(documents: list[Document]) -> list[list[Prediction]]:
        return [[prediction] * len(document.paragraphs) for document in documents]

    return predict


def fit_keywords(train: Sequence[LabelledDocument] = (), strategy: Strategy | None = None) -> Predictor:
    """Look words up: a paragraph has the themes whose keywords its own text names, the most named first.

    The list is ``baseline_keywords.toml`` in the package; nothing is learnt from the training documents.

    Args:
        train: Not used; there so that all baselines are fitted in one way.
        strategy: Must be the default strategy, for which the list was made; its themes are used if None.

    Returns:
        A predictor of themes without probabilities, and of no statements.

    Raises:
        UsageError: The strategy's themes are not those of the list.
    """
    patterns = {theme: _keyword_pattern(words) for theme, words in keywords().items()}
    if set(patterns) != set((strategy or load_strategy()).themes):
        raise UsageError("nøgleordene er skrevet til den medfølgende strategi: brug den, eller mål uden nøgleord")

    def label(paragraph: Paragraph) -> Prediction:
        hits = {theme: len(pattern.findall(paragraph.text.casefold())) for theme, pattern in patterns.items()}
        return Prediction(tuple(sorted((theme for theme in hits if hits[theme]), key=lambda theme: -hits[theme])))

    def predict(documents: list[Document]) -> list[list[Prediction]]:
        return [[label(paragraph) for paragraph in document.paragraphs] for document in documents]

    return predict


def keywords() -> dict[str, list[str]]:
    """Read the keywords of each theme.

    Example:
        >>> "ambulance" in keywords()["P2"]
        True
    """
    content = resources.files("strategitekst").joinpath("baseline_keywords.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)


def _keyword_pattern(words: Sequence[str]) -> re.Pattern[str]:
    starts = [rf"\w*{re.escape(word[1:])}" if word.startswith("*") else re.escape(word) for word in words]
    return re.compile(rf"\b(?:{'|'.join(starts)})\w*")


def fit_tfidf(train: Sequence[LabelledDocument], strategy: Strategy | None = None) -> Predictor:
    """Fit logistic regressions on TF-IDF of words, pairs of words and runs of letters.

    Args:
        train: Labelled documents, at least ``FOLDS``. One threshold for all themes is tuned on them, on probabilities
            of models that did not see the document.
        strategy: Whose themes they have; the default strategy if None.

    Returns:
        A predictor of themes and statements.

    Raises:
        UsageError: There are too few examples.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.multiclass import OneVsRestClassifier

    names = list((strategy or load_strategy()).themes)
    labels = _labels(train)
    texts = [_text(each.paragraph) for each in labels]
    there = table([each.themes for each in labels], names)
    # A theme with next to no examples cannot be learnt, and would be missing from a fold.
    learnt = np.flatnonzero(there.sum(axis=0) >= 2 * FOLDS)
    if len(learnt) < 2:
        raise UsageError(f"der er for lidt at lære temaer af: mærk mindst {2 * FOLDS} afsnit med hvert af to temaer")
    if len({each.statement for each in labels}) < 2:
        raise UsageError("alle afsnit har samme udsagn: mærk afsnit med mindst to udsagn")
    groups = [each.document for each in labels]
    model = _with_tfidf(OneVsRestClassifier(LogisticRegression(C=10, class_weight="balanced", solver="liblinear")))
    unseen = cross_val_predict(
        model, texts, there[:, learnt].astype(int), groups=groups, cv=GroupKFold(FOLDS), method="predict_proba"
    )
    threshold = best_threshold(unseen, there[:, learnt])
    model.fit(texts, there[:, learnt].astype(int))
    statement_model = _with_tfidf(LogisticRegression(C=10, class_weight="balanced", max_iter=500))
    statement_model.fit(texts, [each.statement for each in labels])

    def label(theme_scores: NDArray[np.float64], statement_scores: NDArray[np.float64]) -> Prediction:
        scores = dict.fromkeys(names, 0.0) | {names[k]: float(p) for k, p in zip(learnt, theme_scores, strict=True)}
        statements = {str(n): float(p) for n, p in zip(statement_model.classes_, statement_scores, strict=True)}
        return Prediction(_over(scores, threshold), scores, max(statements, key=statements.__getitem__), statements)

    def predict(documents: list[Document]) -> list[list[Prediction]]:
        given = [_text(paragraph) for document in documents for paragraph in document.paragraphs]
        if not given:
            return [[] for _ in documents]
        pairs = zip(model.predict_proba(given), statement_model.predict_proba(given), strict=True)
        return _by_document([label(*pair) for pair in pairs], documents)

    return predict


def _with_tfidf(classifier: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True)
    return make_pipeline(make_union(words, letters), classifier)


def fit_cosine(
    train: Sequence[LabelledDocument], strategy: Strategy | None = None, encoder: TextEncoder | None = None
) -> Predictor:
    """Compare a paragraph's vector to those of the pledges' and foundations' descriptions, with an encoder as it came.

    Args:
        train: Labelled documents: one threshold for all themes is tuned on them, nothing else.
        strategy: Whose themes they have; the default strategy if None.
        encoder: What embeds the texts; the encoder that ships if None.

    Returns:
        A predictor of themes, never of a whole ambition, without probabilities, and of no statements.
    """
    strategy = strategy or load_strategy()
    encoder = encoder or Encoder()
    described = {each.id: f"{each.name}. {each.description}" for each in strategy.pledges}
    described |= {each.id: f"{each.name}. {each.description}" for each in strategy.foundations}
    names = list(described)
    queries = encoder.encode(list(described.values()), "query")

    def compare(documents: Sequence[Document]) -> NDArray[np.float64]:
        texts = [_text(paragraph) for document in documents for paragraph in document.paragraphs]
        return np.asarray(encoder.encode(texts) @ queries.T, dtype=np.float64)

    own = [[theme for theme in each.themes if theme in names] for each in _labels(train)]
    threshold = best_threshold(compare([each.document for each in train]), table(own, names))

    def predict(documents: list[Document]) -> list[list[Prediction]]:
        scores = [dict(zip(names, map(float, row), strict=True)) for row in compare(documents)]
        return _by_document([Prediction(_over(each, threshold)) for each in scores], documents)

    return predict


BASELINES: Mapping[str, Callable[[Sequence[LabelledDocument], Strategy | None], Predictor]] = MappingProxyType(
    {"majority": fit_majority, "keywords": fit_keywords, "tfidf": fit_tfidf, "cosine": fit_cosine}
)
"""Every baseline by name, simplest first."""


def predict_baselines(
    gold: Sequence[LabelledDocument], train: Sequence[LabelledDocument], strategy: Strategy | None = None
) -> dict[str, list[list[Prediction]]]:
    """Let every baseline that can be fitted label documents.

    Args:
        gold: The documents to label.
        train: Other documents to fit on; none to label each of ``gold`` by baselines fitted on the others, in folds.
        strategy: Whose themes they have; the default strategy if None.

    Returns:
        The predictions of each baseline, by name, simplest first. Left out are ``tfidf`` where there are too few
        documents to tune it on, and ``keywords`` where the list is not for the strategy.
    """
    from sklearn.model_selection import KFold

    rows = np.arange(len(gold))
    folds = [(rows[:0], rows)] if train else list(KFold(min(FOLDS, len(gold))).split(rows)) if len(gold) > 1 else []
    found: dict[str, list[list[Prediction]]] = {}
    for name, fit in BASELINES.items():
        labelled: list[list[Prediction]] = [[] for _ in gold]
        try:
            for known, new in ((known.tolist(), new.tolist()) for known, new in folds):
                fitted_on = train or [gold[row] for row in known]
                if name == "tfidf" and len(fitted_on) < FOLDS:
                    raise UsageError("der er for få planer at lære af: mærk flere")
                told = fit(fitted_on, strategy)([gold[row].document for row in new])
                for row, one in zip(new, told, strict=True):
                    labelled[row] = list(one)
        except UsageError:
            continue
        if folds:
            found[name] = labelled
    return found


def best_threshold(scores: NDArray[np.float64], there: Table) -> float:
    """Find the score from which saying yes gives the best micro-F1.

    Args:
        scores: (paragraphs, classes), of any range.
        there: What the paragraphs have, of the same shape.

    Returns:
        The threshold, halfway between the lowest score that should be over it and the next below.

    Example:
        >>> best_threshold(np.array([[0.9, 0.5], [0.2, 0.75]]), np.array([[True, False], [False, True]]))
        0.625
    """
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(there.ravel(), scores.ravel())
    total = np.maximum(precision + recall, np.finfo(float).tiny)
    best = int(np.argmax((2 * precision * recall / total)[:-1]))
    return float(thresholds[max(best - 1, 0) : best + 1].mean())


def _over(scores: Mapping[str, float], threshold: float) -> tuple[str, ...]:
    return tuple(sorted((name for name in scores if scores[name] >= threshold), key=lambda name: -scores[name]))


def _labels(documents: Sequence[LabelledDocument]) -> list[LabelledParagraph]:
    labels = [each for document in documents for each in document.paragraphs]
    if not labels:
        raise UsageError("der er ingen mærkede afsnit at lære af: angiv en mappe med mærkede dokumenter")
    return labels


def _text(paragraph: Paragraph) -> str:
    return "\n".join((*paragraph.heading, paragraph.text))


def _by_document(predictions: Sequence[Prediction], documents: Sequence[Document]) -> list[list[Prediction]]:
    rest = iter(predictions)
    return [[next(rest) for _ in document.paragraphs] for document in documents]
