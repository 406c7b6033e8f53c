"""Shares of the themes over time as a grid of cells."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.doubt import find_doubtful, note_doubt, wrap_label
from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels
from analysis.plots.palette import MUTED, blend, readable_on
from analysis.plots.periods import FEW, Grid, choose_ticks, explain_empty, grid_shares, list_set_apart
from analysis.plots.text import count_of, count_papers, wrap

_TITLE = "Share of papers by theme"
# One hue from white to dark: reads in grey print, and zero is white.
_SCALE = ((0.0, "#ffffff"), (0.25, "#cfe1f5"), (0.5, "#86b6e0"), (0.75, "#3878b8"), (1.0, "#0b3c73"))
_NO_PAPERS = "#e3e3e3"
_N_ABREAST = 9
_HOVER = "%{customdata[0]}<br>%{customdata[1]}: %{customdata[2]} of %{customdata[3]} papers"


def theme_share_heatmap(shares: pd.DataFrame, themes: pd.DataFrame | None = None, *, caution: str = "") -> go.Figure:
    """Theme by period: the share as colour, share and count in the cell; grey where a period has no paper.

    Parameters
    ----------
    shares : DataFrame
        The table ``derived/shares``.
    themes : DataFrame, optional
        The table ``results/themes``: labels and order.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    grid = grid_shares(shares, themes)
    title = f"{_TITLE} and {grid.unit}, in cells"
    if not grid.n_dated:
        said = f"{explain_empty(grid)}, so no share over time can be shown."
        return empty_figure(said, title=title, caution=caution)
    order = list(grid.cells)
    labels = theme_labels(order, themes)
    doubtful = find_doubtful(themes) & set(order)
    written = len(grid.periods) <= 14
    figure = go.Figure()
    _draw_empty(figure, grid, len(order), written)
    _draw_cells(figure, grid, order, labels, written)
    ticks = choose_ticks(grid.periods["label"].tolist(), 14)
    names = [_tick(grid, i, written) for i in ticks]
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=names,
        tickangle=0,
        side="bottom",
        showgrid=False,
        tickfont={"size": SMALL - 1},
    )
    figure.update_yaxes(
        tickvals=list(range(len(order))),
        ticktext=[wrap_label(labels[theme], 32, doubtful=theme in doubtful, n_lines=2) for theme in order],
        range=[len(order) - 0.5, -0.5],
        showgrid=False,
    )
    return frame(
        figure,
        title=title,
        subtitle=f"Cell: share of the {grid.unit}'s papers" + (", and how many papers that is." if written else "."),
        notes=(*_notes(grid, written), note_doubt(doubtful)),
        caution=caution,
        alt=f"{title}: {count_of(len(order), 'theme')} by {count_of(len(grid.periods), grid.unit)}",
        height=max(90, 46 * len(order)),
        left=280,
        right=110,
        bottom=56 + 18 * (max(label.count("<br>") for label in names) > 1),
    )


def _draw_cells(figure: go.Figure, grid: Grid, order: list[str], labels: dict[str, str], written: bool) -> None:
    names, totals, thin = (grid.periods[name].tolist() for name in ("label", "total", "thin"))
    shares = [[None if value != value else float(value) for value in grid.cells[theme]["share"]] for theme in order]
    counts = [[0.0 if value != value else float(value) for value in grid.cells[theme]["count"]] for theme in order]
    # A share of few papers gets no colour: one paper would outshine all else.
    colored = [[None if few else share for share, few in zip(row, thin, strict=True)] for row in shares]
    top = max((value for row in colored for value in row if value is not None), default=1.0)
    hovers = [
        [[wrap(labels[theme], 50), names[i], count_papers(counts[row][i]), totals[i]] for i in range(len(names))]
        for row, theme in enumerate(order)
    ]
    figure.add_heatmap(
        z=colored,
        x=list(range(len(names))),
        y=list(range(len(order))),
        colorscale=_SCALE,
        zmin=0,
        zmax=top or 1.0,
        xgap=2,
        ygap=2,
        customdata=hovers,
        hovertemplate=_HOVER + " = %{z:.0%}<extra></extra>",
        hoverongaps=False,
        colorbar={"tickformat": ".0%", "thickness": 14, "len": 1, "outlinewidth": 0, "tickfont": {"size": SMALL - 1}},
    )
    if written:
        _write_cells(figure, colored, counts, top or 1.0)
    few = [(i, row) for row in range(len(order)) for i in range(len(names)) if thin[i] and shares[row][i] is not None]
    if few:
        figure.add_scatter(
            x=[i for i, _ in few],
            y=[row for _, row in few],
            mode="text" if written else "markers",
            text=[_cell_text(shares[row][i], counts[row][i]) for i, row in few],
            textfont={"size": SMALL - 1, "color": MUTED},
            marker={"size": 5, "color": [_NO_PAPERS if not counts[row][i] else MUTED for i, row in few]},
            customdata=[hovers[row][i] for i, row in few],
            hovertemplate=_HOVER + "<extra></extra>",
            showlegend=False,
        )


def _write_cells(figure: go.Figure, shares: list[list[float | None]], counts: list[list[float]], top: float) -> None:
    """Write share and count on each coloured cell, dark or white as can be read on it."""
    known = [(i, row, share) for row, own in enumerate(shares) for i, share in enumerate(own) if share is not None]
    figure.add_scatter(
        x=[i for i, _, _ in known],
        y=[row for _, row, _ in known],
        mode="text",
        text=[_cell_text(share, counts[row][i]) for i, row, share in known],
        textfont={"size": SMALL - 1, "color": [readable_on(_shade_of(share / top)) for _, _, share in known]},
        hoverinfo="skip",
        showlegend=False,
    )


def _shade_of(part: float) -> str:
    """Colour of the scale at a part of its length."""
    above = next(i for i, (end, _) in enumerate(_SCALE) if end >= min(part, 1.0))
    if not above:
        return _SCALE[0][1]
    (start, low), (end, high) = _SCALE[above - 1], _SCALE[above]
    return blend(high, low, (min(part, 1.0) - start) / (end - start))


def _cell_text(share: float | None, count: float) -> str:
    return "" if share is None else f"{share:.0%}<br>{count_papers(count)}" if count else "0"


def _draw_empty(figure: go.Figure, grid: Grid, n_themes: int, written: bool) -> None:
    silent = [i for i, total in enumerate(grid.periods["total"]) if total == 0]
    for i in silent:
        figure.add_shape(
            type="rect", x0=i - 0.48, x1=i + 0.48, y0=-0.48, y1=n_themes - 0.52, fillcolor=_NO_PAPERS, line={"width": 0}
        )
        if written and n_themes > 2:
            figure.add_annotation(
                x=i, y=(n_themes - 1) / 2, text="no papers", textangle=-90, showarrow=False,
                font={"size": SMALL - 1, "color": MUTED},
            )  # fmt: skip


def _tick(grid: Grid, i: int, written: bool) -> str:
    row = grid.periods.iloc[i]
    star = "" if row["complete"] else "*"
    label = row["label"].replace(" ", "<br>").replace("-W", "<br>W") + star
    if written and len(grid.periods) > _N_ABREAST:
        # In one line, months would run into each other.
        label = label.replace("-", "<br>", 1)
    return f"{label}<br>n={row['total']:,}" if written else label


def _notes(grid: Grid, written: bool) -> tuple[str, ...]:
    notes = [f"n: papers of the {grid.unit}, all themes together."] if written else []
    if not grid.periods["complete"].all():
        partly = grid.periods.loc[~grid.periods["complete"], "label"].tolist()
        names = ", ".join(partly[:4]) + (" and others" if len(partly) > 4 else "")
        about = f"* The corpus does not cover this {grid.unit}" if written else f"The corpus does not cover {names}"
        notes.append(f"{about} to both its ends.")
    if grid.has_thin:
        notes.append(f"No colour: a {grid.unit} of fewer than {FEW} papers.")
    if (grid.periods["total"] == 0).any():
        notes.append(f"Grey: a {grid.unit} without papers.")
    if list_set_apart(grid):
        notes.append(f"In no {grid.unit}: {list_set_apart(grid)}.")
    return (" ".join(notes),)
