"""The day that a file of the report bears: the study's, never today's."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.results import Tables

_UNDATED_STUDY = dt.datetime(2000, 1, 1)
# Zip archives, which spreadsheets are, know no year before.
_FIRST_YEAR = 1980


def date_study(tables: Tables) -> dt.datetime:
    """The last day of capture of its sources, else of its papers; the first day of 2000 where neither is known.

    Parameters
    ----------
    tables : Tables
        Reads ``run`` and ``papers.published``.

    Returns
    -------
    datetime
        Midnight, without a time zone: the same for the same tables.
    """
    sources = (tables.run.get("corpus") or {}).get("sources") or []
    captured = [pd.to_datetime(source.get("captured"), errors="coerce") for source in sources]
    last = max([day for day in captured if not pd.isna(day)] or [tables.papers["published"].max()])
    return _UNDATED_STUDY if pd.isna(last) or last.year < _FIRST_YEAR else last.to_pydatetime().replace(tzinfo=None)
