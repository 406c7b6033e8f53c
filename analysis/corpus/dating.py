"""What the dates of a corpus are dates of, how fine they are, and where a second witness contradicts them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis.corpus.dates import DateSpan, make_span

AUDIT = ("source", "kind", "precision", "inferred", "n_papers", "earliest", "latest")
# The month of an arXiv id is that of its announcement: the last days of the month before are well dated.
_EARLY = 10
# A date that is a listing's or says nothing of itself should be near the id; a journal's may come years later.
_LATE = {"first_version": 10, "submission": 10, "listing": 92, "unstated": 92}
_ARXIV_MONTH = re.compile(r"(?:[a-z-]+(?:\.[a-z]{2})?/)?(\d{2})(\d{2})(?:\.\d{4,5}|\d{3})", re.IGNORECASE | re.ASCII)


def audit_dates(papers: pd.DataFrame) -> pd.DataFrame:
    """How many papers of each source bear which kind of date.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        ``source``, ``published``, ``published_end``, ``published_kind``,
        ``published_precision``, ``published_inferred``.

    Returns
    -------
    DataFrame
        ``source``, ``kind`` (what the date is the date of), ``precision``,
        ``inferred``, ``n_papers``, ``earliest``, ``latest``; sources in file
        order, the most frequent kind first.
    """
    grouped = papers.assign(n_papers=1).groupby(
        ["source", "published_kind", "published_precision", "published_inferred"], sort=False, dropna=False
    )
    audit = grouped.agg(
        n_papers=("n_papers", "sum"), earliest=("published", "min"), latest=("published_end", "max")
    ).reset_index()
    audit.columns = pd.Index(AUDIT)
    order = {source: place for place, source in enumerate(papers["source"].unique())}
    keys = pd.DataFrame({"place": audit["source"].map(order), "n": -audit["n_papers"]})
    return audit.loc[keys.sort_values(["place", "n"], kind="stable").index].reset_index(drop=True)


def find_arxiv_conflicts(papers: pd.DataFrame) -> list[tuple[str, str, str, str, int]]:
    """Papers whose date is not near the month that their arXiv id names.

    Returns
    -------
    list of tuple
        ``paper_id``, ``witness``, ``stated``, ``other`` (the first day of the
        month of the id), ``days_apart``.

    Notes
    -----
    An id YYMM.NNNNN is given when a paper is submitted [1]_, so its month is a
    second witness. Dates of journals may lie years after it and are not
    compared, except that none can lie before.

    References
    ----------
    .. [1] https://info.arxiv.org/help/arxiv_identifier.html
    """
    candidates = papers.loc[papers["arxiv_id"].notna() & papers["published"].notna()]
    months = [infer_month(name) for name in candidates["arxiv_id"]]
    firsts = [month.first.isoformat() if month else None for month in months]
    month = pd.to_datetime(pd.Series(firsts, index=candidates.index, dtype="str")).astype("datetime64[s]")
    early = (month - candidates["published_end"]).dt.days
    late = (candidates["published"] - (month + pd.offsets.MonthEnd(0))).dt.days
    allowed = candidates["published_kind"].map(_LATE).astype(float)
    apart = np.where(early > _EARLY, early, np.where(late > allowed, late, 0))
    found = candidates.assign(month=month, apart=np.nan_to_num(apart)).query("apart > 0")
    return [
        (paper_id, "month of the arXiv id", f"{stated:%Y-%m-%d}", f"{other:%Y-%m-%d}", int(days))
        for paper_id, stated, other, days in zip(
            found["paper_id"], found["published"], found["month"], found["apart"], strict=True
        )
    ]


def infer_month(arxiv_id: str) -> DateSpan | None:
    """The month that an arXiv id names, as an inferred date; None where it names none.

    >>> infer_month("2503.11731").first, infer_month("hep-th/9901001").first, infer_month("2513.00001")
    (datetime.date(2025, 3, 1), datetime.date(1999, 1, 1), None)
    """
    found = _ARXIV_MONTH.fullmatch(arxiv_id)
    if not found:
        return None
    year = int(found.group(1))
    return make_span(1900 + year if year >= 91 else 2000 + year, int(found.group(2)) or None, inferred=True)
