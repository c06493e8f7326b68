"""Texts to unit vectors: the encoder that ships, or any sentence-transformers model by name or folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from strategitekst.embedding_cache import EmbeddingCache, cache_key
from strategitekst.encoder_models import Model, OnnxModel, SentenceTransformerModel, Window
from strategitekst.errors import ModelError
from strategitekst.resources import model_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from strategitekst.attention import AttentionHead

Prompt = Literal["query", "passage"]
SHIPPED = "e5-small-da"
CACHE_VARIABLE = "STRATEGITEKST_CACHE"
CHUNK = 256  # texts between two writes to the cache: what an interruption can lose


class Encoder:
    """Embeds texts and keeps their vectors on disk.

    Nothing is loaded before the first text is embedded or the fingerprint is asked for.

    Args:
        name_or_path: None for the encoder that ships; else the name of a sentence-transformers model on the hub, or a
            folder with one.
        cache: The file of the cache; None for one file for the user (its folder is set with ``STRATEGITEKST_CACHE``).
        threads: How many texts the encoder that ships embeds at once; as many as there are cores if None.

    Example:
        >>> encoder = Encoder()
        >>> vectors = encoder.encode(["Nye akutbiler i Nakskov", "Flere ambulancer", "Vild natur"])
        >>> vectors.shape
        (3, 384)
        >>> bool(vectors[0] @ vectors[1] > vectors[0] @ vectors[2])
        True
    """

    def __init__(
        self, name_or_path: str | Path | None = None, *, cache: Path | None = None, threads: int | None = None
    ) -> None:
        self.ships = name_or_path is None
        self.name = SHIPPED if name_or_path is None else str(name_or_path)
        self.threads = threads
        self._folder = model_path(SHIPPED) if name_or_path is None else Path(name_or_path)
        self._cache = EmbeddingCache(cache or default_cache())
        self._model: Model | None = None

    def __repr__(self) -> str:
        return f"Encoder({self.name!r})"

    @property
    def fingerprint(self) -> str:
        """Hash of everything that decides the vectors, in hexadecimal."""
        return self._loaded().fingerprint

    @property
    def cache_path(self) -> Path:
        """The file of the vectors."""
        return self._cache.path

    def encode(
        self,
        texts: Sequence[str],
        prompt: Prompt = "passage",
        *,
        progress: Callable[[int], object] | None = None,
    ) -> NDArray[np.float32]:
        """Embed texts.

        With the encoder that ships, a text's vector depends on the text alone, not on the texts it is embedded with,
        and a text longer than the model takes is embedded window by window and averaged by length; other models cut it
        off as they were set to.

        Args:
            texts: The texts; equal ones are embedded once.
            prompt: ``passage`` for the text of plans, ``query`` for what is looked for in them.
            progress: Called with a number of texts as they are done.

        Returns:
            float32, (texts, dimensions), each row of length 1.

        Raises:
            ModelError: The model cannot be loaded.

        Example:
            >>> Encoder().encode([]).shape
            (0, 384)
        """
        model = self._loaded()
        return self._kept(texts, prompt, model.fingerprint, model.embed, progress)

    def read(
        self, texts: Sequence[str], head: AttentionHead, *, progress: Callable[[int], object] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Embed texts of plans and let a head read their pieces, in one pass.

        Args:
            texts: The texts; equal ones are read once.
            head: What reads the states of their pieces; trained on those of this encoder.
            progress: Called with a number of texts as they are done.

        Returns:
            The vectors, as ``encode`` gives them, and the head's scores, (texts, labels).

        Raises:
            ModelError: The model cannot be loaded, or gives no states of pieces: only the encoder that ships does.
        """
        model = self._reader()
        told = self._kept(
            texts, "passage", f"{model.fingerprint}+{head.fingerprint}", partial(model.read, head=head), progress
        )
        return told[:, : model.dimensions], told[:, model.dimensions :]

    def pieces(self, text: str) -> list[Window]:
        """Give the states of the pieces of a plan's text, window by window, with their places in the text.

        Raises:
            ModelError: The model cannot be loaded, or gives no states of pieces.
        """
        model = self._reader()
        front = model.prompts["passage"]
        return model.pieces(front + text, len(front))

    def _reader(self) -> OnnxModel:
        model = self._loaded()
        if not isinstance(model, OnnxModel):
            raise ModelError(f"Modellen {self.name} kan ikke læse afsnit stykke for stykke: brug den, der følger med")
        return model

    def _kept(
        self,
        texts: Sequence[str],
        prompt: Prompt,
        fingerprint: str,
        compute: Callable[[Sequence[str]], NDArray[np.float32]],
        progress: Callable[[int], object] | None,
    ) -> NDArray[np.float32]:
        """Compute a row for each text, or take it from the cache."""
        import numpy as np

        front = self._loaded().prompts.get(prompt, "")
        keys = [cache_key(fingerprint, front, text) for text in texts]
        rows = self._cache.find(dict.fromkeys(keys))
        missing = {key: front + text for key, text in zip(keys, texts, strict=True) if key not in rows}
        if progress:
            progress(len(texts) - len(missing))
        for some in _chunks(list(missing), CHUNK):
            new = dict(zip(some, compute([missing[key] for key in some]), strict=True))
            self._cache.store(new)
            rows.update(new)
            if progress:
                progress(len(some))
        if not keys:
            return compute([])
        return np.stack([rows[key] for key in keys])

    def _loaded(self) -> Model:
        if self._model is None:
            shipped = (self._folder / "model.onnx").exists() and (self._folder / "tokenizer.json").exists()
            self._model = OnnxModel(self._folder, self.threads) if shipped else SentenceTransformerModel(self.name)
        return self._model


def default_cache() -> Path:
    """Return the file of vectors: in the folder that ``STRATEGITEKST_CACHE`` names, else in the user's cache folder."""
    from platformdirs import user_cache_path

    folder = os.environ.get(CACHE_VARIABLE)
    return (Path(folder) if folder else user_cache_path("strategitekst")) / "vectors.sqlite"


def _chunks(keys: list[bytes], size: int) -> list[list[bytes]]:
    return [keys[start : start + size] for start in range(0, len(keys), size)]
