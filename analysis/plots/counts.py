"""How many papers each period has."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.looks import SMALL, empty_figure, frame
from analysis.plots.palette import MUTED, pale
from analysis.plots.periods import choose_ticks, explain_empty, grid_shares, list_set_apart
from analysis.plots.strip import BAR
from analysis.plots.text import count_of


def papers_per_period(shares: pd.DataFrame, *, caution: str = "") -> go.Figure:
    """Bars of all papers per period; a period that the corpus does not cover to both its ends is pale.

    Parameters
    ----------
    shares : DataFrame
        The table ``derived/shares``.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    grid = grid_shares(shares)
    title = f"Papers per {grid.unit}"
    if not grid.n_dated:
        return empty_figure(f"{explain_empty(grid)}, so no period has papers.", title=title, caution=caution)
    labels, totals = grid.periods["label"].tolist(), grid.periods["total"].tolist()
    whole = grid.periods["complete"].tolist()
    figure = go.Figure(_draw_bars(labels, totals, whole))
    ticks = choose_ticks(labels, 16)
    spare = max(0, 6 - len(labels)) / 2
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=[labels[i].replace(" ", "<br>").replace("-W", "<br>W") for i in ticks],
        tickangle=0,
        # Room for six bars: one bar alone should not fill the width.
        range=[-0.7 - spare, len(labels) - 0.3 + spare],
        showgrid=False,
        showline=True,
        linecolor=MUTED,
    )
    figure.update_yaxes(
        title="papers", range=[0, max(totals) * 1.15], tickformat=",d", dtick=1 if max(totals) <= 6 else None
    )
    figure.update_layout(bargap=0.25)
    partly = "" if all(whole) else f"Pale: the corpus does not cover this {grid.unit} to both its ends."
    apart = f"Not shown: {list_set_apart(grid)}." if list_set_apart(grid) else ""
    return frame(
        figure,
        # Papers dated too coarsely are dated too, but not among the bars.
        title=f"{title} ({count_of(grid.n_dated, 'paper' if grid.n_coarse else 'dated paper')})",
        notes=(" ".join(note for note in (partly, apart) if note),),
        caution=caution,
        alt=f"{title}: "
        + "; ".join(f"{label}, {total}" for label, total in list(zip(labels, totals, strict=True))[-16:]),
        height=260,
        left=84,
        bottom=50,
    )


def _draw_bars(labels: list[str], totals: list[int], whole: list[bool]) -> go.Bar:
    return go.Bar(
        x=list(range(len(labels))),
        y=totals,
        marker={
            "color": [BAR if complete else pale(BAR) for complete in whole],
            "line": {"color": BAR, "width": 1.5},
        },
        text=[f"{total:,}" for total in totals] if len(labels) <= 24 else None,
        textposition="outside",
        textangle=0,
        textfont={"size": SMALL - 1},
        cliponaxis=False,
        customdata=labels,
        hovertemplate="%{customdata}: %{y} papers<extra></extra>",
    )
