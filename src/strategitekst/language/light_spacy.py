"""spaCy without torch.

thinc, under spaCy, imports torch wherever it is installed: seconds and hundreds of megabytes that the pipelines here
never use. Hiding torch while thinc is first imported is the one way that thinc leaves open.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_torch() -> Iterator[None]:
    """Hide torch from what is imported inside.

    Does nothing in a process that has loaded torch or thinc already; torch can be imported as usual afterwards. A spaCy
    pipeline that needs torch must be loaded before this package's, or in another process.

    Example:
        >>> with without_torch():
        ...     import spacy
    """
    if "torch" in sys.modules or "thinc" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]
