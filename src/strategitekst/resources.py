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
    folder = find_model(name)
    if folder is not None:
        return folder
    raise ModelError(f"Modellen {name} følger ikke med denne installation: installér strategitekst igen")


def find_model(name: str) -> Path | None:
    """Return the folder of a model that ships, or None where there is no such model.

    Example:
        >>> find_model("no-such-model") is None
        True
    """
    folders = (INSTALLED_MODELS / name, SOURCE_MODELS / name)
    return next((folder for folder in folders if folder.is_dir()), None)


def model_folders() -> list[Path]:
    """List the folders of all models that ship, sorted by name.

    Example:
        >>> "e5-small-da" in [folder.name for folder in model_folders()]
        True
    """
    root = INSTALLED_MODELS if INSTALLED_MODELS.is_dir() else SOURCE_MODELS
    return sorted(folder for folder in root.iterdir() if any((folder / name).is_file() for name in _MODEL_FILES))


_MODEL_FILES = ("config.json", "meta.json")
"""What tells the folder of a model from that of a build script."""
