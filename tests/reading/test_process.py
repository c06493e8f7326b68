"""What happens to the process that reads must not happen to the one that asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from strategitekst import errors
from strategitekst.reading import Limits, process, read_document
from strategitekst.reading.child import peak_memory
from strategitekst.reading.limits import MEGABYTE
from strategitekst.reading.process import Readers

TEXT = b"Vi kommer hurtigt, siger planen."
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX systems")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space")


@pytest.fixture
def readers() -> Iterator[Readers]:
    pool = Readers()
    yield pool
    pool.close()


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch, readers: Readers) -> Callable[..., dict[str, object]]:
    """Have a child run some code where it would extract the text."""

    def run(code: str = "", limits: Limits | None = None, data: bytes = TEXT) -> dict[str, object]:
        if code:
            patch = f"""
import sys; sys.path.append(sys.argv[1])
import strategitekst.reading.child as child
real = child.extract
def fake(data, name, **options):
    if data.startswith(b"godt"):
        return real(data, name, **options)
    {code}
child.extract = fake
child.main()
"""
            monkeypatch.setattr(process, "_COMMAND", patch)
        request = {"name": "plan", "path": None, "password": None}
        return readers.read(request, data, limits or Limits())

    return run


def test_a_hang_is_stopped_in_time(reading: Callable[..., dict[str, object]]) -> None:
    started = time.monotonic()
    with pytest.raises(errors.ReadingTimeout, match="1 sekunder"):
        reading("while True: pass", Limits(seconds=1))
    assert time.monotonic() - started < 10


def test_the_clock_runs_from_the_call_on(
    monkeypatch: pytest.MonkeyPatch, reading: Callable[..., dict[str, object]]
) -> None:
    monkeypatch.setattr(process, "_COMMAND", "import time; time.sleep(60)")  # a child that does not come up
    started = time.monotonic()
    with pytest.raises(errors.ReadingTimeout):
        reading(limits=Limits(seconds=1))
    assert time.monotonic() - started < 10
    assert Limits().wall_seconds <= 24


def test_a_child_that_cannot_start_says_so(
    monkeypatch: pytest.MonkeyPatch, reading: Callable[..., dict[str, object]], readers: Readers
) -> None:
    monkeypatch.setattr(process, "_COMMAND", "raise SystemExit(7)")
    with pytest.raises(errors.ReaderCrashed, match="slutkode 7"):
        reading()
    assert readers._idle == []  # none that would not start either is tried ahead of time


def test_a_child_that_was_stopped_is_replaced_ahead_of_the_next_file(
    reading: Callable[..., dict[str, object]], readers: Readers
) -> None:
    with pytest.raises(errors.ReadingTimeout):
        reading("while True: pass", Limits(seconds=1))
    waiting = [child.process.pid for child in readers._idle]
    assert len(waiting) == 1
    assert reading(data=b"godt er det")["format"] == "text"
    assert [child.process.pid for child in readers._idle] == waiting


@POSIX
@pytest.mark.parametrize(
    "code", ["import os; os.abort()", "import ctypes; ctypes.string_at(0)", "import os; os._exit(3)"]
)
def test_a_crash_is_an_error_and_the_next_file_is_read(reading: Callable[..., dict[str, object]], code: str) -> None:
    with pytest.raises(errors.ReaderCrashed, match=r"^plan .*: "):
        reading(code)
    assert reading(data=b"godt er det")["format"] == "text"


@LINUX
def test_memory_over_the_limit_is_refused(reading: Callable[..., dict[str, object]]) -> None:
    answer = reading("x = b'x' * 300_000_000; y = [x + x]", Limits(memory_mb=400))
    assert answer["error"] == "ReadingMemory"
    assert "400 MB" in str(answer["message"])


@LINUX
def test_a_death_near_the_limit_is_put_down_to_memory(reading: Callable[..., dict[str, object]]) -> None:
    if peak_memory() > 250 * MEGABYTE:
        pytest.skip("this process has held so much that the system counts it as the child's")
    with pytest.raises(errors.ReadingMemory):
        reading("x = b'x' * 300_000_000; import os; os.abort()", Limits(memory_mb=450))


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://example.org')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "open('skrevet.txt', 'w')",
        "import os; os.open('skrevet.txt', os.O_CREAT | os.O_WRONLY)",
    ],
)
def test_readers_fetch_run_and_write_nothing(
    reading: Callable[..., dict[str, object]], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert reading(code)["error"] == "ReaderCrashed"
    assert list(tmp_path.iterdir()) == []


def test_an_unforeseen_failure_has_a_name_and_one_line(reading: Callable[..., dict[str, object]]) -> None:
    answer = reading("raise RuntimeError('to\\nlinjer')")
    assert answer["error"] == "ReaderCrashed"
    assert answer["message"] == (
        "plan kunne ikke læses (RuntimeError: to linjer): gem den i et andet format, og meld fejlen"
    )


def test_what_a_library_prints_does_not_reach_the_pipe(reading: Callable[..., dict[str, object]]) -> None:
    assert reading("import os; os.write(1, b'x' * 99); print('hej'); return real(data, name)")["format"] == "text"


def test_a_child_is_kept_for_the_next_file(reading: Callable[..., dict[str, object]], readers: Readers) -> None:
    reading()
    first = readers._idle[0].process.pid
    reading()
    assert [child.process.pid for child in readers._idle] == [first]
    reading("", data=b"x" * 100)
    assert len(readers._idle) == 1


def test_a_child_makes_room_after_many_files(
    reading: Callable[..., dict[str, object]], readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_MOST_FILES", 2)
    reading()
    first = readers._idle[0].process.pid
    reading()
    assert [child.process.pid for child in readers._idle] != [first]
    assert len(readers._idle) == 1
    assert reading()["format"] == "text"


@POSIX
def test_a_child_that_died_while_idle_is_replaced(reading: Callable[..., dict[str, object]], readers: Readers) -> None:
    reading()
    os.kill(readers._idle[0].process.pid, signal.SIGKILL)
    readers._idle[0].process.wait()
    assert reading()["format"] == "text"


def test_threads_do_not_mix_their_files() -> None:
    found: dict[int, str] = {}

    def read(number: int) -> None:
        found[number] = read_document(f"Fil nummer {number} er læst.".encode(), name=f"{number}").text

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: f"Fil nummer {number} er læst." for number in range(4)}


def test_a_script_without_a_main_guard_runs_once(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    # A file of that name in the working folder must not be taken for the library's own.
    (tmp_path / "docx.py").write_text("raise SystemExit('kørt')")
    script.write_text(
        "import sys; sys.path.pop(0)\nimport strategitekst as st\nprint('kørt')\n"
        "print(st.read_document(b'Vi kommer hjem.', name='x').text)\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run([sys.executable, str(script)], capture_output=True, cwd=tmp_path, check=True, env=environment)
    assert run.stdout.decode().split("\n") == ["kørt", "Vi kommer hjem.", ""]
    assert run.stderr == b""


@POSIX
def test_no_child_outlives_its_parent() -> None:
    code = (
        "import strategitekst.reading as r; r.read_document(b'Vi kommer.', name='x')\n"
        "from strategitekst.reading import front\n"
        "import os, subprocess; readers = front._readers().__self__\n"
        "print(readers._idle[0].process.pid, flush=True); os._exit(0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for _ in range(100):
        try:
            os.kill(int(run.stdout), 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{int(run.stdout)}/stat").exists():
            state = Path(f"/proc/{int(run.stdout)}/stat").read_text().rsplit(")", 1)[1].split()[0]
            if state == "Z":
                return
        time.sleep(0.1)
    pytest.fail("the child is still there")


@POSIX
def test_devices_and_pipes_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "kanal")
    for path in (tmp_path / "kanal", Path("/dev/zero")):
        with pytest.raises(errors.UnsupportedFormat, match="ingen fil"):
            read_document(path)


@pytest.mark.parametrize("field", ["seconds", "memory_mb", "size_mb", "pages"])
def test_limits_are_above_zero(field: str) -> None:
    with pytest.raises(errors.UsageError, match=field):
        Limits(**{field: 0})
