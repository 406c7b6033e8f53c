"""No text of a study runs, is a formula or steers what shows it, in any file of a report."""

from __future__ import annotations

import csv
import io
import re
from importlib.resources import files

import pytest

from analysis.cli.printing import printable
from analysis.plots.text import clean, shorten, strip_marks, text_width, wrap_lines
from analysis.reports import render_figures, render_report
from analysis.reports.figures import policy_for
from tests.hostile import ALERT, LONG_WORD, MARKS, TEXTS, is_formula, make_hostile_tables
from tests.reports.rendered import CONFIG

TEMPLATES = files("analysis.reports").joinpath("templates")
PAGES = {
    path.name: text for path in TEMPLATES.iterdir() if "<!doctype html>" in (text := path.read_text(encoding="utf-8"))
}


@pytest.fixture(scope="module")
def texts():
    tables = make_hostile_tables()
    return render_report(tables, render_figures(tables, CONFIG), formats=["md", "csv"], config=CONFIG)


def test_no_cell_is_a_formula_or_holds_a_mark(texts):
    tables = {name: text for name, text in texts.items() if name.endswith(".csv")}
    assert len(tables) > 15
    for name, text in tables.items():
        assert not MARKS.search(text.replace("\n", "").replace("\r", "").replace("\t", "")), name
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if is_formula(cell)], name
    assert "'=1+1" in texts["papers.csv"]
    assert LONG_WORD in texts["papers.csv"]


def test_markdown_holds_no_live_html_no_link_and_no_mark(texts):
    text = texts["report.md"]
    assert ALERT.search(text)
    assert not MARKS.search(text.replace("\n", ""))
    assert not re.search(r"(?i)<(?!https?://)[a-z!/]", text)
    assert not re.search(r"(?<!\\)\]\((?!\.\./)", text)
    assert not re.search(r"(?m)^(=|-){3,}\s*$", text)


@pytest.mark.parametrize("name", TEXTS)
def test_cleaned_and_printed_text_steers_nothing(name):
    for text in (clean(TEXTS[name]), strip_marks(TEXTS[name]).replace("\n", "").replace("\t", "").replace("\r", "")):
        assert not MARKS.search(text)
    assert printable(TEXTS[name]).replace("\n", "").isprintable()


def test_cleaning_keeps_what_people_write_with():
    written = "naïve Ångström שלום سلام हिन्दी می‌خواهم 👩‍💻 🇪🇺 表現学習 x̄ β̂"
    assert clean(written) == strip_marks(written) == written


def test_signs_are_not_piled_up_over_a_letter():
    assert clean("Z" + "\u0301" * 50 + "a") == "Z" + "\u0301" * 4 + "a"


def test_wide_letters_take_the_room_of_two():
    for text in ("表現学習の論文目録と要旨集" * 9, "W" * 300, "🤖" * 100):
        lines = wrap_lines(text, 40, n_lines=3)
        assert len(lines) == 3
        assert all(text_width(line.replace("W", "表"), 1) <= 40 * 0.56 for line in lines)
        assert "".join(lines)[:-1] in text
    assert shorten("表現学習の論文", 8) == "表現学…"
    assert shorten("Wide and Mighty Words", 40) == "Wide and Mighty Words"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_has_a_policy_before_all_else(name):
    text = PAGES[name]
    policy = text.index('http-equiv="Content-Security-Policy"')
    assert policy < min(text.find(part) % 10**9 for part in ("<style", "<script", "<link", "<title"))


def test_the_policy_lets_nothing_run_that_it_does_not_name():
    rules = dict(rule.strip().split(" ", 1) for rule in policy_for("'sha256-x'").split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'sha256-x'"
    assert "connect-src" not in rules
    assert "unsafe-eval" not in policy_for("'self'")
