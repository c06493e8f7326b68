"""The cores that this process has, and how many of them linear algebra takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


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
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
