"""Which themes rise or fall, with intervals."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks, theme_order
from analysis.plots.palette import INK, MUTED, Mark
from analysis.plots.text import clean, count_of, escape, wrap

_TITLE = "How the odds of each theme change"
_TICKS = (0.05, 0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10, 20)
_WIDEST = (1 / 30, 30.0)


def trend_forest(trends: pd.DataFrame, themes: pd.DataFrame | None = None, *, caution: str = "") -> go.Figure:
    """Odds ratio of each theme with its 95 % interval, and the verdict in words.

    Parameters
    ----------
    trends : DataFrame
        The table ``derived/trends``.
    themes : DataFrame, optional
        The table ``results/themes``: labels, colours and order.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    if trends.empty:
        return empty_figure("No trend was tested: too few papers have a date.", title=_TITLE, caution=caution)
    rows = trends.drop_duplicates("theme").set_index("theme")
    if not rows["odds_ratio"].notna().any():
        return empty_figure(_why_none(rows), title=_TITLE, caution=caution)
    ranked = theme_order(themes) if themes is not None else []
    order = [theme for theme in ranked if theme in rows.index] + [theme for theme in rows.index if theme not in ranked]
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    doubtful = find_doubtful(themes) & set(order)
    low, high = _limits(rows)
    figure = go.Figure()
    margin = rows["margin"].dropna()
    if len(margin):
        edge = float(margin.iloc[0])
        figure.add_vrect(x0=1 / edge, x1=edge, fillcolor="#e9edf1", line_width=0, layer="below")
    figure.add_vline(x=1, line={"color": MUTED, "width": 1.5}, layer="below")
    for place, theme in enumerate(order):
        _draw_theme(figure, rows.loc[theme], labels[theme], marks[theme], place, (low, high))
    ticks = _ticks(low, high)
    figure.update_xaxes(
        type="log",
        range=[math.log10(low), math.log10(high)],
        tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks],
        title=f"odds ratio {_unit_of(rows)} (logarithmic)",
    )
    figure.update_yaxes(
        tickvals=list(range(len(order))),
        ticktext=[wrap_label(labels[theme], 34, doubtful=theme in doubtful, n_lines=2) for theme in order],
        range=[len(order) - 0.4, -0.6],
        showgrid=False,
    )
    figure.update_layout(showlegend=False)
    return frame(
        figure,
        title=_TITLE,
        subtitle="Point and line: odds ratio and its 95 % interval. Right of 1 a theme gains on all others together.",
        notes=(_notes(rows), note_doubt(doubtful)),
        caution=caution,
        alt=f"{_TITLE}: "
        + "; ".join(
            f"{say_doubt(labels[theme], doubtful=theme in doubtful)}, {rows.loc[theme, 'verdict']}"
            for theme in order[:16]
        ),
        height=max(110, 46 * len(order)),
        left=300,
        right=190,
        bottom=64,
    )


def _why_none(rows: pd.DataFrame) -> str:
    reasons = [clean(reason).removeprefix("Unclear: ") for reason in rows["reason"].value_counts().index]
    why = reasons[0] if reasons else ""
    return f"No trend could be estimated: {why}" if why else "No trend could be estimated."


def _ticks(low: float, high: float) -> list[float]:
    """Ticks within the limits; those far from 1 give way where two would touch."""
    room = (math.log(high) - math.log(low)) / 14
    kept: list[float] = []
    for tick in sorted((tick for tick in _TICKS if low <= tick <= high), key=lambda tick: (tick != 1, -abs(tick - 1))):
        if all(abs(math.log(tick / other)) >= room for other in kept):
            kept.append(tick)
    return sorted(kept)


def _unit_of(rows: pd.DataFrame) -> str:
    units = [clean(unit) for unit in rows["unit"] if clean(unit)]
    return escape(units[0]) if units else ""


def _limits(rows: pd.DataFrame) -> tuple[float, float]:
    ends = pd.concat([rows["low"], rows["high"], rows["odds_ratio"], rows["margin"], 1 / rows["margin"]]).dropna()
    usable = ends[(ends > _WIDEST[0]) & (ends < _WIDEST[1])]
    # At least from a half to two, so that a narrow interval does not look like a wide one.
    low = min(0.5, float(usable.min()) if len(usable) else 0.5)
    high = max(2.0, float(usable.max()) if len(usable) else 2.0)
    return low / 1.06, high * 1.06


def _draw_theme(
    figure: go.Figure, row: pd.Series, label: str, mark: Mark, place: int, limits: tuple[float, float]
) -> None:
    ratio, low, high = (float(row[name]) if pd.notna(row[name]) else math.nan for name in ("odds_ratio", "low", "high"))
    if math.isfinite(ratio):
        ends = [min(max(end, limits[0]), limits[1]) if end == end else ratio for end in (low, high)]
        figure.add_scatter(
            x=ends, y=[place, place], mode="lines", line={"color": mark.color, "width": 3}, hoverinfo="skip"
        )
        figure.add_scatter(
            x=[min(max(ratio, limits[0]), limits[1])],
            y=[place],
            mode="markers",
            marker={"color": mark.color, "symbol": mark.symbol, "size": 13, "line": {"color": "white", "width": 1}},
            customdata=[[wrap(label, 60), wrap(row["reason"], 70, n_lines=6)]],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
        )
    visible = row["smallest_visible"]
    if pd.notna(visible) and float(visible) > 0:
        beyond = [edge for edge in (1 / float(visible), float(visible)) if limits[0] <= edge <= limits[1]]
        figure.add_scatter(
            x=beyond,
            y=[place] * len(beyond),
            mode="markers",
            marker={"symbol": "line-ns", "size": 16, "line": {"color": MUTED, "width": 1.5}},
            hoverinfo="skip",
        )
    interval = f"{ratio:.2f} ({low:.2f} to {high:.2f})" if math.isfinite(ratio) and low == low else "not estimated"
    figure.add_annotation(
        x=1,
        xref="paper",
        xanchor="left",
        xshift=14,
        y=place,
        text=f"<b>{escape(row['verdict'])}</b><br>{interval}",
        align="left",
        showarrow=False,
        font={"size": SMALL, "color": INK},
    )


def _notes(rows: pd.DataFrame) -> str:
    notes = []
    if rows["margin"].notna().any():
        notes.append("Shaded: changes that still count as steady.")
    if rows["smallest_visible"].notna().any():
        notes.append("Small upright lines: the smallest change that this corpus would show with 80 % power.")
    missing = int(rows["odds_ratio"].isna().sum())
    if missing:
        notes.append(f"{count_of(missing, 'theme')} without an estimate.")
    return " ".join(notes)
