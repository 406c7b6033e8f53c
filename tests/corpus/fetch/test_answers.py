"""Whatever comes back, a page is read whole, refused or asked for again; nothing else happens."""

import json
import shutil
import ssl
import subprocess
import threading
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.config import InputError
from analysis.corpus.fetch import answers
from analysis.corpus.fetch.answers import Passing, find_reason, walk_xml
from analysis.corpus.fetch.arxiv import ArxivQuery
from analysis.corpus.fetch.daily_papers import DailyPapers
from analysis.corpus.fetch.days import Days, parse_days
from analysis.corpus.fetch.keeping import Page
from analysis.corpus.fetch.oai import ArxivSet
from analysis.corpus.fetch.openalex import OpenAlexWorks
from analysis.corpus.fetch.sending import Client
from tests.corpus.fetch.played import (
    ME,
    Clock,
    Played,
    giving,
    make_day,
    make_feed,
    make_oai,
    make_oai_error,
    make_work,
)

OPEN = Days(None, None)
SPAN = parse_days("2025-01-10", "2025-01-12")
WORKS = json.dumps({"meta": {"count": 2, "next_cursor": "next"}, "results": [make_work(1), make_work(2)]})
# Each source with a place in it and a good page.
CASES = {
    "arxiv": (ArxivQuery("q", OPEN, "oldest", "base"), {"start": 0}, make_feed(["2501.00001", "2501.00002"], total=2)),
    "oai": (ArxivSet("cs", OPEN, "arXivRaw", "base"), {"from": ""}, make_oai([("2501.00001", "2025-01-01")], "next")),
    "oai error": (
        ArxivSet("cs", OPEN, "arXivRaw", "base"),
        {"token": "t", "begun": "", "last": "2025-01-01", "is_ordered": 2},
        make_oai_error("badResumptionToken"),
    ),
    "openalex": (OpenAlexWorks("q", "", OPEN, "base", ME), {"cursor": "*", "seen": 0}, WORKS),
    "daily": (DailyPapers(*SPAN, "base"), {"date": "2025-01-10", "p": 0}, make_day(["2501.00001", "2501.00002"])),
}


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_page_is_read_refused_or_asked_for_again(case, data):
    question, position, good = CASES[case]
    good = good.encode()
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, len(good)))
    body = good[:start] + data.draw(st.binary(max_size=12)) + good[end:]
    with suppress(Passing, InputError):
        assert isinstance(question.read(body, position), Page)


@pytest.mark.parametrize("case", ["openalex", "daily"])
@settings(max_examples=60)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["meta", "results", "count", "next_cursor", "id", "paper"]), inner, max_size=4
            )
        ),
    )
)
def test_json_of_any_shape_is_read_or_asked_for_again(case, value):
    question, position, _ = CASES[case]
    with suppress(Passing, UnicodeEncodeError):
        assert isinstance(question.read(json.dumps(value).encode(), position), Page)


def test_every_good_page_reads():
    for question, position, good in CASES.values():
        assert isinstance(question.read(good.encode(), position), Page)


@pytest.mark.parametrize("body", [b"<r>" + b"<a>" * 200 + b"</a>" * 200 + b"</r>", b"<r>" + b"<a/>" * 5_000 + b"</r>"])
def test_xml_without_end_of_elements_is_given_up(monkeypatch, body):
    monkeypatch.setattr(answers, "_MOST_ELEMENTS", 4_000)
    with pytest.raises(Passing, match="more elements than any page has"):
        list(walk_xml(body, "r", "record"))


def test_only_what_belongs_to_a_record_is_kept_in_memory():
    body = b"<r><other/>" + b"<record><a><b>1</b></a></record>" * 3 + b"<other/></r>"
    n_inside = [
        len(list(element.iter())) for element in walk_xml(body, "r", "record") if element.tag in ("record", "r")
    ]
    assert n_inside == [3, 3, 3, 1]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error": "a", "message": "b"}', "a: b"),
        (b'{"error": {"code": 3}}', ""),
        (b"[1]", ""),
        (b"<html>Sorry</html>", ""),
        (b"\xff\x00", ""),
        (b"<feed><summary>no such  field</summary></feed>", "no such field"),
        (b'{"message": "' + b"x" * 500 + b'"}', "x" * 200 + "..."),
    ],
)
def test_what_a_server_says_is_short_and_plain(body, said):
    assert find_reason(body) == said


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    server = Played(giving("secret page"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # The client hangs up.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        client = Client(
            f"https://localhost:{server.server_port}/",
            contact=ME,
            pause=0,
            waiting=Clock().waiting(),
            secret={"api_key": "k"},
        )
        with pytest.raises(InputError, match="certificate cannot be trusted"):
            client.get({}, bytes.decode)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert server.asked == []
