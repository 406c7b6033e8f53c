"""The look that every figure shares: template, frame, and what to show when there is nothing to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.palette import INK, MUTED, RULE, Mark, is_color, marks_for
from analysis.plots.text import clean, escape, shorten, wrap, wrap_lines

WIDTH = 1080
FONT = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
# Sizes in pixels at WIDTH: printed at half size, the smallest is still 7.
SIZE, SMALL, TITLE = 16, 14, 22
_LINE = 19

_AXIS = {
    "gridcolor": RULE,
    "linecolor": MUTED,
    "zeroline": False,
    "automargin": False,
    "ticks": "",
    "ticklabelstandoff": 5,
    "tickfont": {"size": SMALL},
    "title": {"font": {"size": SMALL}, "standoff": 10},
}
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": SIZE, "color": INK},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "hoverlabel": {"bgcolor": "white", "bordercolor": RULE, "font": {"size": SMALL, "color": INK}, "align": "left"},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "legend": {"font": {"size": SMALL}},
        # No button that sends the data elsewhere, in a notebook either; selecting does nothing here.
        "modebar": {"remove": ["sendChartToCloud", "select2d", "lasso2d"]},
    }
)


@dataclass(frozen=True)
class Sheet:
    """Texts and shapes that are laid on a figure at once: one by one, plotly would check all that are there each time.

    Attributes
    ----------
    texts, shapes : list of dict
        As ``layout.annotations`` and ``layout.shapes`` of plotly take them.
    """

    texts: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)

    def lay_on(self, figure: go.Figure) -> None:
        """Add them to a figure, over what it has."""
        if self.texts:
            figure.layout.annotations = (*figure.layout.annotations, *self.texts)
        if self.shapes:
            figure.layout.shapes = (*figure.layout.shapes, *self.shapes)


def frame(
    figure: go.Figure,
    *,
    title: str,
    subtitle: str = "",
    notes: tuple[str, ...] = (),
    caution: str = "",
    alt: str = "",
    height: int = 640,
    left: int = 70,
    right: int = 30,
    top: int = 0,
    bottom: int = 50,
) -> go.Figure:
    """Give a figure its title, its margins and the lines under it.

    Parameters
    ----------
    figure : Figure
        Changed in place; the caller has just made it.
    title, subtitle, notes, caution : str
        Plain text: escaped here. Notes and caution stand under the figure.
    alt : str
        What a reader who does not see the figure should know; kept in ``layout.meta``.
    height : int
        Pixels of the plot between the margins.
    left, right, top, bottom : int
        Pixels kept free for axes, beside those that title and notes need.
    """
    n_columns = (WIDTH - 40) // 7
    under = [line for note in (*notes, caution) if note for line in wrap_lines(note, n_columns, n_lines=4)]
    above = wrap_lines(subtitle, n_columns - 8, n_lines=3) if subtitle else []
    head = 62 + _LINE * len(above) + top
    foot = bottom + 14 + _LINE * len(under)
    for i, trace in enumerate(figure.data):
        # Else plotly draws one at random, and two SVG files of one figure differ.
        trace.uid = f"trace-{i}"
    figure.update_layout(
        template=TEMPLATE,
        width=WIDTH,
        height=height + head + foot,
        margin={"l": left, "r": right, "t": head, "b": foot, "pad": 0},
        meta={"alt": clean(alt or title)},
    )
    texts = [_line(f"<b>{escape(title)}</b>", TITLE, INK, left, y=1, up=head - 12)]
    if above:
        texts.append(_line("<br>".join(map(escape, above)), SMALL, MUTED, left, y=1, up=head - 46))
    if under:
        texts.append(_line("<br>".join(map(escape, under)), SMALL, MUTED, left, y=0, up=-bottom - 6))
    Sheet(texts).lay_on(figure)
    return figure


def _line(text: str, size: int, color: str, left: int, *, y: int, up: int) -> dict[str, Any]:
    return {
        "text": text,
        "font": {"size": size, "color": color},
        "x": 0,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "top",
        "xshift": 16 - left,
        "yshift": up,
        "align": "left",
        "showarrow": False,
    }


def empty_figure(sentence: str, *, title: str, caution: str = "") -> go.Figure:
    """A figure that says why there is nothing to draw."""
    figure = go.Figure()
    figure.add_annotation(
        text=wrap(sentence, 90, n_lines=4),
        x=0.5,
        y=0.5,
        xref="paper",
        yref="paper",
        showarrow=False,
        font={"size": SIZE, "color": MUTED},
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return frame(figure, title=title, caution=caution, alt=f"{title}: {sentence}", height=120)


def theme_labels(theme_ids: list[str], themes: pd.DataFrame | None) -> dict[str, str]:
    """Cleaned, not yet escaped label of each theme; made from the id where no table gives one."""
    given: dict[str, Any] = {} if themes is None else dict(zip(themes["theme"], themes["label"], strict=True))
    return {theme: shorten(given.get(theme), 120) or theme_from_slug(theme) for theme in theme_ids}


def theme_from_slug(theme: str) -> str:
    """Readable words from a slug.

    Examples
    --------
    >>> theme_from_slug("representation-learning")
    'Representation learning'
    """
    words = clean(str(theme).replace("-", " ").replace("_", " "))
    return words[:1].upper() + words[1:]


def theme_marks(theme_ids: list[str], themes: pd.DataFrame | None) -> dict[str, Mark]:
    """Mark of each theme: the colours of the table where they are colours, else the palette's."""
    if themes is None:
        return marks_for(theme_ids)
    # The whole table's ids, so a figure of some themes draws them as a figure of all does.
    every = [*themes["theme"], *theme_ids]
    known = {theme: color for theme, color in zip(themes["theme"], themes["color"], strict=True) if is_color(color)}
    marks = marks_for(every, keep=known)
    return {theme: marks[theme] for theme in theme_ids}


def theme_order(themes: pd.DataFrame) -> list[str]:
    """Named themes first, then discovered ones, each by size; the unassigned last."""
    rank = themes["kind"].map({"named": 0, "discovered": 1, "unassigned": 2}).fillna(1)
    rank = rank.where(themes["theme"] != "unassigned", 2)
    order = themes.assign(rank=rank, fewest=-themes["size"]).sort_values(["rank", "fewest", "theme"])
    return [str(theme) for theme in order["theme"]]
