"""arXiv by a query: its pages, its errors that look like answers, and where they end."""

import tomllib

import pytest

from analysis.config import InputError
from analysis.corpus.fetch import arxiv, fetch_arxiv
from tests.corpus.fetch.played import (
    ARXIV_ERROR,
    HTML,
    ME,
    Clock,
    arxiv_of,
    cut,
    giving,
    in_turn,
    make_feed,
    read_pages,
    serving,
)


def fetch(server, out, *, query="cat:cs.RO", clock=None, **changes):
    changes = {"contact": ME, **changes}
    return fetch_arxiv(query, out, base=server.address, waiting=(clock or Clock()).waiting(), **changes)


def test_all_pages_are_kept_as_they_came(tmp_path):
    clock, said = Clock(), []
    with serving(arxiv_of(1201)) as server:
        found = fetch(server, tmp_path / "out", clock=clock, say=said.append)
    assert (found.n_papers, found.n_pages, found.n_requests, found.is_complete) == (1201, 3, 3, True)
    assert [question["start"] for question in server.asked] == ["0", "500", "1000"]
    assert all(question["sortBy"] == "submittedDate" for question in server.asked)
    assert clock.waits == [3.0, 3.0]
    assert server.most_at_once == 1
    pages = read_pages(tmp_path / "out")
    assert list(pages) == ["page-00001.xml.gz", "page-00002.xml.gz", "page-00003.xml.gz"]
    ids = [f"2501.{number:05d}" for number in range(1000, 1201)]
    assert pages["page-00003.xml.gz"] == make_feed(ids, start=1000, total=1201)
    assert said[-1] == "arXiv API: 1,201 of 1,201 papers, page 3"
    assert found.describe() == f"{tmp_path / 'out'}: 1,201 papers from arXiv API on 3 pages, complete."


def test_the_account_says_what_was_asked_and_what_came(tmp_path):
    with serving(arxiv_of(3)) as server:
        fetch(server, tmp_path, query='abs:"a \x7f quote"', since="2025-01-01", until="2025-01-31")
        address = server.address
    account = tomllib.loads((tmp_path / "fetch.toml").read_text(encoding="utf-8"))
    query = '(abs:"a \x7f quote") AND submittedDate:[202501010000 TO 202501312359]'
    assert account.pop("terms").startswith("arXiv metadata is in the public domain")
    assert {name: str(value) for name, value in account.items() if name in ("started", "captured")} == {
        "started": "2025-11-20",
        "captured": "2025-11-20",
    }
    assert account["query"] == {"search_query": query, "order": "oldest"}
    assert (account["source"], account["origin"]) == ("arXiv API", address)
    assert (account["complete"], account["papers"], account["records"], account["pages"]) == (True, 3, 3, 1)
    assert server.asked[0]["search_query"] == query
    assert ME not in (tmp_path / "fetch.toml").read_text()


def test_one_open_end_of_the_days_is_filled():
    for since, until, span in (
        ("2025-01-01", None, "202501010000 TO 209912312359"),
        (None, "2025-01-31", "199101010000 TO 202501312359"),
    ):
        question = arxiv.ArxivQuery("q", arxiv.parse_days(since, until), "newest", "https://example.org")
        assert question.ask({"start": 0})["search_query"] == f"(q) AND submittedDate:[{span}]"
        assert question.ask({"start": 0})["sortOrder"] == "descending"


def test_the_limit_ends_it_exactly_and_a_higher_one_goes_on(tmp_path):
    with serving(arxiv_of(2000)) as server:
        first = fetch(server, tmp_path, limit=700)
        assert (first.n_papers, first.n_requests, first.is_complete) == (700, 2, False)
        assert server.asked[1]["max_results"] == "200"
        again = fetch(server, tmp_path, limit=700)
        assert (again.n_papers, again.n_requests) == (700, 0)
        assert "ended by the limit" in again.describe()
        more = fetch(server, tmp_path)
        assert (more.n_papers, more.n_records, more.is_complete) == (2000, 2000, True)
    with pytest.raises(InputError, match="limit = 0"):
        fetch(server, tmp_path, limit=0)


def test_papers_that_shift_between_pages_count_once(tmp_path):
    ids = [f"2501.{number:05d}" for number in range(8)]
    first, second = make_feed(ids[:5], total=8), make_feed(ids[4:7], start=5, total=8)
    with serving(in_turn(giving(first), giving(second))) as server:
        found = fetch(server, tmp_path)
    assert (found.n_papers, found.n_records, found.total) == (7, 8, 8)
    assert "7 papers of 8 that the source names" in found.describe()


def test_a_page_shorter_than_asked_for_is_followed_by_what_comes_after_it(tmp_path):
    with serving(arxiv_of(25, page=10)) as server:
        assert fetch(server, tmp_path).n_papers == 25
    assert [question["start"] for question in server.asked] == ["0", "10", "20"]


WHOLE = make_feed(["2501.00001", "2501.00002"], total=2)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (giving(make_feed([], total=2)), "no entries from 0 on, though it names 2"),
        (giving(HTML), "an HTML page for people"),
        (giving("\n <html lang='en'>"), "an HTML page for people"),
        (giving(""), "an empty answer"),
        (giving(WHOLE[:-20]), "XML that is damaged or cut short"),
        (giving(WHOLE.replace("UTF-8", "no-such-code")), "XML that is damaged or cut short"),
        (giving(b"\x00\x01\x02"), "XML that is damaged or cut short"),
        (giving("<rss/>"), "an XML document of another kind"),
        (giving(make_feed(["x"], total=2, start=7)), "entries from 7 on instead of 0"),
        (giving(WHOLE.replace("totalResults", "total")), "does not say how many"),
        (giving(WHOLE.replace("/abs/2501.00001v2", "/pdf/2501")), "an entry without arXiv id"),
        (cut(WHOLE.encode()), "the connection was cut"),
        (
            giving(WHOLE.replace("<feed", '<!DOCTYPE f [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><feed')),
            "XML that is damaged or cut short (DTDForbidden",
        ),
    ],
)
def test_what_is_no_page_is_asked_for_again_and_never_kept(tmp_path, bad, reason):
    with serving(in_turn(bad, giving(WHOLE))) as server:
        assert fetch(server, tmp_path / "good").n_papers == 2
    assert len(server.asked) == 2
    assert list(read_pages(tmp_path / "good").values()) == [WHOLE]
    with serving(bad) as server, pytest.raises(InputError) as caught:
        fetch(server, tmp_path / "bad")
    assert reason in str(caught.value)
    assert str(caught.value).endswith(f"No paper has come yet ({tmp_path / 'bad'}).")
    assert len(server.asked) == 6
    assert read_pages(tmp_path / "bad") == {}


def test_an_empty_page_in_the_middle_keeps_what_came_and_says_how_to_go_on(tmp_path):
    good = arxiv_of(1000)
    with serving(in_turn(good, giving(make_feed([], start=500, total=1000)))) as server:
        with pytest.raises(InputError, match=r"The 500 papers so far are in .*; the same command goes on from there"):
            fetch(server, tmp_path)
        server.play = good
        found = fetch(server, tmp_path)
    assert (found.n_papers, found.n_requests) == (1000, 1)


def test_an_error_that_comes_as_an_entry_is_told_at_once(tmp_path):
    with serving(giving(ARXIV_ERROR)) as server, pytest.raises(InputError, match="'incorrect field: nosuchfield'"):
        fetch(server, tmp_path, query="nosuchfield:x")
    assert len(server.asked) == 1
    assert read_pages(tmp_path) == {}


def test_more_than_arxiv_gives_of_one_query_is_said_before_anything_is_kept(tmp_path):
    with serving(arxiv_of(30_001, ids=["2501.00001"])) as server, pytest.raises(InputError) as caught:
        fetch(server, tmp_path)
    assert "arXiv finds 30,001 papers and gives 30,000 of one query at most" in str(caught.value)
    assert read_pages(tmp_path) == {}
    assert len(server.asked) == 1


def test_nothing_found_is_an_answer(tmp_path):
    with serving(arxiv_of(0)) as server:
        found = fetch(server, tmp_path)
    assert (found.n_papers, found.n_pages, found.is_complete) == (0, 0, True)
    assert found.describe() == "arXiv API: nothing matches. Check the query and the days."


def test_a_source_that_goes_round_in_circles_is_left(tmp_path):
    ids = ["2501.00001"] * 10_000
    with serving(arxiv_of(10_000, ids=ids, page=10)) as server, pytest.raises(InputError, match="no new paper"):
        fetch(server, tmp_path)
    assert len(server.asked) == 21


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"query": "  "}, "query: nothing given"),
        ({"contact": ""}, "contact: missing"),
        ({"since": "yesterday"}, "from 'yesterday': give a day, such as 2025-10-17"),
        ({"since": "2025-02-01", "until": "2025-01-01"}, "the first day lies after the last"),
        ({"order": "random"}, "give oldest or newest"),
    ],
)
def test_what_cannot_be_asked_is_refused_without_a_request(tmp_path, changes, message):
    with serving(arxiv_of(1)) as server, pytest.raises(InputError, match=message):
        fetch(server, tmp_path / "out", **changes)
    assert server.asked == []
    assert not (tmp_path / "out").exists()
