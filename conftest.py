"""What holds for all tests, those in docstrings too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep vectors in a folder of this run: the user's cache is neither read nor filled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRATEGITEKST_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
