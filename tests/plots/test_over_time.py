"""Lines, areas and bands over time: what they draw is what the table says."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.plots import theme_lines, theme_shares, theme_stream
from tests.made_moves import add_course, make_fractional
from tests.made_study import make_many, make_tables

DRAWINGS = (theme_lines, theme_stream, theme_shares)
SILENT, UNFINISHED = 2, 7


def notes_of(figure):
    return " ".join(one.text for one in figure.layout.annotations).replace("<br>", " ")


def group_of(figure, theme):
    return [trace for trace in figure.data if trace.legendgroup == theme]


def find_areas(figure):
    """Areas and hatches, not the entries of the legend."""
    return [trace for trace in figure.data if trace.type == "scatter" and trace.fill == "toself" and not trace.name]


def find_lines(traces):
    """Strokes along the smoothed or joined shares: neither bands nor entries of the legend."""
    return [trace for trace in traces if trace.type == "scatter" and trace.mode == "lines" and trace.fill is None]


def test_line_band_and_points_of_a_theme_go_together_in_the_legend():
    tables = make_tables()
    figure = theme_lines(tables.shares, tables.themes)
    named = [trace for trace in figure.data if trace.showlegend is None and trace.type == "scatter"]
    assert [trace.name for trace in named][:2] == ["Representation learning", "Robotics"]
    for theme in tables.themes["theme"]:
        traces = group_of(figure, theme)
        assert {trace.mode for trace in traces} == {"lines", "markers", "lines+markers"}
        assert sum(trace.showlegend is None for trace in traces) == 1
        assert len({trace.visible for trace in traces}) == 1


def test_only_the_largest_themes_are_drawn_at_first_and_the_figure_says_so():
    tables = make_many()
    figure = theme_lines(tables.shares, tables.themes, n_drawn=8)
    shown = {trace.legendgroup for trace in figure.data if trace.visible is True}
    sizes = tables.shares[tables.shares["period"].notna() & (tables.shares["theme"] != "unassigned")]
    sizes = sizes.groupby("theme")["count"].sum()
    assert len(shown) == 8
    assert sizes[list(shown)].min() >= sizes.drop(list(shown)).max()
    hidden = {trace.visible for trace in figure.data if trace.legendgroup and trace.legendgroup not in shown}
    assert hidden == {"legendonly"}
    assert "33 smaller themes not drawn" in notes_of(figure)


def test_where_there_are_few_themes_all_are_drawn():
    tables = make_tables()
    figure = theme_lines(tables.shares, tables.themes)
    assert {trace.visible for trace in figure.data if trace.legendgroup} == {True}
    assert "not drawn" not in notes_of(figure)


@pytest.mark.parametrize("draw", [theme_lines, theme_stream])
def test_a_hover_shows_all_themes_and_the_papers_of_the_period(draw):
    tables = make_tables()
    figure = draw(tables.shares, tables.themes)
    bars = next(trace for trace in figure.data if trace.type == "bar")
    totals = tables.shares[tables.shares["theme"] == "robotics"].dropna(subset="period")["total"]
    assert figure.layout.hovermode == "x unified"
    assert figure.layout.hoversubplots == "axis"
    assert list(bars.y) == totals.tolist()
    assert bars.xaxis is None
    assert bars.yaxis == "y2"
    assert [row[0] for row in bars.customdata] == [str(year) for year in range(2018, 2026)]


def test_the_line_is_the_smoothed_share_and_the_points_are_the_shares():
    tables = make_tables()
    own = tables.shares[(tables.shares["theme"] == "robotics") & tables.shares["period"].notna()]
    figure = theme_lines(tables.shares, tables.themes)
    traces = group_of(figure, "robotics")
    strokes = [(x, y) for line in find_lines(traces) for x, y in zip(line.x, line.y, strict=True) if x is not None]
    smooth = own["smooth"].tolist()
    assert strokes
    assert all(y == pytest.approx(smooth[x]) for x, y in strokes)
    points = next(trace for trace in traces if trace.mode == "markers")
    top = figure.layout.yaxis.range[1]
    shares = own["share"].dropna().tolist()
    assert list(points.y) == pytest.approx([min(share, top) for share in shares])


@pytest.mark.parametrize("draw", DRAWINGS)
def test_nothing_is_drawn_across_a_period_without_papers(draw):
    tables = make_tables()
    figure = draw(tables.shares, tables.themes)
    coloured = [trace for trace in figure.data if trace.type == "scatter" and trace.x[0] is not None]
    for trace in coloured:
        places = [x if y is not None else None for x, y in zip(trace.x, trace.y, strict=True)]
        assert SILENT not in places
        pieces = json.dumps([None if x is None else float(x) for x in places]).split("null")
        for piece in pieces:
            x = [float(value) for value in piece.strip("[], ").split(",") if value.strip()]
            # Points stand alone; a stroke or an area must not lead from one side to the other.
            assert trace.mode == "markers" or not x or max(x) < SILENT or min(x) > SILENT
    assert "A gap is a year without papers." in notes_of(figure)


@pytest.mark.parametrize("draw", [theme_lines, theme_shares])
def test_an_unfinished_period_is_reached_by_dots_only(draw):
    tables = make_tables()
    lines = [line for line in find_lines(draw(tables.shares, tables.themes).data) if line.line.width == 2.5]
    assert {line.line.dash for line in lines if UNFINISHED in line.x} == {"dot"}
    assert {line.line.dash for line in lines if UNFINISHED not in line.x} == {"solid"}


def test_an_unfinished_period_is_hatched_in_the_areas():
    tables = make_tables()
    figure = theme_stream(tables.shares, tables.themes)
    hatched = [trace for trace in find_areas(figure) if trace.fillpattern.shape == "/"]
    assert [(min(trace.x), max(trace.x)) for trace in hatched] == [(UNFINISHED - 0.5, UNFINISHED + 0.5)]


def stack_heights(figure):
    """Top and bottom of each area at each whole period."""
    areas = [area for area in find_areas(figure) if area.fillpattern.shape != "/"]
    tops, floors = {}, {}
    for area in areas:
        half = len(area.x) // 2
        for place, y in zip(area.x[:half], area.y[:half], strict=True):
            tops.setdefault(place, []).append(y)
        for place, y in zip(area.x[half:], area.y[half:], strict=True):
            floors.setdefault(place, []).append(y)
    return tops, floors


@pytest.mark.parametrize("change", [lambda shares: shares, make_fractional], ids=["full", "fractional"])
def test_areas_stand_on_each_other_and_reach_the_whole(change):
    tables = make_tables()
    tops, floors = stack_heights(theme_stream(change(tables.shares), tables.themes))
    whole = [place for place in tops if place == int(place)]
    assert sorted(whole) == [0, 1, 3, 4, 5, 6, 7]
    for place in whole:
        assert max(tops[place]) == pytest.approx(1)
        assert min(floors[place]) == 0
        assert sorted(floors[place])[1:] == pytest.approx(sorted(tops[place])[:-1])


def test_small_themes_share_one_area_and_the_whole_stays_whole():
    tables = make_many()
    figure = theme_stream(tables.shares, tables.themes, n_areas=12)
    names = [trace.name for trace in figure.data if trace.name]
    assert "28 smaller themes" in names
    assert len(names) == 14
    tops, _ = stack_heights(figure)
    assert max(tops[0]) == pytest.approx(1)


def test_no_two_areas_look_alike():
    tables = make_many()
    keys = [trace for trace in theme_stream(tables.shares, tables.themes, n_areas=20).data if trace.name]
    looks = [(trace.fillcolor, trace.fillpattern.shape) for trace in keys]
    assert len(set(looks)) == len(looks)


def test_fractional_counts_are_not_cut_to_whole_papers():
    tables = make_tables()
    shares = make_fractional(tables.shares)
    for draw in DRAWINGS:
        assert "2.5" in draw(shares, tables.themes).to_json()


def test_panels_show_the_smoothed_share_where_there_is_one():
    tables = make_tables()
    smoothed = theme_shares(tables.shares, tables.themes)
    plain = theme_shares(add_course(tables.shares, estimated=False), tables.themes)
    bare = theme_shares(tables.shares.drop(columns=[name for name in tables.shares if "smooth" in name]), tables.themes)
    assert "smoothed share" in notes_of(smoothed)
    assert "smoothed" not in notes_of(plain)
    assert plain.to_json() == bare.to_json()
    own = tables.shares[(tables.shares["theme"] == "robotics") & tables.shares["period"].notna()]
    bands = [trace for trace in smoothed.data if trace.fill == "toself" and trace.xaxis == "x2"]
    ends = {(x, round(y, 9)) for band in bands for x, y in zip(band.x, band.y, strict=True)}
    known = np.flatnonzero(own["total"] > 0)
    for name in ("smooth_low", "smooth_high"):
        assert {(i, round(own[name].iloc[i], 9)) for i in known} <= ends


def test_a_panel_of_many_periods_has_no_bars_of_intervals():
    months = pd.date_range("2019-01-01", periods=24, freq="MS")
    rows = [
        {"period": day, "period_end": day + pd.offsets.MonthEnd(0), "theme": theme, "count": 5, "total": 10,
         "share": 0.5, "low": 0.2, "high": 0.8, "complete": True, "observed_days": day.days_in_month}
        for theme in ("alignment", "robotics") for day in months
    ]  # fmt: skip
    shares = add_course(pd.DataFrame(rows))
    for trace in theme_shares(shares).data:
        assert trace.error_y.array is None
    few = theme_shares(shares[shares["period"] < "2019-12-01"])
    assert any(trace.error_y.array is not None for trace in few.data)


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_theme_has_its_own_colour_in_every_figure(draw):
    tables = make_tables()
    figure = draw(tables.shares, tables.themes)
    colors = set(tables.themes["color"])
    written = figure.to_json()
    assert all(color in written for color in colors)
