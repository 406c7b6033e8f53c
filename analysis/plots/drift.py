"""Which phrases rise and fall inside a theme."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, WIDTH, Sheet, empty_figure, frame, theme_labels, theme_marks
from analysis.plots.palette import INK, MUTED, Mark
from analysis.plots.text import clean, count_of, wrap
from analysis.trends.parting import MIN_PAPERS_PER_PART
from analysis.trends.sentences import say_p

_TITLE = "Phrases that rise and fall inside a theme"
SURE = 0.05
_ROW, _GAP = 23, 84
_LEFT, _BETWEEN, _RIGHT = 186, 272, 100
_TICKS = {0.01: "1/100", 0.1: "1/10", 0.33: "1/3", 1: "1", 3: "3", 10: "10", 100: "100"}


def phrase_drift(
    drift: pd.DataFrame,
    themes: pd.DataFrame | None = None,
    *,
    n_themes: int = 6,
    n_phrases: int = 5,
    caution: str = "",
) -> go.Figure:
    """Phrases that a theme's late papers use more, and less, than its early ones: factor of the odds and interval.

    Parameters
    ----------
    drift : DataFrame
        The table ``derived/drift``.
    themes : DataFrame, optional
        The table ``results/themes``: labels and colours.
    n_themes : int, default 6
        At most this many themes: those with most phrases of q below .05 first.
    n_phrases : int, default 5
        At most this many that rise, and this many that fall, the firmest first.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    known = drift[drift["z"].notna()]
    if known.empty:
        few = f"{MIN_PAPERS_PER_PART} dated papers in an early and {MIN_PAPERS_PER_PART} in a late part"
        said = f"No theme's phrases were compared: that needs {few}, and phrases that several of them use."
        return empty_figure(said, title=_TITLE, caution=caution)
    order = _rank_themes(known)[:n_themes]
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    doubtful = find_doubtful(themes) & set(order)
    chosen = {theme: _choose_phrases(known[known["theme"] == theme], n_phrases) for theme in order}
    n_columns = min(2, len(order))
    depths = [max(len(chosen[theme]) for theme in order[i : i + n_columns]) for i in range(0, len(order), n_columns)]
    height = sum(depths) * _ROW + (len(depths) - 1) * _GAP
    plot = WIDTH - _LEFT - _RIGHT
    figure = make_subplots(
        rows=len(depths),
        cols=n_columns,
        row_heights=[float(depth) for depth in depths],
        horizontal_spacing=_BETWEEN / plot if n_columns > 1 else 0,
        vertical_spacing=_GAP / height if len(depths) > 1 else 0,
        subplot_titles=[
            f"<b>{wrap_label(labels[theme], 36, doubtful=theme in doubtful, n_lines=2)}</b>" for theme in order
        ],
    )
    figure.update_annotations(font={"size": SMALL + 1}, yshift=4, yanchor="bottom")
    reach, sheet = _reach(chosen), Sheet()
    for i, theme in enumerate(order):
        place = {"row": i // n_columns + 1, "col": i % n_columns + 1}
        _draw_panel(figure, sheet, chosen[theme], marks[theme], depths[i // n_columns], reach, place)
    sheet.lay_on(figure)
    figure.update_layout(showlegend=False)
    return frame(
        figure,
        title=_TITLE,
        subtitle="Factor by which the odds that a paper of the theme has the phrase change, late against early papers, "
        "with its 95 % interval. Right: share of the papers counted in that have it, early → late.",
        notes=(_notes(known, order), note_doubt(doubtful)),
        caution=caution,
        alt=_alt(chosen, {theme: say_doubt(labels[theme], doubtful=theme in doubtful) for theme in order}),
        height=height,
        left=_LEFT,
        right=_RIGHT,
        top=46,
        bottom=64,
    )


def _rank_themes(known: pd.DataFrame) -> list[str]:
    sure = (known["q"] < SURE).groupby(known["theme"]).sum()
    firmest = known["z"].abs().groupby(known["theme"]).max()
    return sorted((str(theme) for theme in sure.index), key=lambda theme: (-sure[theme], -firmest[theme], theme))


def _choose_phrases(own: pd.DataFrame, n_phrases: int) -> pd.DataFrame:
    """The firmest rises, then the firmest falls, the firmest fall last."""
    ranked = own.sort_values(["z", "phrase"], ascending=[False, True], kind="stable")
    rising, falling = ranked[ranked["z"] > 0].head(n_phrases), ranked[ranked["z"] < 0].tail(n_phrases)
    return pd.concat([rising, falling])


def _reach(chosen: dict[str, pd.DataFrame]) -> float:
    """Half-width of the axis in log odds; an interval beyond it ends at the edge."""
    ends = pd.concat([rows[["low", "high"]].abs().max(axis=1) for rows in chosen.values()]).dropna()
    return min(max(float(ends.quantile(0.95)) if len(ends) else 0.0, math.log(4.5)), math.log(120))


def _draw_panel(
    figure: go.Figure, sheet: Sheet, rows: pd.DataFrame, mark: Mark, depth: int, reach: float, place: dict[str, int]
) -> None:
    y = list(range(len(rows)))
    low, high, middle = (
        [min(max(float(value), -reach), reach) for value in rows[name]] for name in ("low", "high", "log_odds")
    )
    sure = [float(q) < SURE for q in rows["q"]]
    figure.add_scatter(
        x=[value for i in y for value in (low[i], high[i], None)],
        y=[value for i in y for value in (i, i, None)],
        mode="lines",
        line={"color": mark.color, "width": 1.5},
        hoverinfo="skip",
        **place,
    )
    figure.add_scatter(
        x=middle,
        y=y,
        mode="markers",
        marker={
            "color": [mark.color if one else "white" for one in sure],
            "size": 9,
            "line": {"color": mark.color, "width": 1.8},
        },
        customdata=[
            [wrap(row["phrase"], 50), f"{row['share_early']:.0%}", f"{row['share_late']:.0%}", _say_odds(row)]
            for _, row in rows.iterrows()
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]} of the early, %{customdata[2]} of the late papers"
        "<br>%{customdata[3]}<extra></extra>",
        **place,
    )
    axes = figure.get_subplot(**place)
    side = {
        "x": 1, "xref": f"{axes.yaxis.anchor} domain", "yref": axes.xaxis.anchor, "xanchor": "left", "xshift": 8,
        "showarrow": False,
    }  # fmt: skip
    for i, (_, row) in enumerate(rows.iterrows()):
        text = f"{row['share_early']:.0%} → {row['share_late']:.0%}"
        font = {"size": SMALL - 1, "color": INK if sure[i] else MUTED}
        sheet.texts.append({**side, "y": i, "text": text, "font": font})
    names = [wrap(phrase, 24, n_lines=1) for phrase in rows["phrase"]]
    ticks = {math.log(tick): text for tick, text in _TICKS.items() if abs(math.log(tick)) <= reach}
    figure.add_vline(x=0, line={"color": MUTED, "width": 1.2}, layer="below", **place)
    figure.update_yaxes(
        tickvals=y, ticktext=names, range=[depth - 0.4, -0.6], showgrid=False, tickfont={"size": SMALL - 1}, **place
    )
    figure.update_xaxes(
        range=[-reach * 1.04, reach * 1.04],
        tickvals=list(ticks),
        ticktext=list(ticks.values()),
        tickfont={"size": SMALL - 1},
        **place,
    )


def _say_odds(row: pd.Series) -> str:
    factor, low, high = (math.exp(float(row[name])) for name in ("log_odds", "low", "high"))
    q = say_p(float(row["q"])).replace("<", "&lt;")
    return f"odds times {factor:.2g} (95 % interval {low:.2g} to {high:.2g}), q {q}"


def _notes(known: pd.DataFrame, order: list[str]) -> str:
    notes = ["Full point: q below .05; hollow: not shown to change."]
    notes.append("A phrase that rises says what the papers say, not why the theme moved.")
    hidden = known["theme"].nunique() - len(order)
    if hidden:
        notes.append(f"{count_of(hidden, 'more theme')} not drawn; the table of drift has all.")
    return " ".join(notes)


def _alt(chosen: dict[str, pd.DataFrame], labels: dict[str, str]) -> str:
    parts = []
    for theme, rows in chosen.items():
        sure = rows[rows["q"] < SURE]
        up = ", ".join(clean(phrase) for phrase in sure.loc[sure["z"] > 0, "phrase"]) or "nothing surely"
        down = ", ".join(clean(phrase) for phrase in sure.loc[sure["z"] < 0, "phrase"]) or "nothing surely"
        parts.append(f"{labels[theme]}, rising: {up}; falling: {down}")
    return f"{_TITLE}: " + "; ".join(parts)
