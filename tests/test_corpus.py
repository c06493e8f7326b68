"""Labelled documents: loading, alignment, and the checks on a corpus."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategitekst.corpus import load_annotators, load_corpus, validate
from strategitekst.duplicates import near_duplicates
from strategitekst.errors import CorpusError
from strategitekst.strategy import load_strategy

CORPUS = Path(__file__).parents[1] / "corpus"
SENTENCES = (
    "Fra marts kører to nye akutbiler fra Nakskov og Stege.",
    "Borgerne skal opleve, at nogen tager telefonen, når de ringer om natten.",
    "Busserne på Lolland skal køre på strøm.",
)


def row(number: int, begins: str, **changes: Any) -> dict[str, Any]:
    return {"paragraph": number, "begins": begins, "themes": [], "statement": "context", "anchors": []} | changes


def write(folder: Path, name: str, texts: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text("# Plan\n\n" + "\n\n".join(texts) + "\n", encoding="utf-8")
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows)
    (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")


def right_rows(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    return [row(number, " ".join(text.split()[:6])) for number, text in enumerate(texts)]


def with_table(folder: Path, *rows: tuple[str, str]) -> None:
    with (folder / "documents.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("document", "part"), *rows])


def test_labels_come_with_the_paragraphs_that_they_were_written_for(tmp_path: Path):
    rows = right_rows(SENTENCES)
    rows[0] |= {"themes": ["P2", "P1"], "statement": "initiative", "anchors": ["deadline", "quantity"]}
    write(tmp_path, "a", SENTENCES, rows)
    (document,) = load_corpus(tmp_path)
    assert document.document.name == "a"
    assert [each.paragraph.text for each in document.paragraphs] == list(SENTENCES)
    first = document.paragraphs[0]
    assert (first.themes, first.statement, first.anchors) == (("P2", "P1"), "initiative", ("deadline", "quantity"))
    assert first.paragraph.heading == ("Plan",)
    assert validate(tmp_path) == []


def test_a_part_is_loaded_even_where_another_part_is_broken(tmp_path: Path):
    write(tmp_path / "plans", "a", SENTENCES, right_rows(SENTENCES))
    write(tmp_path / "plans", "b", SENTENCES[:1], [])
    with_table(tmp_path, ("a", "test"), ("b", "train"))
    assert [each.document.name for each in load_corpus(tmp_path, "test")] == ["a"]
    with pytest.raises(CorpusError, match=r"b\.jsonl: 0 mærker til 1 afsnit"):
        load_corpus(tmp_path)


def test_files_without_labels_are_passed_over_in_a_folder_without_a_table(tmp_path: Path):
    write(tmp_path, "a", SENTENCES, right_rows(SENTENCES))
    (tmp_path / "readme.md").write_text("Læs mig først.", encoding="utf-8")
    assert [each.document.name for each in load_corpus(tmp_path)] == ["a"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"themes": ["P13"]}, 'ukendt tema "P13"; brug P1, '),
        ({"statement": "vision"}, 'ukendt udsagn "vision"; brug initiative, '),
        ({"statement": "target", "anchors": ["place"]}, 'ukendt anker "place"; brug actor, '),
        ({"anchors": ["budget"]}, "ankre på context"),
        ({"themes": ["P1", "P1"]}, '"P1" står to gange'),
        ({"themes": ["P4", "A2"]}, "A2 står sammen med P4"),
        ({"begins": "Noget helt andet"}, "ret rækkefølgen"),
        ({"begins": " "}, '"begins" mangler'),
        ({"paragraph": 2}, "ret rækkefølgen"),
        ({"themes": "P1"}, '"themes" mangler eller har forkert type'),
    ],
)
def test_every_broken_label_is_named_in_one_line(tmp_path: Path, change: dict[str, Any], complaint: str):
    rows = right_rows(SENTENCES)
    rows[1] |= change
    write(tmp_path, "a", SENTENCES, rows)
    problems = validate(tmp_path)
    assert len(problems) == 1
    assert complaint in problems[0]
    assert "\n" not in problems[0]
    assert problems[0].startswith("a.jsonl")


def test_an_ambition_may_stand_beside_the_pledge_of_another(tmp_path: Path):
    write(tmp_path, "a", SENTENCES[:1], [row(0, "Fra", themes=["P1", "A2"])])
    assert validate(tmp_path) == []


def test_labels_are_held_against_the_strategy_given(tmp_path: Path):
    write(tmp_path, "a", SENTENCES[:1], [row(0, "Fra", themes=["L4"])])
    assert load_corpus(tmp_path, strategy=load_strategy("eksempelby-2024-2028"))[0].paragraphs[0].themes == ("L4",)
    with pytest.raises(CorpusError, match="ukendt tema"):
        load_corpus(tmp_path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"{", "linje 1: ugyldig JSON"), (b"[]", "linje 1"), (b"\xff", "ikke UTF-8"), (None, "findes ikke")],
)
def test_a_file_of_labels_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, complaint: str):
    write(tmp_path / "plans", "a", SENTENCES, [])
    with_table(tmp_path, ("a", "train"))
    labels = tmp_path / "plans" / "a.jsonl"
    if content is None:
        labels.unlink()
    else:
        labels.write_bytes(content)
    assert complaint in validate(tmp_path)[0]


def test_a_missing_text_an_empty_folder_and_an_unknown_part_are_errors(tmp_path: Path):
    with pytest.raises(CorpusError, match=r"ingen \.md-filer"):
        load_corpus(tmp_path)
    write(tmp_path, "a", SENTENCES, right_rows(SENTENCES))
    with_table(tmp_path, ("a", "train"), ("b", "train"))
    with pytest.raises(CorpusError, match="delene er train, dev"):
        load_corpus(tmp_path, "tset")
    assert [line.split(":")[0] for line in validate(tmp_path)] == [
        "b findes ikke",
        "b.jsonl",
    ]


def test_white_space_that_reading_closes_up_does_not_move_a_label(tmp_path: Path):
    write(tmp_path, "a", SENTENCES[:1], [row(0, "Fra  marts kør er to")])
    assert validate(tmp_path) == []


def test_the_same_document_or_paragraph_in_two_parts_is_found(tmp_path: Path):
    copied = (SENTENCES[1].replace("natten", "aftenen"),)
    write(tmp_path, "a", SENTENCES, right_rows(SENTENCES))
    write(tmp_path, "b", SENTENCES, right_rows(SENTENCES))
    write(tmp_path, "c", copied, right_rows(copied))
    with_table(tmp_path, ("a", "train"), ("b", "train"), ("c", "test"))
    problems = validate(tmp_path)
    assert "documents.csv: b er det samme dokument som a i delen train; lad det stå én gang" in problems
    assert sum("er næsten lig" in line for line in problems) == 2
    with_table(tmp_path, ("a", "train"), ("c", "train"))
    assert validate(tmp_path) == []


def test_second_labels_are_loaded_and_checked(tmp_path: Path):
    write(tmp_path / "plans", "a", SENTENCES, right_rows(SENTENCES))
    write(tmp_path / "plans", "b", SENTENCES[:2], right_rows(SENTENCES[:2]))
    with_table(tmp_path, ("a", "test"), ("b", "test"))
    second = right_rows(SENTENCES)
    second[0]["themes"] = ["P2"]
    write(tmp_path / "annotators" / "kim", "a", SENTENCES, second)
    assert [each.paragraphs[0].themes for each in load_annotators(tmp_path)["kim"]] == [("P2",)]
    second[0]["themes"] = ["P2", "A1"]
    write(tmp_path / "annotators" / "kim", "a", SENTENCES, second)
    assert validate(tmp_path) == ["kim/a.jsonl: afsnit 0: A1 står sammen med P2; skriv kun løftet"]


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6))
def test_a_text_is_the_duplicate_of_itself_in_another_group_only(texts: list[str]):
    assert near_duplicates(texts, ["train"] * len(texts)) == []
    count = len(texts)
    pairs = {(i, j - count): like for i, j, like in near_duplicates(texts * 2, ["a"] * count + ["b"] * count)}
    assert all(pairs[i, i] == 1 for i in range(count))
    assert all(pairs[j, i] == likeness for (i, j), likeness in pairs.items())


def test_stock_phrases_make_no_duplicates():
    one = "Spørgsmål til planen kan rettes til Koncern Sundhed på telefon eller sikker post."
    other = "Spørgsmål til planen kan rettes til Trafikkontoret i Sorø, der holder åbent på hverdage."
    changed = one.replace("Koncern", "Center")
    assert [pair[:2] for pair in near_duplicates([one, other, changed], ["test", "train", "train"])] == [(0, 2)]


def test_a_short_lead_in_may_stand_in_two_parts(tmp_path: Path):
    lead_in = ("Vi vil arbejde for:",)
    write(tmp_path, "a", (*SENTENCES[:1], *lead_in), right_rows((*SENTENCES[:1], *lead_in)))
    write(tmp_path, "b", (*SENTENCES[1:], *lead_in), right_rows((*SENTENCES[1:], *lead_in)))
    with_table(tmp_path, ("a", "train"), ("b", "test"))
    assert validate(tmp_path) == []


def test_the_corpus_of_the_project_has_no_problem():
    assert validate(CORPUS) == []


def test_the_corpus_of_the_project_has_every_part_that_models_are_measured_on():
    parts = {each.metadata["part"] for each in load_corpus(CORPUS)}
    assert {"train", "test", "test_real"} <= parts
