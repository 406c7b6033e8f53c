"""Sources of papers, played by a small server on the loopback; every paper is invented."""

import datetime as dt
import gzip
import json
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from analysis.corpus.fetch import Waiting

ME = "someone@example.org"
NOW = dt.datetime(2025, 11, 20, 12, tzinfo=dt.UTC)


class Played(ThreadingHTTPServer):
    """`play` is called with each handler and the parameters of the question."""

    daemon_threads = True

    def __init__(self, play):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.play, self.asked, self.headers, self.most_at_once = play, [], [], 0
        self.at_once, self.lock = 0, threading.Lock()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/papers"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: else the client waits for the second.
    wbufsize, disable_nagle_algorithm = 1 << 16, True

    def do_GET(self):
        server = self.server
        question = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        with server.lock:
            server.asked.append(question)
            server.headers.append(dict(self.headers))
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
        try:
            server.play(self, question)
        finally:
            with server.lock:
                server.at_once -= 1

    def give(self, body, *, status=200, headers=(), length=None, packed=False):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        if packed:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        if length is not None:
            self.close_connection = True

    def handle(self):
        with suppress(OSError):  # The client has left, as it should.
            super().handle()

    def log_message(self, *_):
        pass


@contextmanager
def serving(play):
    server = Played(play)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def in_turn(*plays):
    """Play these in turn, the last one for ever."""
    left = list(plays)
    return lambda handler, question: (left.pop(0) if len(left) > 1 else left[0])(handler, question)


def giving(body, **how):
    return lambda handler, _: handler.give(body, **how)


def cut(body):
    """Promise the whole body and break off halfway."""
    return lambda handler, _: handler.give(body[: len(body) // 2], length=len(body))


class Clock:
    """A clock that only waiting moves, and what was waited for."""

    def __init__(self):
        self.time, self.waits = 100.0, []

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.time += seconds

    def waiting(self, **changes):
        return Waiting(clock=lambda: self.time, sleep=self.sleep, now=lambda: NOW, **{"timeout": 10.0, **changes})


# What the sources send.


def make_feed(ids, *, start=0, total):
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{one}v2</id><published>2025-01-02T00:00:00Z</published>"
        f"<title>Paper {one}</title><summary>We made up paper {one}.</summary></entry>"
        for one in ids
    )
    search = "http://a9.com/-/spec/opensearch/1.1/"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f'<opensearch:totalResults xmlns:opensearch="{search}">{total}</opensearch:totalResults>'
        f'<opensearch:startIndex xmlns:opensearch="{search}">{start}</opensearch:startIndex>{entries}</feed>'
    )


def arxiv_of(n_papers, *, page=500, ids=None):
    """A search interface that finds so many papers and gives a page of them."""
    ids = ids or [f"2501.{number:05d}" for number in range(n_papers)]

    def play(handler, question):
        start, most = int(question["start"]), min(page, int(question["max_results"]))
        handler.give(make_feed(ids[start : start + most], start=start, total=n_papers))

    return play


ARXIV_ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
    '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>'
    "<entry><id>http://arxiv.org/api/errors#incorrect_field</id><title>Error</title>"
    "<summary>incorrect field: nosuchfield</summary></entry></feed>"
)
HTML = "<!DOCTYPE html>\n<html><body>Down for maintenance</body></html>"


def make_oai(records, token=None, *, size=None):
    """Records are (id, day) or (id, day, "deleted")."""
    parts = []
    for one, day, *deleted in records:
        status = ' status="deleted"' if deleted else ""
        metadata = "" if deleted else f"<metadata>{_make_raw(one)}</metadata>"
        parts.append(
            f"<record><header{status}><identifier>oai:arXiv.org:{one}</identifier><datestamp>{day}</datestamp></header>"
            f"{metadata}</record>"
        )
    size = "" if size is None else f' completeListSize="{size}"'
    end = "" if token is None else f"<resumptionToken{size}>{token}</resumptionToken>"
    return _wrap_oai(f"<ListRecords>{''.join(parts)}{end}</ListRecords>")


def _make_raw(one):
    return (
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{one}</id><version version="v1">'
        f"<date>Thu, 2 Jan 2025 00:00:00 GMT</date></version><title>Paper {one}</title><authors>A. Maker</authors>"
        f"<abstract>We made up paper {one}.</abstract></arXivRaw>"
    )


def make_oai_error(code, text=""):
    return _wrap_oai(f'<error code="{code}">{text}</error>')


def _wrap_oai(content):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>2025-11-20T12:00:00Z</responseDate>{content}</OAI-PMH>"
    )


def openalex_of(n_works, *, page=100):
    """Works by a cursor that names the next one; the last page is empty and has no cursor."""

    def play(handler, question):
        start = 0 if question["cursor"] == "*" else int(question["cursor"].removeprefix("after-"))
        works = [make_work(number) for number in range(start, min(n_works, start + page))]
        cursor = f"after-{start + len(works)}" if works else None
        handler.give(json.dumps({"meta": {"count": n_works, "next_cursor": cursor}, "results": works}))

    return play


def make_work(number):
    return {
        "id": f"https://openalex.org/W{number}",
        "title": f"Work {number}",
        "publication_date": "2025-01-02",
        "abstract_inverted_index": {"We": [0], "made": [1], "up": [2], f"work-{number}.": [3]},
    }


def make_day(ids):
    papers = [
        {"id": one, "title": f"Paper {one}", "summary": f"Made up {one}.", "publishedAt": "2025-01-02T00:00:00.000Z"}
        for one in ids
    ]
    return json.dumps([{"paper": paper, "title": paper["title"], "numComments": 1} for paper in papers])


# What a fetch leaves.


def read_pages(folder):
    """Name to body of every page."""
    return {path.name: gzip.decompress(path.read_bytes()).decode() for path in sorted(folder.glob("page-*"))}
