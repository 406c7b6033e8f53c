"""Daily Papers: day by day, each to its end."""

import json

import pytest

from analysis.config import InputError
from analysis.corpus.fetch import fetch_daily_papers
from tests.corpus.fetch.played import HTML, ME, Clock, giving, in_turn, make_day, read_pages, serving

DAYS = {
    "2025-01-10": [f"2501.{number:05d}" for number in range(3)],
    "2025-01-11": [],
    "2025-01-12": [f"2501.{number:05d}" for number in range(2, 9)],
}


def fetch(server, out, since="2025-01-10", until="2025-01-12", clock=None, **changes):
    changes = {"contact": ME, **changes}
    return fetch_daily_papers(since, until, out, base=server.address, waiting=(clock or Clock()).waiting(), **changes)


def play_days(handler, question):
    start = int(question["p"]) * 100
    handler.give(make_day(DAYS[question["date"]][start : start + 100]))


def test_every_day_is_asked_once_and_a_day_without_papers_leaves_no_page(tmp_path):
    clock = Clock()
    with serving(play_days) as server:
        found = fetch(server, tmp_path, clock=clock)
    assert server.asked == [{"date": day, "limit": "100", "p": "0"} for day in DAYS]
    assert clock.waits == [1.0, 1.0]
    # One paper stood on two days.
    assert (found.n_papers, found.n_records, found.n_pages, found.is_complete) == (9, 10, 2, True)
    assert list(read_pages(tmp_path).values()) == [make_day(DAYS["2025-01-10"]), make_day(DAYS["2025-01-12"])]


@pytest.mark.parametrize("page", [100, 50, 40])
def test_a_long_day_is_asked_to_its_end_whatever_the_server_gives_at_most(tmp_path, page):
    ids = [f"2501.{number:05d}" for number in range(120)]

    def play(handler, question):
        start = int(question["p"]) * page
        handler.give(make_day(ids[start : start + page]))

    with serving(play) as server:
        found = fetch(server, tmp_path, until="2025-01-10")
    assert (found.n_papers, found.n_records) == (120, 120)


def test_a_server_that_knows_no_pages_gives_the_day_once(tmp_path):
    ids = [f"2501.{number:05d}" for number in range(60)]
    with serving(giving(make_day(ids))) as server:
        found = fetch(server, tmp_path, until="2025-01-10")
    assert (found.n_papers, found.n_records, found.n_pages, len(server.asked)) == (60, 60, 1, 2)


def test_a_long_span_of_days_without_papers_is_no_circle(tmp_path):
    with serving(giving("[]")) as server:
        found = fetch(server, tmp_path, since="2024-01-01", until="2024-02-29")
    assert (found.n_papers, found.n_requests, found.is_complete) == (0, 60, True)


@pytest.mark.parametrize(
    "bad",
    [giving(HTML), giving('{"error": "busy"}'), giving("[{}]"), giving('[{"paper": {"id": 2501.1}}]'), giving("[nul")],
)
def test_what_is_no_list_of_papers_is_asked_for_again(tmp_path, bad):
    with serving(in_turn(bad, play_days)) as server:
        assert fetch(server, tmp_path / "good").n_papers == 9
    with serving(bad) as server, pytest.raises(InputError, match="asked 6 times"):
        fetch(server, tmp_path / "bad")


@pytest.mark.parametrize(
    ("since", "until"),
    [("2023-05-03", "2023-06-01"), ("2025-11-19", "2025-11-20"), ("2025-11-19", "2026-01-01"), (None, "2025-01-01")],
)
def test_days_without_a_whole_list_are_refused_without_a_request(tmp_path, since, until):
    with serving(play_days) as server, pytest.raises(InputError, match="give days from 2023-05-04 to 2025-11-19"):
        fetch(server, tmp_path, since=since, until=until)
    assert server.asked == []


def test_what_the_server_says_of_a_day_is_passed_on(tmp_path):
    play = giving(json.dumps({"error": "No such day"}), status=400)
    with serving(play) as server, pytest.raises(InputError, match="status 400, 'No such day'"):
        fetch(server, tmp_path)
