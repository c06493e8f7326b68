"""Texts to unit vectors: the encoder that ships, or any sentence-transformers model by name or folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from strategitekst.cores import available_cores
from strategitekst.embedding_cache import EmbeddingCache, cache_key
from strategitekst.errors import ModelError
from strategitekst.resources import model_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Prompt = Literal["query", "passage"]
SHIPPED = "e5-small-da"
CACHE_VARIABLE = "STRATEGITEKST_CACHE"
WINDOW_OVERLAP = 64
E5_PROMPTS = {"query": "query: ", "passage": "passage: "}


class Model(Protocol):
    """What an encoder needs of a model.

    Attributes:
        fingerprint: Hash of everything that decides the vectors.
        prompts: What the model wants in front of a query and a passage.
    """

    fingerprint: str
    prompts: dict[str, str]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts that have their prompt in front: (texts, dimensions), rows of length 1."""


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
        import numpy as np

        model = self._loaded()
        front = model.prompts.get(prompt, "")
        keys = [cache_key(model.fingerprint, front, text) for text in texts]
        vectors = self._cache.find(dict.fromkeys(keys))
        missing = {key: front + text for key, text in zip(keys, texts, strict=True) if key not in vectors}
        if progress:
            progress(len(texts) - len(missing))
        for some in _chunks(list(missing), CHUNK):
            embedded = model.embed([missing[key] for key in some])
            new = dict(zip(some, embedded, strict=True))
            self._cache.store(new)
            vectors.update(new)
            if progress:
                progress(len(some))
        if not keys:
            return model.embed([])
        return np.stack([vectors[key] for key in keys])

    def _loaded(self) -> Model:
        if self._model is None:
            shipped = (self._folder / "model.onnx").exists() and (self._folder / "tokenizer.json").exists()
            self._model = OnnxModel(self._folder, self.threads) if shipped else SentenceTransformerModel(self.name)
        return self._model


CHUNK = 256  # texts between two writes to the cache: what an interruption can lose


class OnnxModel:
    """A folder with config.json, tokenizer.json and model.onnx, run without torch.

    Texts go through one at a time, a thread each: without padding this is faster on CPU cores than batches are, and
    the scale of the int8 activations, which is taken over a whole batch, does not carry one text into another.

    What it is, its config says; the graph is loaded when the first text comes, since vectors from the cache need none.

    Args:
        folder: The model directory.
        threads: How many texts go through at once; as many as there are cores if None.

    Raises:
        ModelError: A file in it is missing or damaged.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self._folder = folder
        self._threads = threads or available_cores()
        self._session: Any = None
        with self._explained():
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self.fingerprint: str = config["fingerprint"]
            self.prompts: dict[str, str] = config["prompts"]
            self.dimensions: int = config["dimensions"]
            self.max_length: int = config["max_length"]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # onnxruntime and tokenizers have no class of their own above what they raise
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise ModelError(f"Modellen {self._folder} er beskadiget ({reason}): hent den igen") from error

    def _load(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        vocabulary = self._tokenizer.get_vocab()
        self._start, self._end = vocabulary["<s>"], vocabulary["</s>"]
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts that have their prompt in front."""
        import numpy as np

        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        if self._session is None:
            with self._explained():
                self._load(self._folder)
        if self._threads == 1:
            return np.stack([self._embed_one(text) for text in texts])
        with ThreadPoolExecutor(self._threads) as pool:
            return np.stack(list(pool.map(self._embed_one, texts)))

    def _embed_one(self, text: str) -> NDArray[np.float32]:
        import numpy as np

        pieces = self._tokenizer.encode(text, add_special_tokens=False).ids
        # Start and end of text take a place each.
        windows = _windows(pieces, self.max_length - 2, WINDOW_OVERLAP)
        vectors = [self._run([self._start, *window, self._end]) for window in windows]
        if len(vectors) == 1:
            return vectors[0]
        mean = np.average(vectors, axis=0, weights=[len(window) for window in windows])
        return (mean / np.linalg.norm(mean)).astype(np.float32)

    def _run(self, ids: list[int]) -> NDArray[np.float32]:
        import numpy as np

        row = np.array([ids], dtype=np.int64)
        (vectors,) = self._session.run(["sentence_embedding"], {"input_ids": row, "attention_mask": np.ones_like(row)})
        return np.asarray(vectors[0], dtype=np.float32)


class SentenceTransformerModel:
    """Any model that sentence-transformers loads.

    Args:
        name: Name on the hub, or folder.

    Raises:
        ModelError: sentence-transformers cannot load it.
    """

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name)
        except (OSError, ValueError) as error:
            reason = str(error).strip().splitlines()[0]
            raise ModelError(
                f"Modellen {name} kan ikke indlæses ({reason}): "
                "angiv et navn eller en mappe, som sentence-transformers kender"
            ) from error
        self.prompts = _prompts(name, {key: text or "" for key, text in (self._model.prompts or {}).items()})
        self.fingerprint = _hash_state(self._model.state_dict())

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts that have their prompt in front."""
        import numpy as np

        # Of no texts the library gives no dimensions: an empty text stands in, and its row is cut off.
        some = list(texts) or [""]
        vectors = self._model.encode(some, prompt="", normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)[: len(texts)]


def default_cache() -> Path:
    """Return the file of vectors: in the folder that ``STRATEGITEKST_CACHE`` names, else in the user's cache folder."""
    from platformdirs import user_cache_path

    folder = os.environ.get(CACHE_VARIABLE)
    return (Path(folder) if folder else user_cache_path("strategitekst")) / "vectors.sqlite"


def _prompts(name: str, own: dict[str, str]) -> dict[str, str]:
    if own.get("query") or own.get("passage") or own.get("document"):
        return {"query": own.get("query", ""), "passage": own.get("passage") or own.get("document", "")}
    # The e5 models up to 2024 were published without the prompts that they need.
    return dict(E5_PROMPTS) if "e5" in Path(name).name.lower().split("-") else {}


def _hash_state(state: dict[str, object]) -> str:
    import hashlib

    digest = hashlib.sha256()
    for name, tensor in sorted(state.items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().contiguous().numpy().tobytes())  # type: ignore[attr-defined]
    return digest.hexdigest()


def _windows(pieces: list[int], size: int, overlap: int) -> list[list[int]]:
    if len(pieces) <= size:
        return [pieces]
    starts = range(0, len(pieces) - overlap, size - overlap)
    return [pieces[start : start + size] for start in starts]


def _chunks(keys: list[bytes], size: int) -> list[list[bytes]]:
    return [keys[start : start + size] for start in range(0, len(keys), size)]
