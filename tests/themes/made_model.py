"""A made-up language model: a small server on the loopback that answers as it is told."""

import json
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-made-up-0123456789"


def complete(text):
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


class Model(ThreadingHTTPServer):
    """A small server on the loopback: `play` is called with each handler and its question."""

    daemon_threads = True

    def __init__(self, play):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.play, self.asked = play, []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), question))
        self.server.play(self, question)

    def give(self, body, *, status=200, headers=(), length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def handle(self):
        with suppress(OSError):  # The client has left, as it should.
            super().handle()

    def log_message(self, *_):
        pass


@contextmanager
def serving(play):
    server = Model(play)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def saying(*answers):
    """Give these answers in turn, the last one for ever."""
    left = list(answers)

    def play(handler, question):
        handler.give(complete(left.pop(0) if len(left) > 1 else left[0]))

    return play


def failing(status, *headers):
    return lambda handler, _: handler.give(KEY.encode(), status=status, headers=headers)
