"""Three bad files among a hundred, with real workers, readers and models."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from strategitekst.analyzing import list_work
from strategitekst.batch import Options, run_batch
from strategitekst.encoding import Encoder
from strategitekst.reading import Limits
from strategitekst.strategy import load_strategy

HANGS, EATS, DIES = "hænger.txt", "spiser.txt", "styrter.txt"
SENTENCE = "Vi ansætter ti nye læger i regionen inden udgangen af 2026."

# No file is known that surely makes the libraries hang, eat memory or crash on every machine. What such a file does to
# the process that reads it is done there for real, by a reader that takes these files so; all else is as it ships.
BAD_READER = f"""
import os, signal, sys

if "strategitekst.reading.child" in " ".join(sys.orig_argv):
    sys.path.append(sys.orig_argv[-1])
    from strategitekst.reading import extraction

    extract = extraction.extract

    def extract_or_fail(data, name, **options):
        if name == {HANGS!r}:
            while True:
                pass
        if name == {EATS!r}:
            eaten = []
            while True:
                eaten.append(bytearray(2**24))
        if name == {DIES!r}:
            os.kill(os.getpid(), signal.SIGSEGV)
        return extract(data, name, **options)

    extraction.extract = extract_or_fail
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits as on Linux")
def test_three_bad_files_of_a_hundred_end_alone_each_by_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = tmp_path / "planer"
    plans.mkdir()
    for number in range(97):
        text = f"Plan {number}\n\n{SENTENCE}\n\nVi vil styrke indsatsen for de borgere, der har mest brug for os.\n"
        (plans / f"{number:02}.txt").write_text(text, encoding="utf-8")
    for name in (HANGS, EATS, DIES):
        (plans / name).write_text(f"Plan\n\n{name}: {SENTENCE}\n", encoding="utf-8")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "sitecustomize.py").write_text(BAD_READER, encoding="utf-8")
    paths = [str(tmp_path / "bad"), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    limits = Limits(seconds=3.0, memory_mb=1000)
    began = time.monotonic()
    summary = run_batch(
        list_work(plans), tmp_path / "ud", load_strategy(), Encoder(), Options(workers=2, limits=limits)
    )
    took = time.monotonic() - began
    assert summary.failed == {"ReadingTimeout": 1, "ReadingMemory": 1, "ReaderCrashed": 1}
    documents = pd.read_parquet(tmp_path / "ud" / "documents.parquet").set_index("document")
    assert (documents["status"] == "ok").sum() == 97
    for name, status in ((HANGS, "ReadingTimeout"), (EATS, "ReadingMemory"), (DIES, "ReaderCrashed")):
        assert documents.loc[name, "status"] == status
        assert name in documents.loc[name, "message"]
    # No more than the time limit is lost: by the clock where the machine is busy, which is a little later.
    assert documents.loc[[HANGS, EATS, DIES], "seconds"].max() < limits.wall_seconds + 5
    assert took < limits.wall_seconds + 120
