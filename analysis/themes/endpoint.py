"""A language model behind an OpenAI-compatible endpoint: one question, one answer, each asked only once.

The only requests that a run ever makes, and only to the address that the
study names [1]_: no redirect is followed, and nothing that the server says of
a failure is shown.

References
----------
.. [1] Chat completions, https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import ipaddress
import json
import os
import queue
import threading
import time
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from analysis.config import LabelsSection

_MOST_BYTES = 1 << 20
_MOST_FAILURES = 2
_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_PASSING = (429, 500, 502, 503, 504)
_HINTS = {
    401: " (is the key right?)",
    403: " (is the key right?)",
    404: " (is the base address right, and does the server know the model?)",
    429: " (too many requests)",
}

Messages = list[dict[str, str]]


class EndpointError(Exception):
    """The endpoint gave no answer; the message says why in our words and holds neither key nor text of the server."""


class _Passing(NamedTuple):
    status: int
    pause: float


class Endpoint:
    """Ask a model, keep its answers, and stop asking when it fails twice running.

    Parameters
    ----------
    settings : LabelsSection
        With an `endpoint`.
    seed : int
        Sent along; many servers then repeat their answer.
    cache : Path, optional
        Folder of vectors and answers from earlier runs. What is known there
        is not asked again.

    Attributes
    ----------
    address : str
        Base address, without a key.
    n_requests : int
        Made so far.
    """

    def __init__(self, settings: LabelsSection, *, seed: int, cache: Path | None = None) -> None:
        self.address = settings.endpoint.rstrip("/")
        self.model = settings.model
        self.n_requests = 0
        self._key_from, self._timeout, self._seed = settings.key_from, settings.timeout, seed
        self._cache = None if cache is None else cache / "labels"
        self._n_failures = 0

    def answer(self, messages: Messages) -> str:
        """The model's answer, from the cache or from one request (two after a passing fault).

        Parameters
        ----------
        messages : list of {"role", "content"}

        Raises
        ------
        EndpointError
            If there is none, or the requests before this one failed.
        """
        asked = {"endpoint": self.address, "model": self.model, "seed": self._seed, "messages": messages}
        name = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        path = None if self._cache is None else self._cache / f"{name}.json"
        known = _read_answer(path)
        if known is not None:
            return known
        if self._n_failures >= _MOST_FAILURES:
            raise EndpointError(f"not asked after {_MOST_FAILURES} failures")
        try:
            found = self._ask(messages)
        except EndpointError:
            self._n_failures += 1
            raise
        self._n_failures = 0
        if path is not None:
            _write_answer(path, {**asked, "answer": found})
        return found

    def _ask(self, messages: Messages) -> str:
        key = self._find_key()
        question = {"model": self.model, "messages": messages, "temperature": 0, "seed": self._seed, "stream": False}
        request = urllib.request.Request(
            f"{self.address}/chat/completions",
            data=json.dumps(question).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "themeline"}
            | ({"Authorization": f"Bearer {key}"} if key else {}),
        )
        reply = self._send(request)
        if isinstance(reply, _Passing) and reply.pause <= min(_LONGEST_PAUSE, self._timeout):
            time.sleep(reply.pause)
            reply = self._send(request)
        if isinstance(reply, _Passing):
            raise EndpointError(f"status {reply.status}{_HINTS.get(reply.status, '')}")
        content = _read_content(reply)
        if key and key in content:
            raise EndpointError("its answer repeats the key")
        return content

    def _find_key(self) -> str:
        if not self._key_from:
            return ""
        key = os.environ.get(self._key_from, "").strip()
        if not key:
            raise EndpointError(f"the environment variable {self._key_from}, which key_from names, is not set")
        if not (key.isascii() and key.isprintable()):
            raise EndpointError(f"the environment variable {self._key_from} holds characters that no key has")
        return key

    def _send(self, request: urllib.request.Request) -> bytes | _Passing:
        # In a thread: the timeout of a socket starts anew with every byte, and finding an address has none.
        outcome: queue.SimpleQueue[bytes | _Passing | EndpointError] = queue.SimpleQueue()

        def exchange() -> None:
            outcome.put(_exchange(request, self._timeout))

        self.n_requests += 1
        threading.Thread(target=exchange, daemon=True).start()
        try:
            reply = outcome.get(timeout=self._timeout)
        except queue.Empty:
            reply = _too_slow(self._timeout)
        if isinstance(reply, EndpointError):
            raise reply
        return reply


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow none: the key and the titles go to the address that the study names and to no other."""


def _exchange(request: urllib.request.Request, timeout: float) -> bytes | _Passing | EndpointError:
    # A proxy for the way out does not know the way back to this machine.
    proxies = [urllib.request.ProxyHandler({})] if _is_here(request.full_url) else []
    try:
        with urllib.request.build_opener(_NoRedirect, *proxies).open(request, timeout=timeout) as response:
            body: bytes = response.read(_MOST_BYTES + 1)
            length = response.headers.get("Content-Length", "")
    except urllib.error.HTTPError as error:
        with error:
            return _judge_status(error)
    except TimeoutError:
        return _too_slow(timeout)
    except urllib.error.URLError as error:
        return _explain(error.reason, timeout)
    # InvalidURL, IncompleteRead, RemoteDisconnected; a port or a chunk size that is no number.
    except (OSError, http.client.HTTPException, ValueError, OverflowError) as error:
        return _explain(error, timeout)
    if len(body) > _MOST_BYTES:
        return EndpointError(f"its answer is larger than {_MOST_BYTES >> 20} MB")
    if length.isdecimal() and len(body) < int(length):
        return EndpointError("the connection was cut")
    return body


def _judge_status(error: urllib.error.HTTPError) -> _Passing | EndpointError:
    status = int(error.code)
    if status in _PASSING:
        return _Passing(status, _read_pause(error.headers.get("Retry-After", "") if error.headers else ""))
    if 300 <= status < 400:
        return EndpointError(f"status {status}, a redirect, which is not followed")
    return EndpointError(f"status {status}{_HINTS.get(status, '')}")


def _explain(error: object, timeout: float) -> EndpointError:
    if isinstance(error, TimeoutError):
        return _too_slow(timeout)
    if isinstance(error, http.client.HTTPException | ConnectionResetError | BrokenPipeError):
        return EndpointError("the connection was cut, or it speaks no HTTP")
    why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return EndpointError(f"it cannot be reached ({why})")


def _too_slow(timeout: float) -> EndpointError:
    return EndpointError(f"no answer within {timeout:g} s")


def _read_pause(given: str) -> float:
    """Seconds that a ``Retry-After`` asks for: a number or a date."""
    try:
        return max(0.0, float(int(given)))
    except (ValueError, OverflowError):
        pass
    try:
        return max(0.0, parsedate_to_datetime(given).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return _PAUSE


def _is_here(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read_content(body: bytes) -> str:
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, RecursionError):
        raise EndpointError("its answer is not JSON") from None
    except (KeyError, IndexError, TypeError):
        content = None
    if not isinstance(content, str):
        raise EndpointError("its answer is not a chat completion")
    return content


def _read_answer(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        answer = json.loads(path.read_bytes())["answer"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return answer if isinstance(answer, str) else None


def _write_answer(path: Path, record: dict[str, Any]) -> None:
    beside = path.with_suffix(".tmp")
    # A cache that cannot be written costs a request next time, not the run.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(record, indent=2), encoding="utf-8")
        os.replace(beside, path)
