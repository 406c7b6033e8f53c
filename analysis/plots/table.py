"""Rising and falling: the verdicts as a table."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, WIDTH, Sheet, empty_figure, frame, theme_labels, theme_marks, theme_order
from analysis.plots.palette import INK, MUTED, RULE
from analysis.plots.periods import Grid, grid_shares
from analysis.plots.text import clean, count_of, escape
from analysis.trends.sentences import say_estimate, say_p

_TITLE = "What rises and falls"
# A sign and a word, not a colour: a rise is neither good nor bad.
_GROUPS = (("rising", "▲"), ("falling", "▼"), ("changing", "◆"), ("steady", "■"), ("unclear", "?"))
_ROW, _HEAD, _TOP = 40, 38, 44
_N_ROWS = 40
# Where each column begins, in pixels from the left.
_COLUMNS = (18, 294, 478, 548, 768, 838, 948)
_NO = "–"  # noqa: RUF001


def trend_table(
    trends: pd.DataFrame, shares: pd.DataFrame, themes: pd.DataFrame | None = None, *, caution: str = ""
) -> go.Figure:
    """Verdicts in groups, the strongest change of each first, with the numbers that they rest on.

    Parameters
    ----------
    trends : DataFrame
        The table ``derived/trends``.
    shares : DataFrame
        The table ``derived/shares``.
    themes : DataFrame, optional
        The table ``results/themes``: labels, colours and order.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    if trends.empty:
        return empty_figure("No trend was tested: too few papers have a date.", title=_TITLE, caution=caution)
    rows = trends.drop_duplicates("theme").set_index("theme")
    ranked = theme_order(themes) if themes is not None else []
    known = [theme for theme in ranked if theme in rows.index] + [theme for theme in rows.index if theme not in ranked]
    labels, marks = theme_labels(known, themes), theme_marks(known, themes)
    groups = _group(rows, known)
    shown = [theme for _, _, members in groups for theme in members]
    doubtful = find_doubtful(themes) & set(shown)
    grid = grid_shares(shares, themes)
    thirds = _take_thirds(grid)
    records = dict(zip(rows.index, (row for _, row in rows.iterrows()), strict=True))
    sheet = Sheet()
    y = float(_TOP)
    for verdict, sign, members in groups:
        n_all = int((rows["verdict"] == verdict).sum())
        _write_head(sheet, f"{sign} {verdict.capitalize()} ({n_all})", y)
        y += _HEAD
        for theme in members:
            row = records[theme]
            label = wrap_label(labels[theme], 32, doubtful=theme in doubtful, n_lines=2)
            cells = (label, *_cells(row, thirds.get(theme)))
            _write_row(sheet, cells, marks[theme].color, y)
            y += _ROW
    _write_titles(sheet, rows)
    figure = go.Figure()
    sheet.lay_on(figure)
    figure.update_xaxes(visible=False, range=[0, WIDTH - 32])
    figure.update_yaxes(visible=False, range=[y, 0])
    figure.update_layout(showlegend=False, hovermode=False)
    return frame(
        figure,
        title=_TITLE,
        notes=(_notes(rows, grid, n_hidden=len(rows) - len(shown)), note_doubt(doubtful)),
        caution=caution,
        alt=f"{_TITLE}: "
        + "; ".join(
            f"{verdict}: " + ", ".join(say_doubt(labels[theme], doubtful=theme in doubtful) for theme in members[:8])
            for verdict, _, members in groups
        ),
        height=round(y),
        left=16,
        right=16,
        bottom=6,
    )


def _group(rows: pd.DataFrame, known: list[str]) -> list[tuple[str, str, list[str]]]:
    """Verdict, its sign and its themes; cut after 40 rows, the unclear first."""
    room = _N_ROWS
    groups = []
    for verdict, sign in _GROUPS:
        members = [theme for theme in known if clean(rows.loc[theme, "verdict"]) == verdict]
        if verdict in ("rising", "falling"):
            far = rows["odds_ratio"].astype(float).map(lambda ratio: abs(math.log(ratio)) if ratio > 0 else 0.0)
            members = sorted(members, key=lambda theme: -far[theme])
        if members and room > 0:
            groups.append((verdict, sign, members[:room]))
        room -= len(members)
    return groups


def _take_thirds(grid: Grid) -> dict[str, list[float]]:
    """Share of each theme in the first, middle and last third of the periods with papers."""
    totals = grid.periods["total"].to_numpy(dtype=float)
    full = np.flatnonzero(totals > 0)
    if len(full) < 3:
        return {}
    parts = np.array_split(full, 3)
    counts = {theme: cell["count"].fillna(0.0).to_numpy() for theme, cell in grid.cells.items()}
    return {theme: [float(own[part].sum() / totals[part].sum()) for part in parts] for theme, own in counts.items()}


def _cells(row: pd.Series, thirds: list[float] | None) -> tuple[str, ...]:
    ratio, low, high = (float(row[name]) if pd.notna(row[name]) else math.nan for name in ("odds_ratio", "low", "high"))
    odds = escape(say_estimate(ratio, low, high)) if low == low and ratio == ratio else _NO
    shape, turn = clean(row.get("shape")), row.get("turn")
    if shape:
        odds += f"<br>{escape(shape)}" + (f" at {turn:%Y-%m-%d}" if pd.notna(turn) else "")
    holds = row.get("holds_without_doubtful")
    return (
        odds,
        say_p(float(row["q"])).removeprefix("= ").replace("<", "&lt;") if pd.notna(row["q"]) else _NO,
        " → ".join(f"{share:.1%}" if 0 < share < 0.095 else f"{share:.0%}" for share in thirds) if thirds else _NO,
        f"{int(row['n_papers']):,}",
        _NO if pd.isna(row["survives"]) else f"{float(row['survives']):.0%}",
        _NO if pd.isna(holds) else "holds" if holds else "does not hold",
    )


def _write_titles(sheet: Sheet, rows: pd.DataFrame) -> None:
    units = [clean(unit) for unit in rows["unit"] if clean(unit)]
    unit = "per year" if "year" in (units or [""])[0] else "over the span"
    titles = (
        "Theme", f"Odds ratio {unit}<br>(95 % interval)", "q", "Share in first, middle,<br>last third", "Papers",
        "Same in<br>refits", "Without<br>doubtful papers",
    )  # fmt: skip
    for x, title in zip(_COLUMNS, titles, strict=True):
        _write(sheet, x, _TOP / 2 - 4, title, color=MUTED)


def _write_head(sheet: Sheet, text: str, y: float) -> None:
    sheet.shapes.append(_rule(y + 2, MUTED))
    _write(sheet, 0, y + _HEAD / 2 + 2, f"<b>{text}</b>", size=SMALL + 1)


def _write_row(sheet: Sheet, cells: tuple[str, ...], color: str, y: float) -> None:
    middle = y + _ROW / 2
    sheet.shapes.append(_rule(y, RULE))
    ends = {"x0": 2, "x1": 9, "y0": y + 7, "y1": y + _ROW - 7}
    sheet.shapes.append({"type": "rect", **ends, "fillcolor": color, "line": {"width": 0}})
    for x, cell in zip(_COLUMNS, cells, strict=True):
        _write(sheet, x, middle, cell)


def _write(sheet: Sheet, x: float, y: float, text: str, *, color: str = INK, size: int = SMALL) -> None:
    place = {"x": x, "y": y, "xanchor": "left", "yanchor": "middle", "align": "left", "showarrow": False}
    sheet.texts.append({**place, "text": text, "font": {"size": size, "color": color}})


def _rule(y: float, color: str) -> dict[str, Any]:
    ends = {"x0": 0, "x1": WIDTH - 32, "y0": y, "y1": y}
    return {"type": "line", **ends, "line": {"color": color, "width": 1}, "layer": "below"}


def _notes(rows: pd.DataFrame, grid: Grid, *, n_hidden: int) -> str:
    notes = [f"Thirds: of the {grid.unit}s with papers. q: after Benjamini-Hochberg over the themes."]
    if rows["survives"].notna().any():
        notes.append("Same in refits: how many other seeds, samples or encoders give the same verdict.")
    if "holds_without_doubtful" in rows and rows["holds_without_doubtful"].notna().any():
        notes.append("Doubtful papers: those that change their theme in many of these.")
    if n_hidden > 0:
        notes.append(f"{count_of(n_hidden, 'more theme')} not listed; the table of trends has all.")
    return " ".join(notes)
