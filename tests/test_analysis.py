"""The main job: the contract of its tables, and what it does with every kind of input."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from strategitekst.analysis import Analysis, analyze, load_analysis
from strategitekst.classification import classify
from strategitekst.document import Block, Document, build_document
from strategitekst.encoding import Encoder
from strategitekst.errors import UsageError
from strategitekst.prediction import STATEMENTS
from strategitekst.reading import read_document
from strategitekst.status import ALL, STATES
from strategitekst.strategy import load_strategy

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
TABLES = ("paragraphs", "coverage", "pledges", "documents")
TEXT = "I 2026 køber Movia 12 elbusser."
OTHER = "eksempelby-2024-2028"

text, integer, number = pa.string(), pa.int64(), pa.float64()
words, scores = pa.list_(text), pa.map_(text, number)
# Section 3 of the design, column by column.
CONTRACT = {
    "paragraphs": {
        "document": text,
        "paragraph": integer,
        "page": integer,
        "heading": words,
        "text": text,
        "start": integer,
        "end": integer,
        "themes": words,
        "theme_scores": scores,
        "ambitions": words,
        "statement": text,
        "statement_scores": scores,
        "specificity": number,
        "actor": text,
        "deadline": text,
        "quantity": text,
        "budget": text,
    },
    "coverage": {
        "document": text,
        "pledge": text,
        "coverage": number,
        "low": number,
        "high": number,
        "paragraphs": integer,
        "initiatives": integer,
        "best_paragraph": integer,
    },
    "pledges": {
        "document": text,
        "pledge": text,
        "state": text,
        "confidence": number,
        "evidence": pa.list_(integer),
        "reason": text,
    },
    "documents": {
        "document": text,
        "sha256": text,
        "format": text,
        "pages": integer,
        "paragraphs": integer,
        "status": text,
        "message": text,
        "seconds": number,
    },
}


@pytest.fixture(scope="module")
def saved(example_analysis: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example_analysis.save(tmp_path_factory.mktemp("saved"))


@pytest.mark.parametrize("table", TABLES)
def test_files_have_the_columns_and_types_of_the_contract(saved: Path, table: str) -> None:
    schema = pq.read_schema(saved / f"{table}.parquet")
    assert dict(zip(schema.names, schema.types, strict=True)) == CONTRACT[table]
    assert schema.names == list(CONTRACT[table])


@pytest.mark.parametrize("table", TABLES)
def test_files_without_rows_have_the_same_types(tmp_path: Path, table: str) -> None:
    analyze("findes-ikke.txt").save(tmp_path)
    schema = pq.read_schema(tmp_path / f"{table}.parquet")
    assert dict(zip(schema.names, schema.types, strict=True)) == CONTRACT[table]


def test_all_six_files_are_written(saved: Path) -> None:
    names = {path.name for path in saved.iterdir()}
    assert names >= {f"{table}.parquet" for table in TABLES} | {"manifest.json", "report.html"}


def test_paragraphs_are_found_again_in_the_document(example: Path, example_analysis: Analysis) -> None:
    from strategitekst.reading import read_document

    document, table = read_document(example), example_analysis.paragraphs
    assert table["paragraph"].to_list() == list(range(len(table)))
    for row in table.itertuples():
        assert document.text[row.start : row.end] == row.text
        assert row.heading[0].startswith("Handleplan")


def test_paragraph_rows_keep_the_codebook(example_analysis: Analysis) -> None:
    strategy, table = example_analysis.strategy, example_analysis.paragraphs
    for row in table.itertuples():
        assert list(row.theme_scores) == list(strategy.themes)
        assert all(0 <= score <= 1 for score in row.theme_scores.values())
        assert list(row.statement_scores) == list(STATEMENTS)
        assert sum(row.statement_scores.values()) == pytest.approx(1, abs=1e-3)
        assert row.statement == max(row.statement_scores, key=row.statement_scores.get)
        assert set(row.themes) <= set(strategy.themes)
        assert len(row.themes) <= 3
        ranked = [row.theme_scores[theme] for theme in row.themes]
        assert ranked == sorted(ranked, reverse=True)
        above = [strategy.ambition_of(theme) for theme in row.themes]
        assert row.ambitions == list(dict.fromkeys(ambition.id for ambition in above if ambition))
        assert 0 <= row.specificity <= 1
        for anchor in (row.actor, row.deadline, row.quantity, row.budget):
            assert anchor is None or anchor in row.text
    assert table["themes"].map(len).max() > 0
    assert table[["actor", "deadline", "quantity", "budget"]].notna().any().all()


def test_pledge_rows_stand_for_documents_and_for_all(example_analysis: Analysis) -> None:
    pledges = [pledge.id for pledge in example_analysis.strategy.pledges]
    for table in (example_analysis.coverage, example_analysis.pledges):
        assert table["document"].unique().tolist() == ["handleplan.md", ALL]
        assert table.groupby("document", sort=False)["pledge"].apply(list).to_list() == [pledges, pledges]
    states = example_analysis.pledges
    assert set(states["state"]) <= set(STATES)
    assert states["state"].nunique() > 1
    assert states["confidence"].between(0, 1).all()
    assert states["reason"].str.fullmatch(r".+\.").all()
    covered = example_analysis.coverage
    assert covered["coverage"].between(0, 1).all()
    assert covered["low"].between(0, 1).all()
    assert covered["high"].between(0, 1).all()


def test_counts_follow_from_the_paragraphs(example_analysis: Analysis) -> None:
    table = example_analysis.paragraphs
    for row in example_analysis.coverage.itertuples():
        has = table[table["themes"].map(lambda themes, pledge=row.pledge: pledge in themes)]
        assert row.paragraphs == len(has)
        assert row.initiatives == (has["statement"] == "initiative").sum()


def test_evidence_numbers_rows_over_all_documents(tmp_path: Path) -> None:
    plans = [build_document(name, [Block("prose", "Tak for læsningen."), Block("prose", TEXT)]) for name in "ab"]
    analysis = analyze(plans)
    table = analysis.pledges.set_index(["document", "pledge"])["evidence"]
    assert table["a", "P12"][0] == table["b", "P12"][0] == 1
    assert analysis.paragraphs.loc[table[ALL, "P12"][0], "text"] == TEXT
    best = analysis.coverage.set_index(["document", "pledge"])["best_paragraph"]
    assert analysis.paragraphs.loc[best[ALL, "P12"], "text"] == TEXT


def test_gaps_are_the_pledges_without_initiative(example_analysis: Analysis) -> None:
    gaps, pledges = example_analysis.gaps, example_analysis.pledges
    assert set(gaps["state"]) <= {"unmentioned", "intent_only"}
    assert len(gaps) + pledges["state"].isin(["unanchored", "concrete"]).sum() == len(pledges)
    assert list(gaps.columns) == list(pledges.columns)


def test_the_document_row(example: Path, example_analysis: Analysis) -> None:
    [row] = example_analysis.documents.to_dict("records")
    assert row["document"] == "handleplan.md"
    assert row["sha256"] == hashlib.sha256(example.read_bytes()).hexdigest()
    assert (row["format"], row["status"], row["message"]) == ("markdown", "ok", "")
    assert row["paragraphs"] == len(example_analysis.paragraphs)
    assert row["seconds"] >= 0


def test_analysing_twice_gives_the_same_bytes(saved: Path, example: Path, tmp_path: Path) -> None:
    # Another cache, so that the vectors are made again.
    analyze(example, encoder=Encoder(cache=tmp_path / "vectors.sqlite")).save(tmp_path / "again")
    for table in ("paragraphs", "coverage", "pledges"):
        assert (tmp_path / "again" / f"{table}.parquet").read_bytes() == (saved / f"{table}.parquet").read_bytes()


def test_what_is_saved_is_loaded(saved: Path, example_analysis: Analysis, tmp_path: Path) -> None:
    loaded = load_analysis(saved)
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(loaded, table), getattr(example_analysis, table))
    assert loaded.manifest == example_analysis.manifest
    assert loaded.strategy == example_analysis.strategy
    loaded.save(tmp_path)
    for table in TABLES:
        assert (tmp_path / f"{table}.parquet").read_bytes() == (saved / f"{table}.parquet").read_bytes()


@pytest.mark.parametrize("name", ["manifest.json", "coverage.parquet", "documents.parquet"])
@pytest.mark.parametrize("content", [None, b"{"], ids=["missing", "damaged"])
def test_a_broken_analysis_is_one_line(
    example_analysis: Analysis, tmp_path: Path, name: str, content: bytes | None
) -> None:
    file = example_analysis.save(tmp_path) / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError) as raised:
        load_analysis(tmp_path)
    assert str(tmp_path) in str(raised.value)
    assert "\n" not in str(raised.value)
    if content is None:
        assert name in str(raised.value)


def test_a_file_cannot_be_the_folder(example_analysis: Analysis, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("her")
    with pytest.raises(UsageError, match="taken") as raised:
        example_analysis.save(tmp_path / "taken")
    assert "\n" not in str(raised.value)


def test_bad_files_are_rows_and_the_good_one_is_analysed(tmp_path: Path) -> None:
    folder = tmp_path / "planer"
    (folder / "under").mkdir(parents=True)
    (folder / "under" / "god.txt").write_text(f"Trafik\n\n{TEXT}\n", encoding="utf-8")
    (folder / "tom.txt").write_bytes(b"")
    (folder / "billede.pdf").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)))
    (folder / "program.txt").write_bytes(b"\x7fELF" + bytes(range(256)) * 4)
    analysis = analyze([folder, tmp_path / "findes-ikke.docx"])
    assert analysis.documents.set_index("document")["status"].to_dict() == {
        "billede.pdf": "UnsupportedFormat",
        "program.txt": "UnsupportedFormat",
        "tom.txt": "EmptyDocument",
        "under/god.txt": "ok",
        "findes-ikke.docx": "FileMissing",
    }
    assert analysis.paragraphs["document"].unique().tolist() == ["under/god.txt"]
    assert analysis.coverage["document"].unique().tolist() == ["under/god.txt", ALL]
    failed = analysis.documents[analysis.documents["status"] != "ok"]
    for row in failed.itertuples():
        assert row.message
        assert "\n" not in row.message
        assert row.document.split("/")[-1] in row.message
        assert row.paragraphs == 0
    assert analysis.manifest["documents"] == {"ok": 1, "failed": 4}
    assert load_analysis(analysis.save(tmp_path / "ud")).documents.equals(analysis.documents)


def test_a_name_in_another_encoding_stops_nothing(tmp_path: Path) -> None:
    """Archives made on Windows leave such names on Linux."""
    try:
        (tmp_path / os.fsdecode(b"\xe5rsplan.txt")).write_text(f"Trafik\n\n{TEXT}\n", encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no names that are not UTF-8")
    analysis = analyze(tmp_path)
    analysis.save(tmp_path / "ud")
    assert analysis.documents["status"].to_list() == ["ok"]
    assert analysis.documents.loc[0, "document"].endswith("rsplan.txt")


def test_only_bad_files_give_empty_tables(tmp_path: Path) -> None:
    analysis = analyze("findes-ikke.txt")
    assert [len(getattr(analysis, table)) for table in TABLES] == [0, 0, 0, 1]
    assert len(analysis.gaps) == 0
    assert "findes-ikke.txt" in analysis.report()
    loaded = load_analysis(analysis.save(tmp_path))
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(loaded, table), getattr(analysis, table))


def test_what_is_no_source_is_wrong_use(tmp_path: Path) -> None:
    for wrong in (5, [None]):
        with pytest.raises(UsageError, match="hverken en sti eller et dokument"):
            analyze(wrong)  # type: ignore[arg-type]
    plan = tmp_path / "plan.txt"
    plan.write_text(TEXT, encoding="utf-8")
    with pytest.raises(UsageError, match="er en fil"):
        analyze(plan, out=plan)
    with pytest.raises(UsageError, match="planerne ligger i den"):
        analyze(plan, out=tmp_path)


def test_what_is_no_text_is_wrong_use() -> None:
    for wrong in (None, float("nan"), b"bytes"):
        with pytest.raises(UsageError, match="ikke tekst"):
            classify(wrong)  # type: ignore[arg-type]


def test_nothing_to_analyse_is_wrong_use() -> None:
    with pytest.raises(UsageError):
        analyze([])


def test_a_document_without_paragraphs_has_no_coverage() -> None:
    analysis = analyze(build_document("tom", []))
    assert analysis.documents.loc[0, "status"] == "ok"
    assert (analysis.coverage["coverage"] == 0).all()
    assert set(analysis.pledges["state"]) == {"unmentioned"}


def test_residue_has_no_theme() -> None:
    analysis = analyze(build_document("side", [Block("residue", TEXT), Block("prose", TEXT)]))
    residue, prose = analysis.paragraphs.to_dict("records")
    assert residue["themes"] == residue["ambitions"] == []
    assert residue["statement"] == "context"
    assert set(residue["theme_scores"].values()) == {0.0}
    assert prose["theme_scores"]["P12"] > 0
    alone = analyze(build_document("side", [Block("residue", TEXT)]))
    assert set(alone.pledges["state"]) == {"unmentioned"}
    assert (alone.coverage["paragraphs"] == 0).all()


def test_another_strategy_is_told_zero_shot() -> None:
    strategy = load_strategy(OTHER)
    plan = build_document(
        "plan",
        [
            Block("prose", "Fra august 2025 er der to lærere i 1. klasse på alle folkeskoler."),
            Block("prose", "Hjemmeplejen i Nordby deles i 2026 i seks små faste hold."),
        ],
    )
    analysis = analyze(plan, strategy=strategy)
    assert analysis.manifest["models"]["themes"]["kind"] == "zero-shot"
    assert analysis.manifest["strategy"] == {
        "id": OTHER,
        "name": strategy.name,
        "fingerprint": strategy.fingerprint,
    }
    school, care = analysis.paragraphs["theme_scores"]
    assert list(school) == list(strategy.themes)
    pledges = [pledge.id for pledge in strategy.pledges]
    assert max(pledges, key=school.get) == "L2"
    assert max(pledges, key=care.get) == "L4"
    assert analysis.pledges["pledge"].unique().tolist() == pledges


def test_the_manifest_says_what_decided(example_analysis: Analysis, saved: Path, encoder: Encoder) -> None:
    manifest = json.loads((saved / "manifest.json").read_text(encoding="utf-8"))
    assert manifest == example_analysis.manifest
    assert manifest["models"]["themes"]["kind"] == "trained"
    assert manifest["models"]["encoder"]["fingerprint"] == encoder.fingerprint
    assert manifest["models"]["pipeline"].startswith("da_")
    assert manifest["strategy"]["fingerprint"] == example_analysis.strategy.fingerprint
    assert manifest["documents"] == {"ok": 1, "failed": 0}
    assert manifest["started"] <= manifest["finished"]
    assert {"strategitekst", "python", "packages"} <= manifest.keys()


def test_progress_names_every_document(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    steps: list[tuple[str, int, int]] = []
    analyze([tmp_path / "a.txt", "findes-ikke.txt"], progress=lambda *step: steps.append(step))
    assert steps == [("a.txt", 0, 2), ("findes-ikke.txt", 1, 2), ("", 2, 2)]


def test_one_source_needs_no_list(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    for source in (file, str(file), [file], (path for path in [file])):
        assert analyze(source).documents["document"].to_list() == ["a.txt"]


def test_documents_of_one_name_are_shown_in_a_notebook() -> None:
    plan = build_document("plan", [Block("prose", TEXT)])
    assert "P12" in analyze([plan, plan])._repr_html_()


def test_a_notebook_shows_states_and_gaps(example_analysis: Analysis) -> None:
    shown = example_analysis._repr_html_()
    assert "handleplan.md" in shown
    assert all(pledge.id in shown for pledge in example_analysis.strategy.pledges)


def test_polars_gets_the_same_tables(example_analysis: Analysis) -> None:
    frames = example_analysis.to_polars()
    assert set(frames) == set(TABLES)
    for table in TABLES:
        assert frames[table].columns == list(CONTRACT[table])
        assert len(frames[table]) == len(getattr(example_analysis, table))
    assert frames["paragraphs"]["themes"].to_list() == example_analysis.paragraphs["themes"].to_list()
    assert frames["coverage"]["coverage"].to_list() == example_analysis.coverage["coverage"].to_list()


@pytest.mark.parametrize("sources", ["findes-ikke.txt", "example"])
def test_polars_has_the_types_of_the_contract(sources: str, example: Path) -> None:
    frames = analyze(example if sources == "example" else sources).to_polars()
    assert frames["documents"].schema["pages"] == polars.Int64
    assert frames["coverage"].schema["coverage"] == polars.Float64
    assert frames["pledges"].schema["evidence"] == polars.List(polars.Int64)
    assert frames["paragraphs"].schema["page"] == polars.Int64
    assert frames["paragraphs"].schema["budget"] == polars.String


@pytest.mark.slow
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed documents are not beside this checkout")
def test_real_documents_are_read() -> None:
    analysis = analyze(SEEDS)
    assert analysis.documents["status"].to_list() == ["ok"] * 5
    assert (analysis.documents["paragraphs"] > 5).all()
    assert set(analysis.pledges["document"]) == {*analysis.documents["document"], ALL}
    for row in analysis.paragraphs.itertuples():
        assert row.end - row.start == len(row.text) > 0
    assert "<html" in analysis.report()


def test_a_reader_that_breaks_ends_its_document_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: Path, *, name: str, **how: Any) -> Document:
        if name == "b.txt":
            raise ZeroDivisionError("two\nlines")
        return read_document(path, name=name, **how)

    monkeypatch.setattr("strategitekst.document_result.read_document", read)
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(f"Trafik\n\n{TEXT}\n", encoding="utf-8")
    documents = analyze(tmp_path).documents
    assert documents["status"].to_list() == ["ok", "ReadingError", "ok"]
    assert "ZeroDivisionError: two lines" in documents.loc[1, "message"]


def test_a_changed_strategy_under_a_known_id_is_told_by_its_own_words(example: Path) -> None:
    known = load_strategy()
    changed = replace(known, foundations=())
    analysis = analyze(example, strategy=changed)
    assert changed.id == known.id
    assert analysis.manifest["models"]["themes"]["kind"] == "zero-shot"
    assert set(analysis.paragraphs.loc[0, "theme_scores"]) == set(changed.themes)
