"""The HTML of a digest made of texts that try to break out, as a mail reader shows it."""

from __future__ import annotations

import dataclasses
import email
from email.policy import default

import pytest

from analysis.study import digest
from tests.browser.accessibility import find_faults
from tests.browser.test_hostile_pages import IS_WIDE, READ_WRITTEN
from tests.hostile import ALERT, CAUTION, MARKS, TEXTS, make_hostile_tables
from tests.study.made_news import make_news, open_tables

# Mail readers are about as wide as these.
WIDTHS = (600, 360)
LIST_OUTSIDE = """() => [...document.querySelectorAll("*")].flatMap(one => [...one.attributes]
  .filter(given => given.name.startsWith("on") || ["src", "srcset", "srcdoc", "action", "background"]
    .includes(given.name) || (given.name == "href" && !/^https?:/.test(given.value)) || /url\\(/.test(given.value))
  .map(given => one.tagName + " " + given.name + "=" + given.value.slice(0, 80)))"""


def read_html(mail):
    return email.message_from_bytes(mail, policy=default).get_body(("html",)).get_content()


@pytest.fixture(scope="module")
def hostile():
    tables = make_hostile_tables()
    papers = tables.papers.assign(url=["https://example.org/x", *tables.papers["url"].iloc[1:]])
    settings = {"report": {"title": TEXTS["end of the title"]}, "corpus": {"caution": CAUTION}}
    study = open_tables(dataclasses.replace(tables, papers=papers), settings)
    return read_html(digest(study, since="2021-01-01", top=100).to_mail())


@pytest.mark.parametrize("width", WIDTHS)
def test_a_hostile_digest_runs_and_asks_for_nothing_and_stays_as_wide_as_the_reader(width, hostile, watched, tmp_path):
    assert ALERT.search(hostile)
    page = watched.open_text(hostile, tmp_path)
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate(LIST_OUTSIDE) == []
    assert not MARKS.search(page.evaluate(READ_WRITTEN).replace("\n", ""))
    assert not page.evaluate(IS_WIDE)
    assert find_faults(page) == []
    watched.assert_quiet()


def test_a_script_that_got_into_a_digest_would_not_run(hostile, watched, tmp_path):
    broken_in = '<script>alert("in")</script><img src="http://evil.example/x.png" onerror="alert(\'in\')">'
    watched.open_text(hostile.replace("<h1", f"{broken_in}<h1", 1), tmp_path)
    watched.page.wait_for_load_state("networkidle")
    assert watched.alerts == []
    assert watched.asked == []
    assert watched.violations


def test_a_digest_can_be_read_by_all(watched, tmp_path):
    page = watched.open_text(read_html(digest(make_news(), since="2024-01-01").to_mail()), tmp_path)
    assert find_faults(page) == []
    watched.assert_quiet()
