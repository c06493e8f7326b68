"""The encoder that ships as a sentence-transformers module, for those who work with that library.

``SentenceTransformer(folder, trust_remote_code=True)`` finds it by the model directory's ``modules.json``. It runs the
same ONNX graph as ``Encoder``, so the vectors are the same; it cannot be trained further.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from sentence_transformers.base.modules import InputModule

from strategitekst.encoder_models import OnnxModel
from strategitekst.errors import UsageError


class OnnxModule(InputModule):
    """Texts to unit vectors.

    Args:
        folder: The model directory.
    """

    def __init__(self, folder: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._model = OnnxModel(Path(folder))
        self.max_seq_length = self._model.max_length

    @classmethod
    def load(cls, model_name_or_path: str, *_: Any, **__: Any) -> Self:
        """Load the module from its model directory."""
        return cls(model_name_or_path)

    def preprocess(self, inputs: Any, prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Take the texts as they are: the graph's own tokenizer reads them."""
        return {"texts": [(prompt or "") + text for text in inputs]}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Embed the texts: ``sentence_embedding``, (texts, dimensions)."""
        vectors: np.ndarray[Any, Any] = self._model.embed(features["texts"])
        return {**features, "sentence_embedding": torch.from_numpy(vectors.copy())}

    def get_embedding_dimension(self) -> int:
        """Return the number of dimensions."""
        return self._model.dimensions

    def save(self, *_: Any, **__: Any) -> None:
        """Refuse: the files are there already.

        Raises:
            UsageError: Always.
        """
        raise UsageError("Modellen kan ikke gemmes igen: kopiér dens mappe")
