"""Bursts, drift, drivers, rates, the table of verdicts and the forests: what they draw is what the tables say."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from analysis.plots import (
    FIGURES,
    burst_timeline,
    has_data,
    phrase_drift,
    theme_drivers,
    theme_rates,
    trend_forest,
    trend_table,
)
from tests.made_moves import make_bursts, make_drift, make_drivers, make_fractional, make_rates, make_topic_trends
from tests.made_study import make_tables


@pytest.fixture(scope="module")
def tables():
    return make_tables()


def said_in(figure):
    return " ".join(one.text for one in figure.layout.annotations).replace("<br>", " ")


def test_only_bursts_that_were_found_are_drawn(tables):
    figure = burst_timeline(tables.bursts, tables.shares, tables.themes)
    assert figure.layout.yaxis.ticktext == ("Representation learning", "Robotics")
    # 2022 to 2024, within it 2023 at level 2; and 2018 to 2019.
    rails = sorted((shape.x0, shape.x1) for shape in figure.layout.shapes)
    assert rails == [(-0.5, 1.5), (3.5, 6.5), (4.5, 5.5)]
    assert "1 further stretch of high share may be chance" in said_in(figure)
    assert "2022 to 2024: 58%, usually 30%; q = .010" in said_in(figure)


def test_a_burst_of_a_higher_level_is_fuller(tables):
    bars = burst_timeline(tables.bursts, tables.shares, tables.themes).data[0]
    usual, low, high = bars.marker.color[0], bars.marker.color[4], bars.marker.color[5]
    color = tables.themes.set_index("theme")["color"]["representation-learning"]
    assert (bars.marker.color[6], high) == (low, color)
    assert len({usual, low, high}) == 3


def test_of_many_themes_with_bursts_the_heaviest_are_drawn(tables):
    figure = burst_timeline(tables.bursts, tables.shares, tables.themes, n_rows=1)
    assert figure.layout.yaxis.ticktext == ("Representation learning",)
    assert "1 more theme with bursts not drawn" in said_in(figure)
    assert "3 themes without a burst" in said_in(figure)


def test_no_burst_says_whether_one_was_searched_for(tables):
    none = make_bursts().assign(found=False)
    few = burst_timeline(none, tables.shares, tables.themes)
    assert "No bursts were searched for: only 6 complete years with papers, and a burst needs at least 30." in said_in(
        few
    )
    months = pd.date_range("2019-01-01", periods=31, freq="MS")
    shares = pd.DataFrame(
        {"period": months, "period_end": months + pd.offsets.MonthEnd(0), "theme": "robotics", "count": 3, "total": 9,
         "share": 1 / 3, "low": 0.1, "high": 0.6, "complete": True, "observed_days": 30}
    )  # fmt: skip
    assert "4 stretches of high share are no more than chance gives" in said_in(burst_timeline(none, shares))


def write_lines(figure):
    """Texts of the table from top to bottom, left to right."""
    cells = [one for one in figure.layout.annotations if one.xref != "paper"]
    return [one.text for one in sorted(cells, key=lambda one: (round(one.y), one.x))]


def test_the_table_goes_from_rising_to_unclear(tables):
    texts = write_lines(trend_table(tables.trends, tables.shares, tables.themes))
    heads = [text for text in texts if text.startswith("<b>")]
    assert [head[3:].split("</b>")[0] for head in heads] == [
        "▲ Rising (1)", "▼ Falling (1)", "◆ Changing (1)", "■ Steady (1)", "? Unclear (1)"
    ]  # fmt: skip


@pytest.mark.parametrize("change", [lambda shares: shares, make_fractional], ids=["full", "fractional"])
def test_the_table_gives_the_numbers_of_each_theme(tables, change):
    shares = change(tables.shares)
    texts = write_lines(trend_table(tables.trends, shares, tables.themes))
    start = texts.index("Representation learning")
    own = shares[(shares["theme"] == "representation-learning") & (shares["total"] > 0) & shares["period"].notna()]
    thirds = [part["count"].sum() / part["total"].sum() for part in (own[:3], own[3:5], own[5:])]
    course = " → ".join(f"{share:.1%}" if 0 < share < 0.095 else f"{share:.0%}" for share in thirds)
    papers = str(int((tables.papers["theme"] == "representation-learning").sum()))
    assert texts[start + 1 : start + 7] == ["1.45 (1.15 to 1.83)", ".030", course, papers, "–", "holds"]  # noqa: RUF001
    changing = texts.index("Recommendation and user modelling".replace("user modelling", "user<br>modelling"))
    assert texts[changing + 1] == "0.95 (0.80 to 1.20)<br>peak at 2022-07-01"


def test_what_was_not_measured_is_a_dash_and_not_a_no(tables):
    trends = tables.trends.assign(
        survives=np.nan, holds_without_doubtful=pd.array([pd.NA] * 5, dtype="boolean"), q=np.nan, odds_ratio=np.nan
    )
    figure = trend_table(trends, tables.shares, tables.themes)
    assert "does not hold" not in write_lines(figure)
    assert sum(text.startswith("–") for text in write_lines(figure)) == 4 * 5  # noqa: RUF001
    assert "doubtful papers:" not in said_in(figure).lower()


def test_only_sure_phrases_are_full_points(tables):
    figure = phrase_drift(tables.drift, tables.themes)
    points = [trace for trace in figure.data if trace.mode == "markers"]
    assert [sum(color != "white" for color in trace.marker.color) for trace in points] == [4, 0]
    first = tables.drift[tables.drift["theme"] == "representation-learning"].reset_index(drop=True)
    full = [color != "white" for color in points[0].marker.color]
    assert full == (first["q"] < 0.05).tolist()
    assert list(points[0].x) == pytest.approx(first["log_odds"].tolist())
    assert "reward model" in figure.layout.meta["alt"]
    assert "transformer" not in figure.layout.meta["alt"]


def test_themes_with_sure_phrases_come_first_and_the_rest_is_counted(tables):
    many = pd.concat([make_drift([theme, "x"]).query("theme != 'x'") for theme in tables.themes["theme"]])
    many.loc[many["theme"] == "alignment", "q"] = 1.0
    figure = phrase_drift(many, tables.themes, n_themes=5)
    titles = [one.text for one in figure.layout.annotations if one.text.startswith("<b>")]
    assert not any("Alignment" in title for title in titles)
    assert "1 more theme not drawn" in said_in(figure)


def test_no_drift_says_why(tables):
    assert "No theme's phrases were compared" in said_in(phrase_drift(make_drift([]), tables.themes))


def test_the_parts_of_a_panel_add_up_to_the_change(tables):
    figure = theme_drivers(tables.drivers, tables.themes)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    ticks = [trace for trace in figure.data if trace.type == "scatter"]
    assert len(bars) == 2 * len(ticks) == 2 * 5 * 3
    for within, composition, both in zip(bars[::2], bars[1::2], ticks, strict=True):
        assert np.add(within.x, composition.x) == pytest.approx(np.array(both.x))
    sums = sorted(round(sum(one.x), 6) for one in ticks)
    changes = 100 * tables.drivers.groupby(["theme", "column"])["contribution"].sum()
    assert sums == pytest.approx(sorted(changes.round(6)))


def test_categories_beyond_six_are_one_row_that_keeps_the_sum():
    one = make_drivers(["robotics"]).query("column == 'venue'")
    many = pd.concat([one.assign(category=one["category"] + str(i)) for i in range(4)], ignore_index=True)
    figure = theme_drivers(many)
    ticks = next(trace for trace in figure.data if trace.type == "scatter")
    assert len(ticks.x) == 7
    assert figure.layout.yaxis.ticktext[-1] == "10 more"
    assert sum(ticks.x) == pytest.approx(100 * many["contribution"].sum())


def test_no_drivers_say_why():
    assert "Nothing to split" in said_in(theme_drivers(make_drivers([])))


def test_an_incomplete_period_has_no_rate_and_the_collection_its_own_axis(tables):
    figure = theme_rates(tables.rates, tables.themes)
    lines = [trace for trace in figure.data if trace.mode == "lines+markers"]
    assert len(lines) == 1 + tables.rates["theme"].nunique()
    assert all(trace.y[-1] is None for trace in lines)
    # The field has papers in 2020, the collection none: that is a rate, and it is 0.
    assert all(trace.y[2] == 0 for trace in lines)
    collection = tables.rates.drop_duplicates("period")["collection_rate"].tolist()
    assert list(lines[0].y[:-1]) == pytest.approx(collection[:-1])
    assert figure.layout.yaxis.range is None
    assert figure.layout.yaxis2.range == figure.layout.yaxis3.range


def test_without_totals_of_the_field_the_figure_is_left_out(tables):
    bare = dataclasses.replace(tables, rates=make_rates(tables.shares, given=False))
    assert "gives no totals of the field" in said_in(theme_rates(bare.rates, tables.themes))
    assert [name for name in FIGURES if not has_data(name, bare)] == ["theme-rates"]
    assert all(has_data(name, tables) for name in FIGURES)


def shaded(figure):
    return [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.type == "rect"]


def test_the_shading_spreads_the_margin_over_the_years(tables):
    (edges,) = shaded(trend_forest(tables.trends, tables.themes, shares=tables.shares))
    # 2018 to 17 October 2025.
    years = (7 * 365 + 2 + 290) / 365.25
    assert edges == pytest.approx((1.5 ** (-1 / years), 1.5 ** (1 / years)), rel=1e-3)
    assert not shaded(trend_forest(tables.trends, tables.themes))


def test_the_shading_is_the_margin_where_odds_ratios_are_of_the_span(tables):
    trends = tables.trends.assign(unit="over the observed span")
    for shares in (None, tables.shares):
        assert shaded(trend_forest(trends, tables.themes, shares=shares)) == [(1 / 1.5, 1.5)]


def test_the_forest_says_the_q_of_each_row(tables):
    trends = tables.trends.assign(q=[0.0004, 0.5, np.nan, 0.03, 0.2])
    text = said_in(trend_forest(trends, tables.themes))
    assert "<b>rising</b>, q &lt; .001 1.45 (1.15 to 1.83)" in text
    assert "<b>unclear</b>, q = .50 1.08 (0.70 to 1.60)" in text
    assert "<b>steady</b> 1.01" in text


def test_topics_have_a_forest_from_rising_to_falling(tables):
    figure = FIGURES["topic-forest"](tables, "")
    trends = tables.topic_trends.set_index("topic")
    points = [trace for trace in figure.data if trace.mode == "markers" and trace.marker.size == 13]
    ratios = [trace.x[0] for trace in points]
    assert ratios == sorted(ratios, reverse=True)
    assert len(ratios) == trends["odds_ratio"].notna().sum()
    assert "1 topic without an estimate" in said_in(figure)
    assert "How the odds of each topic change" in said_in(figure)
    of_theme = tables.themes.set_index("theme")["color"]
    expected = {of_theme[theme] for theme in tables.topics["theme"]}
    assert {trace.marker.color for trace in points} <= expected


def test_a_long_forest_keeps_what_was_called(tables):
    topics = pd.DataFrame(
        {"topic": range(60), "label": [f"Topic of {i}" for i in range(60)], "size": 60, "theme": None}
    )
    topics["size"] = range(100, 40, -1)
    trends = make_topic_trends(topics)
    figure = trend_forest(trends, tables.themes, topics=topics, n_rows=40)
    shown = set(figure.layout.yaxis.ticktext)
    called = trends.loc[trends["verdict"].isin(["rising", "falling", "changing"]), "topic"]
    assert len(shown) == 40
    assert {f"Topic of {topic}" for topic in called} <= shown
    assert "20 more topics not drawn" in said_in(figure)


def test_an_unbounded_interval_ends_at_the_edge(tables):
    trends = tables.trends.assign(high=[math.inf, *tables.trends["high"][1:]])
    text = trend_forest(trends, tables.themes).to_json()
    assert "Infinity" not in text
    assert "to over 1000" in text
