"""Whole columns of text: what is clean already is told of many values at once, and the rest cleaned one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.corpus.cleaning.text import clean_text

# Printable ASCII without the signs that markup and LaTeX begin with.
_PLAIN = bytes(code for code in range(ord(" "), ord("~")) if chr(code) not in "&<\\${")
_BETWEEN = "\x00"
_AT_ONCE = 64


def clean_column(values: Sequence[str], clean: Callable[[str], str] = clean_text) -> list[str]:
    """Clean every value of a column.

    Parameters
    ----------
    values : sequence of str
    clean : callable, default `clean_text`
        Anything that leaves as it is what `clean_text` does.

    Returns
    -------
    list of str, as long as `values`

    Examples
    --------
    >>> clean_column(["robots", "R&amp;D "])
    ['robots', 'R&D']
    """
    cleaned: list[str] = []
    for start in range(0, len(values), _AT_ONCE):
        block = values[start : start + _AT_ONCE]
        cleaned += block if _are_clean(block) else map(clean, block)
    return cleaned


def _are_clean(values: Sequence[str]) -> bool:
    """Whether cleaning would surely leave every value as it is."""
    joined = _BETWEEN.join(["", *values, ""])
    return (
        joined.isascii()
        and len(joined.encode("ascii").translate(None, _PLAIN)) == joined.count(_BETWEEN) == len(values) + 1
        and "  " not in joined
        and f"{_BETWEEN} " not in joined
        and f" {_BETWEEN}" not in joined
        and "``" not in joined
    )
