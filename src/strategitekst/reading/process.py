"""Reading in child processes: kept for the next file, killed when over a limit, and replaced before the next one comes.

No ``multiprocessing``: it would run a user's script or notebook a second time where that has no main guard.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from strategitekst.errors import ReaderCrashed, ReadingError, ReadingMemory, ReadingTimeout
from strategitekst.reading.child import peak_memory
from strategitekst.reading.limits import MEGABYTE, Limits
from strategitekst.reading.protocol import ConnectionLostError, receive, send

_MOST_FILES = 200
_MOST_MEMORY = 300 * MEGABYTE
"""Files and peak memory after which a child makes room for a fresh one: libraries leak."""
_NEAR_LIMIT = 0.6
"""Share of the memory limit from which a death is put down to memory: address space is more than what is held."""
_PACKAGE_ROOT = str(Path(__file__).parents[2])
# The working folder stays out of the path (-P): a module lying beside a stranger's files must not be run.
_COMMAND = "import sys; sys.path.append(sys.argv[1]); from strategitekst.reading.child import main; main()"


class _Child:
    """One child process and the pipes to it."""

    def __init__(self) -> None:
        # One thread each: the stacks and arenas of more would be held against the limit on memory.
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-P", "-c", _COMMAND, _PACKAGE_ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.requests = cast("BinaryIO", self.process.stdin)
        self.answers = cast("BinaryIO", self.process.stdout)
        self.files = 0
        self.inherited: int | None = None
        """What the system counts as held by the child from its start: what its parent held; None until it is up."""

    def wait_until_up(self) -> None:
        """Wait until it has loaded what it reads with."""
        if self.inherited is None:
            self.inherited = int(receive(self.answers)[0]["inherited"])

    def end(self) -> tuple[int, int]:
        """Kill the process; return its exit status and the most memory that it held, in bytes, where known."""
        held = 0
        if self.process.returncode is None and hasattr(os, "wait4"):
            # Not ``Popen.kill``: where the process is dead already, it would take its status, and what it held is lost.
            with suppress(ChildProcessError, ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)
                _, status, usage = os.wait4(self.process.pid, 0)
                self.process.returncode = os.waitstatus_to_exitcode(status)
                held = peak_memory(usage)
        self.process.kill()
        self.process.wait()
        for pipe in (self.requests, self.answers):
            with suppress(OSError):
                pipe.close()
        return self.process.returncode, held


class Readers:
    """The children of this process that are ready for a file; threads each take their own.

    Example:
        >>> readers = Readers()
        >>> readers.read({"name": "plan.txt", "path": None, "password": None}, b"Vi kommer.", Limits())["format"]
        'text'
        >>> readers.close()
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._owner = 0

    def read(self, request: dict[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
        """Have a file read in a child process.

        Args:
            request: ``name``, ``path`` (None where the bytes are given) and ``password``.
            data: The bytes of the file, or none.
            limits: What it may cost.

        Returns:
            The child's answer: what it found, or ``error`` and ``message``.

        Raises:
            ReadingTimeout: It took too long.
            ReadingMemory: It took too much memory.
            ReaderCrashed: The child died of something else, or could not be started.
        """
        name = request["name"]
        child = self._take(name)
        try:
            with _deadline(child, limits.wall_seconds) as expired:
                child.wait_until_up()
                child.files += 1
                send(child.requests, {**request, "limits": _fields(limits)}, data)
                answer, _ = receive(child.answers)
        except ConnectionLostError:
            status, held = child.end()
            if child.inherited is None and not expired.is_set():
                raise ReaderCrashed(
                    f"{name} kan ikke læses: læseprocessen startede ikke (slutkode {status}): tjek installationen"
                ) from None
            self._start_next()
            if held <= (child.inherited or 0):
                held = 0  # nothing is known but that it held no more than its parent
            raise _cause_of_death(status, held, name, limits, expired=expired.is_set()) from None
        except BaseException:  # Ctrl-C in between: the pipes are in the middle of a message
            child.end()
            raise
        if answer["fit"] and child.files < _MOST_FILES and answer["peak"] < _MOST_MEMORY and not expired.is_set():
            with self._lock:
                self._idle.append(child)
        else:
            child.end()
            self._start_next()
        return answer

    def close(self) -> None:
        """End the idle children."""
        with self._lock:
            children, self._idle = self._idle, []
        if self._owner == os.getpid():
            for child in children:
                child.end()

    def _take(self, name: str) -> _Child:
        with self._lock:
            if self._owner != os.getpid():  # after a fork, the pipes belong to the parent
                self._idle = []
                self._owner = os.getpid()
                atexit.register(self.close)
            while self._idle:
                child = self._idle.pop()
                if child.process.poll() is None:
                    return child
                child.end()
        try:
            return _Child()
        except OSError as error:
            raise ReaderCrashed(f"{name} kan ikke læses: der kan ikke startes en proces ({error.strerror})") from error

    def _start_next(self) -> None:
        """Start a child in place of one that ended, so that it is up when the next file comes."""
        with suppress(OSError), self._lock:
            if not self._idle:
                self._idle.append(_Child())


@contextmanager
def _deadline(child: _Child, seconds: float) -> Iterator[threading.Event]:
    """Kill a child after some seconds; whoever waits for it then finds its pipes closed."""
    expired = threading.Event()

    def kill() -> None:
        expired.set()
        child.process.kill()

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    finally:
        timer.cancel()


def _fields(limits: Limits) -> dict[str, Any]:
    return {field: getattr(limits, field) for field in limits.__slots__}


def _cause_of_death(status: int, held: int, name: str, limits: Limits, *, expired: bool) -> ReadingError:
    if expired or status == -getattr(signal, "SIGXCPU", -1):
        return ReadingTimeout(
            f"{name} tog mere end {limits.seconds:g} sekunder at læse og blev stoppet: del den op, eller hæv grænsen"
        )
    if held > _NEAR_LIMIT * limits.memory_mb * MEGABYTE:
        return ReadingMemory(
            f"{name} kræver mere hukommelse end de {limits.memory_mb} MB, der er sat af: del den op, eller hæv grænsen"
        )
    return ReaderCrashed(
        f"{name} fik læseprogrammet til at gå ned (slutkode {status}): "
        "filen er nok beskadiget; gem den i et andet format"
    )
