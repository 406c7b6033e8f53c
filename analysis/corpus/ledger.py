"""The account of a corpus: read = kept + merged + set aside, by source and by reason."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from analysis.corpus.records import SourceFacts

LEDGER = ("stage", "source", "reason", "n_records")
_PARTICULARS = re.compile(r"\s*(?:[:(]|\d+ cells).*$", re.DOTALL)


def build_ledger(
    facts: Sequence[SourceFacts], merges: pd.DataFrame, set_aside: pd.DataFrame, papers: pd.DataFrame
) -> pd.DataFrame:
    """The flow of records, as a flow diagram of PRISMA counts it [1]_.

    Returns
    -------
    DataFrame
        ``stage`` (read, merged, set_aside, kept), ``source``, ``reason`` (of
        what is read: the format; of what is merged: the rule) and
        ``n_records``. The counts of read are those of the other three together.

    References
    ----------
    .. [1] Page et al. (2021), The PRISMA 2020 statement, BMJ 372:n71.
    """
    parts = [
        pd.DataFrame([("read", one.name, one.format, one.n_read) for one in facts], columns=list(LEDGER)),
        _count("merged", merges["source"], merges["rule"]),
        _count("set_aside", set_aside["source"], set_aside["reason"].map(summarise_reason)),
        _count("kept", papers["source"], papers["title_only"].map({True: "title only", False: "with an abstract"})),
    ]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True).astype({"n_records": "int64"})


def summarise_reason(reason: str) -> str:
    """A reason without what is particular to one record.

    >>> summarise_reason("not valid JSON (line 1 column 3)")
    'not valid JSON'
    """
    return _PARTICULARS.sub("", reason).strip() or reason


def _count(stage: str, source: pd.Series, reason: pd.Series) -> pd.DataFrame:
    counted = pd.DataFrame({"source": source, "reason": reason}).value_counts(sort=False).reset_index(name="n_records")
    return counted.assign(stage=stage)[list(LEDGER)].sort_values(["source", "reason"], ignore_index=True)
