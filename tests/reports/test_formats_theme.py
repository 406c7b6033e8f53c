"""A report on one theme alone, in every format."""

from __future__ import annotations

import json

import openpyxl
import pytest

from analysis.config import InputError, parse_config
from analysis.reports import write_report
from analysis.reports.export import render_theme_figures
from analysis.reports.html import render_html
from analysis.reports.markdown import render_markdown
from analysis.reports.one_theme import select_theme, write_theme_content
from analysis.reports.references import name_file
from analysis.study.references import REFERENCES
from tests.made_study import make_tables, with_hostile_text, without_dates

CONFIG = parse_config({})
FORMATS = ["html", "md", "xlsx", "csv", "json", "bibtex", "ris"]
THEME = "representation-learning"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    notes = write_report(
        make_tables(), folder, formats=FORMATS, config=CONFIG, figures={}, theme=THEME, references=REFERENCES
    )
    assert notes == []
    return folder


def test_the_files_bear_the_name_of_the_theme(written):
    names = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    assert {name for name in names if "/" not in name} == {
        f"{THEME}.{ending}" for ending in ("html", "md", "xlsx", "json", "bib", "ris")
    }
    assert {f"{THEME}/{name}.csv" for name in ("papers", "shares", "themes", "trends")} < names


def test_the_tables_hold_rows_of_the_theme_alone():
    tables = make_tables()
    own = select_theme(tables, THEME)
    assert set(own.papers["theme"]) == set(own.shares["theme"]) == set(own.trends["theme"]) == {THEME}
    assert set(own.alternatives["paper_id"]) <= set(own.papers["paper_id"])
    assert set(own.topics["topic"]) == set(own.papers["topic"])
    assert own.ledger.empty
    # A share stays one of all papers.
    assert own.shares["total"].max() > len(own.papers) / 8
    assert len(tables.papers) == 60


def test_the_numbers_agree_with_those_of_the_whole_report(written):
    tables = make_tables()
    size = int(tables.themes.set_index("theme").loc[THEME, "size"])
    book = openpyxl.load_workbook(written / f"{THEME}.xlsx")
    assert "ledger" not in book.sheetnames
    assert book["papers"].max_row == 1 + size
    told = json.loads((written / f"{THEME}.json").read_text(encoding="utf-8"))
    assert (told["theme"], len(told["tables"]["papers"]["rows"])) == (THEME, size)
    assert told["tables"]["trends"]["rows"][0]["odds_ratio"] == tables.trends["odds_ratio"].iloc[0]
    for ending in ("html", "md"):
        text = (written / f"{THEME}.{ending}").read_text(encoding="utf-8")
        assert f"{size} papers ({100 * size / 60:.0f} % of all)" in text
        assert "1.45 (1.15 to 1.83)" in text


def test_every_paper_of_the_theme_is_named():
    tables = make_tables()
    report = write_theme_content(tables, THEME, CONFIG)
    titles = tables.papers.loc[tables.papers["theme"] == THEME, "title"]
    assert sorted(row["title"] for row in report.papers) == sorted(titles)
    assert sum(row["n_own"] for row in report.topics) == len(titles)


def test_a_long_list_of_papers_is_cut_and_says_where_the_rest_is(monkeypatch):
    monkeypatch.setattr("analysis.reports.one_theme.LONGEST", 5)
    tables = make_tables()
    report = write_theme_content(tables, THEME, CONFIG)
    n_more = int((tables.papers["theme"] == THEME).sum()) - 5
    assert len(report.papers) == 5
    assert report.more_papers.startswith(f"{n_more} more papers: ask for the report as xlsx")


@pytest.mark.parametrize("theme", [THEME, "unassigned"])
@pytest.mark.parametrize("make", [make_tables, lambda: without_dates(make_tables())])
def test_figures_show_the_theme_alone_or_are_left_out(make, theme):
    figures = render_theme_figures(make(), theme, CONFIG)
    assert "topic-keyphrases" in figures
    assert "paper-map" not in figures
    text = render_html(make(), figures, CONFIG, theme=theme)
    assert text.count("data-figure=") >= len(figures)


def test_hostile_text_stays_text():
    tables = with_hostile_text(make_tables())
    page = render_html(tables, render_theme_figures(tables, THEME, CONFIG), CONFIG, theme=THEME)
    words = render_markdown(tables, {}, CONFIG, theme=THEME)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "[a](javascript" not in words
    assert "<img" not in words
    assert "red;}</style>" not in page


@pytest.mark.parametrize("theme", ["../../etc", "a/b", "", ".hidden", "a\x00b", "x" * 300])
def test_a_theme_of_a_foreign_study_cannot_name_a_file_elsewhere(tmp_path, theme):
    with pytest.raises(InputError, match="no id of a theme that can name a file"):
        name_file(theme)
    if theme:
        with pytest.raises(InputError, match="can name a file"):
            write_report(make_tables(), tmp_path, formats=["json"], config=CONFIG, theme=theme)
