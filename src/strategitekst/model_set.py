"""Which models run: those in a folder of the user's own first, then those that ship."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from strategitekst.attention import MODEL as ATTENTION_MODEL
from strategitekst.attention import AttentionHead
from strategitekst.errors import ModelError
from strategitekst.heads import LinearHead
from strategitekst.persistence import CONFIG, WEIGHTS, model_fingerprint
from strategitekst.resources import find_model, model_path
from strategitekst.strategy import Strategy

Kind = Literal["trained", "zero-shot"]

STATEMENT_MODEL = "statements"
THEME_MODELS = "themes"


@dataclass(frozen=True, slots=True)
class ModelSet:
    """The models for one strategy.

    Attributes:
        strategy: What the themes are of.
        own: A folder with a head for the strategy's themes, ``themes-<id of the strategy>``, and perhaps
            ``statements``, ``attention``, ``coverage`` and ``states`` in the place of those that ship; None for those
            that ship alone.

    Example:
        >>> from strategitekst.strategy import load_strategy
        >>> ModelSet(load_strategy()).kind, ModelSet(load_strategy("eksempelby-2024-2028")).kind
        ('trained', 'zero-shot')
    """

    strategy: Strategy
    own: Path | None = None

    @property
    def theme_name(self) -> str:
        """The name of the folder of the head that tells the strategy's themes."""
        return f"{THEME_MODELS}-{self.strategy.id}"

    @property
    def kind(self) -> Kind:
        """What tells the themes: a head trained on the strategy, or the scorer that reads the strategy's own words.

        Raises:
            ModelError: The user's folder has no head for this strategy.
        """
        return "zero-shot" if self._theme_folder() is None else "trained"

    def find(self, name: str) -> Path | None:
        """Return the folder of a model, or None where there is none."""
        own = self.own / name if self.own else None
        return own if own and own.is_dir() else find_model(name)

    def path(self, name: str) -> Path:
        """Return the folder of a model.

        Raises:
            ModelError: There is no such model.
        """
        return self.find(name) or model_path(name)

    def theme_head(self, encoder: str) -> LinearHead | None:
        """Load the head that tells themes, or None where they are told zero-shot.

        Args:
            encoder: Fingerprint of the encoder whose vectors it reads.

        Raises:
            ModelError: The head is damaged, of other themes, or was trained on another encoder's vectors.
        """
        folder = self._theme_folder()
        return self._linear(folder, encoder) if folder else None

    def statement_head(self, encoder: str) -> LinearHead:
        """Load the head that tells statements; arguments and errors as those of ``theme_head``."""
        return self._linear(self.path(STATEMENT_MODEL), encoder)

    def attention_head(self, encoder: str) -> AttentionHead:
        """Load the head that reads the states of pieces; arguments and errors as those of ``theme_head``."""
        return AttentionHead.load(self.path(ATTENTION_MODEL), encoder)

    def check(self, encoder: str) -> None:
        """Refuse a folder of the user's own before the first document is read, where its heads do not fit.

        Raises:
            ModelError: As ``theme_head``.
        """
        if self.own is not None:
            self.theme_head(encoder)
            self.statement_head(encoder)

    @property
    def fingerprint(self) -> str:
        """Hash of the user's own models, in hexadecimal; empty where there are none."""
        if self.own is None:
            return ""
        digest = hashlib.sha256()
        for config in sorted(self.own.glob(f"*/{CONFIG}")):
            for file in (config, config.with_name(WEIGHTS)):
                if file.exists():
                    digest.update(f"{file.relative_to(self.own).as_posix()}\0".encode())
                    digest.update(file.read_bytes())
        return digest.hexdigest()

    def _theme_folder(self) -> Path | None:
        """Find the head for the strategy's themes; the user's own must be one."""
        name, themes = self.theme_name, list(self.strategy.themes)
        if self.own is None:
            folder = find_model(name)
            # A strategy of one's own may carry a known id: a head that knows other themes is no head for it.
            return folder if folder and _labels(folder) == themes else None
        folder = self.own / name
        if not folder.is_dir():
            raise ModelError(
                f'{self.own} har intet hoved til strategien "{self.strategy.id}": mappen {name} mangler; '
                "træn det med strategitekst train"
            )
        labels = _labels(folder)
        if labels != themes:
            raise ModelError(
                f"{folder} er trænet til temaerne {', '.join(labels) or '–'}, men strategien har {', '.join(themes)}: "
                "brug strategien, som hovedet er trænet til, eller træn det igen"
            )
        return folder

    def _linear(self, folder: Path, encoder: str) -> LinearHead:
        head = LinearHead.load(folder, encoder)
        # A head that joins what attention reads knows its columns by number: another attention head has other columns.
        if head.readings and self.attention_head(encoder).columns(head.labels) != head.readings:
            raise ModelError(
                f"{folder} læser en anden {ATTENTION_MODEL} end den, der ligger ved siden af eller følger med: "
                "læg den, som hovedet er trænet med, i samme mappe"
            )
        return head


def models_of(strategy: Strategy, manifest: Mapping[str, Any]) -> ModelSet:
    """Find the models that an analysis ran with.

    Raises:
        ModelError: They were the user's own, and are not there any more or were trained again.
    """
    noted = manifest.get("models", {}).get("own")
    models = ModelSet(strategy, Path(noted["folder"]) if noted else None)
    if noted and models.fingerprint != noted["fingerprint"]:
        raise ModelError(f"{models.own} har ikke længere de modeller, som analysen brugte: analysér planerne igen")
    return models


def own_folder(models: str | Path | None) -> Path | None:
    """Give the folder of the user's own models as an absolute path, so that it is found from everywhere.

    Example:
        >>> own_folder(None) is None
        True
    """
    return None if models is None else Path(models).resolve()


def describe_model(folder: Path) -> dict[str, str]:
    """Name a model for a manifest, with what tells it from others."""
    return {"name": folder.name, "fingerprint": model_fingerprint(folder)}


def _labels(folder: Path) -> list[str]:
    try:
        return list(json.loads((folder / CONFIG).read_text(encoding="utf-8"))["labels"])
    except FileNotFoundError:
        raise ModelError(f"{folder} er ikke en model: {CONFIG} mangler; træn den igen eller vælg en anden") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder} er beskadiget ({error}): hent eller træn modellen igen") from None
