"""Where the models that ship lie: inside an installed package, or in the source tree beside ``src``."""

from __future__ import annotations

from pathlib import Path

from strategitekst.errors import ModelError

PACKAGE = Path(__file__).resolve().parent
INSTALLED_MODELS = PACKAGE / "_models"
SOURCE_MODELS = PACKAGE.parents[1] / "models"


def model_path(name: str) -> Path:
    """Return the folder of a model that ships.

    Args:
        name: The model's folder name, for instance ``e5-small-da``.

    Returns:
        The folder.

    Raises:
        ModelError: There is no such model.

    Example:
        >>> (model_path("e5-small-da") / "config.json").exists()
        True
    """
    for folder in (INSTALLED_MODELS, SOURCE_MODELS):
        if (folder / name).is_dir():
            return folder / name
    raise ModelError(f"Modellen {name} følger ikke med denne installation: installér strategitekst igen")
