"""The bands between old and new themes hold what the table says."""

import pandas as pd
import pytest

from analysis.plots.flow import theme_flow
from tests.made_study import make_tables, with_hostile_text

ROWS = [
    ("robotics", "robotics", 8),
    ("robotics", "alignment", 2),
    ("alignment", None, 3),
    (None, "robotics", 4),
    ("unassigned", "unassigned", 1),
]


@pytest.fixture
def themes():
    return make_tables().themes


def draw(rows, old, new=None):
    flows = pd.DataFrame(rows, columns=["old", "new", "n_papers"]).astype({"old": object, "new": object})
    return theme_flow(flows.where(flows.notna(), None), old, old if new is None else new)


def test_every_flow_is_a_band_between_its_themes(themes):
    band = draw(ROWS, themes).data[0]
    names = list(band.node.label)
    found = {
        (names[source], names[target], value)
        for source, target, value in zip(band.link.source, band.link.target, band.link.value, strict=True)
    }
    assert found == {
        ("Robotics (10)", "Robotics (12)", 8),
        ("Robotics (10)", "Alignment (2)", 2),
        ("Alignment (3)", "Not in the new corpus (3)", 3),
        ("Not in the old corpus (4)", "Robotics (12)", 4),
        ("Unassigned (1)", "Unassigned (1)", 1),
    }


def test_themes_bear_their_own_colour_on_either_side(themes):
    new = themes.assign(color=themes["color"].replace({themes["color"][1]: "#123456"}))
    band = draw(ROWS, themes, new).data[0]
    colors = dict(zip(zip(band.node.label, range(9), strict=False), band.node.color, strict=False))
    assert colors["Robotics (10)", 0] == themes.set_index("theme").loc["robotics", "color"]
    assert [color for (label, place), color in colors.items() if label == "Robotics (12)"] == ["#123456"]


def test_the_figure_says_in_words_how_many_papers_are_in_both(themes):
    figure = draw(ROWS, themes)
    assert figure.layout.meta["alt"].startswith("What became of each theme: 11 papers in both; Robotics on the right")


def test_hairs_are_not_drawn_and_their_papers_are_counted(themes):
    rows = [("robotics", "robotics", 97), ("robotics", "alignment", 2), ("alignment", "alignment", 80)]
    figure = draw(rows, themes)
    assert list(figure.data[0].link.value) == [97, 80]
    assert sorted(figure.data[0].node.label) == ["Alignment (80)", "Alignment (82)", "Robotics (97)", "Robotics (99)"]
    assert "2 papers in bands that are less than 3 % of either theme: not drawn." in figure.layout.annotations[-1].text


def test_hostile_labels_stay_text():
    themes = with_hostile_text(make_tables()).themes
    theme = themes["theme"][0]
    figure = draw([(theme, theme, 3)], themes)
    texts = [*figure.data[0].node.label, *figure.data[0].node.customdata, *figure.data[0].link.customdata]
    assert not [text for text in texts if "<script" in text or "\u202e" in text]
    assert all("&lt;script&gt;" in text for text in texts)


def test_nothing_to_draw_is_said(themes):
    assert "Neither corpus holds a paper" in draw([], themes).layout.meta["alt"]
