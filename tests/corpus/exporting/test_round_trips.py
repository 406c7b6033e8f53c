"""What is written in a format is read back as it was."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.corpus.dates import DateSpan
from analysis.corpus.formats.bibtex.reading import BIBTEX
from analysis.corpus.formats.json.generic import JSON_FORMATS
from analysis.corpus.formats.tables.csv import CSV
from analysis.corpus.formats.tables.parquet import PARQUET
from analysis.corpus.formats.tagged.ris import RIS
from analysis.corpus.records import RawRecord
from tests.corpus.exporting.made_papers import assert_same_papers, make_table, records, write_and_read

CSL_JSON = next(form for form in JSON_FORMATS if form.name == "CSL JSON")
REFERENCES = {".bib": BIBTEX, ".ris": RIS, ".json": CSL_JSON}
TABLES = {".csv": CSV, ".parquet": PARQUET}
FORMS = REFERENCES | TABLES
ANY_SPAN = ("day", "month", "year", "months", "years")
settled = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("suffix", REFERENCES)
@settled
@given(found=st.lists(records(ANY_SPAN), min_size=1, max_size=4))
def test_what_a_reference_carries_comes_back_equal(tmp_path, suffix, found):
    papers = make_table(found)
    assert_same_papers(write_and_read(papers, FORMS[suffix], tmp_path / f"papers{suffix}"), papers)


@pytest.mark.parametrize("suffix", TABLES)
@settled
@given(found=st.lists(records(), min_size=1, max_size=4))
def test_what_a_table_carries_comes_back_equal(tmp_path, suffix, found):
    papers = make_table(found)
    assert_same_papers(write_and_read(papers, FORMS[suffix], tmp_path / f"papers{suffix}"), papers)


@pytest.mark.parametrize("suffix", [*REFERENCES, *TABLES])
def test_a_run_of_months_comes_back_whole(tmp_path, suffix):
    span = DateSpan(dt.date(2018, 11, 1), dt.date(2019, 1, 31), "month")
    papers = make_table([RawRecord("", title="Legs", paper_id="a", span=span, date_kind="publication")])
    assert_same_papers(write_and_read(papers, FORMS[suffix], tmp_path / f"papers{suffix}"), papers)


@pytest.mark.parametrize("suffix", REFERENCES)
def test_a_run_of_days_comes_back_with_its_ends(tmp_path, suffix):
    span = DateSpan(dt.date(2018, 10, 29), dt.date(2018, 11, 4), "month")
    papers = make_table([RawRecord("", title="Legs", paper_id="a", span=span, date_kind="publication")])
    assert_same_papers(write_and_read(papers, FORMS[suffix], tmp_path / f"papers{suffix}"), papers)


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''@x", "'tis", "-", "+1 for legs"])
def test_what_looks_like_a_formula_comes_back_from_a_table(tmp_path, text):
    papers = make_table([RawRecord("", title=text, paper_id="a", labels={"area": text})])
    assert_same_papers(write_and_read(papers, CSV, tmp_path / "papers.csv"), papers)


@pytest.mark.parametrize("suffix", FORMS)
def test_what_was_read_back_is_written_as_before(tmp_path, suffix):
    found = [
        RawRecord("", title="Legs & {arms} 5 %", abstract=r"a\b ~ $x_1^2$ # ER  - @misc{b,", paper_id="10.1000/x_(1)",
                  authors=("Ng, Ann; Junior", "Barnes and Noble", "others"), labels={"keywords": "gait; legs"},
                  source="s"),
        RawRecord("", title="Arms", paper_id="b", doi="10.1000/y", arxiv_id="2301.00001", n_comments=0, source="s"),
    ]  # fmt: skip
    papers, path = make_table(found), tmp_path / f"papers{suffix}"
    again = write_and_read(papers, FORMS[suffix], path)
    first = path.read_bytes()
    # The place in a file is another in every format.
    write_and_read(again.assign(position=papers["position"])[list(papers.columns)], FORMS[suffix], path)
    assert path.read_bytes() == first
