"""The check of what was written covers every format; a PDF is printed once and the same each time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
import io
import shutil
import zipfile

import pandas as pd
import pytest

from analysis.config import parse_config
from analysis.reports import check_outputs, export, find_browser, render_figures, write_manifest, write_report
from analysis.reports import figures as figure_files
from analysis.reports import pdf as pdf_files
from analysis.reports.dating import date_study
from analysis.reports.expected import is_same_content
from analysis.reports.export import render_theme_figures
from analysis.reports.html import render_print_page
from analysis.reports.pdf import NO_PDF, PrintError, draw_pictures, is_made_of, print_page, render_pdf, settle_pdf
from analysis.study.references import REFERENCES
from tests.made_study import make_tables, with_hostile_text

EVERY = ["html", "md", "pdf", "xlsx", "csv", "json", "bibtex", "ris"]
CONFIG = parse_config({"figures": {"formats": []}, "report": {"formats": ["md"]}})
# What a browser prints begins like this.
PRINTED = (
    b"%PDF-1.4\n1 0 obj\n<</Title (x)\n/Creator (Mozilla/5.0 \\(X11; Linux x86_64\\) AppleWebKit/537.36 \\(KHTML, like "
    b"Gecko\\) HeadlessChrome/156.0.0.0 Safari/537.36)\n/Producer (Skia/PDF m156)\n"
    b"/CreationDate (D:20261123114204+00'00')\n/ModDate (D:20261123114204+00'00')>>\nendobj\n"
)
needs_browser = pytest.mark.skipif(find_browser() is None, reason="needs a Chrome or Chromium")


@pytest.fixture(scope="module", autouse=True)
def few_figures():
    """What is checked here are reports; two figures stand for all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "FIGURES", {name: export.FIGURES[name] for name in ("theme-sizes", "theme-lines")})
        patch.setattr(export, "list_theme_figures", lambda tables: ["theme-lines"])
        yield


@pytest.fixture(scope="module")
def checked(few_figures, tmp_path_factory):
    """Reports on all and on one theme in every format; no browser is asked."""
    folder, tables = tmp_path_factory.mktemp("study") / "figures", make_tables()
    figures = render_figures(tables, CONFIG)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_files, "print_page", lambda page: PRINTED)
        patch.setattr(pdf_files, "draw_pictures", lambda figures, drawn=None: dict.fromkeys(figures, "data:,"))
        patch.setattr(figure_files, "find_browser", lambda: "browser")
        for theme in (None, "robotics"):
            where = folder / "reports" / ("" if theme is None else "themes")
            shown = figures if theme is None else None
            settings = {"formats": EVERY, "config": CONFIG, "references": REFERENCES}
            assert write_report(tables, where, figures=shown, theme=theme, **settings) == []
    write_manifest(folder, {}, figures=figures)
    return folder


def list_faults(tables, folder):
    return check_outputs(tables, folder, {}, CONFIG, references=REFERENCES)


def test_what_was_written_in_any_format_passes_the_check(checked):
    assert len(list((checked / "reports/themes").glob("robotics.*"))) == 7
    assert list_faults(make_tables(), checked) == []


def test_every_report_is_stale_when_its_numbers_are_not_those_of_the_tables(checked):
    tables = make_tables()
    stale = dataclasses.replace(tables, trends=tables.trends.assign(odds_ratio=9.87))
    found = {name.partition(":")[0].removeprefix("figures/reports/") for name in list_faults(stale, checked)}
    whole = {"report.html", "report.md", "report.pdf", "report.xlsx", "report.json", "trends.csv"}
    own = {f"themes/robotics.{kind}" for kind in ("html", "md", "pdf", "xlsx", "json")} | {"themes/robotics/trends.csv"}
    assert whole | own <= found
    assert "papers.csv" not in found
    other = dataclasses.replace(tables, papers=tables.papers.assign(title="Another title"))
    found = {name.partition(":")[0].removeprefix("figures/reports/") for name in list_faults(other, checked)}
    assert {"themes/robotics.bib", "themes/robotics.ris", "themes/alignment.bib"} <= found


CHANGED = ["report.xlsx", "report.json", "report.pdf", "themes/robotics.ris", "themes/robotics.xlsx"]


def test_a_changed_byte_in_any_format_is_found(checked, tmp_path):
    folder = shutil.copytree(checked, tmp_path / "figures")
    for name in CHANGED:
        path = folder / "reports" / name
        whole = path.read_bytes()
        path.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
    found = {fault.partition(":")[0].removeprefix("figures/reports/") for fault in list_faults(make_tables(), folder)}
    assert found == set(CHANGED)


def pack_again(content, **changed):
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            new.writestr(part, changed.get(part.filename.partition(".")[0], old.read(part)), zipfile.ZIP_STORED)
    return packed.getvalue()


def test_a_spreadsheet_that_another_library_packed_holds_the_same(checked):
    content = (checked / "reports/themes/robotics.xlsx").read_bytes()
    assert pack_again(content) != content
    assert is_same_content(content, pack_again(content))
    assert not is_same_content(content, pack_again(content, **{"xl/worksheets/sheet1": b"<worksheet/>"}))
    assert not is_same_content(content, content[:100])


def test_a_pdf_bears_the_date_of_the_study_and_says_what_it_was_printed_from():
    settled = settle_pdf(PRINTED, made_of="ab" * 32, day=dt.date(2025, 10, 17))
    assert len(settled) == len(PRINTED)
    assert settled.count(b"(D:20251017000000+00'00')") == 2
    assert b"2026" not in settled
    assert is_made_of("ab" * 32, settled)
    assert not is_made_of("cd" * 32, settled)
    assert not is_made_of("ab" * 32, PRINTED)


def test_a_pdf_is_the_same_whatever_its_browser_had_shown_before():
    tagged = b"/S /TH /ID (node%08d)>> /Headers [(node%08d)] /Names [(node%08d) 7 0 R (node%08d) 9 0 R] node00000137"
    first, later = (tagged % (place, place + 1, place, place + 1) for place in (137, 9_139))
    settled = settle_pdf(first, made_of="", day=dt.date(2025, 10, 17))
    assert settled == settle_pdf(later, made_of="", day=dt.date(2025, 10, 17))
    assert settled == tagged % (1, 2, 1, 2)


def test_files_of_one_study_bear_the_same_day():
    tables = make_tables()
    assert date_study(tables) == dt.datetime(2025, 10, 17)
    assert date_study(dataclasses.replace(tables, run={})) == tables.papers["published"].max().to_pydatetime()
    undated = tables.papers.assign(published=pd.NaT)
    assert date_study(dataclasses.replace(tables, run={}, papers=undated)) == dt.datetime(2000, 1, 1)


def test_without_a_browser_the_other_formats_come_and_a_note_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(figure_files, "find_browser", lambda: None)
    notes = write_report(make_tables(), tmp_path, formats=["pdf", "md"], config=CONFIG, figures={})
    assert notes == [NO_PDF]
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


def test_a_browser_that_does_not_print_is_named_in_a_note(tmp_path, monkeypatch):
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(figure_files, "find_browser", lambda: str(broken))
    (note,) = write_report(make_tables(), tmp_path, formats=["pdf"], config=CONFIG, figures={})
    assert note.startswith(f"{broken} did not print the report")
    assert not (tmp_path / "report.pdf").exists()


def test_the_page_to_be_printed_runs_no_script_and_shows_pictures():
    tables = with_hostile_text(make_tables())
    page = render_print_page(tables, render_figures(tables, CONFIG), CONFIG, pictures={"theme-sizes": "data:,"})
    assert "script-src 'none'" in html.unescape(page)
    assert "<script" not in page
    assert page.count("<img ") == 1
    assert "<details>" not in page
    assert "@page" in page


@needs_browser
def test_two_prints_are_equal_byte_for_byte_and_hold_figures():
    tables = make_tables()
    figures = {"theme-lines": render_theme_figures(tables, "robotics", CONFIG)["theme-lines"]}
    pictures = draw_pictures(figures)
    assert set(pictures) == {"theme-lines"}
    one, two = (render_pdf(tables, figures, CONFIG, pictures=pictures, theme="robotics") for _ in range(2))
    assert one == two
    assert one.startswith(b"%PDF-")


@needs_browser
def test_what_a_browser_refuses_to_print_is_an_error_with_its_words(monkeypatch):
    async def refuse(browser, address):
        raise RuntimeError("Page.printToPDF: Printing failed")

    monkeypatch.setattr(pdf_files, "_print", refuse)
    with pytest.raises(PrintError, match="Printing failed"):
        print_page("<p>")
