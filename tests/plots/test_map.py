"""The map of more papers than can be drawn."""

import numpy as np
import pandas as pd
import pytest

from analysis.plots import map as map_module
from analysis.plots import paper_map
from tests.made_study import make_tables


@pytest.fixture
def many(monkeypatch):
    """The map of 60 papers, as if 30 were many."""
    monkeypatch.setattr(map_module, "_MOST_PAPERS", 30)
    monkeypatch.setattr(map_module, "_N_DRAWN", 20)
    tables = make_tables()
    return tables, paper_map(tables.papers, tables.themes)


def test_of_many_papers_a_part_is_drawn_over_the_density_of_all(many):
    tables, figure = many
    shade, *points = figure.data
    assert shade.type == "heatmap"
    assert sum(len(one.x) for one in points) == 20
    places = set(zip(tables.papers["map_x"], tables.papers["map_y"], strict=True))
    assert {place for one in points for place in zip(one.x, one.y, strict=True)} <= places | {
        (y, -x) for x, y in places
    }
    papers = np.expm1(np.array(shade.z, dtype=float))
    assert np.nansum(papers) == pytest.approx(60, rel=0.02)
    said = " ".join(str(note.text) for note in figure.layout.annotations)
    assert "20 of the papers" in said
    assert "all 60" in said


def test_drawn_papers_are_the_same_in_every_run_and_labels_count_all(many):
    tables, figure = many
    assert figure.to_json() == paper_map(tables.papers, tables.themes).to_json()
    sizes = tables.papers["theme"].value_counts()
    said = " ".join(str(note.text) for note in figure.layout.annotations)
    assert any(f"({size})" in said for size in sizes)


def test_few_papers_are_all_drawn_without_a_shade():
    tables = make_tables()
    figure = paper_map(tables.papers, tables.themes)
    assert {one.type for one in figure.data} == {"scatter"}
    assert sum(len(one.x) for one in figure.data) == len(tables.papers)
    assert "drawn at random" not in figure.to_json()


def test_papers_on_one_spot_are_shaded_too(monkeypatch):
    monkeypatch.setattr(map_module, "_MOST_PAPERS", 30)
    monkeypatch.setattr(map_module, "_N_DRAWN", 20)
    tables = make_tables()
    spot = tables.papers.assign(map_x=1.0, map_y=pd.Series(2.0, index=tables.papers.index))
    figure = paper_map(spot, tables.themes)
    assert np.nansum(np.expm1(np.array(figure.data[0].z, dtype=float))) == pytest.approx(60, rel=0.02)
