"""Text of a paper stays text in every file that a study writes, and in the terminal."""

import csv
import re
from html.parser import HTMLParser

import pytest

from analysis.study import run
from tests.conftest import make_papers, write_study

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\u202egnp.exe\u202c and \u200fright to left",
    "Robots \U0001f916 and \u8868\u73fe\u5b66\u7fd2",
    "[click](javascript:alert(4)) ![x](http://evil.example/x.png)",
    "\x1b[31mred\x07",
    "{{ 7 * 7 }} %{x} ${y} <b>bold</b>",
)
THEME = """
[[themes.named]]
name = "<script>alert(5)</script>"
phrases = ["<img src=x onerror=alert(6)>"]
[[themes.named]]
name = "=1+1"
phrases = ["=cmd|' /C calc'!A0"]
"""
SETTINGS = f'[report]\ntitle = "</title><script>alert(7)</script>"\n{THEME}'
SAFE_START = re.compile(r"^(?![=+\-@\t\r\n])")


class Page(HTMLParser):
    """What a browser would run or fetch."""

    def __init__(self, text):
        super().__init__()
        self.scripts, self.handlers, self.links, self.kind = [], [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        pairs = dict(attrs)
        self.handlers += [name for name in pairs if name.startswith("on")]
        self.links += [pairs[name] or "" for name in ("href", "src") if name in pairs]
        self.kind = (pairs.get("type"), pairs.get("src")) if tag == "script" else None

    def handle_endtag(self, tag):
        self.kind = None

    def handle_data(self, data):
        if self.kind is not None:
            self.scripts.append((self.kind[0], data))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    papers = make_papers(12)
    for paper, text in zip(papers, HOSTILE, strict=True):
        paper |= {"title": text, "abstract": f"{paper['abstract']} {text}", "authors": [text], "venue": text}
        paper |= {"url": "javascript:alert(8)", "labels": {text: text}, "doi": text}
    papers.append({"title": "", "abstract": None, "note": "=1+1 <script>alert(9)</script>"})
    caution = "<script>alert(10)</script>"
    settings = SETTINGS
    folder = write_study(tmp_path_factory.mktemp("hostile"), papers, settings=settings)
    toml = folder / "study.toml"
    toml.write_text(toml.read_text().replace("[corpus]\n", f"[corpus]\ncaution = '{caution}'\n"))
    return run(folder)


def test_no_page_runs_or_fetches_what_a_paper_says(hostile):
    pages = list(hostile.place.figures.rglob("*.html"))
    assert len(pages) > 5
    for path in pages:
        page = Page(path.read_text(encoding="utf-8"))
        assert page.handlers == [], path
        live = [code for kind, code in page.scripts if kind != "application/json"]
        assert not [code for code in live if len(code) < 100_000 and re.search(r"alert\(\d+\)", code)], path
        assert not [link for link in page.links if re.match(r"(?i)\s*(javascript|data|http)", link)], path
        assert "<script>alert" not in path.read_text(encoding="utf-8")


def test_no_cell_of_a_csv_file_is_a_formula(hostile):
    files = sorted((hostile.place.figures / "reports").glob("*.csv"))
    assert {path.stem for path in files} == {
        "bursts", "date_audit", "date_conflicts", "drift", "drivers", "ledger", "merges", "near_duplicates",
        "newcomers", "papers", "rates", "set_aside", "shares", "theme_overlaps", "theme_phrases", "themes",
        "topic_trends", "topics", "trends",
    }  # fmt: skip
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    is_number = re.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?", cell)
                    assert is_number or SAFE_START.match(cell), (path.name, cell)


def test_the_markdown_report_holds_no_live_html_or_link(hostile):
    text = (hostile.place.figures / "reports" / "report.md").read_text(encoding="utf-8")
    assert not re.search(r"<(script|img|b|a)\b", text, re.IGNORECASE)
    assert not re.search(r"(?<!\\)\]\((javascript|http)", text)
    assert "\u202e" not in text


def test_no_control_or_direction_mark_reaches_the_terminal(hostile, themeline):
    commands = (["search", hostile.root, "robots", "--top", "12"], ["run", hostile.root], ["check", hostile.root])
    for command in commands:
        answer = themeline(*command)
        assert answer.code == 0
        shown = (answer.out + answer.err).replace("\n", "")
        assert shown.isprintable(), command
