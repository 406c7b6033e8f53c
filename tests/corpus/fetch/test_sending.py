"""The client is polite, patient with what passes, and plain about what does not."""

import re
import socket
import time
from datetime import timedelta
from email.utils import format_datetime

import pytest

from analysis.config import InputError
from analysis.corpus.fetch import exchange
from analysis.corpus.fetch.answers import Passing
from analysis.corpus.fetch.sending import Client
from tests.corpus.fetch.played import ME, NOW, Clock, cut, giving, in_turn, serving

GOOD = giving("good")


def make_client(server, clock, *, contact=ME, pause=3.0, secret=None, base=None, **changes):
    return Client(base or server.address, contact=contact, pause=pause, waiting=clock.waiting(**changes), secret=secret)


def ask(server, clock=None, read=bytes.decode, **changes):
    client = make_client(server, clock or Clock(), **changes)
    try:
        return client.get({"q": "a b"}, read)[1]
    finally:
        client.close()


def refuse(server, clock=None, **changes):
    with pytest.raises(InputError) as caught:
        ask(server, clock, **changes)
    return str(caught.value)


# Manners.


def test_it_says_who_asks_and_carries_nothing_else():
    with serving(giving("good", headers=[("Set-Cookie", "track=1; Path=/")])) as server:
        client = make_client(server, Clock())
        for _ in range(2):
            client.get({"q": "a b"}, bytes.decode)
        client.close()
    assert re.fullmatch(rf"Themeline/[\d.]+ \(\+mailto:{ME}\)", server.headers[1]["User-Agent"])
    assert set(server.headers[1]) == {"Host", "User-Agent", "Accept-Encoding", "Accept", "Connection"}
    assert server.asked == [{"q": "a b"}] * 2


def test_a_password_file_is_not_read(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(GOOD) as server:
        ask(server)
    assert "Authorization" not in server.headers[0]


def test_the_pause_lies_between_the_end_of_an_answer_and_the_next_request():
    clock = Clock()

    def play(handler, _):
        clock.time += 1.25  # A slow answer.
        handler.give("good")

    with serving(play) as server:
        client = make_client(server, clock)
        for _ in range(3):
            client.get({}, bytes.decode)
        client.close()
    assert clock.waits == [3.0, 3.0]


@pytest.mark.parametrize(
    "contact", ["", "  ", "me", "a@b@c", "@", "me@example.org\r\nX-Evil: 1", "mé@example.org", "http://x"]
)
def test_without_a_contact_nothing_is_asked(contact):
    with serving(GOOD) as server:
        message = refuse(server, contact=contact)
    assert message.startswith("contact: ")
    assert "--contact you@example.org" in message
    assert server.asked == []


@pytest.mark.parametrize(
    "base",
    ["http://example.org/api", "https://me:word@example.org/", "ftp://example.org", "file:///etc/passwd", "https://",
     "https://example.org/?key=1", "https://example.org:99999/", "https://[::1", ""],
)  # fmt: skip
def test_a_base_address_that_cannot_be_trusted_is_refused(base):
    with pytest.raises(InputError, match="base address"):
        Client(base, contact=ME, pause=0, waiting=Clock().waiting())


# What passes.


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_passing_status_is_asked_again_later_and_later(status):
    clock = Clock()
    fault = giving("busy", status=status)
    with serving(in_turn(fault, fault, fault, GOOD)) as server:
        assert ask(server, clock) == "good"
    assert len(server.asked) == 4
    for attempt, wait in enumerate(clock.waits, 1):
        assert 3 * 2**attempt / 2 <= wait <= 3 * 2**attempt


def test_the_jitter_is_the_same_for_the_same_seed():
    waits = []
    for seed in (1, 1, 2):
        clock = Clock()
        with serving(in_turn(giving("busy", status=503), GOOD)) as server:
            ask(server, clock, seed=seed)
        waits.append(clock.waits)
    assert waits[0] == waits[1] != waits[2]


def test_attempts_are_bounded_and_their_number_is_said():
    clock = Clock()
    with serving(giving("busy", status=503)) as server:
        message = refuse(server, clock, n_attempts=4)
    assert len(server.asked) == 4
    assert "status 503 (asked 4 times)" in message
    assert sum(clock.waits) < 120


@pytest.mark.parametrize("stated", ["90", format_datetime(NOW + timedelta(seconds=90), usegmt=True)])
def test_retry_after_is_honoured_as_a_number_and_as_a_date(stated):
    clock = Clock()
    with serving(in_turn(giving("", status=429, headers=[("Retry-After", stated)]), GOOD)) as server:
        assert ask(server, clock) == "good"
    assert clock.waits == [90.0]


@pytest.mark.parametrize("stated", ["soon", "-5", "", "1e3", "Thu, 01 Jan 1970 00:00:00 GMT", "9" * 400])
def test_a_retry_after_that_says_nothing_is_passed_over(stated):
    clock = Clock()
    play = in_turn(giving("", status=503, headers=[("Retry-After", stated)]), GOOD)
    with serving(play) as server:
        assert ask(server, clock) == "good"
    assert clock.waits[0] <= 6


def test_a_source_that_asks_for_hours_is_not_waited_for():
    clock = Clock()
    with serving(giving("", status=429, headers=[("Retry-After", "7200")])) as server:
        assert "it asks for a pause of 120 minutes" in refuse(server, clock)
    assert len(server.asked) == 1
    assert clock.waits == []


def test_a_connection_cut_in_the_middle_of_the_body_is_asked_again():
    with serving(in_turn(cut(b"good and long"), GOOD)) as server:
        assert ask(server) == "good"
    assert len(server.asked) == 2
    with serving(cut(b"good and long")) as server:
        assert "the connection was cut (asked 2 times)" in refuse(server, n_attempts=2)


def test_a_connection_that_is_cut_before_the_answer_is_asked_again():
    def hang_up(handler, _):
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    with serving(in_turn(hang_up, GOOD)) as server:
        assert ask(server) == "good"
    assert len(server.asked) == 2


def test_a_server_that_is_not_there_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        message = refuse(None, base=f"http://127.0.0.1:{taken.getsockname()[1]}/", n_attempts=2)
    assert "it cannot be reached (asked 2 times)" in message


@pytest.mark.parametrize("part", ["body", "head"])
def test_an_answer_that_trickles_is_given_up_at_the_time_limit(part):
    def trickle(handler, _):
        if part == "body":
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x" if part == "body" else b"HTTP/1.1 200 OK\r\nX-More: y"[:1])
            handler.wfile.flush()
            time.sleep(0.02)

    with serving(in_turn(trickle, GOOD)) as server:
        begin = time.monotonic()
        assert ask(server, timeout=0.3) == "good"
        assert time.monotonic() - begin < 1.5
    assert len(server.asked) == 2


def test_a_body_that_does_not_read_is_asked_again():
    def read(body):
        if body == b"bad":
            raise Passing("bad body")
        return body.decode()

    with serving(in_turn(giving("bad"), GOOD)) as server:
        assert ask(server, read=read) == "good"
    with serving(giving("bad")) as server:
        assert "bad body (asked 3 times)" in refuse(server, read=read, n_attempts=3)


# What does not pass.


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 414, 418])
def test_another_status_is_told_at_once_with_what_the_source_says(status):
    clock = Clock()
    body = '{"error": "Invalid filter", "message": "no\\u001b[31m field x"}'
    with serving(giving(body, status=status)) as server:
        message = refuse(server, clock)
    assert f"status {status}, 'Invalid filter: no [31m field x'." in message
    assert len(server.asked) == 1
    assert clock.waits == []


def test_a_key_is_sent_and_never_shown():
    with serving(giving('{"error": "bad key abc123"}', status=403)) as server:
        message = refuse(server, secret={"api_key": "abc123"})
    assert server.asked == [{"q": "a b", "api_key": "abc123"}]
    assert "abc123" not in message
    assert "bad key ***" in message


def test_a_redirect_to_the_same_place_is_followed_and_counts():
    clock = Clock()
    moved = giving("", status=302, headers=[("Location", "/elsewhere?q=1")])
    with serving(in_turn(moved, GOOD)) as server:
        assert ask(server, clock) == "good"
    assert server.asked == [{"q": "a b"}, {"q": "1"}]
    assert clock.waits == [3.0]


def test_a_redirect_elsewhere_or_for_ever_is_refused():
    with serving(GOOD) as other, serving(None) as server:
        for target in (other.address, "https://example.org/", "file:///etc/passwd", "//example.org"):
            server.play = giving("", status=301, headers=[("Location", target)])
            assert "which is not followed" in refuse(server, secret={"api_key": "abc123"})
        server.play = giving("", status=302, headers=[("Location", "/again")])
        assert "redirects to one after another" in refuse(server)
    assert other.asked == []
    assert len(server.asked) == 4 + 4


def test_an_answer_of_any_size_stays_within_bounds(monkeypatch):
    monkeypatch.setattr(exchange, "MAX_BYTES", 100_000)
    for how in ({}, {"packed": True}):
        with serving(giving(b"x" * 100_001, **how)) as server:
            assert "larger than any page" in refuse(server)
        with serving(giving(b"x" * 100_000, **how)) as server:
            assert len(ask(server)) == 100_000
    with serving(giving(b"x" * 10_000_000, status=503)) as server:
        assert "status 503" in refuse(server, n_attempts=1)


def test_a_packing_that_was_not_asked_for_is_not_unpacked():
    with serving(giving("x", headers=[("Content-Encoding", "gzip, gzip, gzip")])) as server:
        assert "which was not asked for (asked once)" in refuse(server, n_attempts=1)
