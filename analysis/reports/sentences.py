"""Sentences about a corpus and its themes: numbers in, plain text out."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis.plots.text import clean, count_of
from analysis.results import Tables

NONE = "–"  # noqa: RUF001 - a dash, as tables have it, not a minus.
# Below these a label, or the keyphrases, are marked as low: half-way between chance and perfect, or nearly so.
FAITHFUL, COHERENT = 0.75, 0.5
# More sources than that are counted, not named, in a sentence.
_N_SOURCES = 5


def describe_corpus(tables: Tables) -> list[str]:
    """What the corpus is and is not, one sentence at a time, from the tables and the ledger of the run.

    Parameters
    ----------
    tables : Tables
        Reads ``papers`` and ``run["corpus"]``; what is absent there is left out.
    """
    papers, corpus = tables.papers, tables.run.get("corpus") or {}
    n_papers, n_dated = len(papers), int(papers["published"].notna().sum())
    sentences = [_holdings(papers, corpus), describe_ledger(corpus.get("ledger") or {})]
    if n_dated < n_papers:
        verb = "has" if n_papers - n_dated == 1 else "have"
        sentences.append(
            f"{count_of(n_papers - n_dated, 'paper')} {verb} no usable date: in the themes and on the map, "
            "but in no share over time."
        )
    n_inferred = int(papers["published_inferred"].fillna(False).astype(bool).sum())
    if n_inferred:
        sentences.append(f"For {count_of(n_inferred, 'paper')} the date was not stated in full but inferred.")
    n_unassigned = int((papers["theme"] == "unassigned").sum())
    if n_unassigned:
        verb = "bears" if n_unassigned == 1 else "bear"
        sentences.append(
            f"{count_of(n_unassigned, 'paper')} ({percent(n_unassigned / n_papers)}) {verb} no theme "
            "and count in every denominator."
        )
    return [sentence for sentence in sentences if sentence]


def _holdings(papers: pd.DataFrame, corpus: dict[str, Any]) -> str:
    sources = [source_name(source) for source in corpus.get("sources") or []]
    named = join_words(sources) if len(sources) <= _N_SOURCES else count_of(len(sources), "source")
    origin = f" from {named}" if sources else ""
    dates = papers["published"].dropna()
    span = f", dated {iso(dates.min())} to {iso(dates.max())}" if len(dates) else ", none of them dated"
    return f"This corpus holds {count_of(len(papers), 'paper')}{origin}{span}."


def source_name(source: dict[str, Any]) -> str:
    """A source and when it was captured."""
    captured = clean(source.get("captured"))
    name = clean(source.get("name")) or "an unnamed source"
    if not captured:
        return f"{name} (capture date unknown)"
    known = clean(source.get("captured_from"))
    return f"{name} (captured {captured}" + (f", known from {known})" if known else ")")


def describe_ledger(ledger: dict[str, Any]) -> str:
    """How many records were read, merged, set aside and kept; empty where that is not known."""
    if not ledger:
        return ""
    read, merged, aside, kept = (int(ledger.get(key) or 0) for key in ("read", "merged", "set_aside", "kept"))
    verb = "was" if read == 1 else "were"
    return (
        f"{count_of(read, 'record')} {verb} read: {merged:,} merged with another, {aside:,} set aside, {kept:,} kept."
    )


def describe_theme(theme: pd.Series, *, n_papers: int) -> str:
    """Size and span of one theme, and whether the study named it.

    Parameters
    ----------
    theme : Series
        A row of ``results/themes``.
    n_papers : int
        All papers of the corpus.
    """
    size = int(theme["size"])
    share = f" ({percent(size / n_papers)} of all)" if n_papers else ""
    first, last = iso(theme["first_published"]), iso(theme["last_published"])
    span = f", dated {first} to {last}" if first and first != last else f", dated {first}" if first else ""
    kind = {"named": ", named by the study", "discovered": ", found in the text"}.get(str(theme["kind"]), "")
    edited = ", corrected by hand" if theme["edited"] is True or str(theme["edited"]) == "True" else ""
    return f"{count_of(size, 'paper')}{share}{kind}{edited}{span}."


def describe_faithfulness(faithfulness: float | None) -> str:
    """How well the label alone finds its papers, in words; a low value is marked."""
    if faithfulness is None or pd.isna(faithfulness):
        return "not measured"
    low = "; low: the label alone does not find these papers well" if faithfulness < FAITHFUL else ""
    return f"{faithfulness:.2f} of 1 (a label that says nothing has 0.50){low}"


def describe_intrusion(intrusion: float | None) -> str:
    """How often a foreign keyphrase stands out, in words; a low value is marked."""
    if intrusion is None or pd.isna(intrusion):
        return "not measured"
    low = "; low: one of the first five keyphrases hardly belongs with the others" if intrusion < COHERENT else ""
    return f"{intrusion:.2f} of 1 (a guess has 0.17){low}"


def mark_low(value: float | None, border: float) -> str:
    """A measure with two digits, and the word "low" where it is below the border.

    Examples
    --------
    >>> mark_low(0.912, 0.75), mark_low(0.5, 0.75)
    ('0.91', '0.50 (low)')
    """
    return number(value) + (" (low)" if _finite(value) and float(value or 0) < border else "")


def number(value: Any, *, digits: int = 2) -> str:
    """A number with fixed digits, or a dash for none."""
    return f"{float(value):.{digits}f}" if _finite(value) else NONE


def count_text(count: float) -> str:
    """A count of papers; with one decimal where papers count in parts.

    Examples
    --------
    >>> count_text(1200.0), count_text(2.5)
    ('1,200', '2.5')
    """
    return f"{count:,.0f}" if float(count).is_integer() else f"{count:,.1f}"


def p_text(value: Any) -> str:
    """A p- or q-value as readers expect it.

    Examples
    --------
    >>> p_text(0.0000123), p_text(0.0312)
    ('< 0.001', '0.031')
    """
    return NONE if not _finite(value) else "< 0.001" if value < 0.001 else f"{value:.3f}"


def percent(share: float) -> str:
    """A share in whole per cent; a small one that is not zero does not become zero.

    Examples
    --------
    >>> percent(0.25), percent(0.003), percent(0)
    ('25 %', '< 1 %', '0 %')
    """
    return "< 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def iso(date: Any) -> str:
    """A date as YYYY-MM-DD; empty for none."""
    return "" if date is None or pd.isna(date) else f"{pd.Timestamp(date):%Y-%m-%d}"


def date_text(published: Any, precision: Any) -> str:
    """A paper's date no finer than its source gives it."""
    length = {"year": 4, "month": 7}.get(str(precision), 10)
    return iso(published)[:length] or "no date"


def join_words(words: list[str]) -> str:
    """Words as a list in a sentence.

    Examples
    --------
    >>> join_words(["a", "b", "c"])
    'a, b and c'
    """
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}" if words else ""


def _finite(value: Any) -> bool:
    return value is not None and not pd.isna(value) and math.isfinite(float(value))
