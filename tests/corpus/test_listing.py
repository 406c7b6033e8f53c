import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from analysis.config import InputError
from analysis.corpus import read_corpus

BUNDLED = Path(__file__).parents[2] / "data/raw/daily-papers-2025-10-17.txt"
HEAD = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\nOct 17\n\n"
CARDS = """Robots that Learn

We teach robots.

  • 5 authors
·
Aug 8

On Values

We ask for values.

  • 1 author
·
Dec 25, 2024 4

A Card without its Last Line

It is the card of an organisation.

Seeing Less

We see less.

  • 12 authors
·
Jun 16 2
"""


@pytest.fixture(scope="module")
def bundled():
    return read_corpus(BUNDLED)


def test_the_bundled_listing_holds_78_papers_of_which_76_have_a_date_and_authors(bundled):
    papers = bundled.papers
    assert bundled.ledger == {"read": 78, "merged": 0, "set_aside": 0, "kept": 78}
    assert papers["published"].notna().sum() == papers["n_authors"].notna().sum() == 76
    assert papers["n_authors"].sum() == 448
    assert list(papers.loc[papers["published"].isna(), "title"]) == [
        "Uncovering the Computational Ingredients of Human-Like Representations in LLMs",
        "AI Agent Behavioral Science",
    ]
    assert papers["paper_id"].is_unique
    assert papers["n_upvotes"].isna().all()
    assert not any(papers["authors"])


def test_the_bundled_listing_has_24_comments_on_10_cards_and_unknown_ones_on_2(bundled):
    comments = bundled.papers["n_comments"]
    assert (comments.sum(), (comments > 0).sum(), comments.isna().sum()) == (24, 10, 2)


def test_the_bundled_listing_runs_from_2018_to_2025_with_19_inferred_years(bundled):
    papers = bundled.papers
    assert papers["published"].min() == pd.Timestamp("2018-11-16")
    assert papers["published"].max() == pd.Timestamp("2025-10-13")
    per_year = papers["published"].dt.year.value_counts().to_dict()
    assert per_year == {2018: 1, 2020: 1, 2021: 1, 2022: 4, 2023: 27, 2024: 23, 2025: 19}
    inferred = papers[papers["published_inferred"]]
    assert set(inferred["published"].dt.year) == {2025}
    assert len(inferred) == 19


def test_the_bundled_listing_keeps_whole_abstracts_and_no_head(bundled):
    lengths = bundled.papers["abstract"].str.len()
    assert (lengths.min(), lengths.max()) == (1379, 1922)
    assert bundled.papers["title"].iloc[0] == "Semantic Item Graph Enhancement for Multimodal Recommendation"
    facts = bundled.sources[0]
    assert (facts.format, facts.captured, facts.captured_from) == ("listing", "2025-10-17", "sidecar")


def test_without_a_sidecar_the_capture_year_is_inferred_by_rule_and_said(file):
    corpus = read_corpus(file(BUNDLED.read_bytes()))
    assert (corpus.sources[0].captured, corpus.sources[0].captured_from) == ("2025-10-17", "rule")
    assert corpus.papers["published_inferred"].sum() == 19
    assert any("newest year stated on the page is 2024" in note for note in corpus.notes)


def test_cards_are_told_apart_where_one_lacks_its_last_line(file):
    papers = read_corpus(file(HEAD + CARDS)).papers
    assert list(papers["title"]) == ["Robots that Learn", "On Values", "A Card without its Last Line", "Seeing Less"]
    assert list(papers["n_authors"].astype(object).where(papers["n_authors"].notna(), None)) == [5, 1, None, 12]
    assert list(papers["published"].dt.strftime("%Y-%m-%d").fillna("")) == [
        "2025-08-08",
        "2024-12-25",
        "",
        "2025-06-16",
    ]
    assert list(papers["n_comments"].fillna(-1)) == [0, 4, -1, 2]


@pytest.mark.parametrize("change", ["crlf", "bom", "no head", "utf-16", "no end"])
def test_line_ends_marks_and_a_missing_head_change_nothing(file, change):
    text = HEAD + CARDS
    content = {
        "crlf": text.replace("\n", "\r\n").encode(),
        "bom": b"\xef\xbb\xbf" + text.encode(),
        "no head": CARDS.encode(),
        "utf-16": b"\xff\xfe" + text.encode("utf-16-le"),
        "no end": text.rstrip().encode(),
    }[change]
    captured = dt.date(2025, 10, 17)
    expected = read_corpus(file(text), captured=captured).papers
    found = read_corpus(file(content), captured=captured).papers
    # Without its head the same card stands on another line.
    pd.testing.assert_frame_equal(found.drop(columns="position"), expected.drop(columns="position"))


def test_upvotes_before_a_title_are_counted_and_not_read_as_title(file):
    text = HEAD + CARDS.replace("Robots that", "17\n\nRobots that").replace("Seeing", "1,024\n\nSeeing")
    papers = read_corpus(file(text)).papers
    assert list(papers["n_upvotes"].fillna(-1)) == [17, -1, -1, 1024]
    assert papers["title"].iloc[0] == "Robots that Learn"


def test_a_broken_abstract_and_glued_or_missing_lines_are_read(file):
    text = (
        "First Title\n\nA line that\nis broken\nover lines.\n\nAnd a second paragraph.\n\n• 3 authors · Aug 8, 2023\n\n"
        "Glued Title\nGlued abstract.\n• 2 authors\n\nDate Only\n\nNo authors here.\n\nMay 5, 2022\n"
    )
    papers = read_corpus(file(text)).papers
    assert list(papers["title"]) == ["First Title", "Glued Title", "Date Only"]
    assert papers["abstract"].iloc[0] == "A line that is broken over lines. And a second paragraph."
    assert papers["abstract"].iloc[1] == "Glued abstract."
    assert list(papers["n_authors"].fillna(0)) == [3, 2, 0]
    assert list(papers["published"].dt.year.fillna(0)) == [2023, 0, 2022]


def test_a_yearless_date_after_the_capture_day_stays_undated_with_a_note(file):
    text = HEAD + CARDS.replace("Aug 8", "Nov 30")
    corpus = read_corpus(file(text), captured=dt.date(2025, 10, 17))
    assert pd.isna(corpus.papers["published"].iloc[0])
    assert any("'Nov 30', after 2025-10-17" in note for note in corpus.notes)


def test_yearless_dates_stay_undated_when_no_date_states_a_year(file):
    corpus = read_corpus(file("One Title\n\nIts abstract.\n\n• 2 authors\n·\nAug 8\n"))
    assert corpus.papers["published"].isna().all()
    assert any("its year is left out" in note for note in corpus.notes)
    assert any("State the day of capture" in note for note in corpus.notes)


def test_a_page_dated_with_its_year_states_its_own_capture(file):
    corpus = read_corpus(file("Daily Papers\n\nOct 17, 2023\n\n" + CARDS.replace(", 2024 4", "")))
    assert (corpus.sources[0].captured, corpus.sources[0].captured_from) == ("2023-10-17", "file")
    assert corpus.papers["published"].dt.year.iloc[0] == 2023


def test_the_argument_outranks_the_sidecar_which_outranks_the_rule(file):
    path = file(HEAD + CARDS)
    path.with_suffix(".toml").write_text("captured = 2025-12-01\n")
    assert read_corpus(path).sources[0].captured == "2025-12-01"
    stated = read_corpus(path, captured=dt.date(2026, 9, 2))
    assert (stated.sources[0].captured, stated.sources[0].captured_from) == ("2026-09-02", "argument")
    assert stated.papers["published"].dt.year.iloc[0] == 2026


def test_a_file_that_differs_from_its_sidecar_is_refused(file):
    path = file(HEAD + CARDS)
    path.with_suffix(".toml").write_text(f'sha256 = "{"0" * 64}"\n')
    with pytest.raises(InputError, match=r"papers\.txt: the file has changed: its SHA-256 is"):
        read_corpus(path)


def test_a_head_without_cards_is_refused_and_said(file):
    with pytest.raises(InputError, match=r"this is the head of a listing .* but no card follows"):
        read_corpus(file(HEAD))
