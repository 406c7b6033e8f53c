"""Which themes or topics rise or fall, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks, theme_order
from analysis.plots.palette import INK, MUTED, Mark
from analysis.plots.text import clean, count_of, escape, shorten, wrap
from analysis.trends.design import PER_YEAR, read_design
from analysis.trends.sentences import say_estimate, say_p

_TICKS = (0.05, 0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10, 20)
_WIDEST = (1 / 30, 30.0)
_CALLED = ("rising", "falling", "changing")


@dataclass(frozen=True)
class _Groups:
    """The rows of a forest: ids in order, and how each is named and drawn."""

    noun: str
    order: list[str]
    labels: dict[str, str]
    marks: dict[str, Mark]
    doubtful: frozenset[str]
    n_hidden: int

    def say(self, group: object) -> str:
        """Its label for a reader who hears the figure."""
        return say_doubt(self.labels[str(group)], doubtful=group in self.doubtful)


def trend_forest(
    trends: pd.DataFrame,
    themes: pd.DataFrame | None = None,
    *,
    shares: pd.DataFrame | None = None,
    topics: pd.DataFrame | None = None,
    n_rows: int = 40,
    caution: str = "",
) -> go.Figure:
    """Odds ratio of each theme, or of each topic, with its 95 % interval, and the verdict in words.

    Parameters
    ----------
    trends : DataFrame
        The table ``derived/trends`` or ``derived/topic_trends``.
    themes : DataFrame, optional
        The table ``results/themes``: labels, colours and order.
    shares : DataFrame, optional
        The table ``derived/shares``: without it the changes that count as
        steady are shaded only where the odds ratios are those of the whole
        span, as the margin is.
    topics : DataFrame, optional
        The table ``results/topics``: labels of topics and the themes whose
        colours they bear.
    n_rows : int, default 40
        At most this many themes or topics: those that rise, fall or change
        first, then the largest. Topics stand in the order of their odds ratios.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    noun = "topic" if "topic" in trends else "theme"
    title = f"How the odds of each {noun} change"
    if trends.empty:
        return empty_figure("No trend was tested: too few papers have a date.", title=title, caution=caution)
    rows = trends.drop_duplicates(noun).set_index(trends[noun].drop_duplicates().astype(str))
    if not rows["odds_ratio"].notna().any():
        return empty_figure(_why_none(rows), title=title, caution=caution)
    groups = _list_topics(rows, themes, topics, n_rows) if noun == "topic" else _list_themes(rows, themes, n_rows)
    order, rows = groups.order, rows.loc[groups.order]
    margin, length = _read_margin(rows, shares)
    edge = margin ** (1 / length) if length else math.nan
    low, high = _limits(rows, edge)
    figure = go.Figure()
    if edge == edge:
        figure.add_vrect(x0=1 / edge, x1=edge, fillcolor="#e9edf1", line_width=0, layer="below")
    figure.add_vline(x=1, line={"color": MUTED, "width": 1.5}, layer="below")
    for place, (group, (_, row)) in enumerate(zip(order, rows.iterrows(), strict=True)):
        _draw_row(figure, row, groups.labels[group], groups.marks[group], place, (low, high))
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
        ticktext=[
            wrap_label(groups.labels[group], 34, doubtful=group in groups.doubtful, n_lines=2) for group in order
        ],
        range=[len(order) - 0.4, -0.6],
        showgrid=False,
    )
    figure.update_layout(showlegend=False)
    return frame(
        figure,
        title=title,
        subtitle=f"Point and line: odds ratio and its 95 % interval. Right of 1 a {noun} gains on all others together. "
        f"q: after Benjamini-Hochberg over the {noun}s.",
        notes=(_notes(rows, groups, margin if edge == edge else math.nan, length), note_doubt(groups.doubtful, noun)),
        caution=caution,
        alt=f"{title}: "
        + "; ".join(f"{groups.say(group)}, {verdict}" for group, verdict in rows["verdict"].head(16).items()),
        height=max(110, 46 * len(order)),
        left=300,
        right=190,
        bottom=64,
    )


def _choose_rows(rows: pd.DataFrame, known: list[str], n_rows: int) -> list[str]:
    """At most `n_rows` of the known, in their order: the called before the others, the large before the small."""
    called, size = rows["verdict"].isin(_CALLED), rows["n_papers"].astype(int)
    rank = {group: (not called[group], -size[group]) for group in known}
    kept = set(sorted(known, key=lambda group: (rank[group], group))[:n_rows])
    return [group for group in known if group in kept]


def _list_themes(rows: pd.DataFrame, themes: pd.DataFrame | None, n_rows: int) -> _Groups:
    ranked = theme_order(themes) if themes is not None else []
    known = [theme for theme in ranked if theme in rows.index] + [theme for theme in rows.index if theme not in ranked]
    order = _choose_rows(rows, known, n_rows)
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    return _Groups("theme", order, labels, marks, find_doubtful(themes) & set(order), len(known) - len(order))


def _list_topics(rows: pd.DataFrame, themes: pd.DataFrame | None, topics: pd.DataFrame | None, n_rows: int) -> _Groups:
    kept = rows.loc[_choose_rows(rows, list(rows.index), n_rows)]
    order = list(kept["odds_ratio"].sort_values(ascending=False, kind="stable", na_position="last").index)
    labels = {topic: f"Topic {topic}" for topic in order}
    theme_of = dict.fromkeys(order, "unassigned")
    if topics is not None:
        for topic, label, theme in zip(topics["topic"].astype(str), topics["label"], topics["theme"], strict=True):
            if topic in labels:
                labels[topic] = shorten(label, 120) or labels[topic]
                theme_of[topic] = "unassigned" if pd.isna(theme) else str(theme)
    marks = theme_marks(list(dict.fromkeys(theme_of.values())), themes)
    of_topic = {topic: marks[theme_of[topic]] for topic in order}
    doubtful = find_doubtful(topics, "topic") & set(order)
    return _Groups("topic", order, labels, of_topic, doubtful, len(rows) - len(order))


def _read_margin(rows: pd.DataFrame, shares: pd.DataFrame | None) -> tuple[float, float]:
    """The margin of a steady course, and the span that it is for in units of the odds ratios; 0 where unknown."""
    margin = rows["margin"].dropna()
    if margin.empty:
        return math.nan, 0.0
    if _unit_of(rows) != PER_YEAR:
        return float(margin.iloc[0]), 1.0
    return float(margin.iloc[0]), 0.0 if shares is None else read_design(shares).length


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


def _limits(rows: pd.DataFrame, edge: float) -> tuple[float, float]:
    ends = pd.concat([rows["low"], rows["high"], rows["odds_ratio"], pd.Series([edge, 1 / edge])]).dropna()
    usable = ends[(ends > _WIDEST[0]) & (ends < _WIDEST[1])]
    # At least from a half to two, so that a narrow interval does not look like a wide one.
    low = min(0.5, float(usable.min()) if len(usable) else 0.5)
    high = max(2.0, float(usable.max()) if len(usable) else 2.0)
    return low / 1.06, high * 1.06


def _draw_row(
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
            cliponaxis=False,
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
    estimated = math.isfinite(ratio) and low == low and high == high
    interval = escape(say_estimate(ratio, low, high)) if estimated else "not estimated"
    q = "" if pd.isna(row["q"]) else f", q {say_p(float(row['q']))}".replace("<", "&lt;")
    figure.add_annotation(
        x=1,
        xref="paper",
        xanchor="left",
        xshift=14,
        y=place,
        text=f"<b>{escape(row['verdict'])}</b>{q}<br>{interval}",
        align="left",
        showarrow=False,
        font={"size": SMALL, "color": INK},
    )


def _notes(rows: pd.DataFrame, groups: _Groups, margin: float, length: float) -> str:
    notes = []
    per_year = _unit_of(rows) == PER_YEAR
    if margin == margin:
        yearly = f" of {length:.1f} years, so {margin ** (1 / length):.2f} per year" if per_year else ""
        notes.append(
            f"Shaded: changes that still count as steady (a factor below {margin:g} over the observed span{yearly})."
        )
    if rows["smallest_visible"].notna().any():
        notes.append("Small upright lines: the smallest change that this corpus would show with 80 % power.")
    missing = int(rows["odds_ratio"].isna().sum())
    if missing:
        notes.append(f"{count_of(missing, groups.noun)} without an estimate.")
    if groups.n_hidden:
        table = "topic_trends" if groups.noun == "topic" else "trends"
        notes.append(f"{count_of(groups.n_hidden, f'more {groups.noun}')} not drawn; the table {table} has all.")
    return " ".join(notes)
