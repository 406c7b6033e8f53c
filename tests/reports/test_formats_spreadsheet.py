"""Spreadsheets: typed cells, no formula from any text, the bounds of the format."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile
from functools import cache

import openpyxl
import pandas as pd
import pytest

from analysis.config import parse_config
from analysis.reports import sheets, spreadsheet
from analysis.reports.spreadsheet import MOST_CHARACTERS, cut_text, render_spreadsheet
from tests.made_study import make_tables, with_hostile_text, without_dates

CONFIG = parse_config({})
FORMULAS = ['=HYPERLINK("http://evil")', "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1+1", "＝1+1", "{=1+1}"]  # noqa: RUF001


def open_book(tables, config=CONFIG, **options):
    return openpyxl.load_workbook(io.BytesIO(render_spreadsheet(tables, config, **options)))


@cache
def open_made():
    """The made study as a workbook; only read."""
    return open_book(make_tables())


def with_papers(**columns):
    tables = make_tables(len(next(iter(columns.values()))), n_years=2)
    return dataclasses.replace(tables, papers=tables.papers.assign(**columns))


def list_column(book, sheet, name):
    column = next(column for column in book[sheet].iter_cols() if column[0].value == name)
    return list(column[1:])


def test_the_sheets_come_in_the_order_in_which_they_are_read():
    book = open_made()
    assert book.sheetnames[:7] == ["overview", "themes", "topics", "papers", "shares", "trends", "ledger"]
    assert book.sheetnames[-1] == "columns"
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_every_table_has_its_heading_kept_in_sight_and_a_filter():
    book = open_made()
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions


def test_empty_tables_are_left_out_but_for_those_that_everyone_looks_for():
    book = open_book(without_dates(make_tables()))
    assert "trends" in book.sheetnames
    assert book["trends"].max_row == 1
    assert "bursts" not in book.sheetnames


def list_links(book):
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target]


def test_the_overview_leads_to_every_sheet():
    book = open_made()
    links = [cell.hyperlink.location for (cell,) in book["overview"].iter_rows(min_col=2, max_col=2) if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]


def test_a_column_has_room_for_its_words_and_not_for_endless_ones():
    book = open_book(with_papers(venue=["Transactions on Machine Learning", "b"], source=["w" * 500, "x"]))
    widths = {cell.value: book["papers"].column_dimensions[cell.column_letter].width for cell in book["papers"][1]}
    assert len("Transactions on Machine Learning") < widths["venue"] < widths["source"] < 50


def test_truth_values_are_truth_values_and_shown_as_words():
    cells = list_column(open_made(), "shares", "complete")
    assert {type(cell.value) for cell in cells} == {bool}
    assert {cell.number_format for cell in cells} == {'"TRUE";"TRUE";"FALSE"'}


@pytest.mark.parametrize("where", ["title", "abstract", "venue"])
def test_no_text_becomes_a_formula(where):
    tables = with_papers(**{where: FORMULAS})
    content = render_spreadsheet(tables, CONFIG)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name) or b"<f " in archive.read(name)]
    cells = list_column(openpyxl.load_workbook(io.BytesIO(content)), "papers", where)
    assert [cell.value for cell in cells] == [text.strip() for text in FORMULAS]
    # So it stays when someone edits the cell.
    assert all(cell.quotePrefix for cell in cells[:-1])


def test_hostile_text_stands_as_text_without_direction_overrides():
    book = open_book(with_hostile_text(make_tables()))
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("<script>alert('x')</script>" in text for text in texts)
    assert not [text for text in texts if any(mark in text for mark in "\u202e\u200f\x1b")]
    assert list_links(book)
    assert all(link.startswith(("http://", "https://")) for link in list_links(book))


def test_dates_are_dates_and_shown_no_finer_than_they_are_known():
    days = pd.to_datetime(["2018-01-01", "2019-05-01", "2020-02-03", None])
    ends = pd.to_datetime(["2018-12-31", "2019-05-31", "2020-02-03", None])
    precisions = ["year", "month", "day", "none"]
    book = open_book(with_papers(published=days, published_end=ends, published_precision=precisions))
    cells = list_column(book, "papers", "published")
    assert [cell.value for cell in cells] == [*map(dt.datetime, (2018, 2019, 2020), (1, 5, 2), (1, 1, 3)), None]
    assert [cell.number_format for cell in cells[:3]] == ["yyyy", "yyyy-mm", "yyyy-mm-dd"]


def test_a_day_before_the_calendar_of_spreadsheets_is_text():
    days = pd.to_datetime(["1850-07-01", "1900-03-01"])
    book = open_book(with_papers(published=days, published_end=days))
    assert [cell.value for cell in list_column(book, "papers", "published")] == ["1850-07-01", dt.datetime(1900, 3, 1)]


def test_what_is_not_known_has_no_cell():
    book = open_book(
        with_papers(theme_score=[0.5, None, float("inf")], n_authors=pd.array([2, None, 1], dtype="Int64"))
    )
    assert [cell.value for cell in list_column(book, "papers", "theme_score")] == [0.5, None, None]
    assert [cell.value for cell in list_column(book, "papers", "n_authors")] == [2, None, 1]


def test_shares_are_shown_as_percentages_and_ids_as_plain_numbers():
    book = open_made()
    for name in ("share", "low", "high"):
        shown = {cell.number_format for cell in list_column(book, "shares", name) if cell.value is not None}
        assert shown == {"0.0%"}
    assert {cell.number_format for cell in list_column(book, "trends", "high")} == {"0.00"}
    assert {cell.number_format for cell in list_column(book, "topics", "topic")} == {"0"}


def test_labels_stand_beside_ids():
    book, tables = open_made(), make_tables()
    labels = dict(zip(tables.themes["theme"], tables.themes["label"], strict=True))
    themes = [cell.value for cell in list_column(book, "papers", "theme")]
    assert [cell.value for cell in list_column(book, "papers", "theme_label")] == [labels[theme] for theme in themes]


def test_labels_of_a_source_are_columns_whatever_they_are_called():
    tables = with_papers(title=["a", "b"])
    papers = tables.papers.assign(**{"label_=1+1": ["x", "=2"], "label_theme": ["y", None]})
    book = open_book(dataclasses.replace(tables, papers=papers))
    assert [cell.value for cell in list_column(book, "papers", "label_=1+1")] == ["x", "=2"]


def test_the_meaning_of_every_column_is_told():
    book = open_made()
    told = {(row[0], row[1]) for row in book["columns"].iter_rows(min_row=2, values_only=True)}
    held = {(sheet.title, cell.value) for sheet in book.worksheets[1:-1] for cell in sheet[1]}
    assert told == held
    assert all(row[3] for row in book["columns"].iter_rows(min_row=2, values_only=True))


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    for text in ("a" * 40_000, "\U0001f916" * 20_000, "a" + "\U0001f916" * 20_000):
        cut = cut_text(text)
        assert len(cut.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
        assert cut.endswith("(cut: longer than a cell may be)")
        assert text.startswith(cut.split(" … ")[0])
    for whole in ("a" * MOST_CHARACTERS, "\U0001f916" * (MOST_CHARACTERS // 2)):
        assert cut_text(whole) == whole
    tables = with_papers(abstract=["b" * 50_000, "c"])
    assert "(cut:" in list_column(open_book(tables), "papers", "abstract")[0].value


def test_more_rows_than_a_sheet_holds_are_said_in_the_overview(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 41)
    book = open_book(make_tables())
    assert book["papers"].max_row == 41
    said = [row[1] for row in book["overview"].iter_rows(values_only=True)]
    assert (
        "papers: one row per paper (60 rows). Only the first 40 of them fit on a sheet; all are in papers.csv." in said
    )


def test_more_links_than_a_sheet_holds_stand_as_text(monkeypatch):
    monkeypatch.setattr(spreadsheet, "_MOST_LINKS", 2)
    addresses = [f"https://example.org/{i}" for i in range(4)]
    book = open_book(with_papers(url=addresses))
    assert len(list_links(book)) == 2
    assert [cell.value for cell in list_column(book, "papers", "url")] == addresses


def test_the_date_of_creation_is_of_the_study_and_not_of_today():
    assert open_made().properties.created == dt.datetime(2025, 10, 17)
    undated = dataclasses.replace(without_dates(make_tables()), run={})
    assert open_book(undated).properties.created == dt.datetime(2000, 1, 1)


def test_the_overview_says_what_the_report_says():
    said = [row[1] for row in open_made()["overview"].iter_rows(values_only=True) if row[1]]
    assert any("shares describe this collection, not the field" in text for text in said)
    assert any(text.startswith("60 papers in 5 themes") for text in said)


def test_every_flat_table_has_a_sheet():
    from analysis.reports.tables import FLAT

    assert set(sheets.SHEETS) == set(FLAT)
