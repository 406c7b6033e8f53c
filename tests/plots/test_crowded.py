"""Figures of many themes and many periods stay readable: nothing runs into another, nothing is cut."""

import pandas as pd
import pytest

from analysis.plots import paper_map, theme_lines, theme_share_heatmap, trend_forest
from analysis.trends import share_by_period
from tests.made_study import make_tables


def scatters(figure):
    return [trace for trace in figure.data if trace.type == "scatter"]


def bands_of(figure):
    return [trace for trace in scatters(figure) if trace.fill == "toself"]


def notes_of(figure):
    return " ".join(one.text for one in figure.layout.annotations).replace("<br>", " ")


@pytest.mark.parametrize(("n_themes", "banded"), [(3, True), (6, False)])
def test_bands_are_drawn_for_few_lines_only(n_themes, banded):
    tables = make_tables()
    shares = tables.shares[tables.shares["theme"].isin(tables.themes["theme"][:n_themes])]
    figure = theme_lines(shares, tables.themes)
    assert bool(bands_of(figure)) == banded
    assert ("how sure they are stands in the panels" in notes_of(figure)) != banded


def test_shares_of_few_papers_have_no_points_among_many_lines():
    tables = make_tables()
    few = tables.shares["period"] == tables.shares["period"].min()
    shares = tables.shares.assign(total=tables.shares["total"].where(~few, 2))
    figure = theme_lines(shares, tables.themes)
    points = [x for trace in scatters(figure) if trace.mode == "markers" for x in trace.x]
    assert points
    assert 0 not in points
    assert "No points for a year of fewer than 5 papers" in notes_of(figure)
    all_few = theme_lines(tables.shares.assign(total=tables.shares["total"].clip(upper=4)), tables.themes)
    assert [trace for trace in scatters(all_few) if trace.mode == "markers" and len(trace.x)]


def test_nineteen_themes_have_whole_labels_in_the_legend_of_the_map():
    themes = {
        f"theme-{i:02d}": ("named" if i < 2 else "discovered", f"Theme {i} on retrieval, documents, graphs")
        for i in range(19)
    }
    tables = make_tables(190, themes=themes)
    figure = paper_map(tables.papers, tables.themes)
    entries = [trace.name.replace("<br>", " ") for trace in figure.data if trace.showlegend]
    assert len(entries) == 20
    assert not [entry for entry in entries if "…" in entry]


@pytest.mark.parametrize(("n_months", "label"), [(6, "2024-01<br>n=1"), (13, "2024<br>01<br>n=1")])
def test_many_months_stand_in_two_lines_under_the_cells(n_months, label):
    days = pd.date_range("2024-01-15", periods=n_months, freq="MS").strftime("%Y-%m-%d")
    days = ["2024-01-01", *days[:-1]]
    shares = share_by_period(pd.DataFrame({"published": days, "theme": "robotics"}), period="month")
    first, *_ = theme_share_heatmap(shares).layout.xaxis.ticktext
    assert first.replace("*", "") == label


def test_what_is_written_on_a_cell_can_be_read():
    tables = make_tables()
    cells, written, *_ = theme_share_heatmap(tables.shares, tables.themes).data
    assert set(written.textfont.color) == {"#000000", "#ffffff"}
    assert len(written.text) == sum(share is not None for row in cells.z for share in row)


def test_an_estimate_far_out_fits_beside_the_forest():
    tables = make_tables()
    trends = tables.trends.assign(odds_ratio=5e4, low=1e-9, high=1e9)
    text = trend_forest(trends, tables.themes).to_json()
    assert "&gt; 1000 (&lt; 0.001 to &gt; 1000)" in text
