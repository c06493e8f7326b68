"""Runs into a folder: what is kept, what is done again, and that the tables never show how they came about."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import strategitekst as st
from strategitekst.analyzing import list_work
from strategitekst.atomic import writing
from strategitekst.batch import LOG, Options, Silent, Summary, merge_shards, parse_shard, run_batch, tables
from strategitekst.batch.records import read_record
from strategitekst.batch.tasks import Outcome, list_tasks
from strategitekst.document import Block, build_document
from strategitekst.encoding import Encoder
from strategitekst.errors import UsageError
from strategitekst.frames import SCHEMAS
from strategitekst.strategy import load_strategy

TABLES = (*SCHEMAS, "embeddings")
TEXTS = (
    "I 2026 køber Movia 12 elbusser til ruterne i Nakskov.",
    "Vi vil styrke indsatsen for de borgere, der har mest brug for os.",
    "Fra 2024 rykker to nye ambulancer ud fra Nakskov.",
    "Regionen har 290.000 borgere over 60 år.",
    "Flere unge skal gennemføre en uddannelse tæt på, hvor de bor.",
)
CODE = "from strategitekst.cli import main; main()"


def write(folder: Path, names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        texts = [TEXTS[(number + place) % len(TEXTS)] for place in range(3)]
        (folder / f"{name}.txt").write_text("\n\n".join([f"Plan {name}", *texts]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    return write(tmp_path / "planer", "abcdef")


def run(source: Path, out: Path, **options: object) -> Summary:
    work = list_work(source, out)
    return run_batch(work, out, load_strategy(), Encoder(), Options(**options))  # type: ignore[arg-type]


def content(out: Path) -> dict[str, object]:
    """Everything that a run says, but for the times."""
    found: dict[str, object] = {table: (out / f"{table}.parquet").read_bytes() for table in TABLES}
    found["documents"] = pd.read_parquet(out / "documents.parquet").drop(columns="seconds").to_json()
    return found


def keep_dates(out: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and path.name != LOG}


def test_the_tables_do_not_depend_on_workers_or_order(plans: Path, tmp_path: Path) -> None:
    alone = run(plans, tmp_path / "en", workers=1)
    run(plans, tmp_path / "to", workers=2)
    work = list_work(plans)
    run_batch(work[3:], tmp_path / "bid", load_strategy(), Encoder(), Options(workers=1))
    run_batch(work, tmp_path / "bid", load_strategy(), Encoder(), Options(workers=1))
    assert alone == Summary(6, 0, {})
    assert content(tmp_path / "en") == content(tmp_path / "to") == content(tmp_path / "bid")


def test_a_run_gives_what_memory_gives(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "ud", workers=1)
    stored, direct = st.load_analysis(tmp_path / "ud"), st.analyze(plans)
    for table in SCHEMAS:
        left, right = getattr(stored, table), getattr(direct, table)
        if table == "documents":
            left, right = left.drop(columns="seconds"), right.drop(columns="seconds")
        pd.testing.assert_frame_equal(left, right)
    assert stored.strategy == direct.strategy
    assert stored.manifest.keys() == direct.manifest.keys()
    assert stored.manifest["models"] == direct.manifest["models"]


def test_the_same_command_again_touches_nothing(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "ud", workers=1)
    before = keep_dates(tmp_path / "ud")
    assert run(plans, tmp_path / "ud", workers=2) == Summary(6, 6, {})
    after = keep_dates(tmp_path / "ud")
    assert {path for path in after if after[path] != before.get(path)} <= {tmp_path / "ud" / ".work" / "strategy.toml"}


def test_what_changed_is_done_again_and_the_rest_is_not(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "ud", workers=1)
    (plans / "a.txt").unlink()
    (plans / "b.txt").write_text("Nu står der noget andet her i planen.\n", encoding="utf-8")
    (plans / "c.txt").rename(plans / "flyttet.txt")
    write(plans, "g")
    assert run(plans, tmp_path / "ud", workers=1) == Summary(6, 5 - 1, {})
    run(plans, tmp_path / "nyt", workers=1)
    assert content(tmp_path / "ud") == content(tmp_path / "nyt")
    names = pd.read_parquet(tmp_path / "ud" / "documents.parquet")["document"].to_list()
    assert names == ["b.txt", "d.txt", "e.txt", "f.txt", "flyttet.txt", "g.txt"]


def test_another_strategy_is_another_result(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "ud", workers=1)
    other = load_strategy("eksempelby-2024-2028")
    summary = run_batch(list_work(plans), tmp_path / "ud", other, Encoder(), Options(workers=1))
    assert summary.reused == 0
    assert st.load_analysis(tmp_path / "ud").strategy == other


def test_equal_files_are_analysed_once(tmp_path: Path) -> None:
    folder = tmp_path / "planer"
    for name in "abc":
        write(folder / name, "x")
    assert run(folder, tmp_path / "ud", workers=1).reused == 2
    table = pd.read_parquet(tmp_path / "ud" / "paragraphs.parquet")
    assert table["document"].unique().tolist() == ["a/x.txt", "b/x.txt", "c/x.txt"]


def test_failures_are_kept_until_they_are_to_be_tried_again(plans: Path, tmp_path: Path) -> None:
    (plans / "tom.txt").write_bytes(b"")
    out = tmp_path / "ud"
    assert run(plans, out, workers=1) == Summary(7, 0, {"EmptyDocument": 1})
    assert run(plans, out, workers=1) == Summary(7, 7, {"EmptyDocument": 1})
    assert run(plans, out, workers=1, retry_failed=True) == Summary(7, 6, {"EmptyDocument": 1})
    row = pd.read_parquet(out / "documents.parquet").set_index("document").loc["tom.txt"]
    assert row["status"] == "EmptyDocument"
    assert "tom.txt" in row["message"]


def test_results_among_the_plans_are_no_plans(plans: Path) -> None:
    assert run(plans, plans / "ud", workers=1).documents == 6
    assert run(plans, plans / "ud", workers=1).documents == 6


def test_documents_that_were_read_can_be_kept_too(tmp_path: Path) -> None:
    plan = build_document("plan", [Block("prose", TEXTS[0])])
    for _ in range(2):
        analysis = st.analyze([plan, plan], out=tmp_path / "ud", workers=1)
        assert analysis.documents["document"].to_list() == ["plan", "plan (2)"]
        assert analysis.paragraphs["text"].to_list() == [TEXTS[0]] * 2


def test_a_damaged_result_is_made_again(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "ud", workers=1)
    expected = content(tmp_path / "ud")
    result = next((tmp_path / "ud" / ".work").glob("results/*/*/*.arrow"))
    result.write_bytes(result.read_bytes()[:100])
    (tmp_path / "ud" / "pledges.parquet").unlink()
    with pytest.raises(UsageError, match="beskadiget"):
        run(plans, tmp_path / "ud", workers=1)
    assert run(plans, tmp_path / "ud", workers=1).reused == 5
    assert content(tmp_path / "ud") == expected


def test_a_table_that_was_lost_is_written_again(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "ud", workers=1)
    expected = content(tmp_path / "ud")
    for name in ("coverage.parquet", "manifest.json"):
        (tmp_path / "ud" / name).unlink()
        assert run(plans, tmp_path / "ud", workers=1).reused == 6
        assert content(tmp_path / "ud") == expected


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
@pytest.mark.slow
def test_killed_runs_go_on_to_the_same_tables() -> None:
    script = Path(__file__).parents[2] / "benchmarks" / "kill_and_resume.py"
    # By this seed it is killed after three documents, then at some moment.
    sizes = ["--runs", "1", "--kills", "2", "--plans", "8", "--paragraphs", "2", "--seed", "24"]
    ended = subprocess.run([sys.executable, str(script), *sizes], capture_output=True, text=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "1 of 1 runs gave identical tables" in ended.stdout


@pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
def test_ctrl_c_stops_and_says_how_to_go_on(plans: Path, tmp_path: Path) -> None:
    out = tmp_path / "ud"
    command = [sys.executable, "-c", CODE, "analyze", str(plans), "--out", str(out), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    while process.poll() is None and not (out / LOG).exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = "".join(process.communicate())
    assert process.returncode == 130
    assert "kør samme kommando igen" in said
    assert "Traceback" not in said


def test_a_script_needs_no_main_guard(plans: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"import strategitekst as st\nprint('kører')\nprint(len(st.analyze({str(plans)!r}, workers=2).paragraphs))\n",
        encoding="utf-8",
    )
    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, encoding="utf-8")
    assert ended.stdout.split() == ["kører", "18"]


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv = sys.argv[1:]
from strategitekst.cli import main
main()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits as on Linux")
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("size", [3_000, 16_000], ids=["results", "tables"])
def test_no_room_is_one_line_and_the_run_goes_on(plans: Path, tmp_path: Path, workers: str, size: int) -> None:
    out = tmp_path / "ud"
    arguments = ["analyze", str(plans), "--out", str(out), "--workers", workers]
    # A limit on the size of files stands in for a disk without room: the same write fails at the same place.
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(size), *arguments],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "STRATEGITEKST_CACHE": str(Encoder().cache_path.parent)},
    )
    assert ended.returncode == 2, ended.stderr
    assert "Der er ikke plads i" in ended.stderr.strip().splitlines()[-1]
    assert "Traceback" not in ended.stderr
    run(plans, out, workers=1)
    run(plans, tmp_path / "alene", workers=1)
    assert content(out) == content(tmp_path / "alene")


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("før")
    with pytest.raises(UnicodeEncodeError), writing(target) as draft:
        draft.write_text("halvt" * 10_000 + "ø", encoding="ascii")
    assert target.read_text() == "før"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_shards_merge_to_the_tables_of_one_run(plans: Path, tmp_path: Path) -> None:
    (plans / "tom.txt").write_bytes(b"")
    run(plans, tmp_path / "hel", workers=1)
    for number in (1, 2, 3):
        run(plans, tmp_path / "delt", workers=1, shard=(number, 3))
        run(plans, tmp_path / f"del-{number}", workers=1, shard=(number, 3))
    assert not list((tmp_path / "delt").glob("*.parquet"))
    merge_shards([tmp_path / "delt"], tmp_path / "delt")
    summary = merge_shards([tmp_path / f"del-{number}" for number in (3, 1, 2)], tmp_path / "samlet")
    assert summary.failed == {"EmptyDocument": 1}
    assert content(tmp_path / "hel") == content(tmp_path / "delt") == content(tmp_path / "samlet")
    assert st.load_analysis(tmp_path / "samlet").manifest["documents"] == {"ok": 6, "failed": 1}


def test_every_document_is_in_one_shard(plans: Path) -> None:
    work = list_work(plans)
    parts = [[task.name for task in list_tasks(work, (number, 4))] for number in (1, 2, 3, 4)]
    assert sorted(name for part in parts for name in part) == [item.name for item in work]


def test_a_missing_shard_is_named(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "ud", workers=1, shard=(1, 3))
    with pytest.raises(UsageError, match="2/3, 3/3"):
        merge_shards([tmp_path / "ud"], tmp_path / "ud")
    with pytest.raises(UsageError, match="ingen dele"):
        merge_shards([tmp_path / "intet"], tmp_path / "ud")


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "x/3", "-1/3", "1/0"])
def test_a_shard_that_makes_no_sense_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match="--shard"):
        parse_shard(text)


@pytest.mark.parametrize("rows", [1_000_000, 7])
def test_every_reader_reads_the_tables_as_they_lie(
    plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(tables, "ROWS_A_PART", rows)
    monkeypatch.setattr(tables, "ROWS_A_GROUP", min(rows, 4))
    run(plans, tmp_path / "ud", workers=1)
    path = tmp_path / "ud" / "paragraphs.parquet"
    assert path.is_dir() == (rows == 7)
    expected = st.analyze(plans).paragraphs["text"].to_list()
    assert len(expected) == 18
    assert pd.read_parquet(path)["text"].to_list() == expected
    assert polars.read_parquet(path)["text"].to_list() == expected
    assert [row[0] for row in duckdb.read_parquet(str(path)).project("text").fetchall()] == expected
    assert st.load_analysis(tmp_path / "ud").paragraphs["text"].to_list() == expected
    # A run over fewer plans puts a file in the place of the folder.
    run(plans / "a.txt", tmp_path / "ud", workers=1)
    assert len(pd.read_parquet(path)) == 3


def test_a_table_keeps_few_rows_in_memory(tmp_path: Path) -> None:
    schema = pa.schema([("text", pa.string())])
    few = pa.table({"text": ["x" * 2500] * 30}, schema=schema)
    before, most = pa.total_allocated_bytes(), 0
    writer = tables.TableWriter("texts", schema, tmp_path)
    for _ in range(1000):  # 75 MB of text
        writer.add(few)
        most = max(most, pa.total_allocated_bytes() - before)
    writer.finish()
    writer.replace()
    assert most < 30 * 2**20
    assert pq.read_metadata(tmp_path / "texts.parquet").num_rows == 30_000


def test_a_worker_loads_nothing_that_it_does_not_need(
    plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")  # workers write it where their errors go: into the log
    assert run(plans, tmp_path / "ud", workers=2).documents == 6
    lines = (tmp_path / "ud" / LOG).read_text(encoding="utf-8").splitlines()
    imported = {line.rsplit("|", 1)[1].strip() for line in lines if line.startswith("import time:")}
    assert {"spacy", "pyarrow"} <= imported
    # Arrow would load pandas; a refused import is told too.
    assert not imported & {"pandas._libs", "torch._C", "sklearn"}


def test_embeddings_lie_apart_in_half_precision(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "ud", workers=1)
    table = pq.read_table(tmp_path / "ud" / "embeddings.parquet")
    vector = table.schema.field("vector").type
    assert (str(vector.value_type), vector.list_size) == ("halffloat", 384)
    file = pq.ParquetFile(tmp_path / "ud" / "embeddings.parquet")
    assert file.metadata.row_group(0).column(2).compression == "ZSTD"
    paragraphs = st.load_analysis(tmp_path / "ud").paragraphs
    assert table.column("paragraph").to_pylist() == paragraphs["paragraph"].to_list()
    vectors = np.array(table.column("vector").to_pylist(), dtype=np.float32)
    kept = [read_record(each).vectors for each in sorted((tmp_path / "ud" / ".work").glob("results/*/*/*.arrow"))]
    exact = np.concatenate(kept)
    assert sorted(vectors[:, 0].tolist()) == sorted(exact.astype(np.float16)[:, 0].astype(np.float32).tolist())
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 0.001
    path = tmp_path / "ud" / "embeddings.parquet"
    assert len(polars.read_parquet(path)["vector"][0]) == 384
    assert duckdb.read_parquet(str(path)).project("len(vector)").limit(1).fetchall() == [(384,)]


def test_tables_are_read_when_they_are_looked_at(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "ud", workers=1)
    analysis = st.load_analysis(tmp_path / "ud")
    (tmp_path / "ud" / "coverage.parquet").unlink()
    assert len(analysis.paragraphs) == 18
    with pytest.raises(FileNotFoundError):
        _ = analysis.coverage


def test_progress_is_told_in_the_order_of_the_work(plans: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    st.analyze(plans, out=tmp_path / "ud", workers=2, progress=lambda *step: told.append(step))
    assert [step[1:] for step in told] == [(number, 6) for number in range(7)]
    assert {step[0] for step in told[:-1]} == {f"{name}.txt" for name in "abcdef"}
    assert told[-1][0] == ""


def test_the_log_names_every_document(plans: Path, tmp_path: Path) -> None:
    (plans / "tom.txt").write_bytes(b"")
    run(plans, tmp_path / "ud", workers=1)
    lines = (tmp_path / "ud" / LOG).read_text(encoding="utf-8").splitlines()
    for name in "abcdef":
        assert any(f" ok {name}.txt: " in line for line in lines)
    assert any(" EmptyDocument tom.txt: " in line for line in lines)


def test_a_report_of_many_paragraphs_takes_those_behind_the_states(
    plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("strategitekst.batch.drawing.MOST_ROWS", 8)
    run(plans, tmp_path / "ud", workers=1)
    page = (tmp_path / "ud" / "report.html").read_text(encoding="utf-8")
    assert "</html>" in page
    assert "f.txt" in page


def test_dask_gives_the_same_tables(plans: Path, tmp_path: Path) -> None:
    distributed: Callable[..., object] = pytest.importorskip("distributed").Client
    (plans / "tom.txt").write_bytes(b"")
    run(plans, tmp_path / "ud", workers=1)
    with distributed(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None) as client:  # type: ignore[attr-defined]
        st.analyze(plans, out=tmp_path / "dask", dask=client)
        with pytest.raises(UsageError, match="adressen"):
            st.analyze(plans, out=tmp_path / "ingen", dask="tcp://127.0.0.1:9")
    assert content(tmp_path / "ud") == content(tmp_path / "dask")


def test_outcomes_cross_processes_as_they_are() -> None:
    outcome = Outcome(3, "å.txt", None, {"status": "ok", "seconds": 0.1}, reused=True)
    assert Outcome.from_json(outcome.to_json()) == outcome
    assert json.loads(outcome.to_json())["name"] == "å.txt"


def test_nothing_is_said_without_a_call() -> None:
    silent = Silent()
    silent.stage("analysing", 1)
    silent.came(Outcome(0, "a", None, {"status": "ok"}))
    silent.tick()
