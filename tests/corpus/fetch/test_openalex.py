"""OpenAlex: by cursor to the end, with a key that nobody sees."""

import json

import pytest

from analysis.config import InputError
from analysis.corpus.fetch import fetch_openalex
from tests.corpus.fetch.played import (
    HTML,
    ME,
    Clock,
    cut,
    giving,
    in_turn,
    make_work,
    openalex_of,
    read_pages,
    serving,
)  # fmt: skip


def fetch(server, out, *, search="world models", clock=None, **changes):
    changes = {"contact": ME, **changes}
    return fetch_openalex(search, out, base=server.address, waiting=(clock or Clock()).waiting(), **changes)


def test_the_cursor_is_followed_to_the_end(tmp_path):
    clock = Clock()
    with serving(openalex_of(250)) as server:
        found = fetch(server, tmp_path, filters="type:article", since="2024-01-01", until="2024-12-31", clock=clock)
    assert [question["cursor"] for question in server.asked] == ["*", "after-100", "after-200", "after-250"]
    first = server.asked[0]
    assert first["filter"] == "type:article,from_publication_date:2024-01-01,to_publication_date:2024-12-31"
    assert (first["search"], first["per_page"], first["mailto"]) == ("world models", "100", ME)
    assert "abstract_inverted_index" in first["select"].split(",")
    assert (found.n_papers, found.n_pages, found.n_requests, found.total) == (250, 3, 4, 250)
    assert found.is_complete
    assert clock.waits == pytest.approx([0.1] * 3)
    bodies = [json.loads(body) for body in read_pages(tmp_path).values()]
    assert [len(body["results"]) for body in bodies] == [100, 100, 50]


def test_a_page_of_the_web_as_contact_is_no_mail_address(tmp_path):
    with serving(openalex_of(1)) as server:
        fetch(server, tmp_path, contact="https://example.org/me")
    assert "mailto" not in server.asked[0]
    assert server.headers[0]["User-Agent"].endswith("(+https://example.org/me)")


def test_the_key_is_sent_and_kept_nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_KEY", " made-up-key \n")
    with serving(openalex_of(1)) as server:
        fetch(server, tmp_path, key_from="MY_KEY")
        assert server.asked[0]["api_key"] == "made-up-key"
        kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert b"made-up-key" not in kept
        # The same request without the key and from someone else goes on in the same folder.
        assert fetch(server, tmp_path, contact="other@example.org").n_requests == 0


@pytest.mark.parametrize("key", ["", "a\nb"])
def test_a_key_that_is_not_there_is_said_without_a_request(tmp_path, monkeypatch, key):
    monkeypatch.setenv("MY_KEY", key)
    with serving(openalex_of(1)) as server, pytest.raises(InputError, match="the environment variable MY_KEY"):
        fetch(server, tmp_path, key_from="MY_KEY")
    assert server.asked == []


def test_nothing_asked_for_is_refused(tmp_path):
    with serving(openalex_of(1)) as server, pytest.raises(InputError, match="search: nothing given"):
        fetch(server, tmp_path, search=" ")
    assert server.asked == []


def make_page(works, cursor=None, count=2):
    return json.dumps({"meta": {"count": count, "next_cursor": cursor}, "results": works})


WORKS = [make_work(1), make_work(2)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (giving(HTML), "an HTML page for people"),
        (giving(make_page(WORKS)[:-9]), "JSON that is damaged or cut short"),
        (giving(""), "an empty answer"),
        (giving("[" * 100_000), "JSON that is damaged or cut short"),
        (giving("[]"), "JSON that is no list of works"),
        (giving('{"meta": {}}'), "JSON that is no list of works"),
        (giving(make_page([{"title": "x"}])), "a work without id"),
        (giving(make_page([3])), "a work without id"),
        (giving(make_page([], "more")), "an empty page after 0 of 2 works"),
        (giving(make_page(WORKS), length=9_999), "the connection was cut"),
        (cut(make_page(WORKS).encode()), "the connection was cut"),
    ],
)
def test_what_is_no_page_is_asked_for_again_and_never_kept(tmp_path, bad, reason):
    with serving(in_turn(bad, giving(make_page(WORKS)))) as server:
        assert fetch(server, tmp_path / "good").n_papers == 2
    with serving(bad) as server, pytest.raises(InputError) as caught:
        fetch(server, tmp_path / "bad")
    assert reason in str(caught.value)
    assert read_pages(tmp_path / "bad") == {}


def test_a_cursor_that_leads_to_itself_is_not_followed_for_ever(tmp_path):
    with serving(giving(make_page(WORKS, "same", count=10_000))) as server, pytest.raises(InputError):
        fetch(server, tmp_path)
    assert len(server.asked) <= 30


def test_what_openalex_says_of_a_filter_is_passed_on(tmp_path):
    body = '{"error": "Invalid query parameters error.", "message": "nosuch is not a valid field."}'
    with serving(giving(body, status=400)) as server, pytest.raises(InputError, match="nosuch is not a valid field"):
        fetch(server, tmp_path, filters="nosuch:1")
    assert len(server.asked) == 1
