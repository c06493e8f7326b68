"""What an encoder runs: the graph that ships, or any model that sentence-transformers loads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from strategitekst.cores import available_cores
from strategitekst.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from strategitekst.attention import AttentionHead

WINDOW_OVERLAP = 64
E5_PROMPTS = {"query": "query: ", "passage": "passage: "}


T = TypeVar("T")


class Window(NamedTuple):
    """A stretch of a text that an encoder reads at once.

    Attributes:
        share: Its share in the text's vector and scores, 0–1.
        states: Of its pieces, with those of start and end, (pieces, features).
        spans: Where each piece stands in the text; empty for what stands nowhere in it.
    """

    share: float
    states: NDArray[np.float32]
    spans: list[tuple[int, int]]


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

    def _load(self) -> None:
        if self._session is not None:
            return
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        vocabulary = self._tokenizer.get_vocab()
        self._start, self._end = vocabulary["<s>"], vocabulary["</s>"]
        self._session = onnxruntime.InferenceSession(
            str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts that have their prompt in front."""
        return self._over(texts, self._embed_one, self.dimensions)

    def read(self, texts: Sequence[str], head: AttentionHead) -> NDArray[np.float32]:
        """Embed texts and let a head read the states of their pieces, in one pass.

        Returns:
            (texts, dimensions + labels): the vectors with the head's scores behind them.
        """
        return self._over(texts, partial(self._read_one, head=head), self.dimensions + len(head.labels))

    def pieces(self, text: str, skipped: int) -> list[Window]:
        """Give the pieces of a text, window by window.

        Args:
            text: With its prompt in front.
            skipped: Length of the prompt; places are counted from its end.
        """
        with self._explained():
            self._load()
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        spans = [(max(start - skipped, 0), max(end - skipped, 0)) for start, end in encoded.offsets]
        windows = self._framed(text)
        total = sum(len(window) for window in windows)
        places = _windows(spans, self.max_length - 2, WINDOW_OVERLAP)
        return [
            Window(len(window) / total, self._run(window, ["piece_states"])[0], [(0, 0), *some, (0, 0)])
            for window, some in zip(windows, places, strict=True)
        ]

    def _over(self, texts: Sequence[str], one: Callable[[str], NDArray[np.float32]], width: int) -> NDArray[np.float32]:
        import numpy as np

        if not texts:
            return np.empty((0, width), dtype=np.float32)
        with self._explained():
            self._load()
        if self._threads == 1:
            return np.stack([one(text) for text in texts])
        with ThreadPoolExecutor(self._threads) as pool:
            return np.stack(list(pool.map(one, texts)))

    def _embed_one(self, text: str) -> NDArray[np.float32]:
        windows = self._framed(text)
        vectors = [self._run(window, ["sentence_embedding"])[0] for window in windows]
        return _unit(_mean(vectors, windows))

    def _read_one(self, text: str, head: AttentionHead) -> NDArray[np.float32]:
        import numpy as np

        windows = self._framed(text)
        told = [self._run(window, ["sentence_embedding", "piece_states"]) for window in windows]
        scores = _mean([head.scores(states) for _, states in told], windows)
        return np.concatenate([_unit(_mean([vector for vector, _ in told], windows)), scores])

    def _framed(self, text: str) -> list[list[int]]:
        pieces = self._tokenizer.encode(text, add_special_tokens=False).ids
        # Start and end of text take a place each.
        windows = _windows(pieces, self.max_length - 2, WINDOW_OVERLAP)
        return [[self._start, *window, self._end] for window in windows]

    def _run(self, ids: list[int], outputs: list[str]) -> list[NDArray[np.float32]]:
        import numpy as np

        row = np.array([ids], dtype=np.int64)
        told = self._session.run(outputs, {"input_ids": row, "attention_mask": np.ones_like(row)})
        return [np.asarray(values[0], dtype=np.float32) for values in told]


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


def _mean(rows: list[NDArray[np.float32]], windows: list[list[int]]) -> NDArray[np.float32]:
    import numpy as np

    if len(rows) == 1:
        return rows[0]
    return np.average(rows, axis=0, weights=[len(window) for window in windows]).astype(np.float32)


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _windows(pieces: list[T], size: int, overlap: int) -> list[list[T]]:
    if len(pieces) <= size:
        return [pieces]
    starts = range(0, len(pieces) - overlap, size - overlap)
    return [pieces[start : start + size] for start in starts]
