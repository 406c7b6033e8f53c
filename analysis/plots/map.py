"""The map of papers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.plots.labels import Label, place_labels
from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks, theme_order
from analysis.plots.palette import INK, MUTED, Mark
from analysis.plots.text import count_of, escape, wrap

_TITLE = "Map of the papers"
_PLOT = (760, 620)
# More labels than this hide the papers; more entries than this outgrow the figure.
_N_LABELS, _N_KEYS = 16, 32
_NOTE = (
    "Papers that lie close use similar words. The axes have no unit, and distances between far groups say little. "
    "A label stands as near as it can to the middle of its theme."
)


def paper_map(papers: pd.DataFrame, themes: pd.DataFrame, *, caution: str = "") -> go.Figure:
    """Papers at their place on the map, marked by theme.

    Parameters
    ----------
    papers, themes : DataFrame
        The tables ``results/papers`` and ``results/themes``.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    seen = papers[papers["map_x"].notna() & papers["map_y"].notna()]
    if seen.empty:
        return empty_figure("No paper has a place on the map.", title=_TITLE, caution=caution)
    known = theme_order(themes)
    present = set(seen["theme"])
    order = [theme for theme in known if theme in present] + sorted(present - set(known))
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    titles = labels | theme_labels([str(theme) for theme in themes["theme"]], themes)
    figure = go.Figure()
    # The unassigned first: grey stays under the colours.
    sizes = seen["theme"].value_counts()
    ranked = sorted(order, key=lambda theme: (-int(sizes[theme]), theme))
    keyed = {*ranked[:_N_KEYS], "unassigned"}
    for theme in reversed(order):
        rows = seen[seen["theme"] == theme]
        _draw_theme(figure, rows, marks[theme], titles, n_papers=len(seen))
        width, n_lines = (26, 3) if len(order) <= 16 else (28, 1)
        name = f"{wrap(labels[theme], width, n_lines=n_lines)} ({len(rows):,})"
        figure.data[-1].update(name=name, showlegend=theme in keyed)
    x_range, y_range = _ranges(seen)
    for label in _median_labels(seen, ranked, labels, x_range, y_range):
        _draw_label(figure, label, marks[label.key].color, x_range, y_range)
    figure.update_xaxes(visible=False, range=x_range, constrain="domain")
    figure.update_yaxes(visible=False, range=y_range, scaleanchor="x", scaleratio=1, constrain="domain")
    figure.update_layout(
        legend={"x": 1.02, "xanchor": "left", "y": 1, "yanchor": "top", "traceorder": "reversed"},
        showlegend=True,
        hovermode="closest",
    )
    n_missing = len(papers) - len(seen)
    unnamed = len(order) - len(keyed & set(order))
    more = f"{count_of(unnamed, 'smaller theme')} not in the legend." if unnamed else ""
    left_out = f"{count_of(n_missing, 'paper')} without a place on the map." if n_missing else ""
    return frame(
        figure,
        title=_TITLE,
        subtitle=f"{count_of(len(seen), 'paper')}, coloured and shaped by theme",
        notes=(_NOTE, more, left_out),
        caution=caution,
        alt=f"{_TITLE}: {count_of(len(seen), 'paper')} in {count_of(len(order), 'group')}: "
        + "; ".join(labels[theme] for theme in order[:12]),
        height=_PLOT[1],
        left=20,
        right=1080 - 20 - _PLOT[0],
        bottom=10,
    )


def _draw_theme(figure: go.Figure, rows: pd.DataFrame, mark: Mark, titles: dict[str, str], *, n_papers: int) -> None:
    size = 13 if n_papers <= 300 else 9 if n_papers <= 2000 else 5
    hovers = [
        [wrap(title, 60), _date_text(published, precision), escape(titles.get(theme, theme)), _score_text(score)]
        for title, published, precision, theme, score in zip(
            rows["title"],
            rows["published"],
            rows["published_precision"],
            rows["theme"],
            rows["theme_score"],
            strict=True,
        )
    ]
    figure.add_scatter(
        x=rows["map_x"].astype(float).tolist(),
        y=rows["map_y"].astype(float).tolist(),
        mode="markers",
        marker={
            "color": mark.color,
            "symbol": mark.symbol,
            "size": size,
            "opacity": 0.9 if n_papers <= 2000 else 0.55,
            "line": {"color": mark.color if mark.symbol.endswith("open") else "white", "width": 1 if size > 5 else 0},
        },
        customdata=hovers,
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}%{customdata[3]}<extra></extra>",
    )


def _date_text(published: pd.Timestamp | None, precision: str | None) -> str:
    if published is None or pd.isna(published):
        return "no date"
    written = pd.Timestamp(published)
    return (
        f"{written:%Y}"
        if precision == "year"
        else f"{written:%Y-%m}"
        if precision == "month"
        else f"{written:%Y-%m-%d}"
    )


def _score_text(score: float | None) -> str:
    return "" if score is None or pd.isna(score) else f", score {score:.2f}"


def _ranges(seen: pd.DataFrame) -> tuple[list[float], list[float]]:
    # Same scale on both axes: the plot's shape, not the data's, sets the wider one.
    middle = [(float(seen[axis].min()) + float(seen[axis].max())) / 2 for axis in ("map_x", "map_y")]
    spans = [float(seen[axis].max()) - float(seen[axis].min()) for axis in ("map_x", "map_y")]
    unit = max(spans[0] / _PLOT[0], spans[1] / _PLOT[1]) * 1.12 or 1 / _PLOT[1]
    return (
        [middle[0] - unit * _PLOT[0] / 2, middle[0] + unit * _PLOT[0] / 2],
        [middle[1] - unit * _PLOT[1] / 2, middle[1] + unit * _PLOT[1] / 2],
    )


def _median_labels(
    seen: pd.DataFrame, ranked: list[str], labels: dict[str, str], x_range: list[float], y_range: list[float]
) -> list[Label]:
    medians = seen.groupby("theme")[["map_x", "map_y"]].median()
    middle_x, middle_y = medians["map_x"].to_dict(), medians["map_y"].to_dict()
    wanted = [
        (
            theme,
            labels[theme],
            float(np.interp(middle_x[theme], x_range, (0, _PLOT[0]))),
            float(np.interp(middle_y[theme], y_range, (0, _PLOT[1]))),
        )
        for theme in [theme for theme in ranked if theme != "unassigned"][:_N_LABELS]
    ]
    x = np.interp(seen["map_x"].astype(float), x_range, (0, _PLOT[0]))
    y = np.interp(seen["map_y"].astype(float), y_range, (0, _PLOT[1]))
    return place_labels(wanted, np.column_stack([x, y]), frame=_PLOT, size=SMALL)


def _draw_label(figure: go.Figure, label: Label, color: str, x_range: list[float], y_range: list[float]) -> None:
    far = np.hypot(label.place[0] - label.anchor[0], label.place[1] - label.anchor[1]) > label.height
    x = [float(np.interp(place[0], (0, _PLOT[0]), x_range)) for place in (label.anchor, label.place)]
    y = [float(np.interp(place[1], (0, _PLOT[1]), y_range)) for place in (label.anchor, label.place)]
    if far:
        figure.add_shape(type="line", x0=x[0], y0=y[0], x1=x[1], y1=y[1], line={"color": MUTED, "width": 1})
    figure.add_annotation(
        x=x[1],
        y=y[1],
        text="<br>".join(escape(line) for line in label.lines),
        showarrow=False,
        bgcolor="rgba(255,255,255,0.88)",
        bordercolor=color,
        borderwidth=1.5,
        borderpad=3,
        font={"size": SMALL, "color": INK},
    )
