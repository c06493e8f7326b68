"""How much a file may cost to read."""

from __future__ import annotations

from dataclasses import dataclass

from strategitekst.errors import UsageError
from strategitekst.reading.ocr import language_data

MEGABYTE = 1024 * 1024


_PATIENCE = 1.1
"""Times the processor time that a file may take by the clock, the start of a process included: with what its answer
costs the process that asked, below half a minute."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost; over a limit, the file ends with a named error and the next one is read.

    Attributes:
        seconds: Processor time. Where the platform cannot limit it (Windows), for a file that waits for ever, and on a
            machine with too much to do, ``wall_seconds`` holds, from the call on. Over either: ``ReadingTimeout``.
        memory_mb: Address space of the process that reads, in MB, where the platform can limit it (Linux). Over it:
            ``ReadingMemory``.
        size_mb: Size of the file, and of its parts unpacked, in MB. Over it: ``TooLarge``.
        pages: Pages of a PDF. Over it: ``TooManyPages``.
        ocr: Whether pages of a PDF that are pictures are recognised, at two seconds each or more: raise ``seconds``.

    Raises:
        UsageError: A limit is not above 0.
        OcrMissing: ``ocr`` is asked for, and tesseract or its Danish data is not installed.

    Example:
        >>> Limits(seconds=5)
        Limits(seconds=5, memory_mb=800, size_mb=200, pages=10000, ocr=False)
    """

    seconds: float = 20.0
    memory_mb: int = 800
    size_mb: int = 200
    pages: int = 10_000
    ocr: bool = False

    def __post_init__(self) -> None:
        if self.ocr:
            language_data()
        for name in ("seconds", "memory_mb", "size_mb", "pages"):
            if not getattr(self, name) > 0:
                raise UsageError(f"Grænsen {name} er {getattr(self, name)}: angiv et tal over 0")

    @property
    def wall_seconds(self) -> float:
        """The time by the clock, from the call on, after which reading ends however little of it was ours.

        Example:
            >>> Limits(seconds=20).wall_seconds
            22.0
        """
        return _PATIENCE * self.seconds

    @property
    def size(self) -> int:
        """The limit on size in bytes.

        Example:
            >>> Limits(size_mb=1).size
            1048576
        """
        return int(self.size_mb * MEGABYTE)
