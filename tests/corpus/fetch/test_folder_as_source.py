"""What a fetch has brought is read like any other source: every paper, once, with its day."""

from analysis import read_corpus
from analysis.corpus.fetch import fetch_arxiv, fetch_arxiv_set, fetch_daily_papers, fetch_openalex
from tests.corpus.fetch.played import (
    ME,
    Clock,
    arxiv_of,
    giving,
    in_turn,
    make_day,
    make_feed,
    make_oai,
    openalex_of,
    serving,
)


def read(fetch, play, *arguments):
    with serving(play) as server:
        found = fetch(*arguments, contact=ME, base=server.address, waiting=Clock().waiting())
    corpus = read_corpus(found.folder)
    assert corpus.n_papers == found.n_papers
    assert corpus.ledger["read"] == found.n_records
    assert set(corpus.papers["published"].astype(str).str[:10]) == {"2025-01-02"}
    assert corpus.papers["abstract"].str.len().min() > 5
    return corpus


def test_a_folder_of_atom_feeds(tmp_path):
    corpus = read(fetch_arxiv, arxiv_of(25, page=10), "cat:cs.RO", tmp_path / "papers")
    assert [source.format for source in corpus.sources] == ["arXiv Atom"] * 3


def test_papers_that_came_twice_are_merged(tmp_path):
    ids = [f"2501.{number:05d}" for number in range(8)]
    pages = in_turn(giving(make_feed(ids[:5], total=8)), giving(make_feed(ids[4:], start=5, total=8)))
    corpus = read(fetch_arxiv, pages, "cat:cs.RO", tmp_path / "papers")
    assert (corpus.n_papers, corpus.ledger["merged"]) == (8, 1)


def test_a_folder_of_oai_records_with_a_deletion(tmp_path):
    page = make_oai([("2501.00001", "2025-01-05"), ("2501.00002", "2025-01-05", "deleted")])
    corpus = read(fetch_arxiv_set, giving(page), "cs", tmp_path / "papers")
    assert corpus.ledger["set_aside"] == 1


def test_a_folder_of_works(tmp_path):
    assert read(fetch_openalex, openalex_of(150), "world models", tmp_path / "papers").n_papers == 150


def test_a_folder_of_daily_papers_with_a_day_without_any(tmp_path):
    days = in_turn(giving(make_day(["2501.00001", "2501.00002"])), giving("[]"), giving(make_day(["2501.00002"])))
    corpus = read(fetch_daily_papers, days, "2025-01-10", "2025-01-12", tmp_path / "papers")
    assert (corpus.n_papers, corpus.ledger["merged"]) == (2, 1)
