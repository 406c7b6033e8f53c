"""From the records read to the papers kept: what was merged, what was set aside, and why."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.looks import SMALL, WIDTH, Sheet, empty_figure, frame
from analysis.plots.palette import INK, MUTED, RULE, pale
from analysis.plots.strip import BAR
from analysis.plots.text import clean, count_of, escape, text_width, wrap_lines

_TITLE = "From the records read to the papers kept"
# Rows of a box; what does not fit is counted in its last row.
_N_ROWS = 12
# Pixels: of the frame, of a box, between boxes, of its head, of a line, round a row, inside its edges, for a count.
_SPAN, _BOX, _GAP, _HEAD, _LINE, _ROOM, _EDGE, _COUNT = WIDTH - 32, 486, 26, 36, 18, 8, 14, 76
_TRUNK = 190


@dataclass(frozen=True)
class _Row:
    lines: list[str]
    n_records: int

    @property
    def height(self) -> int:
        return _LINE * len(self.lines) + _ROOM


@dataclass(frozen=True)
class _Box:
    title: str
    n_records: int
    rows: list[_Row]

    @property
    def height(self) -> int:
        return _HEAD + sum(row.height for row in self.rows) + (6 if self.rows else 0)


def record_flow(flow: pd.DataFrame, *, caution: str = "") -> go.Figure:
    """The flow of records as a PRISMA 2020 diagram draws it [1]_, with the number of records in every box.

    Parameters
    ----------
    flow : DataFrame
        The table ``results/ledger``. Of more than twelve sources, rules or
        reasons the smallest are counted together.
    caution : str
        What the sample allows to conclude; stands under the figure.

    References
    ----------
    .. [1] Page et al. (2021), The PRISMA 2020 statement, BMJ 372:n71.
    """
    if flow.empty:
        return empty_figure("This study has no account of its records.", title=_TITLE, caution=caution)
    read, merged, aside, kept = _build_boxes(flow)
    sheet = Sheet()
    most = read.n_records
    below = _draw_box(sheet, read, 0, 0, most)
    y = below + _GAP
    for box in (merged, aside):
        middle = y + _HEAD / 2
        _draw_arrow(sheet, (_TRUNK, middle), (_SPAN - _BOX, middle))
        y = _draw_box(sheet, box, _SPAN - _BOX, y, most) + _GAP
    _draw_arrow(sheet, (_TRUNK, below), (_TRUNK, y))
    bottom = _draw_box(sheet, kept, 0, y, most, is_end=True)
    figure = go.Figure()
    sheet.lay_on(figure)
    figure.update_xaxes(visible=False, range=[-1, _SPAN + 1])
    figure.update_yaxes(visible=False, range=[bottom + 2, -2])
    figure.update_layout(showlegend=False, hovermode=False)
    return frame(
        figure,
        title=_TITLE,
        subtitle=_add_up(read, merged, aside, kept),
        notes=("Bars: part of all records read. After the flow diagram of PRISMA 2020.",),
        caution=caution,
        alt=f"{_TITLE}: {_add_up(read, merged, aside, kept)} " + " ".join(map(_say_box, (read, merged, aside, kept))),
        height=round(bottom) + 4,
        left=16,
        right=16,
        bottom=6,
    )


def _build_boxes(flow: pd.DataFrame) -> tuple[_Box, _Box, _Box, _Box]:
    stages = {stage: flow[flow["stage"] == stage] for stage in ("read", "merged", "set_aside", "kept")}
    files = stages["read"]
    sources = pd.Series(
        files["n_records"].to_numpy(),
        index=[f"{clean(name)} · {clean(form)}" for name, form in zip(files["source"], files["reason"], strict=True)],
        dtype="int64",
    )
    counts = {stage: rows.groupby("reason", sort=False)["n_records"].sum() for stage, rows in stages.items()}
    return (
        _build_box(f"Read from {count_of(len(files), 'source')}", sources, "source"),
        _build_box("Merged with another record of the same paper", counts["merged"], "rule"),
        _build_box("Set aside", counts["set_aside"], "reason"),
        _build_box("Kept as papers", counts["kept"], "kind"),
    )


def _build_box(title: str, counts: pd.Series, noun: str) -> _Box:
    ranked = counts.sort_values(ascending=False, kind="stable")
    shown = ranked if len(ranked) <= _N_ROWS else ranked.iloc[: _N_ROWS - 1]
    rows = [_Row(_wrap_to(str(name), _BOX - 2 * _EDGE - _COUNT), int(n)) for name, n in shown.items()]
    if len(shown) < len(ranked):
        rest = ranked.iloc[len(shown) :]
        rows.append(_Row([count_of(len(rest), f"other {noun}")], int(rest.sum())))
    return _Box(title, int(counts.sum()), rows)


def _wrap_to(text: str, width: int) -> list[str]:
    plain = clean(text) or "(not named)"
    # Small letters are narrower than the rough width, capitals wider.
    n_capitals = sum(letter.isupper() for letter in plain)
    mean = (text_width(plain, SMALL) / 1.15 + 0.25 * SMALL * n_capitals) / len(plain)
    return wrap_lines(plain, max(8, int(width / mean)), n_lines=2)


def _add_up(read: _Box, merged: _Box, aside: _Box, kept: _Box) -> str:
    parts = f"{kept.n_records:,} kept, {merged.n_records:,} merged and {aside.n_records:,} set aside"
    whole = kept.n_records + merged.n_records + aside.n_records
    if whole == read.n_records:
        return f"{count_of(read.n_records, 'record')} read: {parts}."
    return f"This account does not add up: {count_of(read.n_records, 'record')} read, but {parts} are {whole:,}."


def _say_box(box: _Box) -> str:
    rows = "; ".join(f"{' '.join(row.lines)}, {row.n_records:,}" for row in box.rows)
    return f"{box.title}, {box.n_records:,}{': ' + rows if rows else ''}."


def _draw_box(sheet: Sheet, box: _Box, x: float, y: float, most: int, *, is_end: bool = False) -> float:
    """Draw a box with its top left corner at a place; return where it ends."""
    end = x + _BOX
    sheet.shapes.append({
        "type": "rect", "x0": x, "x1": end, "y0": y, "y1": y + box.height, "layer": "below",
        "fillcolor": pale(BAR, 0.1) if is_end else "white", "line": {"color": BAR if is_end else MUTED, "width": 1.5},
    })  # fmt: skip
    middle = y + _HEAD / 2
    _write(sheet, x + _EDGE, middle, f"<b>{escape(box.title)}</b>", size=SMALL + 1)
    _write(sheet, end - _EDGE, middle, f"<b>{box.n_records:,}</b>", anchor="right", size=SMALL + 1)
    top = y + _HEAD
    for row in box.rows:
        length = (_BOX - _EDGE) * row.n_records / most if most else 0
        sheet.shapes.append({
            "type": "rect", "x0": x + _EDGE / 2, "x1": x + _EDGE / 2 + length,
            "y0": top + 1, "y1": top + row.height - 1, "layer": "below",
            "fillcolor": pale(BAR, 0.3) if is_end else RULE, "line": {"width": 0},
        })  # fmt: skip
        middle = top + row.height / 2
        _write(sheet, x + _EDGE, middle, "<br>".join(map(escape, row.lines)))
        _write(sheet, end - _EDGE, middle, f"{row.n_records:,}", anchor="right")
        top += row.height
    return y + box.height


def _draw_arrow(sheet: Sheet, start: tuple[float, float], end: tuple[float, float]) -> None:
    sheet.texts.append({
        "x": end[0], "y": end[1], "ax": start[0], "ay": start[1], "xref": "x", "yref": "y", "axref": "x", "ayref": "y",
        "text": "", "showarrow": True, "arrowhead": 2, "arrowsize": 1.2, "arrowwidth": 1.8, "arrowcolor": MUTED,
    })  # fmt: skip


def _write(sheet: Sheet, x: float, y: float, text: str, *, anchor: str = "left", size: int = SMALL) -> None:
    sheet.texts.append({
        "x": x, "y": y, "text": text, "xanchor": anchor, "yanchor": "middle", "align": anchor, "showarrow": False,
        "font": {"size": size, "color": INK},
    })  # fmt: skip
