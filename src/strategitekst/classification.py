"""Paragraphs → themes, statement, anchors and specificity, with the probabilities behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from strategitekst.attention import MODEL as ATTENTION_MODEL
from strategitekst.attention import AttentionHead
from strategitekst.document import Document, Paragraph
from strategitekst.encoding import Encoder
from strategitekst.errors import UsageError
from strategitekst.features import context
from strategitekst.heads import LinearHead
from strategitekst.inputs import prepare
from strategitekst.language.owners import owner_names
from strategitekst.language.spans import CONCRETE_KINDS, Anchor
from strategitekst.model_set import STATEMENT_MODEL, ModelSet, describe_model, own_folder
from strategitekst.prediction import STATEMENTS, Prediction
from strategitekst.specificity import specificity
from strategitekst.strategy import Strategy, load_strategy
from strategitekst.themes import ambitions_of, as_scores, decide_themes
from strategitekst.zero_shot import MODEL as RELEVANCE_MODEL
from strategitekst.zero_shot import RelevanceScorer

if TYPE_CHECKING:
    from spacy.language import Language

RESIDUE = "residue"  # the kind of paragraphs that a web page leaves around its text


@dataclass(frozen=True, slots=True)
class Classification:
    """What is said about one paragraph.

    Attributes:
        paragraph: The paragraph.
        themes: Ids of the themes that it serves, main first; empty for none.
        theme_scores: Probability (0–1) of every theme, seen among the other paragraphs of the plan.
        theme_scores_alone: The same for the paragraph read by itself, with its headings.
        ambitions: Ids of the ambitions that follow from the themes.
        statement: What it does, one of ``prediction.STATEMENTS``.
        statement_scores: Probability (0–1) of each, summing to 1.
        specificity: How specific it is, 0–1.
        anchors: Who, when, how many and for how much, with their places in the text.
        vector: The encoder's vector of its text with its headings, of length 1.

    Example:
        >>> result = classify("I 2026 køber Movia 12 elbusser.")
        >>> result.anchor("actor"), result.anchored, sum(result.statement_scores.values()) > 0.99
        ('Movia', True, True)
    """

    paragraph: Paragraph
    themes: tuple[str, ...]
    theme_scores: Mapping[str, float]
    theme_scores_alone: Mapping[str, float]
    ambitions: tuple[str, ...]
    statement: str
    statement_scores: Mapping[str, float]
    specificity: float
    anchors: tuple[Anchor, ...]
    vector: NDArray[np.float32]

    def anchor(self, kind: str) -> str | None:
        """Return the words of the first anchor of a kind, or None."""
        return next((anchor.text for anchor in self.anchors if anchor.kind == kind), None)

    @property
    def anchored(self) -> bool:
        """Whether it names a deadline, a quantity or a budget: what makes an initiative or target concrete."""
        return any(anchor.kind in CONCRETE_KINDS for anchor in self.anchors)

    def _repr_html_(self, lang: str = "da") -> str:
        from strategitekst import display

        return display.paragraph(
            self.paragraph.text,
            [(anchor.start, anchor.end, anchor.kind) for anchor in self.anchors],
            [(theme, self.theme_scores[theme]) for theme in self.themes],
            (self.statement, self.statement_scores[self.statement]),
            self.specificity,
            self.paragraph.heading,
            lang,
        )

    def __repr__(self) -> str:
        return f"Classification(themes={self.themes}, statement={self.statement!r}, specificity={self.specificity})"


class Classifier:
    """Classifies paragraphs by one strategy.

    Nothing is loaded before the first paragraph comes.

    Args:
        strategy: What the themes are of.
        encoder: The encoder that ships, where it is to be set up otherwise than by default.
        models: A folder of heads of one's own: see ``analyze``.

    Example:
        >>> from strategitekst.strategy import load_strategy
        >>> classifier = Classifier(load_strategy())
        >>> [one] = classifier.classify([Paragraph(0, "I 2026 køber Movia 12 elbusser.", 0, 31)])
        >>> one.themes, one.statement, one.anchor("quantity")
        (('P12',), 'initiative', '12 elbusser')
    """

    def __init__(self, strategy: Strategy, encoder: Encoder | None = None, models: str | Path | None = None) -> None:
        self.strategy = strategy
        self.model_set = ModelSet(strategy, own_folder(models))
        # The heads read the vectors that they were trained on, whatever encoder coverage is measured with.
        self.encoder = encoder or Encoder()

    @cached_property
    def pipeline(self) -> Language:
        """The Danish pipeline."""
        from strategitekst.language.pipeline import load_pipeline

        return load_pipeline()

    @cached_property
    def _themes(self) -> LinearHead | RelevanceScorer:
        head = self.model_set.theme_head(self.encoder.fingerprint)
        return head or RelevanceScorer.load(self.strategy, self.encoder)

    @cached_property
    def _attention(self) -> AttentionHead:
        return self.model_set.attention_head(self.encoder.fingerprint)

    @cached_property
    def _statements(self) -> LinearHead:
        head = self.model_set.statement_head(self.encoder.fingerprint)
        if isinstance(self._themes, LinearHead):
            head.space.share_words(self._themes.space)
        return head

    def models(self) -> dict[str, dict[str, str]]:
        """Name the models for a manifest: which told themes, trained on the strategy or zero-shot, and statements.

        Where some are the user's own, ``own`` names their folder.
        """
        models = self.model_set
        themes = models.theme_name if models.kind == "trained" else RELEVANCE_MODEL
        own = {"own": {"folder": str(models.own), "fingerprint": models.fingerprint}} if models.own else {}
        return {
            "themes": {**describe_model(models.path(themes)), "kind": models.kind},
            "statements": describe_model(models.path(STATEMENT_MODEL)),
            "attention": {"name": ATTENTION_MODEL, "fingerprint": self._attention.fingerprint},
            **own,
        }

    def classify(
        self, paragraphs: Sequence[Paragraph], progress: Callable[[int], object] | None = None
    ) -> list[Classification]:
        """Classify paragraphs of one document.

        Args:
            paragraphs: The paragraphs, in any order.
            progress: Called with a number of paragraphs as they are embedded.

        Returns:
            A classification for each, in the order given.
        """
        if not paragraphs:
            return []
        own_names = (*self.strategy.own_names, *owner_names(paragraphs))
        prepared = prepare(paragraphs, self.encoder, self.pipeline, own_names, progress, self._attention)
        alone = self._themes.probabilities(prepared.inputs)
        themes = self._among_others(alone, paragraphs)
        statements = self._statements.probabilities(prepared.inputs)
        return [
            self._combine(*each)
            for each in zip(
                prepared.paragraphs,
                themes,
                alone,
                statements,
                (description.anchors for description in prepared.descriptions),
                prepared.inputs.vectors,
                strict=True,
            )
        ]

    def predict(self, documents: Sequence[Document]) -> list[list[Prediction]]:
        """Predict themes and statements of documents, for an evaluation against labels."""
        return [
            [
                Prediction(each.themes, each.theme_scores, each.statement, each.statement_scores)
                for each in self.classify(document.paragraphs)
            ]
            for document in documents
        ]

    def _among_others(self, alone: NDArray[np.float64], paragraphs: Sequence[Paragraph]) -> NDArray[np.float64]:
        seen, around = alone.copy(), self._themes.surroundings
        # What is said twice under the same headings is around the others once.
        said = {context(each): row for row, each in enumerate(paragraphs) if each.kind != RESIDUE}
        counted = list(said.values())
        if around and counted:
            seen[counted] = around.probabilities(alone[counted], [paragraphs[row].heading for row in counted])
        for row, each in enumerate(paragraphs):
            seen[row] = seen[said.get(context(each), row)]
        return seen

    def _combine(
        self,
        paragraph: Paragraph,
        themes: NDArray[Any],
        alone: NDArray[Any],
        statements: NDArray[Any],
        anchors: tuple[Anchor, ...],
        vector: NDArray[np.float32],
    ) -> Classification:
        if paragraph.kind == RESIDUE:
            # What a web page leaves around its text says nothing about a plan, however much it sounds like a theme.
            themes = alone = np.zeros_like(themes)
            statements = np.eye(len(STATEMENTS))[STATEMENTS.index("context")]
        labels = self._themes.labels
        given = decide_themes(themes, labels, self._themes.thresholds, self.strategy)
        scores = as_scores(statements, STATEMENTS)
        return Classification(
            paragraph=paragraph,
            themes=given,
            theme_scores=as_scores(themes, labels),
            theme_scores_alone=as_scores(alone, labels),
            ambitions=ambitions_of(given, self.strategy),
            statement=STATEMENTS[int(np.argmax(statements))],
            statement_scores=scores,
            specificity=round(specificity(scores, {anchor.kind for anchor in anchors}), 4),
            anchors=anchors,
            vector=vector,
        )


def classify(
    text: str,
    strategy: Strategy | None = None,
    heading: Sequence[str] = (),
    *,
    models: str | Path | None = None,
) -> Classification:
    """Classify one paragraph.

    Args:
        text: The paragraph.
        strategy: Whose themes are told; the default strategy if None.
        heading: The headings above it, outermost first; they help to tell the themes.
        models: A folder of heads of one's own: see ``analyze``.

    Returns:
        Themes, statement, anchors and specificity with their probabilities.

    Raises:
        UsageError: There is no text, or it is no text.
        ModelError: The user's own heads are for another strategy or encoder.

    Example:
        >>> result = classify("Fra 2024 rykker to nye ambulancer ud fra Nakskov.")
        >>> result.themes, result.statement, result.anchor("deadline")
        (('P2',), 'initiative', 'Fra 2024')
    """
    if not isinstance(text, str):
        raise UsageError(f"{text!r} er ikke tekst: angiv ét afsnit som tekst")
    folded = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    if not folded:
        raise UsageError("Der er ingen tekst at klassificere: angiv ét afsnit")
    classifier = Classifier(strategy or load_strategy(), models=models)
    return classifier.classify([Paragraph(0, folded, 0, len(folded), tuple(heading))])[0]
