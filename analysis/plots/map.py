"""The map of papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.plots.doubt import DAGGER, find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.labels import Label, leader_of, place_labels
from analysis.plots.looks import SMALL, WIDTH, empty_figure, frame, theme_labels, theme_marks, theme_order
from analysis.plots.palette import INK, Mark
from analysis.plots.text import count_of, escape, wrap, wrap_lines

_TITLE = "Map of the papers"
_HEIGHT, _EDGE, _KEY_WIDTH = 600, 20, 300
# Of more papers than this, so many are drawn, over the density of all.
_MOST_PAPERS, _N_DRAWN, _CELL = 10_000, 6_000, 6
# More labels than this hide the papers; more entries than this outgrow the figure.
_N_LABELS, _N_KEYS = 16, 27
# Pixels of an entry of the legend and of each further line of it.
_ENTRY, _LINE = 22, 18
_HIGHEST = 860
_NOTE = "Papers that lie close use similar words. The axes have no unit, and distances between far groups say little."
_DENSE = "#8f9aa5"
_GLYPHS = {
    "circle": "●",
    "square": "■",
    "diamond": "◆",
    "triangle-up": "▲",
    "star": "★",
    "triangle-down": "▼",
    "cross": "✚",
}


@dataclass(frozen=True)
class _Plane:
    """Where papers lie: the map in its own unit, and a window of `size` pixels on it."""

    x: pd.Series
    y: pd.Series
    size: tuple[float, float]

    @property
    def unit(self) -> float:
        """Map units of one pixel."""
        spans = (float(self.x.max() - self.x.min()), float(self.y.max() - self.y.min()))
        # Room for labels around the papers.
        return max(spans[0] / self.size[0], spans[1] / self.size[1]) * 1.14 or 1 / self.size[1]

    @property
    def corner(self) -> tuple[float, float]:
        """Lower left corner of the window."""
        middle = [(float(axis.min()) + float(axis.max())) / 2 for axis in (self.x, self.y)]
        return middle[0] - self.unit * self.size[0] / 2, middle[1] - self.unit * self.size[1] / 2

    @property
    def ranges(self) -> list[list[float]]:
        """Ends of both axes: one scale for both."""
        ends = zip(self.corner, self.size, strict=True)
        return [[low, low + self.unit * length] for low, length in ends]

    def pixels(self, rows: Any) -> np.ndarray:
        """Places of some papers in pixels."""
        some = np.column_stack([self.x.to_numpy()[rows], self.y.to_numpy()[rows]])
        return np.asarray((some - np.array(self.corner)) / self.unit)

    def place(self, pixel: tuple[float, float]) -> tuple[float, float]:
        """A pixel in units of the map."""
        return self.corner[0] + pixel[0] * self.unit, self.corner[1] + pixel[1] * self.unit


def paper_map(papers: pd.DataFrame, themes: pd.DataFrame, *, caution: str = "") -> go.Figure:
    """Papers at their place on the map, marked by theme.

    Parameters
    ----------
    papers, themes : DataFrame
        The tables ``results/papers`` and ``results/themes``.
    caution : str
        What the sample allows to conclude; stands under the figure.

    Notes
    -----
    A map that is higher than wide lies on its side: its axes mean nothing. A
    legend comes only where not every theme has its label. Of more than 10,000
    papers 6,000 are drawn at random (always the same ones), over the density of
    all; places and sizes of the labels rest on all.
    """
    seen = papers[papers["map_x"].notna() & papers["map_y"].notna()].reset_index(drop=True)
    if seen.empty:
        return empty_figure("No paper has a place on the map.", title=_TITLE, caution=caution)
    known, present = theme_order(themes), set(seen["theme"])
    order = [theme for theme in known if theme in present] + sorted(present - set(known))
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    doubtful = find_doubtful(themes) & set(order)
    sizes = seen["theme"].value_counts()
    ranked = sorted(order, key=lambda theme: (-int(sizes[theme]), theme))
    labelled = [theme for theme in ranked if theme != "unassigned"][:_N_LABELS]
    texts = {theme: _lines(labels[theme], int(sizes[theme]), doubtful=theme in doubtful) for theme in labelled}
    plane = _plane(seen, WIDTH - 2 * _EDGE, _HEIGHT)
    placed = _place(seen, plane, ranked, texts)
    is_full = len(placed) == len(present - {"unassigned"})
    keyed = set() if is_full else {*ranked[:_N_KEYS], "unassigned"} & present
    names, height = _name_keys(order, labels, sizes, doubtful, keyed)
    if keyed:
        plane = _plane(seen, WIDTH - _EDGE - _KEY_WIDTH, height)
        # The legend names the rest.
        placed = _place(seen, plane, ranked, {theme: texts[theme] for theme in labelled[: _N_LABELS // 2]})
    figure = go.Figure()
    drawn = _draw_density(figure, seen, plane) if len(seen) > _MOST_PAPERS else seen
    titles = labels | theme_labels([str(theme) for theme in themes["theme"]], themes)
    # The unassigned first: grey stays under the colours.
    for theme in reversed(order):
        _draw_theme(figure, drawn[drawn["theme"] == theme], plane, marks[theme], titles, n_papers=len(drawn))
        figure.data[-1].update(name=names[theme], showlegend=theme in keyed)
    for label in placed:
        _draw_label(figure, label, marks[label.key], plane)
    _set_axes(figure, plane, legend=bool(keyed))
    return frame(
        figure,
        title=_TITLE,
        subtitle=f"{count_of(len(seen), 'paper')}, coloured and shaped by theme",
        notes=(*_notes(papers, seen, len(present - keyed) if keyed else 0, len(drawn)), note_doubt(doubtful)),
        caution=caution,
        alt=f"{_TITLE}: {count_of(len(seen), 'paper')} in {count_of(len(order), 'group')}: "
        + "; ".join(say_doubt(labels[theme], doubtful=theme in doubtful) for theme in order[:12]),
        height=height,
        left=_EDGE,
        right=_KEY_WIDTH if keyed else _EDGE,
        bottom=10,
    )


def _plane(seen: pd.DataFrame, width: float, height: float) -> _Plane:
    x, y = seen["map_x"].astype(float), seen["map_y"].astype(float)
    high = y.max() - y.min() > x.max() - x.min()
    return _Plane(y, -x, (width, height)) if high else _Plane(x, y, (width, height))


def _place(seen: pd.DataFrame, plane: _Plane, ranked: list[str], texts: dict[str, tuple[str, ...]]) -> list[Label]:
    wanted = [(theme, texts.get(theme, ()), plane.pixels(np.flatnonzero(seen["theme"] == theme))) for theme in ranked]
    return place_labels(wanted, frame=plane.size, size=SMALL + 1)


def _lines(label: str, size: int, *, doubtful: bool) -> tuple[str, ...]:
    *first, last = wrap_lines(label, 28, n_lines=2)
    return (*first, f"{last}\u00a0{DAGGER} ({size:,})" if doubtful else f"{last} ({size:,})")


def _name_keys(
    order: list[str], labels: dict[str, str], sizes: pd.Series, doubtful: frozenset[str], keyed: set[str]
) -> tuple[dict[str, str], int]:
    """Entries of the legend, in as many lines as they need, and the height of a map beside which all of them stand."""
    names: dict[str, str] = {}
    needed = 0
    for n_lines in (3, 2, 1):
        names = {
            theme: f"{wrap_label(labels[theme], 28, doubtful=theme in doubtful, n_lines=n_lines)} ({sizes[theme]:,})"
            for theme in order
        }
        needed = sum(_ENTRY + _LINE * names[theme].count("<br>") for theme in keyed)
        if needed <= _HIGHEST:
            break
    return names, max(_HEIGHT, needed)


def _set_axes(figure: go.Figure, plane: _Plane, *, legend: bool) -> None:
    x_range, y_range = plane.ranges
    figure.update_xaxes(visible=False, range=x_range, constrain="domain")
    figure.update_yaxes(visible=False, range=y_range, scaleanchor="x", scaleratio=1, constrain="domain")
    figure.update_layout(
        legend={
            "x": 1.02, "xanchor": "left", "y": 1, "yanchor": "top", "traceorder": "reversed", "itemsizing": "constant"
        },
        showlegend=legend,
        hovermode="closest",
    )  # fmt: skip


def _notes(papers: pd.DataFrame, seen: pd.DataFrame, n_unkeyed: int, n_drawn: int) -> tuple[str, ...]:
    n_lost, n_missing = int((seen["theme"] == "unassigned").sum()), len(papers) - len(seen)
    part = f"Points: {n_drawn:,} of the papers, drawn at random. Shade: how densely all {len(seen):,} lie."
    return (
        _NOTE,
        part if n_drawn < len(seen) else "",
        f"Grey rings: {count_of(n_lost, 'paper')} without a theme." if n_lost else "",
        f"{count_of(n_unkeyed, 'smaller theme')} not in the legend." if n_unkeyed else "",
        f"{count_of(n_missing, 'paper')} without a place on the map." if n_missing else "",
    )


def _draw_density(figure: go.Figure, seen: pd.DataFrame, plane: _Plane) -> pd.DataFrame:
    """Shade the map by how many papers lie in each cell; the papers that are drawn over it, in their order."""
    low, size = np.array(plane.corner), np.array(plane.size)
    cells = np.ceil(size / _CELL).astype(int)
    edges = [np.linspace(start, start + plane.unit * _CELL * n, n + 1) for start, n in zip(low, cells, strict=True)]
    counts, _, _ = np.histogram2d(plane.x, plane.y, bins=edges)
    middles = [((edge[:-1] + edge[1:]) / 2).round(4).tolist() for edge in edges]
    # By its logarithm: else the densest spot is all that is seen.
    shade = np.log1p(counts.T).round(2)
    figure.add_heatmap(
        x=middles[0],
        y=middles[1],
        z=np.where(shade > 0, shade, np.nan).tolist(),
        zmin=0,
        colorscale=[[0, "white"], [1, _DENSE]],
        showscale=False,
        hoverinfo="skip",
    )
    rng = np.random.default_rng(0)
    return seen.iloc[np.sort(rng.choice(len(seen), _N_DRAWN, replace=False))]


def _draw_theme(
    figure: go.Figure, rows: pd.DataFrame, plane: _Plane, mark: Mark, titles: dict[str, str], *, n_papers: int
) -> None:
    size = 13 if n_papers <= 300 else 8 if n_papers <= 2000 else 5 if n_papers <= 10000 else 3
    hovers = [
        [
            wrap(title, 60),
            _date_text(published, precision),
            escape(titles.get(theme, theme)),
            _score_text(score) + _why_text(words),
        ]
        for title, published, precision, theme, score, words in zip(
            rows["title"],
            rows["published"],
            rows["published_precision"],
            rows["theme"],
            rows["theme_score"],
            rows["why_here"],
            strict=True,
        )
    ]
    figure.add_scatter(
        x=plane.x.loc[rows.index].tolist(),
        y=plane.y.loc[rows.index].tolist(),
        mode="markers",
        marker={
            "color": mark.color,
            "symbol": mark.symbol,
            "size": size,
            "opacity": 0.9 if n_papers <= 300 else 0.7 if n_papers <= 2000 else 0.5,
            "line": {"color": mark.color if mark.symbol.endswith("open") else "white", "width": 1 if size > 5 else 0},
        },
        customdata=hovers,
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}%{customdata[3]}<extra></extra>",
    )


def _date_text(published: pd.Timestamp | None, precision: str | None) -> str:
    if published is None or pd.isna(published):
        return "no date"
    return f"{pd.Timestamp(published):%Y-%m-%d}"[: {"year": 4, "month": 7}.get(str(precision), 10)]


def _score_text(score: float | None) -> str:
    return "" if score is None or pd.isna(score) else f", score {score:.2f}"


def _why_text(words: list[str] | None) -> str:
    return f"<br>why here: {wrap(', '.join(words), 60)}" if isinstance(words, list) and words else ""


def _draw_label(figure: go.Figure, label: Label, mark: Mark, plane: _Plane) -> None:
    (x0, y0), (x1, y1) = (plane.place(end) for end in leader_of(label))
    if np.hypot(x1 - x0, y1 - y0) > 20 * plane.unit:
        figure.add_shape(type="line", x0=x0, y0=y0, x1=x1, y1=y1, line={"color": mark.color, "width": 1.2})
    x, y = plane.place(label.place)
    glyph = f'<span style="color:{mark.color}">{_GLYPHS.get(mark.symbol, "")}</span> '
    figure.add_annotation(
        x=x,
        y=y,
        text=glyph + "<br>".join(escape(line) for line in label.lines),
        showarrow=False,
        bgcolor="rgba(255,255,255,0.78)",
        borderpad=1,
        font={"size": SMALL + 1, "color": INK},
    )
