"""One request and its whole answer, within bounds of time and size."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from analysis.config import InputError
from analysis.corpus.fetch.answers import Passing

if TYPE_CHECKING:
    import requests
    import urllib3

# Three times the largest page that any of the sources gives; JSON takes thirty times as much memory.
MAX_BYTES = 32 * 2**20
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back: the body of a 200, else the status with what it says."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def send_request(session: requests.Session, address: str, limit: float, stop: threading.Event) -> Answer:
    """One request and its whole answer; what may pass is raised as `Passing`, in words that hold no address."""
    import requests
    import urllib3

    try:
        with session.get(address, timeout=limit, stream=True, allow_redirects=False) as response:
            encoding = response.headers.get("Content-Encoding", "").strip().casefold()
            if encoding not in ("", "identity", "gzip"):
                raise Passing(f"an answer packed as {encoding!r}, which was not asked for")
            body = _read_body(response.raw, MAX_BYTES if response.status_code == 200 else _CHUNK, stop)
            return Answer(response.status_code, body, response.headers)
    except requests.exceptions.SSLError:
        raise InputError(f"{urlsplit(address).netloc}: its certificate cannot be trusted. Nothing was asked.") from None
    except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
        raise Passing(f"no whole answer within {limit:g} s") from None
    except requests.exceptions.ProxyError:
        raise Passing("the proxy that this machine names does not answer") from None
    except (requests.ConnectionError, requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        cut = isinstance(error, urllib3.exceptions.HTTPError) or "Connection aborted" in str(error)
        raise Passing("the connection was cut" if cut else "it cannot be reached") from None


def _read_body(raw: urllib3.BaseHTTPResponse, most: int, stop: threading.Event) -> bytes:
    body = bytearray()
    while not stop.is_set():
        chunk = raw.read1(_CHUNK, decode_content=True)
        if not chunk:
            return bytes(body)
        body += chunk
        if len(body) > most:
            if most < MAX_BYTES:
                return bytes(body[:most])
            raise InputError(f"an answer of more than {MAX_BYTES >> 20} MiB, larger than any page. It was not kept.")
    raise Passing("stopped")
