import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from analysis.plots import FIGURES, READS, theme_share_heatmap, theme_shares, topic_tree
from analysis.plots.labels import place_labels
from analysis.results import TABLES
from tests.made_moves import add_course, make_fractional, make_rates, make_topic_trends
from tests.made_study import CAUTION, make_many, make_tables, with_hostile_text, without_dates


def make_fractional_tables():
    tables = make_tables()
    shares = make_fractional(tables.shares)
    return dataclasses.replace(tables, shares=shares, rates=make_rates(shares))


def make_still_tables():
    """Tables in which nothing was found, compared or split, and no smoothed share estimated."""
    tables = make_tables()
    return dataclasses.replace(
        tables,
        shares=add_course(tables.shares, estimated=False),
        **{name: getattr(tables, name).iloc[:0] for name in ("bursts", "newcomers", "drift", "drivers", "rates")},
        topic_trends=make_topic_trends(tables.topics.iloc[:0]),
    )


STUDIES = {
    "sixty papers": make_tables,
    "hostile text": lambda: with_hostile_text(make_tables()),
    "no dated paper": lambda: without_dates(make_tables()),
    "one paper": lambda: make_tables(1, n_years=1, themes={"robotics": ("named", "Robotics")}),
    "one theme": lambda: make_tables(12, themes={"robotics": ("named", "Robotics")}),
    "forty themes": make_many,
    "one year": lambda: make_tables(12, n_years=1),
    "fractional counts": make_fractional_tables,
    "nothing moves": make_still_tables,
}


@pytest.fixture(scope="module", params=STUDIES, ids=list(STUDIES))
def tables(request):
    return STUDIES[request.param]()


@pytest.mark.parametrize("name", FIGURES)
def test_every_study_gives_every_figure(tables, name):
    figure = FIGURES[name](tables, CAUTION)
    assert "A search-result page" in figure.to_json()
    assert figure.layout.height < 8000
    assert figure.layout.meta["alt"]


@pytest.mark.parametrize("name", FIGURES)
def test_drawing_changes_no_table(name):
    tables = make_tables()
    frames = [part.name for part in dataclasses.fields(tables) if part.name != "run"]
    before = {part: getattr(tables, part).copy() for part in frames}
    FIGURES[name](tables, "")
    for part, frame in before.items():
        pd.testing.assert_frame_equal(getattr(tables, part), frame)


@pytest.mark.parametrize("name", FIGURES)
def test_text_of_a_paper_cannot_become_markup(name):
    text = FIGURES[name](with_hostile_text(make_tables()), "<a href='http://evil'>x</a>").to_json()
    written = json.dumps(json.loads(text)["data"]) + json.dumps(json.loads(text)["layout"]["annotations"])
    for tag in ("<script", "<img", "<a ", "<b onmouseover", "<i>", "\u202e", "\\u202e"):
        assert tag not in written


@pytest.mark.parametrize("name", FIGURES)
def test_no_dated_paper_is_said_calmly_where_it_matters(name):
    text = FIGURES[name](without_dates(make_tables()), "").to_json()
    about_time = {"theme-shares", "theme-lines", "theme-stream", "theme-heatmap", "papers-per-period", "burst-timeline"}
    assert ("No paper has a date" in text) == (name in about_time)


def test_every_figure_says_what_it_reads():
    assert list(READS) == list(FIGURES)
    assert {table for tables in READS.values() for table in tables} <= set(TABLES)


def test_a_period_without_papers_leaves_a_gap():
    tables = make_tables()
    figure = theme_shares(tables.shares, tables.themes)
    silent = 2
    lines = [trace for trace in figure.data if trace.mode == "lines" and trace.line.width == 2.5]
    assert lines
    assert all(silent not in trace.x for trace in lines)


def test_an_unfinished_period_is_hollow_and_dotted():
    tables = make_tables()
    figure = theme_shares(tables.shares, tables.themes)
    points = [trace for trace in figure.data if trace.mode == "markers"]
    assert all(trace.marker.color[-1] == "white" and trace.marker.color[0] != "white" for trace in points)
    assert any(trace.line.dash == "dot" for trace in figure.data if trace.mode == "lines")


def test_shares_alone_give_labels_and_the_same_colours():
    tables = make_tables()
    alone, full = theme_shares(tables.shares), theme_shares(tables.shares, tables.themes)

    def colors(figure):
        return {trace.marker.line.color for trace in figure.data if trace.mode == "markers"}

    assert colors(alone) == colors(full)
    assert "Representation learning" in alone.to_json()


def test_the_heatmap_says_no_papers_and_not_zero():
    tables = make_tables()
    figure = theme_share_heatmap(tables.shares, tables.themes)
    assert [row[2] for row in figure.data[0].z] == [None] * 6
    assert any(note.text == "no papers" for note in figure.layout.annotations)


def test_the_map_hides_no_theme_from_a_reader_who_sees_no_colour():
    tables = make_tables()
    figure = FIGURES["paper-map"](tables, "")
    assert len({trace.marker.symbol for trace in figure.data}) == len(figure.data)


def test_labels_never_overlap():
    rng = np.random.default_rng(3)
    anchors = rng.uniform(100, 600, (30, 2))
    wanted = [(str(i), (f"Label number {i}", "of some length"), anchor[None, :]) for i, anchor in enumerate(anchors)]
    placed = place_labels(wanted, frame=(760, 620), size=14)
    assert len(placed) > 10
    for i, one in enumerate(placed):
        for other in placed[i + 1 :]:
            apart_x = abs(one.place[0] - other.place[0]) >= (one.width + other.width) / 2
            apart_y = abs(one.place[1] - other.place[1]) >= (one.height + other.height) / 2
            assert apart_x or apart_y


def test_where_there_is_room_no_label_hides_a_paper():
    rng = np.random.default_rng(5)
    groups = {
        name: rng.normal((x, y), 40, (9, 2)) for name, x, y in (("a", 300, 200), ("b", 600, 220), ("c", 450, 420))
    }
    placed = place_labels([(name, (f"Theme {name}",), points) for name, points in groups.items()],
                          frame=(1040, 600), size=15)  # fmt: skip
    assert [label.key for label in placed] == ["a", "b", "c"]
    every = np.concatenate(list(groups.values()))
    for label in placed:
        assert not (np.abs(every - label.place) < (label.width / 2, label.height / 2)).all(axis=1).any()
        assert min(np.linalg.norm(groups[label.key] - label.tip, axis=1)) == 0


def with_few_papers_in_2018():
    tables = make_tables()
    shares = tables.shares.copy()
    early = shares["period"].dt.year == 2018
    robotics = shares["theme"] == "robotics"
    shares.loc[early, ["count", "total", "share", "low", "high"]] = [0, 1, 0.0, 0.0, 0.85]
    shares.loc[early & robotics, ["count", "share", "low", "high"]] = [1, 1.0, 0.15, 1.0]
    return shares, tables.themes


def test_a_period_of_few_papers_is_pale_and_does_not_stretch_the_axis():
    shares, themes = with_few_papers_in_2018()
    figure = theme_shares(shares, themes)
    enough = shares[(shares["total"] >= 5) & shares["period"].notna()]
    top = figure.layout.yaxis.range[1]
    assert top == pytest.approx(min(1, enough["high"].max() * 1.04))
    first = [trace for trace in figure.data if trace.mode == "markers" and list(trace.x) == [0]]
    assert len(first) == 6
    assert all("rgba" in trace.marker.line.color and trace.marker.color == ("white",) for trace in first)
    above = [trace for trace in first if trace.marker.symbol == ("triangle-up",)]
    assert [tuple(trace.customdata[0][1:4]) for trace in above] == [("1", 1, "100%")]
    assert above[0].y == (top,)
    assert "fewer than 5 papers" in figure.to_json()


def test_the_heatmap_gives_no_colour_to_a_period_of_few_papers():
    shares, themes = with_few_papers_in_2018()
    cells, _, few = theme_share_heatmap(shares, themes).data
    assert [row[0] for row in cells.z] == [None] * 6
    assert sorted(few.text) == ["0"] * 5 + ["100%<br>1"]


def test_one_period_gives_rows_and_not_lines():
    tables = make_tables(12, n_years=1)
    figure = theme_shares(tables.shares, tables.themes, caution=CAUTION)
    assert len(figure.data) == 6
    assert all(trace.mode == "markers" and trace.error_x.array is not None for trace in figure.data)
    assert "no change over time can be seen" in figure.to_json()


def test_no_estimate_gives_a_sentence_and_no_empty_axes():
    tables = make_tables()
    trends = tables.trends.assign(odds_ratio=np.nan, low=np.nan, high=np.nan, reason="Unclear: only 1 year.")
    figure = FIGURES["trend-forest"](dataclasses.replace(tables, trends=trends), "")
    assert not figure.data
    assert "No trend could be estimated: only 1 year." in figure.to_json()


def test_every_theme_keeps_a_topic_in_a_short_tree():
    tables = make_many()
    shown = topic_tree(tables.topics, tables.themes, n_topics=3)
    assert len(shown.layout.yaxis.tickvals) >= tables.topics["theme"].nunique()


@pytest.mark.parametrize("name", FIGURES)
def test_no_figure_offers_to_send_its_data(name):
    assert "sendChartToCloud" in FIGURES[name](make_tables(), "").layout.template.layout.modebar.remove


def test_two_drawings_are_equal():
    for draw in FIGURES.values():
        assert draw(make_tables(), "").to_json() == draw(make_tables(), "").to_json()
