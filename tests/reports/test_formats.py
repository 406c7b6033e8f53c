"""One report in every format: the same numbers everywhere, and each file opens in what reads it."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
import subprocess

import bibtexparser
import openpyxl
import pytest
import rispy

from analysis.config import parse_config
from analysis.reports import find_browser, write_report
from analysis.reports.cards import safe_url
from analysis.reports.html import render_print_page
from analysis.reports.json_export import render_json
from analysis.reports.pdf import print_page
from analysis.reports.tables import FLAT
from analysis.results import TABLES
from analysis.study.references import REFERENCES
from tests.made_study import make_tables, with_hostile_text, without_dates

CONFIG = parse_config({})
FORMATS = ["html", "md", "xlsx", "csv", "json", "bibtex", "ris"]
TABLES_MADE = make_tables()
LABELS = dict(zip(TABLES_MADE.themes["theme"], TABLES_MADE.themes["label"], strict=True))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    assert write_report(TABLES_MADE, folder, formats=FORMATS, config=CONFIG, figures={}, references=REFERENCES) == []
    return folder


def read_csv(folder, name):
    return list(csv.DictReader((folder / f"{name}.csv").open(encoding="utf-8", newline="")))


def read_json(folder, name):
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))["tables"][name]["rows"]


def read_sheet(folder, name):
    heading, *rows = openpyxl.load_workbook(folder / "report.xlsx")[name].iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def flatten_html(text):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text.split("</style>")[1])).split())


def flatten_markdown(text):
    return " ".join(text.replace("\\", "").replace("&#58;", ":").split())


@pytest.fixture(scope="module")
def texts(written):
    """What the formats that are read by people say, as plain words."""
    said = {
        "html": flatten_html((written / "report.html").read_text(encoding="utf-8")),
        "md": flatten_markdown((written / "report.md").read_text(encoding="utf-8")),
    }
    if find_browser() and shutil.which("pdftotext"):
        page = render_print_page(TABLES_MADE, {}, CONFIG, pictures={})
        command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
        printed = subprocess.run(command, input=print_page(page), capture_output=True, check=True, timeout=60)
        said["pdf"] = " ".join(printed.stdout.decode("utf-8").split())
    return said


def test_sizes_agree_in_all_formats(written, texts):
    sizes = {row["theme"]: int(row["size"]) for row in read_csv(written, "themes")}
    assert {row["theme"]: row["size"] for row in read_json(written, "themes")} == sizes
    assert {row["theme"]: row["size"] for row in read_sheet(written, "themes")} == sizes
    for theme, size in sizes.items():
        entries = bibtexparser.parse_string((written / f"themes/{theme}.bib").read_text(encoding="utf-8")).entries
        assert len(entries) == size
        with (written / f"themes/{theme}.ris").open(encoding="utf-8") as file:
            assert len(rispy.load(file)) == size
        if theme != "unassigned":
            share = f"{size} papers ({100 * size / len(TABLES_MADE.papers):.0f} % of all)"
            assert all(share in said for said in texts.values())


def test_verdicts_and_odds_ratios_agree_in_all_formats(written, texts):
    rows = {row["theme"]: row for row in read_csv(written, "trends")}
    assert len(rows) == 5
    for other in (read_json(written, "trends"), read_sheet(written, "trends")):
        assert {row["theme"]: row["verdict"] for row in other} == {theme: rows[theme]["verdict"] for theme in rows}
        for row in other:
            found = [row[name] for name in ("odds_ratio", "low", "high", "q")]
            assert found == [float(rows[row["theme"]][name]) for name in ("odds_ratio", "low", "high", "q")]
    for theme, row in rows.items():
        ratio, low, high = (f"{float(row[name]):.2f}" for name in ("odds_ratio", "low", "high"))
        for kind, said in texts.items():
            bar = r"[| ]+" if kind == "md" else " "
            line = f"{re.escape(LABELS[theme])}{bar}{row['verdict']}[^|]{{0,60}}?{bar}{ratio} \\({low} to {high}\\)"
            assert re.search(line, said), (kind, line)


def test_shares_agree_to_the_last_digit(written):
    rows = read_csv(written, "shares")
    whole = {(row["period"], row["theme"]): float(row["share"]) for row in rows if row["share"]}
    told = {(row["period"], row["theme"]): row["share"] for row in read_json(written, "shares")}
    assert {key: share for key, share in told.items() if share is not None} == whole
    sheet = read_sheet(written, "shares")
    assert {
        (f"{row['period']:%Y-%m-%d}", row["theme"]): row["share"] for row in sheet if row["share"] is not None
    } == pytest.approx(whole, rel=1e-15)


def test_json_holds_every_flat_table_whole(written):
    tables = json.loads((written / "report.json").read_text(encoding="utf-8"))["tables"]
    assert list(tables) == list(FLAT)
    types = {path.rpartition("/")[2]: {column.name: column.type for column in TABLES[path]} for path in TABLES}
    for name in FLAT:
        frame = getattr(TABLES_MADE, name)
        assert len(tables[name]["rows"]) == len(frame)
        told = {column["name"]: column["type"] for column in tables[name]["columns"]}
        assert told == {column: types[name][column] for column in types[name] if column in frame}
    paper = tables["papers"]["rows"][0]
    assert (paper["published"], paper["authors"], paper["doi"]) == ("2018-01-01", ["Ada Lovelace", "Alan Turing"], None)


@pytest.mark.parametrize("make", [lambda: with_hostile_text(make_tables()), lambda: without_dates(make_tables())])
def test_json_is_strict_and_closes_no_script(make):
    def refuse(constant):
        raise AssertionError(constant)

    text = "".join(render_json(make(), CONFIG))
    assert json.loads(text, parse_constant=refuse)["format"] == "themeline-report"
    assert "</script" not in text


def test_two_writings_of_all_formats_are_equal_byte_for_byte(written, tmp_path):
    write_report(make_tables(), tmp_path, formats=FORMATS, config=CONFIG, figures={}, references=REFERENCES)
    names = sorted(path.relative_to(written) for path in written.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert all((written / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)


def test_addresses_in_a_spreadsheet_are_those_of_papers(written):
    book = openpyxl.load_workbook(written / "report.xlsx")
    links = {cell.hyperlink.target for row in book["papers"].iter_rows() for cell in row if cell.hyperlink}
    assert links == {safe_url(url) for url in TABLES_MADE.papers["url"]} - {""}


def read_number(text):
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_reads_the_numbers_of_the_spreadsheet(written, tmp_path):
    # Every sheet, as it is shown, with its own name.
    every = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", every, "--outdir", tmp_path, written / "report.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    for name, column in (("themes", "size"), ("trends", "odds_ratio"), ("shares", "share")):
        rows = list(csv.DictReader(io.StringIO((tmp_path / f"report-{name}.csv").read_text(encoding="utf-8"))))
        found = [read_number(row[column]) for row in rows if row[column]]
        assert found == pytest.approx([float(row[column]) for row in read_csv(written, name) if row[column]])
