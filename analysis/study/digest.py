"""The digest of a study: what is new and moving since a day."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.config import Config, InputError
from analysis.corpus.exporting.writing import replace_file
from analysis.results import Tables
from analysis.study.run import load
from analysis.study.study import Study

if TYPE_CHECKING:
    from analysis.reports.digest import Bulletin, News

Day = dt.date | str | None
FORMATS = ("eml", "html", "txt", "json")
_OF_PAPERS = ["paper_id", "title", "published", "url", "theme", "theme_score", "n_upvotes", "n_comments"]
_BEFORE = re.compile(r"(\d{1,4})([dwmy])")
_WRITING = "Write a day such as 2025-10-17, or how long before the last day of the collection: 7d, 4w, 3m, 1y"


@dataclass(frozen=True)
class Digest:
    """What is new in a study since a day.

    Attributes
    ----------
    news : News
        The numbers: ``themes``, ``verdicts`` and ``papers`` are DataFrames.
    bulletin : Bulletin
        The words.
    """

    news: News
    bulletin: Bulletin

    @cached_property
    def text(self) -> str:
        """Plain text."""
        from analysis.reports.digest import render_digest_text

        return render_digest_text(self.bulletin)

    @cached_property
    def html(self) -> str:
        """A page for a mail reader or a browser: no script, nothing to fetch."""
        from analysis.reports.digest import render_digest_html

        return render_digest_html(self.bulletin)

    def to_mail(self, *, to: str = "", sender: str = "") -> bytes:
        """A message with text and HTML, as ``sendmail -t`` takes it.

        Parameters
        ----------
        to, sender : str
            Addresses for the headers To and From; what is empty has no header.
        """
        from analysis.reports.digest import compose_mail

        news = self.news
        # Papers may be dated ahead of their capture; a mail is not.
        day = max(min(news.until, news.captured or news.until), news.since)
        return compose_mail(self.text, self.html, subject=self.bulletin.subject, day=day, to=to, sender=sender)

    def to_dict(self) -> dict[str, Any]:
        """Numbers and words for JSON."""
        news = self.news
        return {
            "since": news.since.isoformat(),
            "until": news.until.isoformat(),
            "captured": news.captured.isoformat() if news.captured else None,
            "counts": news.counts,
            "themes": _list_rows(news.themes),
            "verdicts": _list_rows(news.verdicts),
            "ordered_by": news.measure,
            "papers": _list_rows(news.papers[_OF_PAPERS]),
            "words": _list_rows(news.words),
            "bulletin": asdict(self.bulletin),
        }

    def save(self, out: str | Path, *, to: str = "", sender: str = "") -> list[Path]:
        """Write the digest.

        Parameters
        ----------
        out : path
            A file whose name ends in ``.eml``, ``.html``, ``.txt`` or
            ``.json``, or a folder, which gets all four. Missing folders are made.
        to, sender : str
            As for `to_mail`.

        Returns
        -------
        list of Path
            The files written; each replaces an old one as a last act.

        Raises
        ------
        InputError
            If the end of the name means nothing or an address is at fault.
        """
        path = Path(out)
        kind = path.suffix.lower().removeprefix(".")
        if kind and not path.is_dir() and kind not in FORMATS:
            raise InputError(f"{path}: {path.suffix!r} is none of .eml, .html, .txt and .json. Give one, or a folder.")
        if kind in FORMATS and path.is_dir():
            raise InputError(f"{path}: this is a folder. Give the name of a file, or a folder without .{kind}.")
        files = {kind: path} if kind in FORMATS else {one: path / f"digest-{self.news.since}.{one}" for one in FORMATS}
        written = {
            "eml": lambda: self.to_mail(to=to, sender=sender),
            "html": lambda: self.html.encode("utf-8"),
            "txt": lambda: self.text.encode("utf-8"),
            "json": lambda: (json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n").encode("utf-8"),
        }
        contents = {file: written[one]() for one, file in files.items()}
        for file, content in contents.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            replace_file(file, lambda aside, content=content: aside.write_bytes(content))  # type: ignore[misc]
        return list(contents)

    def __str__(self) -> str:
        return self.text


def digest(study: str | Path | Study, *, since: Day, until: Day = None, top: int = 10) -> Digest:
    """What is new and moving in a study since a day; from its tables alone, no model is loaded.

    Parameters
    ----------
    study : path or Study
    since : date or str
        First day of what is new, such as ``2025-07-01``; or ``7d``, ``4w``,
        ``3m``, ``1y``: so long before the last day of the collection, which is the
        day of capture, else that of the latest paper (never today: the same
        study gives the same digest).
    until : date or str, optional
        Last day; papers dated after it are left out, of the verdicts too.
    top : int >= 0, default 10
        Papers listed first; of each theme up to three more follow.

    Returns
    -------
    Digest

    Raises
    ------
    InputError
        If the study has no results, or a day or `top` is at fault.

    Notes
    -----
    New is a paper dated in the span, whenever it came into the collection.
    """
    from analysis.reports.digest import write_bulletin
    from analysis.study.news import find_latest, gather_news

    if top < 0:
        raise InputError(f"top = {top} is not allowed: give 0 or more papers.")
    opened = study if isinstance(study, Study) else load(study)
    tables, config = opened.tables, opened.place.config
    captured = find_capture(tables, config)
    last_day = captured or find_latest(tables.papers)
    begin = read_since(since, last_day, name="since")
    end = None if until is None else read_since(until, last_day, name="until")
    if end is not None and end < begin:
        raise InputError(f"--until {end} lies before --since {begin}. Exchange the two.")
    news = gather_news(tables, config, since=begin, until=end, captured=captured, last_day=last_day)
    return Digest(news, write_bulletin(news, tables, config, top=top))


def find_capture(tables: Tables, config: Config) -> dt.date | None:
    """Last day that the collection covers, as the study or its sources say."""
    sources = (tables.run.get("corpus") or {}).get("sources") or []
    try:
        days = [dt.date.fromisoformat(source["captured"]) for source in sources if source.get("captured")]
    except (TypeError, ValueError):
        raise InputError("run.json: damaged (a source was captured on no day). Run the study again.") from None
    return config.corpus.captured or max(days, default=None)


def read_since(day: Day, last_day: dt.date | None, *, name: str) -> dt.date:
    """A day as given, or as so long before the last day of the collection.

    Parameters
    ----------
    day : date or str
        ISO, or a number and d, w, m or y. ``7d`` means the seven days that end
        with `last_day`.
    last_day : date or None
    name : str
        The option that it comes from.

    Raises
    ------
    InputError
        If it is no day, or relative where no paper is dated.
    """
    if isinstance(day, dt.date):
        return day.date() if isinstance(day, dt.datetime) else day
    text = str(day or "").strip()
    ago = _BEFORE.fullmatch(text)
    try:
        if ago is None:
            return dt.date.fromisoformat(text)
        if last_day is not None:
            return _go_back(last_day, int(ago[1]), ago[2])
    except (ValueError, OverflowError):
        raise InputError(f"--{name} {text!r}: this is no day. {_WRITING}.") from None
    raise InputError(
        f"--{name} {text!r}: the collection has no last day to count from, as neither its capture nor any paper is "
        "dated. Write a day such as 2025-10-17."
    )


def _go_back(last_day: dt.date, n_units: int, unit: str) -> dt.date:
    if unit in "dw":
        return last_day - dt.timedelta(days=n_units * (7 if unit == "w" else 1) - 1)
    months = last_day.year * 12 + last_day.month - 1 - n_units * (12 if unit == "y" else 1)
    first = dt.date(months // 12, months % 12 + 1, 1)
    length = (dt.date((months + 1) // 12, (months + 1) % 12 + 1, 1) - first).days
    # The day after the same day of that month: 1m before 17 October begins on 18 September.
    return first + dt.timedelta(days=min(last_day.day, length))


def _list_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.copy()
    for name in plain.select_dtypes(include=[np.datetime64]):
        plain[name] = plain[name].dt.strftime("%Y-%m-%d")
    rows: list[dict[str, Any]] = json.loads(plain.to_json(orient="records", force_ascii=False, double_precision=10))
    return rows
