"""An endpoint is asked once, politely and in one place; every fault is said in our words and never shows the key."""

import time

import pytest

from analysis.config import InputError, LabelsSection, parse_config
from analysis.themes.endpoint import Endpoint, EndpointError
from tests.themes.made_model import KEY, complete, failing, saying, serving

QUESTION = [{"role": "user", "content": "What?"}]


def ask(server, *, cache=None, timeout=5.0, **settings):
    endpoint = Endpoint(
        LabelsSection(endpoint=server.address, model="tiny", timeout=timeout, **settings), seed=7, cache=cache
    )
    return endpoint, endpoint.answer(QUESTION)


# What is asked.


def test_the_question_is_an_openai_chat_completion_with_seed_and_key(monkeypatch):
    monkeypatch.setenv("MY_KEY", f" {KEY}\n")
    with serving(saying("Robots")) as server:
        assert ask(server, key_from="MY_KEY")[1] == "Robots"
    [(path, headers, question)] = server.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert question == {"model": "tiny", "messages": QUESTION, "temperature": 0, "seed": 7, "stream": False}


def test_without_a_key_none_is_sent_and_a_proxy_is_not_asked(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving(saying("Robots")) as server:
        ask(server)
    assert "Authorization" not in server.asked[0][1]


def test_a_key_that_is_not_set_or_no_key_is_said_without_a_request(monkeypatch):
    monkeypatch.delenv("MY_KEY", raising=False)
    with serving(saying("Robots")) as server:
        with pytest.raises(EndpointError, match="MY_KEY, which key_from names, is not set"):
            ask(server, key_from="MY_KEY")
        monkeypatch.setenv("MY_KEY", f"{KEY}\r\nX-Evil: 1")
        with pytest.raises(EndpointError, match="characters that no key has") as caught:
            ask(server, key_from="MY_KEY")
    assert KEY not in str(caught.value)
    assert server.asked == []


def test_an_answer_is_asked_for_once_and_then_known(tmp_path):
    with serving(saying("Robots")) as server:
        assert ask(server, cache=tmp_path)[0].n_requests == 1
        endpoint, answer = ask(server, cache=tmp_path)
        assert (endpoint.n_requests, answer) == (0, "Robots")
        endpoint.answer([{"role": "user", "content": "And now?"}])
        assert len(server.asked) == 2


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"answer": 3}'])
def test_a_damaged_answer_is_asked_for_again(tmp_path, damage):
    with serving(saying("Robots")) as server:
        ask(server, cache=tmp_path)
        [path] = tmp_path.rglob("*.json")
        path.write_text(damage, encoding="utf-8")
        assert ask(server, cache=tmp_path)[1] == "Robots"
    assert len(server.asked) == 2


def test_a_redirect_takes_neither_key_nor_titles_elsewhere(monkeypatch):
    monkeypatch.setenv("MY_KEY", KEY)
    with serving(saying("Robots")) as other, serving(None) as server:
        for status in (301, 302, 303, 307, 308):
            server.play = failing(status, ("Location", f"{other.address}/chat/completions"))
            with pytest.raises(EndpointError, match=f"status {status}, a redirect, which is not followed"):
                ask(server, key_from="MY_KEY")
    assert other.asked == []


# What goes wrong.


@pytest.mark.parametrize(
    ("play", "why"),
    [
        (failing(401), r"status 401 \(is the key right\?\)"),
        (failing(404), "status 404"),
        (failing(500), "status 500"),
        (failing(429, ("Retry-After", "3600")), r"status 429 \(too many requests\)"),
        (failing(429, ("Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT")), "status 429"),
        (lambda handler, _: handler.give(b"<html>oops"), "not JSON"),
        (lambda handler, _: handler.give(b"[" * 100_000), "not JSON"),
        (lambda handler, _: handler.give(b"\xff\xfe\x00"), "not JSON"),
        (lambda handler, _: handler.give(b'{"choices": []}'), "not a chat completion"),
        (lambda handler, _: handler.give(b"null"), "not a chat completion"),
        (lambda handler, _: handler.give(complete(None)), "not a chat completion"),
        (lambda handler, _: handler.give(complete("Robots")[:20], length=80), "cut"),
        (lambda handler, _: handler.connection.close(), "cut"),
        (lambda handler, _: handler.wfile.write(b"hello\r\n\r\n"), "cut, or it speaks no HTTP"),
        (lambda handler, _: handler.give(b" " * (3 << 20)), "larger than 1 MB"),
    ],
)
def test_a_fault_is_said_in_our_words(play, why, monkeypatch):
    monkeypatch.setattr("analysis.themes.endpoint._PAUSE", 0.01)
    with serving(play) as server, pytest.raises(EndpointError, match=why) as caught:
        ask(server)
    assert KEY not in str(caught.value)


def test_a_server_that_is_not_there_is_said():
    with serving(saying("x")) as server:
        pass
    with pytest.raises(EndpointError, match=r"it cannot be reached \(.+\)"):
        ask(server)


@pytest.mark.parametrize("headers_first", [False, True])
def test_a_server_that_drips_is_left_at_the_timeout(headers_first):
    def drip(handler, _):
        if headers_first:
            handler.send_response(200)
            handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b"X")
            handler.wfile.flush()
            time.sleep(0.05)

    with serving(drip) as server:
        started = time.perf_counter()
        with pytest.raises(EndpointError, match=r"no answer within 0\.3 s"):
            ask(server, timeout=0.3)
        assert time.perf_counter() - started < 1.5


def test_a_passing_fault_is_tried_once_more_after_the_pause_that_is_asked_for():
    left = [failing(429, ("Retry-After", "1")), saying("Robots")]
    with serving(lambda handler, question: left.pop(0)(handler, question)) as server:
        started = time.perf_counter()
        endpoint, answer = ask(server)
    assert (answer, endpoint.n_requests) == ("Robots", 2)
    assert 1 <= time.perf_counter() - started < 3


def test_after_two_failures_nothing_more_is_asked():
    with serving(failing(403)) as server:
        endpoint = Endpoint(LabelsSection(endpoint=server.address, model="tiny"), seed=7)
        for why in ("status 403", "status 403", "not asked after 2 failures", "not asked after 2 failures"):
            with pytest.raises(EndpointError, match=why):
                endpoint.answer(QUESTION)
    assert len(server.asked) == 2


def test_a_server_that_gives_the_key_back_is_not_believed(monkeypatch, tmp_path):
    monkeypatch.setenv("MY_KEY", KEY)
    with serving(saying(f"Robots {KEY}")) as server, pytest.raises(EndpointError, match="repeats the key"):
        ask(server, key_from="MY_KEY", cache=tmp_path)
    assert list(tmp_path.rglob("*")) == []


# The settings.


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"endpoint": "ftp://models.example/v1", "model": "m"}, "http or https"),
        ({"endpoint": "file:///etc/passwd", "model": "m"}, "http or https"),
        ({"endpoint": f"http://me:{KEY}@models.example/v1", "model": "m"}, "no password"),
        ({"endpoint": f"http://models.example/v1?key={KEY}", "model": "m"}, "key_from"),
        ({"endpoint": "http://models.example/v1\r\nX: y", "model": "m"}, "base address"),
        ({"endpoint": "http://models.example/v1", "model": " "}, "model is missing"),
        ({"key_from": KEY}, "not the name of an environment variable"),
        ({"timeout": 0}, "timeout = 0 is not allowed"),
        ({"n_papers": 21}, "n_papers = 21 is not allowed"),
    ],
)
def test_a_setting_at_fault_is_named_and_a_key_is_never_shown(settings, why):
    with pytest.raises(InputError, match=why) as caught:
        parse_config({"labels": settings})
    assert KEY not in str(caught.value)


def test_addresses_of_every_kind_are_taken():
    for address in ("http://localhost:11434/v1", "https://api.example.org/v1/", "http://[::1]:8080", "http://10.0.0.7"):
        assert parse_config({"labels": {"endpoint": address, "model": "m"}}).labels.endpoint == address
    assert parse_config({}).labels.endpoint == ""
