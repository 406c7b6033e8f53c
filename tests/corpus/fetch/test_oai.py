"""A whole set of arXiv: tokens, deletions, and tokens that expire."""

import pytest

from analysis.config import InputError
from analysis.corpus.fetch import fetch_arxiv_set
from tests.corpus.fetch.played import HTML, ME, Clock, giving, in_turn, make_oai, make_oai_error, read_pages, serving

PAGES = {
    None: make_oai([("2501.00001", "2025-01-01"), ("2501.00002", "2025-01-02")], "skip%3D2", size=5),
    "skip%3D2": make_oai([("2501.00003", "2025-01-02"), ("0704.00004", "2025-01-03", "deleted")], "skip%3D4", size=5),
    "skip%3D4": make_oai([("2501.00005", "2025-01-05")], ""),
}
EXPIRED = make_oai_error("badResumptionToken", "Token has expired")


def fetch(server, out, *, name="cs", clock=None, **changes):
    changes = {"contact": ME, **changes}
    return fetch_arxiv_set(name, out, base=server.address, waiting=(clock or Clock()).waiting(), **changes)


def play_list(handler, question):
    handler.give(PAGES[question.get("resumptionToken")])


def test_tokens_are_followed_to_the_end_and_deletions_are_no_papers(tmp_path):
    with serving(play_list) as server:
        found = fetch(server, tmp_path, since="2025-01-01")
    assert server.asked == [
        {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "set": "cs", "from": "2025-01-01"},
        {"verb": "ListRecords", "resumptionToken": "skip%3D2"},
        {"verb": "ListRecords", "resumptionToken": "skip%3D4"},
    ]
    assert (found.n_papers, found.n_records, found.total, found.is_complete) == (4, 5, 5, True)
    assert list(read_pages(tmp_path).values()) == list(PAGES.values())


def test_an_expired_token_is_taken_up_from_the_last_day_of_the_last_page(tmp_path):
    rest = make_oai([("2501.00003", "2025-01-03"), ("2501.00005", "2025-01-05")])
    second = make_oai([("2501.00003", "2025-01-03")], "skip%3D3")
    with serving(in_turn(giving(PAGES[None]), giving(second), giving(EXPIRED), giving(rest))) as server:
        found = fetch(server, tmp_path, since="2024-12-31", until="2025-02-01")
    again = {
        "verb": "ListRecords",
        "metadataPrefix": "arXivRaw",
        "set": "cs",
        "from": "2025-01-03",
        "until": "2025-02-01",
    }
    assert server.asked[-1] == again
    assert (found.n_papers, found.n_records, found.n_pages, found.is_complete) == (4, 5, 3, True)


def test_a_token_that_expires_after_one_page_begins_the_list_again(tmp_path):
    with serving(in_turn(giving(PAGES[None]), giving(EXPIRED), play_list)) as server:
        found = fetch(server, tmp_path, since="2025-01-01")
    assert server.asked[2] == server.asked[0]
    assert (found.n_papers, found.n_records, found.total, found.is_complete) == (4, 7, 5, True)


@pytest.mark.parametrize("since", [None, "2025-01-01"])
def test_a_token_that_never_lives_ends_with_a_message(tmp_path, since):
    def play(handler, question):
        handler.give(EXPIRED if "resumptionToken" in question else PAGES[None])

    with serving(play) as server, pytest.raises(InputError, match="expired again before a day was over"):
        fetch(server, tmp_path, since=since)
    assert len(server.asked) == 4


def test_a_list_out_of_order_is_not_taken_up_with_gaps(tmp_path):
    early = make_oai([("2501.00003", "2024-06-01")], "skip%3D3")
    with (
        serving(in_turn(giving(PAGES[None]), giving(early), giving(EXPIRED))) as server,
        pytest.raises(InputError) as caught,
    ):
        fetch(server, tmp_path)
    assert "not in the order of its days" in str(caught.value)
    assert len(server.asked) == 3


def test_an_expired_token_met_after_a_break_is_taken_up_too(tmp_path):
    second = make_oai([("2501.00003", "2025-01-03")], "skip%3D3")
    with serving(in_turn(giving(PAGES[None]), giving(second))) as server:
        assert not fetch(server, tmp_path, limit=3).is_complete
        server.play = in_turn(giving(EXPIRED), giving(make_oai([("2501.00005", "2025-01-05")])))
        found = fetch(server, tmp_path)
    assert server.asked[-1]["from"] == "2025-01-03"
    assert (found.n_papers, found.is_complete) == (4, True)


def test_a_limit_ends_with_the_page_that_reaches_it(tmp_path):
    with serving(play_list) as server:
        found = fetch(server, tmp_path, limit=1)
    assert (found.n_papers, found.is_complete, len(server.asked)) == (2, False, 1)


def test_nothing_that_matches_is_an_answer_and_a_bad_argument_is_not(tmp_path):
    with serving(giving(make_oai_error("noRecordsMatch"))) as server:
        found = fetch(server, tmp_path / "none")
        assert (found.n_papers, found.is_complete) == (0, True)
        server.play = giving(make_oai_error("badArgument", "no such  set"))
        with pytest.raises(InputError, match="arXiv refuses the request: badArgument, 'no such set'"):
            fetch(server, tmp_path / "bad", name="nosuchset")
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "bad",
    [
        giving(HTML),
        giving(PAGES[None][:-30]),
        giving(make_oai([])),
        giving("<OAI-PMH/>"),
        giving("Retry after 10 seconds", status=503, headers=[("Retry-After", "10")]),
        giving(PAGES[None].replace("<header>", "<heading>").replace("</header>", "</heading>")),
    ],
)
def test_what_is_no_page_is_asked_for_again(tmp_path, bad):
    with serving(in_turn(bad, play_list)) as server:
        assert fetch(server, tmp_path).n_papers == 4
    assert len(server.asked) == 4


def test_a_token_that_leads_to_itself_ends_with_a_message(tmp_path):
    page = make_oai([("2501.00003", "2025-01-02")], "same")
    with serving(giving(page)) as server, pytest.raises(InputError, match=r"leads to itself|no new paper"):
        fetch(server, tmp_path)
    assert len(server.asked) <= 30
