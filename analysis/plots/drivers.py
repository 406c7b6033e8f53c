"""What venues, areas or team sizes add to the change of each theme's share."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, WIDTH, empty_figure, frame, theme_labels, theme_marks
from analysis.plots.palette import INK, MUTED, Mark, pale
from analysis.plots.text import clean, count_of, count_papers, escape, wrap

_TITLE = "What adds to the change of a theme's share"
_COLUMNS, _CATEGORIES = 3, 6
_ROW, _GAP = 24, 92
_LABEL, _EDGE = 168, 26
_NAMES = {"n_authors": "number of authors"}


def theme_drivers(
    drivers: pd.DataFrame, themes: pd.DataFrame | None = None, *, n_themes: int = 6, caution: str = ""
) -> go.Figure:
    """Percentage points that each category of the papers adds to the change of a theme's share, early to late.

    Parameters
    ----------
    drivers : DataFrame
        The table ``derived/drivers``.
    themes : DataFrame, optional
        The table ``results/themes``: labels and colours.
    n_themes : int, default 6
        At most this many themes, those whose share changed most.
    caution : str
        What the sample allows to conclude; stands under the figure.

    Notes
    -----
    The parts describe a change and test nothing; see
    `analysis.trends.tabulate_drivers`.
    """
    if drivers.empty:
        said = (
            "Nothing to split: that needs papers in two periods or more, and a column such as venue, number of "
            "authors or a label with two categories."
        )
        return empty_figure(said, title=_TITLE, caution=caution)
    columns = list(drivers["column"].drop_duplicates())
    change = drivers[drivers["column"] == columns[0]].groupby("theme", sort=False)["contribution"].sum()
    order = sorted((str(theme) for theme in change.index), key=lambda theme: (-abs(change[theme]), theme))[:n_themes]
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    doubtful = find_doubtful(themes) & set(order)
    panels = [(theme, column) for theme in order for column in columns[:_COLUMNS]]
    tables = {panel: _pool(drivers, *panel) for panel in panels}
    # One column of papers leaves room for two themes side by side.
    n_across = min(len(panels), {1: 2}.get(len(columns), min(len(columns), _COLUMNS)))
    figure, height, left = _lay_panels(panels, tables, n_across, labels, doubtful)
    reach = max(float(own[["within", "composition"]].abs().sum(axis=1).max()) for own in tables.values()) or 0.01
    for i, panel in enumerate(panels):
        place = {"row": i // n_across + 1, "col": i % n_across + 1}
        depth = max(len(tables[one]) for one in panels[i // n_across * n_across : (i // n_across + 1) * n_across])
        _draw_panel(figure, tables[panel], marks[panel[0]], depth, 100 * reach, place)
    figure.update_layout(barmode="relative", bargap=0.3, showlegend=False)
    return frame(
        figure,
        title=_TITLE,
        subtitle="Percentage points, early to late papers. Full: the theme's share inside the category changed; pale: "
        "the category's part of all papers changed; upright line: both together.",
        notes=(_notes(drivers, columns, len(change) - len(order)), note_doubt(doubtful)),
        caution=caution,
        alt=_alt(tables, {theme: say_doubt(labels[theme], doubtful=theme in doubtful) for theme in order}),
        height=height,
        left=left,
        right=_EDGE,
        top=64,
        bottom=46,
    )


def _lay_panels(
    panels: list[tuple[str, str]],
    tables: dict[tuple[str, str], pd.DataFrame],
    n_across: int,
    labels: dict[str, str],
    doubtful: frozenset[str],
) -> tuple[go.Figure, int, int]:
    depths = [max(len(tables[panel]) for panel in panels[i : i + n_across]) for i in range(0, len(panels), n_across)]
    height = sum(depths) * _ROW + (len(depths) - 1) * _GAP
    width = {1: 60, 2: 46}.get(n_across, 34)
    figure = make_subplots(
        rows=len(depths),
        cols=n_across,
        row_heights=[float(depth) for depth in depths],
        horizontal_spacing=(_LABEL + 16) / (WIDTH - _LABEL - _EDGE) if n_across > 1 else 0,
        vertical_spacing=_GAP / height if len(depths) > 1 else 0,
        subplot_titles=[
            f"<b>{wrap_label(labels[theme], width, doubtful=theme in doubtful, n_lines=2)}</b><br>"
            f"by {wrap(_name_column(column), 30, n_lines=1)}: {_say_change(tables[theme, column])}"
            for theme, column in panels
        ],
    )
    # Over the labels too, which belong to the panel.
    figure.update_annotations(
        font={"size": SMALL}, yshift=4, yanchor="bottom", xanchor="center", align="center", xshift=-_LABEL / 2 + 10
    )
    return figure, height, _LABEL


def _pool(drivers: pd.DataFrame, theme: str, column: str) -> pd.DataFrame:
    """Categories that add most, the rest as one row, so that the rows still add up to the change."""
    own = drivers[(drivers["theme"] == theme) & (drivers["column"] == column)]
    parts = ["category", "within", "composition", "contribution", "n_early", "n_late"]
    ranked = own.iloc[own["contribution"].abs().argsort(kind="stable").to_numpy()[::-1]][parts]
    if len(ranked) <= _CATEGORIES + 1:
        return ranked.sort_values("contribution", ascending=False, kind="stable")
    kept = ranked.head(_CATEGORIES).sort_values("contribution", ascending=False, kind="stable")
    rest = ranked.iloc[_CATEGORIES:]
    pooled = pd.DataFrame([{"category": f"{len(rest)} more", **rest[parts[1:]].sum().to_dict()}])
    return pd.concat([kept, pooled], ignore_index=True)


def _draw_panel(
    figure: go.Figure, rows: pd.DataFrame, mark: Mark, depth: int, reach: float, place: dict[str, int]
) -> None:
    y = list(range(len(rows)))
    hovers = [
        [
            wrap(row["category"], 50),
            *(_sign(float(row[name])) for name in ("within", "composition", "contribution")),
            f"{count_papers(row['n_early'])} early and {count_papers(row['n_late'])} late papers",
        ]
        for _, row in rows.iterrows()
    ]
    for name, color in (("within", mark.color), ("composition", pale(mark.color, 0.4))):
        figure.add_bar(
            x=[100 * float(value) for value in rows[name]],
            y=y,
            orientation="h",
            marker={"color": color, "line": {"width": 0}},
            customdata=hovers,
            hovertemplate="<b>%{customdata[0]}</b> (%{customdata[4]})<br>inside it %{customdata[1]}, by its part of "
            "all %{customdata[2]}, together %{customdata[3]} points<extra></extra>",
            **place,
        )
    figure.add_scatter(
        x=[100 * float(value) for value in rows["contribution"]],
        y=y,
        mode="markers",
        marker={"symbol": "line-ns", "size": 15, "line": {"color": INK, "width": 2}},
        hoverinfo="skip",
        **place,
    )
    figure.add_vline(x=0, line={"color": MUTED, "width": 1}, layer="below", **place)
    figure.update_yaxes(
        tickvals=y,
        ticktext=[wrap(category, 22, n_lines=1) for category in rows["category"]],
        range=[depth - 0.4, -0.6],
        showgrid=False,
        tickfont={"size": SMALL - 1},
        **place,
    )
    figure.update_xaxes(range=[-reach * 1.06, reach * 1.06], nticks=5, tickfont={"size": SMALL - 1}, **place)


def _name_column(column: str) -> str:
    return _NAMES.get(column) or clean(column).removeprefix("label_").replace("_", " ")


def _say_change(rows: pd.DataFrame) -> str:
    return f"{_sign(float(rows['contribution'].sum()))} points"


def _sign(share: float) -> str:
    """Percentage points with their sign, the minus one that is as wide as the plus."""
    return f"{100 * share:+.1f}".replace("-", "\u2212")


def _notes(drivers: pd.DataFrame, columns: list[str], n_hidden: int) -> str:
    early, late = (escape(drivers[name].iloc[0]).replace("&amp;", "&") for name in ("early", "late"))
    notes = [f"Early: {early}; late: {late}." if early and late else ""]
    notes.append("The parts describe the change and test nothing: what chance explains of it is in them too.")
    if len(columns) > _COLUMNS:
        more = ", ".join(_name_column(column) for column in columns[_COLUMNS:][:4])
        notes.append(f"Not drawn: by {more}.")
    if n_hidden > 0:
        notes.append(f"{count_of(n_hidden, 'more theme')} not drawn; the table of drivers has all.")
    return " ".join(note for note in notes if note)


def _alt(tables: dict[tuple[str, str], pd.DataFrame], labels: dict[str, str]) -> str:
    parts = []
    for (theme, column), rows in list(tables.items())[:12]:
        if not len(rows) or math.isnan(float(rows["contribution"].iloc[0])):
            continue
        largest = rows.iloc[int(rows["contribution"].abs().to_numpy().argmax())]
        parts.append(
            f"{labels[theme]} by {_name_column(column)}, most by {clean(largest['category'])} "
            f"({_sign(float(largest['contribution']))} points)"
        )
    return f"{_TITLE}: " + "; ".join(parts)
