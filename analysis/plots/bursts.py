"""When a theme bursts: stretches in which it holds far more of the papers than usual."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks
from analysis.plots.palette import INK, MUTED, Mark, pale
from analysis.plots.periods import Grid, choose_ticks, explain_empty, grid_shares, label_ticks, list_set_apart
from analysis.plots.text import count_of, count_papers, wrap
from analysis.trends.bursts import MIN_PERIODS
from analysis.trends.sentences import say_p

_TITLE = "Bursts of the themes"
_ROW, _LEFT, _RIGHT = 84, 224, 316
# Height of the tallest bar of a row, of which the next row is 1 away.
_TALL, _RAIL = 0.62, 0.13
_USUAL = "#cdd3da"
_SHOWN = 3


def burst_timeline(
    bursts: pd.DataFrame,
    shares: pd.DataFrame,
    themes: pd.DataFrame | None = None,
    *,
    n_rows: int = 30,
    caution: str = "",
) -> go.Figure:
    """One row per theme that bursts: its share as bars, and under them a rail from start to end of each burst.

    Parameters
    ----------
    bursts : DataFrame
        The table ``derived/bursts``; only rows that are ``found`` are drawn.
    shares : DataFrame
        The table ``derived/shares``.
    themes : DataFrame, optional
        The table ``results/themes``: labels, colours and order.
    n_rows : int, default 30
        At most this many themes, those whose bursts weigh most.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    grid = grid_shares(shares, themes)
    found = bursts[bursts["found"].astype(bool) & bursts["theme"].isin(list(grid.cells))]
    if found.empty or not grid.n_dated:
        return empty_figure(_why_none(bursts, grid), title=_TITLE, caution=caution)
    heaviest = found.groupby("theme")["weight"].max().sort_values(ascending=False, kind="stable").index[:n_rows]
    n_hidden = found["theme"].nunique() - len(heaviest)
    order = [theme for theme in grid.cells if theme in set(heaviest)]
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    doubtful = find_doubtful(themes) & set(order)
    figure = go.Figure()
    for row, theme in enumerate(order):
        own = found[found["theme"] == theme].sort_values(["start", "level"])
        _draw_row(figure, grid, theme, labels[theme], marks[theme], own, len(order) - 1 - row)
    names = grid.periods["label"].tolist()
    ticks = choose_ticks(names, 10)
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=label_ticks(names, ticks),
        range=[-0.6, len(names) - 0.4],
        tickangle=0,
        ticks="outside",
        showgrid=False,
        showline=True,
        linecolor=MUTED,
    )
    figure.update_yaxes(
        tickvals=[len(order) - 1 - row + 0.25 for row in range(len(order))],
        ticktext=[wrap_label(labels[theme], 26, doubtful=theme in doubtful) for theme in order],
        range=[-0.3, len(order) - 0.25],
        showgrid=False,
    )
    figure.update_layout(barmode="overlay", bargap=0.12, showlegend=False)
    return frame(
        figure,
        title=f"{_TITLE}, by {grid.unit}",
        subtitle="Bars: the theme's share, each row to its own scale. Rail and colour: a burst, from start to end"
        + ("; full colour: a higher level." if (found["level"] > 1).any() else "."),
        notes=(_notes(bursts, grid, len(order), n_hidden), note_doubt(doubtful)),
        caution=caution,
        alt=_alt(found, order, {theme: say_doubt(labels[theme], doubtful=theme in doubtful) for theme in order}),
        height=max(110, _ROW * len(order)),
        left=_LEFT,
        right=_RIGHT,
        bottom=52,
    )


def _draw_row(figure: go.Figure, grid: Grid, theme: str, label: str, mark: Mark, own: pd.DataFrame, place: int) -> None:
    cell = grid.cells[theme]
    share = cell["share"].fillna(0.0).to_numpy()
    # A share of few papers must not set the scale of the row.
    top = float(cell["share"].where(~grid.periods["thin"]).max()) or 1.0
    level = np.zeros(len(share), dtype=int)
    for _, burst in own.iterrows():
        first, last = _locate(grid, burst)
        level[first : last + 1] = np.maximum(level[first : last + 1], int(burst["level"]))
        figure.add_shape(
            type="rect",
            x0=first - 0.5,
            x1=last + 0.5,
            y0=place - _RAIL * (1 + 0.35 * (int(burst["level"]) - 1)) + 0.02,
            y1=place - 0.04,
            fillcolor=mark.color if burst["level"] > 1 else pale(mark.color, 0.55),
            line={"width": 0},
            layer="above" if burst["level"] > 1 else "below",
        )
    names, totals = grid.periods["label"].tolist(), grid.periods["total"].tolist()
    colors = [_USUAL if not high else pale(mark.color, 0.55) if high == 1 else mark.color for high in level]
    figure.add_bar(
        x=list(range(len(share))),
        y=[_TALL * min(float(value) / top, 1.0) for value in share],
        base=place,
        marker={"color": colors, "line": {"width": 0}},
        customdata=[
            [wrap(label, 50), names[i], count_papers(cell["count"].iloc[i]), totals[i], f"{share[i]:.0%}"]
            if totals[i]
            else [wrap(label, 50), names[i], "0", 0, "no papers"]
            for i in range(len(share))
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}: %{customdata[2]} of %{customdata[3]} papers, "
        "%{customdata[4]}<extra></extra>",
    )
    said = [_say_burst(grid, burst) for _, burst in own.iterrows()]
    more = [f"and {len(said) - _SHOWN} more"] if len(said) > _SHOWN else []
    figure.add_annotation(
        x=1,
        xref="paper",
        xanchor="left",
        xshift=12,
        y=place + 0.25,
        text="<br>".join([*said[:_SHOWN], *more]),
        align="left",
        showarrow=False,
        font={"size": SMALL - 1, "color": INK},
    )


def _locate(grid: Grid, burst: pd.Series) -> tuple[int, int]:
    starts = pd.to_datetime(grid.periods.index.to_series()).to_numpy(dtype="datetime64[s]")
    first, last = (np.datetime64(pd.Timestamp(burst[name]), "s") for name in ("start", "end"))
    ends = int(np.searchsorted(starts, last, side="right")) - 1
    return min(int(np.searchsorted(starts, first)), max(ends, 0)), max(ends, 0)


def _say_burst(grid: Grid, burst: pd.Series) -> str:
    first, last = (grid.periods["label"].iloc[i] for i in _locate(grid, burst))
    when = first if first == last else f"{first} to {last}"
    return f"{when}: {burst['share']:.0%}, usually {burst['base_share']:.0%}; q {say_p(float(burst['q']))}".replace(
        "<", "&lt;"
    )


def _why_none(bursts: pd.DataFrame, grid: Grid) -> str:
    if not grid.n_dated:
        return f"{explain_empty(grid)}, so no burst can be shown."
    n_whole = int((grid.periods["complete"] & (grid.periods["total"] > 0)).sum())
    if n_whole < MIN_PERIODS:
        few = count_of(n_whole, f"complete {grid.unit}")
        return f"No bursts were searched for: only {few} with papers, and a burst needs at least {MIN_PERIODS}."
    seen = count_of(len(bursts), "stretch", "stretches")
    chance = f"; {seen} of high share are no more than chance gives" if len(bursts) else ""
    return f"No theme bursts in {count_of(n_whole, f'complete {grid.unit}')}{chance}."


def _notes(bursts: pd.DataFrame, grid: Grid, n_drawn: int, n_hidden: int) -> str:
    notes = ["Usually: the theme's share in all complete periods together; q: after the test against shuffled periods."]
    rest = len(bursts) - int(bursts["found"].sum())
    if rest:
        notes.append(
            f"{count_of(rest, 'further stretch', 'further stretches')} of high share may be chance: not drawn."
        )
    if n_hidden:
        notes.append(f"{count_of(n_hidden, 'more theme')} with bursts not drawn; the table of bursts has all.")
    calm = len(set(grid.cells) - {"unassigned"}) - n_drawn - n_hidden
    if calm:
        notes.append(f"{count_of(calm, 'theme')} without a burst.")
    if not grid.periods["complete"].all():
        notes.append(f"In a {grid.unit} that the corpus does not cover to both its ends no burst was searched for.")
    if list_set_apart(grid):
        notes.append(f"In no {grid.unit}: {list_set_apart(grid)}.")
    return " ".join(notes)


def _alt(found: pd.DataFrame, order: list[str], labels: dict[str, str]) -> str:
    parts = []
    for theme in order[:12]:
        own = found[found["theme"] == theme].sort_values("start")
        spans = ", ".join(f"{row['start']:%Y-%m-%d} to {row['end']:%Y-%m-%d}" for _, row in own.iterrows())
        parts.append(f"{labels[theme]}, {spans}")
    return f"{_TITLE}: " + "; ".join(parts)
