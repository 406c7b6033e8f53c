"""Tables of invented papers, as a corpus holds them, and what comes back when they are written and read."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import strategies as st

from analysis.corpus.cleaning import clean_abstract, clean_text
from analysis.corpus.dates import DateSpan, make_span
from analysis.corpus.exporting import write_papers
from analysis.corpus.records import RawRecord
from analysis.corpus.table import build_piece, list_values, settle_papers
from analysis.corpus.tidying import settle_record, tidy_values
from tests.corpus.made_sources import read_with

LATEST = dt.date(2030, 1, 1)
# What the place of a record in its file tells, and no format carries.
OF_THE_FILE = ["position"]

_SIGNS = list("abcéñß中AZ09\\{}~^$#%&_\"'@=+-*/<>()[],;:.!?|`“”°🙂")
_CHUNKS = [
    "ER  - ", "TY  - JOUR", "@article{x,", " and ", "and", "others", r"\alpha", r"\&", r"{\textbackslash}", "}}", "{{",
    "$x_1^2$", "10 %", "U1  - label_a: b", "=1+1", "-1", "% Themeline", "; ", ", ", " ", "A. B.",
]  # fmt: skip
_texts = st.lists(st.sampled_from(_SIGNS + _CHUNKS), max_size=8).map("".join)
clean_texts = _texts.map(clean_text)
names = clean_texts.filter(bool)
_abstracts = _texts.map(clean_abstract)
_ids = st.sampled_from(["a17", "10.1000/x_(1)", "arXiv:2301.00001", "W1 2", "é,{", "A17", "others"])
_days = st.dates(dt.date(1990, 1, 1), dt.date(2025, 12, 31))


@st.composite
def spans(draw, kinds=("day", "month", "year")) -> DateSpan:
    first, last = sorted([draw(_days), draw(_days)])
    kind = draw(st.sampled_from(kinds))
    parts = {"day": 3, "month": 2, "year": 1, "months": 2, "years": 1}[kind]
    start, end = (make_span(*(day.year, day.month, day.day)[:parts]) for day in (first, last))
    if not kind.endswith("s"):
        end = start
    return DateSpan(start.first, end.last, start.precision, inferred=draw(st.booleans()))


@st.composite
def records(draw, span_kinds=("day", "month", "year")) -> RawRecord:
    authors = tuple(draw(st.lists(names, max_size=3)))
    label_names = st.sampled_from(["area", "type", "keywords", "arxiv_primary", "My=Ärea", "a:"])
    kinds = ["first_version", "publication", "online", "submission", "listing", "unstated"]
    return RawRecord(
        position="",
        title=draw(names),
        abstract=draw(_abstracts),
        paper_id=draw(_ids),
        span=draw(st.none() | spans(span_kinds)),
        date_kind=draw(st.sampled_from(kinds)),
        authors=authors,
        n_authors=draw(st.sampled_from([None, len(authors) + 2])),
        venue=draw(st.sampled_from(["", "Journal of Things", "Proceedings of X & Y", "Proc. {Z}"])),
        doi=draw(st.sampled_from(["", "10.1000/x_1", "10.1002/(sici)1097-0000(1998)1:2<3::aid-x>3.0.co;2-#"])),
        arxiv_id=draw(st.sampled_from(["", "2301.00001", "cs/0501001"])),
        pmid=draw(st.sampled_from(["", "12345"])),
        openreview_id=draw(st.sampled_from(["", "aB_3-x"])),
        n_comments=draw(st.sampled_from([None, 0, 7])),
        n_upvotes=draw(st.sampled_from([None, 12])),
        url=draw(st.sampled_from(["", "https://example.org/a_b?x=1&y=%20#z~", "https://a.org/;s=1"])),
        language=draw(st.sampled_from(["", "en", "klingon"])),
        labels=draw(st.dictionaries(label_names, clean_texts.filter(bool), max_size=3)),
        source=draw(st.sampled_from(["old.bib", "old & older.csv"])),
    )


def make_table(found: list[RawRecord]) -> pd.DataFrame:
    """The table that a corpus would hold of the records."""
    settled = [settle_record(record, "new", LATEST) for record in found]
    return settle_papers(build_piece(tidy_values(list_values(settled)).values))


def write_and_read(papers: pd.DataFrame, form, path) -> pd.DataFrame:
    """What the reader makes of what the export wrote, as a table."""
    write_papers(papers, path)
    read = read_with(form, path)
    assert read.set_aside == []
    return make_table(read.records)


def assert_same_papers(again: pd.DataFrame, papers: pd.DataFrame) -> None:
    """Whether the tables agree, whatever the order of their labels."""
    again, papers = again.drop(columns=OF_THE_FILE), papers.drop(columns=OF_THE_FILE)
    assert sorted(again.columns) == sorted(papers.columns)
    pd.testing.assert_frame_equal(again[list(papers.columns)], papers)
