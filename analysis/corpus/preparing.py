"""Records by the piece, made ready for all that follows: clean, in a language, and with what finds their likes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis.corpus.identity import fold_texts
from analysis.corpus.language import detect_languages
from analysis.corpus.shingles import N_HASHES, sign_texts
from analysis.corpus.table import PREPARED, Values, arrow_type, build_piece
from analysis.corpus.tidying import tidy_values

Signatures = np.ndarray[Any, np.dtype[np.uint32]]


class Prepared(NamedTuple):
    """Some records, clean: a table of those with some text, and the rows of those without."""

    table: Any
    empty: list[int]


def prepare_piece(values: Values, *, with_signatures: bool) -> Prepared:
    """Clean some records and work out of each what needs no other.

    Parameters
    ----------
    values : mapping of str to list
        From `analysis.corpus.table.list_values`.
    with_signatures : bool
        Whether near-duplicates will be looked for.

    Returns
    -------
    Prepared
        Its table has the columns of `analysis.corpus.table.PREPARED` after all others.
    """
    import pyarrow as pa

    tidy, empty = tidy_values(values)
    table = build_piece(tidy)
    titles, abstracts = tidy["title"], tidy["abstract"]
    folded = fold_texts(titles, abstracts)
    signatures = _sign(titles, abstracts) if with_signatures else [None] * len(titles)
    columns = (_tell_languages(tidy["language"], titles, abstracts), *folded, signatures)
    for (name, kind), column in zip(PREPARED.items(), columns, strict=True):
        table = table.append_column(name, pa.array(column, type=arrow_type(kind)))
    return Prepared(table, empty)


def complete_languages(table: Any) -> list[str]:
    """The language that each paper's text shows, empty where none is sure: as prepared, else worked out now."""
    told: list[str] = table.column("told_language").to_pylist()
    unknown = [row for row, code in enumerate(told) if code is None]
    if unknown:
        texts = table.select(["title", "abstract"]).take(unknown)
        found = detect_languages(*(column.to_pylist() for column in texts.columns))
        for row, code in zip(unknown, found, strict=True):
            told[row] = code
    return told


def complete_signatures(table: Any) -> Signatures:
    """The signature of each paper, zeros where it has no abstract: as prepared, else worked out now."""
    import pyarrow.compute as pc

    column = table.column("signature")
    n_papers = table.num_rows
    signatures = np.zeros((n_papers, N_HASHES), dtype=np.uint32)
    place = 0
    for chunk in column.chunks:
        # The bytes behind a missing value are none of its own.
        known = np.flatnonzero(chunk.is_valid().to_numpy(zero_copy_only=False))
        if len(known):
            whole = np.frombuffer(chunk.buffers()[1], np.uint32, (chunk.offset + len(chunk)) * N_HASHES)
            signatures[place + known] = whole.reshape(-1, N_HASHES)[chunk.offset + known]
        place += len(chunk)
    lacking = pc.and_(pc.is_null(column), pc.invert(table.column("title_only")))
    rows = np.flatnonzero(lacking.to_numpy())
    if len(rows):
        titles, abstracts = (table.column(name).take(rows).to_pylist() for name in ("title", "abstract"))
        signatures[rows] = sign_texts(_join(titles, abstracts))
    return signatures


def _tell_languages(stated: Sequence[str], titles: Sequence[str], abstracts: Sequence[str]) -> list[str]:
    """What the text shows; not asked where the source states it."""
    rows = [row for row, language in enumerate(stated) if not language]
    told = [""] * len(stated)
    found = detect_languages([titles[row] for row in rows], [abstracts[row] for row in rows])
    for row, code in zip(rows, found, strict=True):
        told[row] = code
    return told


def _sign(titles: Sequence[str], abstracts: Sequence[str]) -> list[bytes | None]:
    """The signature of each text as bytes; None without an abstract."""
    rows = [row for row, abstract in enumerate(abstracts) if abstract]
    found = sign_texts(_join([titles[row] for row in rows], [abstracts[row] for row in rows]))
    signatures: list[bytes | None] = [None] * len(titles)
    for row, signature in zip(rows, found, strict=True):
        signatures[row] = signature.tobytes()
    return signatures


def _join(titles: Sequence[str], abstracts: Sequence[str]) -> list[str]:
    return [f"{title} {abstract}" for title, abstract in zip(titles, abstracts, strict=True)]
