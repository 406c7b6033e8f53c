"""A digest as a message that any mailer sends."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from analysis.config import InputError
from analysis.plots.text import clean

# Reserved by RFC 2606: the id names no host, and none is asked for.
_DOMAIN = "themeline.invalid"
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_NO_ADDRESS = "this is no address. Write ada@example.org or Ada <ada@example.org>."


def compose_mail(text: str, html: str, *, subject: str, day: dt.date, to: str = "", sender: str = "") -> bytes:
    """A message with the same content as text and as HTML, as bytes with CRLF.

    Parameters
    ----------
    text, html : str
    subject : str
        Cleaned here: no control character, and nothing that a reader decodes.
    day : date
        For the header Date, at midnight UTC.
    to, sender : str
        Addresses, as `read_addresses` takes them; empty leaves the header to
        the mailer.

    Returns
    -------
    bytes
        The same for the same arguments: the Message-ID and the boundary are
        made from the content, never from clock or host.

    Raises
    ------
    InputError
        If an address is at fault.
    """
    message = EmailMessage(policy=SMTP)
    if sender:
        message["From"] = _join(read_addresses(sender, name="from", most=1))
    if to:
        message["To"] = _join(read_addresses(to, name="to"))
    line = _make_header(subject)
    message["Subject"] = line
    message["Date"] = format_datetime(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))
    key = hashlib.sha256("\0".join([line, day.isoformat(), text, html]).encode("utf-8")).hexdigest()
    message["Message-ID"] = f"<digest.{key[:32]}@{_DOMAIN}>"
    # RFC 3834: no out-of-office note answers it.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"themeline-{key[:32]}")
    head, blank, body = message.as_bytes().partition(b"\r\n\r\n")
    # A lone dot ends the input of some mailers, and "From " starts a message in some mailboxes.
    body = re.sub(rb"(?m)^\.(?=\r$)", b"=2E", body)
    return head + blank + re.sub(rb"(?m)^From ", b"=46rom ", body)


def read_addresses(text: str, *, name: str, most: int | None = None) -> list[str]:
    """Addresses as they stand in a header, after a check.

    Parameters
    ----------
    text : str
        ``ada@example.org`` or ``Ada Lovelace <ada@example.org>``; several with commas between.
    name : str
        The option that they come from.
    most : int or None
        How many there may be.

    Raises
    ------
    InputError
        If there is none, one is no address, or there are too many.

    Examples
    --------
    >>> read_addresses("ada@example.org, Alan <alan@example.org>", name="to")
    ['ada@example.org', 'Alan <alan@example.org>']
    """
    found = f"--{name} {clean(text)!r}"
    if text != clean(text):
        raise InputError(f"{found}: it holds line breaks, control characters or double blanks. Give plain addresses.")
    try:
        header = SMTP.header_factory("To", text)
    except (HeaderParseError, IndexError, AttributeError, ValueError):
        raise InputError(f"{found}: {_NO_ADDRESS}") from None
    addresses = header.addresses
    is_named = any(group.display_name is not None for group in header.groups)
    if not addresses or header.defects or is_named or not all(_ADDRESS.fullmatch(one.addr_spec) for one in addresses):
        raise InputError(f"{found}: {_NO_ADDRESS}")
    if most is not None and len(addresses) > most:
        raise InputError(f"{found}: {len(addresses)} addresses, and there may be {most}.")
    return [str(address) for address in addresses]


def _join(addresses: list[str]) -> str:
    return ", ".join(addresses)


def _make_header(text: str) -> str:
    """One line without encoded words: what a label spells, no reader decodes."""
    return clean(text).replace("=?", "= ?").replace("?=", "? =")
