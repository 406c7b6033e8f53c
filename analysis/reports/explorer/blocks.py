"""What the explorer shows, from the tables: blocks that can be sent one after the other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import Config
from analysis.plots.looks import theme_labels, theme_marks, theme_order
from analysis.plots.palette import COLORS
from analysis.plots.text import clean, shorten
from analysis.reports.content import caution_of, title_of
from analysis.reports.explorer.colourings import list_colourings
from analysis.reports.explorer.near import compact_vectors
from analysis.reports.explorer.packing import pack_block
from analysis.reports.explorer.shades import shade_for_dark
from analysis.reports.explorer.wording import CodedTexts, code_texts, find_words
from analysis.results import Tables
from analysis.trends.periods import locate_spans
from analysis.trends.spans import PRECISIONS, read_spans

# Abstracts are unfolded in parts, so that the page answers in between.
_N_IN_PART = 8192
_UNDATED = np.iinfo(np.int32).min
_N_AUTHORS, _LONGEST_ADDRESS = 8, 2000


@dataclass(frozen=True)
class Blocks:
    """The parts of a study as the explorer takes them, each made by `pack_block`.

    Attributes
    ----------
    core : bytes
        Places, dates and colourings: all that the first picture needs beside `themes`.
    themes : bytes
        Themes, topics, and which paper is in which: all that corrections change.
    titles : bytes
        The dictionary of all texts, and the titles.
    details : bytes
        Ids, addresses and authors.
    near : bytes
        Small vectors; empty facts where the study has none.
    abstracts : tuple of bytes
        8,192 papers each.
    """

    core: bytes
    themes: bytes
    titles: bytes
    details: bytes
    near: bytes
    abstracts: tuple[bytes, ...]

    def by_name(self) -> dict[str, bytes]:
        """Every block under its name, in the order in which the explorer wants them."""
        parts = {f"abstracts-{i}": part for i, part in enumerate(self.abstracts)}
        named = {name: getattr(self, name) for name in ("core", "themes", "titles", "details", "near")}
        return named | parts


def pack_blocks(tables: Tables, config: Config, *, vectors: npt.NDArray[np.float32] | None = None) -> Blocks:
    """Everything that the explorer shows of a study.

    Parameters
    ----------
    tables : Tables
    config : Config
    vectors : float32 array (n_papers, n_dimensions), optional
        For "more like this".

    Returns
    -------
    Blocks
    """
    papers = tables.papers
    bylines = [_write_byline(*pair) for pair in zip(papers["authors"], papers["venue"], strict=True)]
    abstracts = papers["abstract"].tolist()
    parts = [abstracts[i : i + _N_IN_PART] for i in range(0, len(abstracts), _N_IN_PART)]
    words, (titles, coded_bylines, *coded) = code_texts([papers["title"].tolist(), bylines, *parts])
    near = {} if vectors is None or not len(vectors) else {"vectors": compact_vectors(vectors)}
    n_dimensions = near["vectors"].shape[1] if near else 0
    exact = near and n_dimensions == vectors.shape[1] if vectors is not None else False
    return Blocks(
        core=_pack_core(tables, config, n_parts=len(parts), has_near=bool(near)),
        themes=pack_themes(tables),
        titles=pack_block({"words": words}, {"is_word": find_words(words), **_list_arrays(titles)}),
        details=pack_block(
            {"paper_ids": papers["paper_id"].tolist(), "urls": _list_urls(papers)}, _list_arrays(coded_bylines)
        ),
        near=pack_block(
            {"n_dimensions": n_dimensions, "exact": bool(exact)},
            {name: array.reshape(-1) for name, array in near.items()},
        ),
        abstracts=tuple(pack_block({}, _list_arrays(part)) for part in coded),
    )


def pack_themes(tables: Tables) -> bytes:
    """The themes and topics, and which paper is in which: what changes with a correction."""
    order = theme_order(tables.themes)
    order += sorted(set(tables.papers["theme"]) - set(order))
    labels, marks = theme_labels(order, tables.themes), theme_marks(order, tables.themes)
    rows = tables.themes.drop_duplicates("theme").set_index("theme")
    verdicts = dict(zip(tables.trends["theme"], tables.trends["verdict"], strict=True))
    themes = []
    for theme in order:
        row = rows.loc[theme] if theme in rows.index else pd.Series(dtype=object)
        mark = marks[theme]
        themes.append(
            {
                "theme": theme,
                "label": labels[theme],
                "kind": str(row.get("kind", "discovered")),
                "color": mark.color,
                "dark": shade_for_dark(mark.color),
                "symbol": mark.symbol,
                "dash": mark.dash,
                "description": shorten(row.get("description"), 300),
                "verdict": clean(verdicts.get(theme)),
                "edited": bool(row.get("edited", False)),
                "stability": _number(row.get("stability")),
            }
        )
    topics = [
        {"topic": int(topic), "label": shorten(label, 120) or f"Topic {topic}"}
        for topic, label in zip(tables.topics["topic"], tables.topics["label"], strict=True)
    ]
    papers = tables.papers
    topic_rows = pd.Index(tables.topics["topic"]).get_indexer(pd.Index(papers["topic"]))
    arrays = {
        "theme": pd.Index(order).get_indexer(pd.Index(papers["theme"])).astype(np.uint16),
        # A topic without a row cannot be named: the last number stands for it.
        "topic": topic_rows.astype(np.uint16),
        "score": papers["theme_score"].to_numpy(dtype=np.float32, na_value=np.nan),
    }
    palette = [{"color": color, "dark": shade_for_dark(color)} for color in COLORS]
    return pack_block({"themes": themes, "topics": topics, "palette": palette}, arrays)


def _pack_core(tables: Tables, config: Config, *, n_parts: int, has_near: bool) -> bytes:
    papers = tables.papers
    periods, place = _locate_papers(tables)
    days = pd.to_datetime(papers["published"]).to_numpy().astype("datetime64[D]")
    numbers = np.where(np.isnat(days), _UNDATED, days.astype(np.int64))
    colourings = list_colourings(papers)
    facts = {
        "title": title_of(tables, config),
        "caution": caution_of(tables, config),
        "n_papers": len(papers),
        "n_parts": n_parts,
        "n_in_part": _N_IN_PART,
        "has_near": has_near,
        "is_split": config.trends.counting == "fractional",
        "periods": periods,
        "colourings": [one.describe() for one in colourings],
    }
    ranks = papers["published_precision"].map({name: i for i, name in enumerate(PRECISIONS)}).fillna(0)
    arrays = {
        "x": papers["map_x"].to_numpy(dtype=np.float32, na_value=np.nan),
        "y": papers["map_y"].to_numpy(dtype=np.float32, na_value=np.nan),
        "day": numbers.astype(np.int32),
        "precision": ranks.to_numpy(dtype=np.uint8),
        "period": place.astype(np.int16),
        **{f"colouring-{i}": one.values for i, one in enumerate(colourings)},
    }
    return pack_block(facts, arrays)


def _locate_papers(tables: Tables) -> tuple[list[dict[str, Any]], npt.NDArray[np.int64]]:
    """The periods of the table of shares, and the one that each paper falls in: as they were counted."""
    shares = tables.shares
    rows = shares[shares["period"].notna()].drop_duplicates("period").sort_values("period")
    place = locate_spans(read_spans(tables.papers), rows)
    columns = ("period", "period_end", "total", "complete")
    listed = [
        {"start": f"{start:%Y-%m-%d}", "end": f"{end:%Y-%m-%d}", "total": float(total), "complete": bool(complete)}
        for start, end, total, complete in zip(*(rows[name].tolist() for name in columns), strict=True)
    ]
    return listed, place


def _list_urls(papers: pd.DataFrame) -> list[str]:
    empty = pd.Series([None] * len(papers))
    columns = [papers.get(name, empty) for name in ("url", "doi", "arxiv_id")]
    return [_find_url(*(clean(part) for part in row)) for row in zip(*columns, strict=True)]


def _find_url(url: str, doi: str, arxiv_id: str) -> str:
    if len(url) <= _LONGEST_ADDRESS and " " not in url and is_web_address(url):
        return url
    if doi:
        return f"https://doi.org/{quote(doi, safe='/:;().')}"
    return f"https://arxiv.org/abs/{quote(arxiv_id, safe='/.')}" if arxiv_id else ""


def is_web_address(url: str) -> bool:
    """True for an http or https address with a host.

    Examples
    --------
    >>> is_web_address("https://example.org/a"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _write_byline(authors: Any, venue: Any) -> str:
    names = [clean(name) for name in authors] if authors is not None and not isinstance(authors, str | float) else []
    names = [name for name in names if name]
    shown = ", ".join(names[:_N_AUTHORS]) + (" and others" if len(names) > _N_AUTHORS else "")
    return " · ".join(part for part in (shown, clean(venue)) if part)


def _list_arrays(coded: CodedTexts) -> dict[str, npt.NDArray[Any]]:
    return {"stream": coded.stream, "ends": coded.ends}


def _number(value: Any) -> float | None:
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else round(float(value), 4)
