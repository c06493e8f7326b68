"""The workbook: what stands in it, and that no text in it is more than text."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed")

from strategitekst import excel  # noqa: E402
from strategitekst.errors import UsageError  # noqa: E402
from strategitekst.excel import MOST_UNITS, fit  # noqa: E402
from strategitekst.frames import SCHEMAS  # noqa: E402
from strategitekst.labels import Labels  # noqa: E402

FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    "{=1}",
]


def opened(path):
    return openpyxl.load_workbook(path)


def rows_of(sheet):
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_every_table_has_its_sheet_with_all_rows_and_columns(make_analysis, tmp_path):
    analysis = make_analysis(3, failed=1)
    book = opened(analysis.to_excel(tmp_path / "a.xlsx"))
    t = Labels("da")
    for table, schema in SCHEMAS.items():
        sheet = book[t(f"sheet.{table}")]
        assert sheet.max_row == len(analysis.tables[table]) + 1
        assert [cell.value for cell in sheet[1]] == [t(f"field.{column}") for column in schema.names]
        assert sheet.freeze_panes == "B2"
        assert sheet.column_dimensions["A"].width > 30
        assert sheet.auto_filter.ref.startswith("A1:")


def test_lists_maps_and_shares_can_be_read(make_analysis, tmp_path):
    analysis = make_analysis(2)
    book = opened(analysis.to_excel(tmp_path / "a.xlsx"))
    row = rows_of(book["afsnit"])[3]
    given_row = analysis.paragraphs.iloc[3]
    assert row["temaer"] == "; ".join(given_row["themes"]) or row["temaer"] is None
    assert row["udsagns sandsynlighed"].startswith(Labels("da").named("statement", given_row["statement"]) + " 75")
    assert row["afsnit"] == given_row["paragraph"]
    assert row["konkrethed"] == pytest.approx(given_row["specificity"])
    pledges = rows_of(book["løfter"])[0]
    assert pledges["begrundelse"] == analysis.pledges.loc[0, "reason"]
    assert pledges["afsnit bag"] == "; ".join(map(str, analysis.pledges.loc[0, "evidence"]))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_taken_for_a_formula(make_analysis, tmp_path, text):
    analysis = replace(make_analysis(2, text=text), manifest={text: [text]})
    analysis.documents["document"] = text
    analysis.paragraphs["text"] = text
    path = analysis.to_excel(tmp_path / "a.xlsx")
    for sheet in opened(path):
        for line in sheet.iter_rows(min_row=2):
            for cell in line:
                assert cell.data_type in ("s", "n", "inlineStr")
                if isinstance(cell.value, str):
                    assert cell.quotePrefix, cell.value
    with zipfile.ZipFile(path) as content:
        for name in content.namelist():
            if "worksheets/sheet" in name:
                sheet = content.read(name)
                assert b"<f>" not in sheet
                assert b"<hyperlink" not in sheet
    assert rows_of(opened(path)["afsnit"])[0]["tekst"].strip() == text.strip()


def test_texts_that_a_cell_cannot_hold_are_cut_and_say_so(make_analysis, tmp_path):
    analysis = make_analysis(1, 2)
    analysis.paragraphs["text"] = ["å" * 40_000, "a\x00b\x1bc\uffffd\r\ne"]
    long, illegal = (row["tekst"] for row in rows_of(opened(analysis.to_excel(tmp_path / "a.xlsx"))["afsnit"]))
    assert len(long) == MOST_UNITS
    assert long.endswith("(afkortet)")
    assert illegal == "a\ufffdb\ufffdc\ufffdd\ne"


@given(st.text(min_size=1), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_any_text_fits(text, times):
    fitted = fit(text * (times * 20_000 // len(text) + 1), "…")
    assert len(fitted.encode("utf-16-le")) // 2 <= MOST_UNITS
    fitted.encode("utf-8")


def test_english_sheets_hold_no_danish(make_analysis, tmp_path):
    analysis = make_analysis(2, text="7")
    book = opened(analysis.to_excel(tmp_path / "a.xlsx", lang="en"))
    t = Labels("da")
    assert not {t(f"sheet.{table}") for table in SCHEMAS} & set(book.sheetnames)
    for table, schema in SCHEMAS.items():
        assert [cell.value for cell in book[table][1]] == schema.names
    for row in rows_of(book["pledges"]):
        assert row["reason"].startswith("Pledge ")
        assert row["state"] in Labels("en").group("state").values()
    assert {row["statement"] for row in rows_of(book["paragraphs"])} <= set(Labels("en").group("statement").values())


def test_more_rows_than_a_sheet_holds_are_told_in_a_line(make_analysis, tmp_path, monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 5)
    with pytest.raises(UsageError, match=r"har 36 rækker.*pledges\.parquet"):
        make_analysis(2).to_excel(tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()


def test_a_place_that_cannot_be_written_is_told(make_analysis, tmp_path):
    with pytest.raises(UsageError, match="kan ikke skrives"):
        make_analysis(1).to_excel(tmp_path / "no" / "a.xlsx")


def test_an_analysis_of_nothing_has_empty_sheets(make_analysis, tmp_path):
    book = opened(make_analysis(0, failed=1).to_excel(tmp_path / "a.xlsx"))
    assert book["afsnit"].max_row == 1
    assert rows_of(book["dokumenter"])[0]["status"] == Labels("da")("status.NoTextLayer")


def test_missing_figures_are_empty_cells(make_analysis, tmp_path):
    analysis = make_analysis(1, 2)
    analysis.paragraphs["page"] = pd.Series([None, 2], dtype="Int64")
    analysis.coverage["low"] = float("nan")
    book = opened(analysis.to_excel(tmp_path / "a.xlsx"))
    assert [row["side"] for row in rows_of(book["afsnit"])] == [None, 2]
    assert {row["fra"] for row in rows_of(book["dækning"])} == {None}
