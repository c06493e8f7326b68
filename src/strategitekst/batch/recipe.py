"""What decides a result besides the file itself: code, models, strategy, encoder. One hash of it all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategitekst.atomic import writing
from strategitekst.encoding import Encoder
from strategitekst.language.pipeline import PUBLISHED
from strategitekst.manifest import PACKAGES
from strategitekst.model_set import ModelSet, own_folder
from strategitekst.reading import Limits
from strategitekst.resources import PACKAGE, model_folders
from strategitekst.strategy import Strategy, load_strategy

if TYPE_CHECKING:
    from collections.abc import Iterable

STRATEGY = "strategy.toml"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that a process needs to analyse a document as every other process of the run does.

    Attributes:
        work: The folder of the results, absolute.
        encoder: Name or folder of the encoder that coverage is measured with; None for the one that ships.
        cache: The file of the vectors.
        limits: What reading a file may cost, by name.
        fingerprint: Hash of what decides the results.
        abstain: Certainty under which a state is ``uncertain``; None for never.
        password: Opens the files that ask for one; told to other processes, never written to a file.
        models: A folder of the user's own models, absolute; None for those that ship.
    """

    work: str
    encoder: str | None
    cache: str
    limits: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    abstain: float | None = None
    password: str | None = field(default=None, repr=False)
    models: str | None = None

    @property
    def folder(self) -> Path:
        """The folder of the results."""
        return Path(self.work)

    @property
    def results(self) -> Path:
        """The folder of the results that this recipe decides."""
        return self.folder / "results" / self.fingerprint[:16]

    def strategy(self) -> Strategy:
        """Read the strategy."""
        return load_strategy(self.folder / STRATEGY)

    def model_set(self, strategy: Strategy) -> ModelSet:
        """Find the models for the strategy."""
        return ModelSet(strategy, own_folder(self.models))

    def make_encoder(self, threads: int | None) -> Encoder:
        """Make the encoder that coverage is measured with."""
        return Encoder(self.encoder, cache=Path(self.cache), threads=threads)

    def make_shipped(self, threads: int | None) -> Encoder:
        """Make the encoder that themes and statements are told with."""
        return Encoder(cache=Path(self.cache), threads=threads)

    def to_json(self) -> str:
        """Write the recipe for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read what ``to_json`` wrote."""
        return cls(**json.loads(text))


def make_recipe(
    work: Path,
    strategy: Strategy,
    encoder: Encoder,
    limits: Limits,
    abstain: float | None = None,
    password: str | None = None,
    models: str | Path | None = None,
) -> Recipe:
    """Describe a run, and lay its strategy down where other processes find it.

    Args:
        work: The folder of the results.
        strategy: What the documents are held against.
        encoder: What coverage is measured with.
        limits: What reading a file may cost.
        abstain: Certainty under which a state is ``uncertain``; None for never.
        password: Opens the files that ask for one.
        models: A folder of the user's own models.

    Returns:
        The recipe.

    Raises:
        OSError: The folder cannot be written to.
        ModelError: The encoder cannot be loaded, or the user's own models are for another strategy or encoder.
    """
    model_set = ModelSet(strategy, own_folder(models))
    if models is not None:
        # The heads read the vectors of the encoder that ships, whatever encoder coverage is measured with.
        model_set.check((encoder if encoder.ships else Encoder()).fingerprint)
    with writing(work / STRATEGY) as draft:
        strategy.to_toml(draft)
    return Recipe(
        work=str(work.resolve()),
        encoder=None if encoder.ships else encoder.name,
        cache=str(encoder.cache_path.resolve()),
        limits=asdict(limits),
        fingerprint=fingerprint(model_set, encoder, abstain, ocr=limits.ocr),
        abstain=abstain,
        password=password,
        models=None if model_set.own is None else str(model_set.own),
    )


def fingerprint(models: ModelSet, encoder: Encoder, abstain: float | None = None, *, ocr: bool = False) -> str:
    """Hash what decides the results: code, models, packages, strategy and encoder."""
    parts = [_installation(), models.strategy.fingerprint, encoder.fingerprint]
    if models.own is not None:
        parts.append(f"models {models.fingerprint}")
    if abstain is not None:
        parts.append(f"abstain {abstain}")
    if ocr:
        parts.append("ocr")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def _installation() -> str:
    """Hash the code and the models that ship, and name the versions of the packages that compute."""
    digest = hashlib.sha256()
    for folder in [PACKAGE, *model_folders()]:
        for path in _files(folder):
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    for package in (*PACKAGES, PUBLISHED.replace("_", "-")):
        try:
            digest.update(f"{package} {version(package)}\0".encode())
        except PackageNotFoundError:
            continue
    return digest.hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    """List the files that can decide a result: not the models, which count by themselves, and no compiled code."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", "_models"} & set(path.relative_to(folder).parts)
    )
