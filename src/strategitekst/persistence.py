"""Model directories without pickle: config.json says what it is, weights.safetensors holds the numbers.

Example:
    >>> import numpy as np, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_model(Path(folder), {"labels": ["a"]}, {"weights": np.eye(2, dtype=np.float32).T})
    ...     config, tensors = load_model(Path(folder))
    >>> config["labels"], tensors["weights"].tolist()
    (['a'], [[1.0, 0.0], [0.0, 1.0]])
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strategitekst.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT_VERSION = 1
CONFIG = "config.json"
WEIGHTS = "weights.safetensors"


def save_model(folder: Path, config: Mapping[str, Any], tensors: Mapping[str, NDArray[Any]]) -> None:
    """Write a model directory.

    Args:
        folder: Made if it is not there; other files in it, such as the card, stay.
        config: What JSON can hold; the format version is added.
        tensors: Arrays by name, in any memory order.
    """
    import numpy as np
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    content = {"format_version": FORMAT_VERSION, **config}
    (folder / CONFIG).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    # safetensors writes the memory as it lies: scikit-learn's coef_ is Fortran-ordered and would come back scrambled.
    save_file({name: np.ascontiguousarray(values) for name, values in tensors.items()}, folder / WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)  # safetensors writes for the owner alone; an installed model is for all users


def load_model(folder: Path, encoder_fingerprint: str | None = None) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Read a model directory.

    Args:
        folder: The directory.
        encoder_fingerprint: If given, the model must have been trained on this encoder's vectors.

    Returns:
        The config and the arrays by name.

    Raises:
        ModelError: A file is missing or damaged, the format is a newer one, or the model belongs to another encoder.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        tensors = load_file(folder / WEIGHTS)
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name if error.filename else WEIGHTS
        raise ModelError(f"{folder} er ikke en model: {missing} mangler; træn den igen eller vælg en anden") from None
    except (SafetensorError, ValueError) as error:
        raise ModelError(f"{folder} er beskadiget ({error}): hent eller træn modellen igen") from None
    if config.get("format_version") != FORMAT_VERSION:
        raise ModelError(
            f"{folder} har format {config.get('format_version')}, denne version læser {FORMAT_VERSION}: "
            "opdatér strategitekst eller træn modellen igen"
        )
    if encoder_fingerprint is not None and config.get("encoder") != encoder_fingerprint:
        raise ModelError(f"{folder} er trænet på en anden encoder: brug den, eller træn modellen igen")
    return config, tensors


def model_fingerprint(folder: Path) -> str:
    """Hash what decides a model: its config and weights. SHA-256 in hexadecimal."""
    return hashlib.sha256((folder / CONFIG).read_bytes() + (folder / WEIGHTS).read_bytes()).hexdigest()
