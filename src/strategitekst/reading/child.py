"""The process that reads files: takes one request after the other from a pipe until the pipe ends.

It may be killed at any time and takes nothing with it. What it may not do, whatever a file or a library makes it try:
open a connection, start a program, write a file.
"""

from __future__ import annotations

import hashlib
import math
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from strategitekst.errors import ReaderCrashed, ReadingError, ReadingMemory, TooLarge
from strategitekst.reading.extraction import extract
from strategitekst.reading.limits import MEGABYTE, Limits
from strategitekst.reading.protocol import ConnectionLostError, receive, send

_FORBIDDEN = frozenset(
    """socket.connect socket.bind socket.sendto socket.getaddrinfo socket.gethostbyname subprocess.Popen os.system
    os.exec os.posix_spawn os.spawn os.fork os.forkpty os.startfile""".split()  # noqa: SIM905 - reads better so
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches us too; the parent decides
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # a library that prints must not print into the protocol
        os.dup2(nowhere, stream)
    sys.addaudithook(_guard)
    with suppress(ConnectionLostError):
        send(answers, {"inherited": _most_counted()})
        while _answer(requests, answers):
            pass


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Forbid what no reader of files needs."""
    if event in _FORBIDDEN:
        raise PermissionError(f"{event} er ikke tilladt under læsning")
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        path = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else ""
        if "__pycache__" not in path:  # Python's own cache of compiled modules
            raise PermissionError("at skrive filer er ikke tilladt under læsning")


def _answer(requests: BinaryIO, answers: BinaryIO) -> bool:
    """Answer one request; return whether this process is fit for another."""
    request, data = receive(requests)
    limits = Limits(**request["limits"])
    fit = True
    try:
        _limit(limits)
        answer = _read(request, data, limits)
    except MemoryError:
        fit = False
        answer = _failure(
            ReadingMemory(
                f"{request['name']} kræver mere hukommelse end de {limits.memory_mb} MB, der er sat af: "
                "del den op, eller hæv grænsen"
            )
        )
    except ReadingError as error:
        answer = _failure(error)
    except Exception as error:  # readers of other people's formats fail in ways that nobody listed
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        answer = _failure(
            ReaderCrashed(f"{request['name']} kunne ikke læses ({what}): gem den i et andet format, og meld fejlen")
        )
    send(answers, {**answer, "peak": peak_memory(), "fit": fit})
    return fit


def _read(request: dict[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
    name = request["name"]
    if request["path"] is not None:
        data = _read_bytes(Path(request["path"]), name, limits)
    found = extract(data, name, password=request["password"], limits=limits)
    return {
        "format": found.format,
        "pages": found.pages,
        "unread_tables": found.unread_tables,
        "sha256": hashlib.sha256(data).hexdigest(),
        "blocks": [[block.kind, block.text, block.level, block.page, block.lead_in] for block in found.blocks],
    }


def _read_bytes(path: Path, name: str, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limits.size + 1)
    except OSError as error:
        raise ReadingError(f"{name} kan ikke åbnes: tjek, at du har adgang til filen") from error
    if len(data) > limits.size:
        raise TooLarge(f"{name} er over {limits.size_mb} MB: del den op, eller hæv grænsen")
    return data


def _failure(error: ReadingError) -> dict[str, Any]:
    return {"error": type(error).__name__, "message": str(error)}


def _limit(limits: Limits) -> None:
    """Set what the system enforces, where it does; soft limits only, since the next request may bring others."""
    try:
        import resource
    except ImportError:  # Windows
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime + limits.seconds)
    for kind, amount in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, int(limits.memory_mb * MEGABYTE))):
        hard = resource.getrlimit(kind)[1]
        soft = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        with suppress(ValueError, OSError):  # macOS refuses some
            resource.setrlimit(kind, (soft, hard))


def peak_memory(usage: Any = None) -> int:
    """Return the most memory that this process has held, in bytes; 0 where the platform does not say.

    Args:
        usage: What ``resource`` or ``os.wait4`` says of another process.

    Example:
        >>> peak_memory() >= 0
        True
    """
    if usage is not None:
        return _counted(usage)
    with suppress(OSError, StopIteration, ValueError):
        # Linux: what the parent held when it started this process is in ``ru_maxrss``, but not here.
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024
    return _most_counted()


def _most_counted() -> int:
    try:
        import resource
    except ImportError:
        return 0
    return _counted(resource.getrusage(resource.RUSAGE_SELF))


def _counted(usage: Any) -> int:
    return int(usage.ru_maxrss) * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
