"""The cores that this process has, and how many of them linear algebra takes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController


def available_cores() -> int:
    """Count the cores that this process may use.

    Example:
        >>> available_cores() >= 1
        True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep linear algebra on one thread: sums over more of them differ in the last bit from machine to machine.

    Example:
        >>> with one_thread():
        ...     pass
    """
    with _libraries(len(sys.modules)).limit(limits=1):
        yield


@lru_cache(maxsize=1)
def _libraries(_: int) -> ThreadpoolController:
    """Look which libraries for linear algebra are loaded: milliseconds, and none comes but with a module."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
