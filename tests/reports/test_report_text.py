import csv
import dataclasses
import io
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from analysis.config import parse_config
from analysis.plots import FIGURES
from analysis.reports import render_figures, render_report
from analysis.reports.cards import safe_url
from analysis.reports.sentences import describe_corpus
from analysis.reports.tables import flatten_tables
from analysis.reports.templating import escape_markdown
from analysis.reports.verdicts import describe_trend
from analysis.results import TABLES
from tests.made_study import CAUTION, make_tables, with_hostile_text
from tests.reports.rendered import CONFIG, read_report, write_words


class Reader(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self):
        super().__init__()
        self.tags, self.handlers, self.links, self.headings, self.ids = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))


def read(page):
    reader = Reader()
    reader.feed(page)
    return reader


def test_a_corpus_is_described_with_its_numbers():
    text = " ".join(describe_corpus(make_tables()))
    assert "This corpus holds 60 papers from daily.txt (captured 2025-10-17, known from the file name)" in text
    assert "63 records were read: 1 merged with another, 2 set aside, 60 kept." in text
    assert "2 papers have no usable date" in text
    assert "4 papers (7 %) bear no theme" in text


def test_a_run_that_says_nothing_is_described_all_the_same():
    tables = dataclasses.replace(make_tables(), run={})
    assert describe_corpus(tables)[0].startswith("This corpus holds 60 papers, dated")
    for kind in ("html", "md"):
        assert "Themes in 60 papers" in write_words(tables, kind)


def test_a_trend_that_was_not_tested_is_called_so():
    assert describe_trend(None) == "No trend was tested."


def test_a_trend_says_how_many_alternatives_share_it():
    trend = make_tables().trends.iloc[1]
    assert describe_trend(trend).endswith("The verdict holds in 80 % of the alternative runs.")


def test_a_verdict_is_said_once():
    trend = make_tables().trends.iloc[1].copy()
    assert describe_trend(trend).startswith("Unclear. The odds")
    trend["reason"] = "Unclear: too few papers."
    assert describe_trend(trend).startswith("Unclear: too few papers.")


@pytest.mark.parametrize("kind", ["html", "md"])
def test_a_report_begins_with_what_was_found(kind):
    text = read_report("sixty papers", kind)
    short = text[text.index("In short") : text.index("What this corpus is")]
    assert "60 papers in 5 themes; the largest: " in short
    assert "The mix of themes as a whole does not clearly change" in short
    assert "Rising: “Representation learning”. Falling:" in short
    assert CAUTION in short


@pytest.mark.parametrize("kind", ["html", "md"])
@pytest.mark.parametrize("study", ["one paper", "no dated paper", "forty themes"])
def test_every_study_gets_a_report(kind, study):
    text = read_report(study, kind)
    assert CAUTION in text
    shown = text if kind == "md" else re.sub(r"(?s)<script.*?</script>", "", text)
    assert not re.search(r"(nan|NaN|NaT|None|<NA>)", shown)


def test_text_of_a_paper_cannot_run_in_the_html():
    reader = read(read_report("hostile text", "html"))
    # A specification for each figure but the table, which the report has as text; and two scripts of our own.
    assert reader.tags.count("script") == len(FIGURES) - 1 + 2
    assert "img" not in reader.tags
    assert reader.handlers == []
    assert all(link.startswith(("#", "https://example.org/")) for link in reader.links)


def test_direction_overrides_reach_no_report():
    assert "\u202e" not in read_report("hostile text", "html")
    assert "\u202e" not in read_report("hostile text", "md")


def test_the_html_report_has_headings_in_order_and_unique_ids():
    reader = read(read_report("sixty papers", "html"))
    assert reader.headings[0] == 1
    assert reader.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(reader.headings, reader.headings[1:], strict=False))
    assert len(reader.ids) == len(set(reader.ids))


def test_the_html_report_fetches_nothing():
    page = read_report("sixty papers", "html")
    assert "://cdn" not in page
    assert "cloud.plotly.com/newchart" not in page
    assert "default-src &#39;none&#39;" in page
    assert not [link for link in read(page).links if not link.startswith(("#", "https://example.org/"))]


def test_text_of_a_paper_stays_text_in_markdown():
    text = read_report("hostile text", "md")
    assert "<script" not in text
    assert "<img" not in text
    assert "](javascript" not in text.replace("\\](javascript&#58;", "")
    # No label or phrase adds a cell: every row has as many as the head of its table.
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("| ")]
    assert len(tables) > 5
    for head, *rows in tables:
        assert {row.replace("\\|", "").count("|") for row in rows} == {head.count("|")}


def test_markdown_shows_what_was_written():
    assert escape_markdown("1. a_b [c](http://d) | # <e>") == "1\\. a\\_b \\[c\\](http&#58;//d) \\| \\# &lt;e&gt;"
    assert escape_markdown("1.45 and -2") == "1.45 and -2"


def test_only_plain_addresses_become_links():
    assert safe_url("https://arxiv.org/abs/2401.1") == "https://arxiv.org/abs/2401.1"
    assert "<" not in safe_url("https://example.org/<script>")
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil", "https://", "http://[", None, float("nan")):
        assert safe_url(url) == ""


def test_a_report_holds_no_time_memory_or_commit():
    tables = make_tables()
    other = dataclasses.replace(tables, run=tables.run | {"seconds": {"embed": 99}, "peak_memory_mb": 1, "commit": "f"})
    texts = render_report(other, render_figures(other, CONFIG), formats=["html", "md"], config=CONFIG)
    assert texts == {f"report.{kind}": read_report("sixty papers", kind) for kind in ("html", "md")}


def test_the_study_s_own_title_and_caution_come_first():
    config = parse_config({"report": {"title": "My title"}, "corpus": {"caution": "My caution"}})
    text = write_words(make_tables(), "md", config)
    assert text.startswith("# My title\n")
    assert "> **Caution.** My caution" in text


def test_formulas_in_text_are_quoted_and_numbers_stay_numbers():
    tables = with_hostile_text(make_tables())
    tables.papers.loc[4, "map_x"] = -1.5
    rows = list(csv.DictReader(io.StringIO(flatten_tables(tables)["papers"])))
    assert rows[1]["title"] == "'=cmd|' /C calc'!A0"
    assert rows[4]["map_x"] == "-1.5"
    aside = list(csv.DictReader(io.StringIO(flatten_tables(tables)["set_aside"])))
    assert aside[0]["raw"].startswith("'=HYPERLINK")


def test_flat_tables_keep_every_row_and_read_back():
    tables = make_tables()
    for name, text in flatten_tables(tables).items():
        frame = pd.read_csv(io.StringIO(text))
        columns = next([one.name for one in TABLES[key]] for key in TABLES if key.endswith(f"/{name}"))
        assert sorted(frame.columns) == sorted(getattr(tables, name).columns)
        assert [one for one in frame.columns if one in columns] == [one for one in columns if one != "*"]
        assert len(frame) == len(getattr(tables, name))
        assert "\r" not in text
    papers = pd.read_csv(io.StringIO(flatten_tables(tables)["papers"]))
    assert np.array_equal(papers["map_x"], tables.papers["map_x"])
    assert papers.loc[0, "published"] == "2018-01-01"
    assert papers.loc[0, "authors"] == "Ada Lovelace; Alan Turing"


def test_columns_of_flat_tables_stand_as_on_disk_whatever_their_order_in_memory():
    tables = make_tables(5, n_years=2)
    mixed = dataclasses.replace(tables, papers=tables.papers[tables.papers.columns[::-1]])
    assert flatten_tables(mixed)["papers"] == flatten_tables(tables)["papers"]
