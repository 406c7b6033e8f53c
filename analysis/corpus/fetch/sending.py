"""Ask one server, politely: one connection, a pause between requests, and patience with faults that pass.

Nothing else in the room of the corpus touches the network. Certificates are
checked, no cookie is kept, no password file is read, and a redirect is
followed only to the same host.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import queue
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

from analysis.config import InputError
from analysis.corpus.fetch.answers import Passing, find_reason
from analysis.corpus.fetch.exchange import Answer, send_request

if TYPE_CHECKING:
    import requests

# A server that asks for a longer pause than this is asked again another day, by the user.
LONGEST_PAUSE = 600.0
_LONGEST_BACKOFF = 60.0
_MOST_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
# 408, 425: the server gave up on this request alone.
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_HINTS = {
    400: "The source does not understand the question; mend the query.",
    401: "The source wants a key, or another one.",
    403: "The source refuses. It may want a key, or have blocked this address for asking too much.",
    404: "Check the base address.",
    414: "The query is too long; shorten it.",
}

Found = TypeVar("Found")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Waiting:
    """How long an answer may take, how often to ask again, and by which clock.

    Attributes
    ----------
    timeout : float
        Seconds for one request, from the first byte sent to the last byte read.
    n_attempts : int
        Requests for one page at most.
    seed : int
        Of the jitter in the pauses between attempts.
    clock, sleep, now : callable
        Seconds that only go up; waiting; the time of day in UTC.
    """

    timeout: float = 120.0
    n_attempts: int = 6
    seed: int = 0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], dt.datetime] = _now


class Client:
    """One connection to one server.

    Parameters
    ----------
    base : str
        Address that every question goes to: ``https``, or ``http`` on this machine.
    contact : str
        Address of a person, sent in the User-Agent.
    pause : float
        Seconds between the end of an answer and the next request.
    waiting : Waiting
        Time limit, attempts and clock.
    secret : mapping, optional
        Parameters that are sent and never shown.

    Attributes
    ----------
    n_requests : int
        Made so far, those that failed among them.

    Raises
    ------
    InputError
        If the contact or the base address cannot serve.
    """

    def __init__(
        self, base: str, *, contact: str, pause: float, waiting: Waiting, secret: Mapping[str, str] | None = None
    ) -> None:
        self._base, self._place = base, check_base(base)
        self._contact = check_contact(contact)
        self._pause, self._waiting, self._secret = pause, waiting, dict(secret or {})
        self._random = random.Random(waiting.seed)
        self._session = self._open_session()
        self._last: float | None = None
        self.n_requests = 0

    def get(self, parameters: Mapping[str, str], read: Callable[[bytes], Found]) -> tuple[bytes, Found]:
        """One page: the body, and what `read` makes of it.

        Parameters
        ----------
        parameters : mapping
            Of the query part of the address.
        read : callable
            Gives what the body holds, or raises `Passing` for a body that is
            not what was asked for.

        Raises
        ------
        InputError
            If the server refuses, or the attempts are used up.
        """
        address, n_redirects, fault = self._make_address(parameters), 0, Passing("never asked")
        attempt = 0
        while attempt < self._waiting.n_attempts:
            try:
                answer = self._send(address)
                if answer.status in _REDIRECTS:
                    n_redirects += 1
                    address = self._follow(address, answer, n_redirects)
                    continue
                body = self._judge(answer)
                return body, read(body)
            except Passing as passing:
                fault = passing
            attempt += 1
            if attempt < self._waiting.n_attempts:
                self._back_off(attempt, fault)
        times = "once" if attempt == 1 else f"{attempt} times"
        raise InputError(f"{self._place.netloc}: {fault} (asked {times}). Try again later.")

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def _make_address(self, parameters: Mapping[str, str]) -> str:
        query = urlencode({**parameters, **self._secret})
        return f"{self._base}?{query}" if query else self._base

    def _open_session(self) -> requests.Session:
        import importlib.metadata
        from http.cookiejar import DefaultCookiePolicy

        import requests

        session = requests.Session()
        session.headers.update(
            {
                "User-Agent": f"Themeline/{importlib.metadata.version('themeline')} (+{self._contact})",
                "Accept-Encoding": "gzip",
                "Accept": "*/*",
            }
        )
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        # Without one, a password from the user's .netrc would be sent.
        session.auth = _add_nothing
        if _is_here(self._place):
            session.trust_env = False
        return session

    def _send(self, address: str) -> Answer:
        # In a thread: the timeout of a socket starts anew with every byte.
        outcome: queue.SimpleQueue[Answer | BaseException] = queue.SimpleQueue()
        stop = threading.Event()
        limit, session = self._waiting.timeout, self._session

        def exchange() -> None:
            try:
                outcome.put(send_request(session, address, limit, stop))
            except BaseException as error:
                outcome.put(error)

        self._wait_turn()
        self.n_requests += 1
        threading.Thread(target=exchange, daemon=True).start()
        try:
            answer = outcome.get(timeout=limit)
        except queue.Empty:
            self._session = self._open_session()
            raise Passing(f"no whole answer within {limit:g} s") from None
        finally:
            stop.set()
            self._last = self._waiting.clock()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _wait_turn(self) -> None:
        if self._last is not None:
            rest = self._last + self._pause - self._waiting.clock()
            if rest > 0:
                self._waiting.sleep(rest)

    def _back_off(self, attempt: int, fault: Passing) -> None:
        own = min(_LONGEST_BACKOFF, max(self._pause, 1.0) * 2.0**attempt) * (0.5 + 0.5 * self._random.random())
        self._waiting.sleep(max(own, fault.pause))

    def _judge(self, answer: Answer) -> bytes:
        if answer.status == 200:
            return answer.body
        said = find_reason(answer.body)
        for secret in self._secret.values():
            said = said.replace(secret, "***")
        what = f"status {answer.status}" + (f", {said!r}" if said else "")
        if answer.status in _PASSING:
            pause = _read_pause(answer.headers.get("Retry-After", ""), self._waiting.now())
            if pause > LONGEST_PAUSE:
                raise InputError(f"{self._place.netloc}: {what}; it asks for a pause of {pause / 60:.0f} minutes.")
            raise Passing(what, pause)
        hint = _HINTS.get(answer.status, "It is not asked again.")
        raise InputError(f"{self._place.netloc}: {what}. {hint}")

    def _follow(self, address: str, answer: Answer, n_redirects: int) -> str:
        target = urljoin(address, answer.headers.get("Location", ""))
        there = urlsplit(target)
        if (there.scheme, there.netloc) != (self._place.scheme, self._place.netloc) or n_redirects > _MOST_REDIRECTS:
            # Only the host: the rest may hold the key.
            where = f"{there.scheme}://{there.hostname}" if n_redirects <= _MOST_REDIRECTS else "one after another"
            raise InputError(
                f"{self._place.netloc}: redirects to {where}, which is not followed. "
                "If the source has moved, give its new address as the base."
            )
        return target


def check_contact(contact: str) -> str:
    """The contact as it goes into the User-Agent, or an `InputError` that says what to give."""
    text = contact.strip()
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(' ()<>"\\')
    is_mail = is_plain and text.count("@") == 1 and all(part.strip(".") for part in text.split("@"))
    if is_plain and (is_mail or text.startswith("https://")):
        return f"mailto:{text}" if is_mail else text
    found = f"{contact!r} is neither" if text else "missing"
    raise InputError(
        f"contact: {found}. Give your e-mail address or a page about you (https://...), such as --contact "
        "you@example.org. It goes to the source alone, so that its keepers can write to you instead of blocking you."
    )


def check_base(base: str) -> SplitResult:
    """The parts of a base address, or an `InputError` if it could not be trusted."""
    try:
        place = urlsplit(base)
        good = bool(place.hostname) and (place.port is None or place.port > 0)
    except ValueError:
        good, place = False, urlsplit("")
    is_safe = place.scheme == "https" or (place.scheme == "http" and _is_here(place))
    if not good or not is_safe or "@" in place.netloc or place.query or place.fragment:
        raise InputError(f"base address {base!r}: give an https address without name, password and query.")
    return place


def _add_nothing(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _is_here(place: SplitResult) -> bool:
    try:
        return ipaddress.ip_address(place.hostname or "").is_loopback
    except ValueError:
        return place.hostname == "localhost"


def _read_pause(given: str, now: dt.datetime) -> float:
    """Seconds that a ``Retry-After`` asks for: a number or a date."""
    with contextlib.suppress(ValueError, OverflowError):
        return max(0.0, float(int(given)))
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        return max(0.0, (parsedate_to_datetime(given) - now).total_seconds())
    return 0.0
