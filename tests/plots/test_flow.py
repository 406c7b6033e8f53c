"""The bands between old and new themes hold what the table says."""

from itertools import pairwise

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


def read_bands(figure):
    return {area.text: area for area in figure.data if "<br>from " in area.text}


def read_nodes(figure):
    """Text and colour of the nodes, from top to bottom, the left ones first."""
    return [(area.text, area.fillcolor) for area in figure.data if "<br>from " not in area.text]


def read_labels(figure):
    """Labels from top to bottom, of the left and of the right."""
    sides = [[one for one in figure.layout.annotations if one.yref == "y" and one.x == side] for side in (0, 1)]
    return [[one.text for one in sorted(side, key=lambda one: one.y)] for side in sides]


def test_every_flow_is_a_band_between_its_themes(themes):
    figure = draw(ROWS, themes)
    assert set(read_bands(figure)) == {
        "8 papers<br>from Robotics<br>to Robotics",
        "2 papers<br>from Robotics<br>to Alignment",
        "3 papers<br>from Alignment<br>to Not in the new corpus",
        "4 papers<br>from Not in the old corpus<br>to Robotics",
        "1 paper<br>from Unassigned<br>to Unassigned",
    }
    assert read_labels(figure) == [
        ["Robotics (10)", "Alignment (3)", "Unassigned (1)", "Not in the old corpus (4)"],
        ["Robotics (12)", "Alignment (2)", "Unassigned (1)", "Not in the new corpus (3)"],
    ]


def test_bands_are_as_wide_as_they_hold_papers_and_fill_their_nodes(themes):
    figure = draw(ROWS, themes)
    widths = {text: area.y[-1] - area.y[0] for text, area in read_bands(figure).items()}
    unit = widths["1 paper<br>from Unassigned<br>to Unassigned"]
    assert {text: round(width / unit) for text, width in widths.items()} == {
        text: int(text.split()[0]) for text in widths
    }
    bands = read_bands(figure)
    wide, narrow = bands["8 papers<br>from Robotics<br>to Robotics"], bands["2 papers<br>from Robotics<br>to Alignment"]
    # One under the other, in the order of where they go.
    assert narrow.y[0] == pytest.approx(wide.y[-1], abs=0.02)


def test_the_right_side_follows_the_left_one(themes):
    rows = [("robotics", "drones", 9), ("alignment", "safety", 8), ("alignment", "born", 1), (None, "law", 7)]
    new = themes.assign(theme=["drones", "safety", "law", "born", *themes["theme"][4:]], label=None)
    left, right = read_labels(draw(rows, themes, new))
    assert left[:2] == ["Robotics (9)", "Alignment (9)"]
    assert [label.split(" (")[0] for label in right] == ["Drones", "Safety", "Born", "Law"]


def test_no_two_labels_stand_in_one_line(themes):
    rows = [(f"t{place:02d}", f"t{place:02d}", 1 if place else 900) for place in range(40)]
    figure = draw(rows, themes)
    for side in (0, 1):
        places = sorted(one.y for one in figure.layout.annotations if one.yref == "y" and one.x == side)
        assert min(after - before for before, after in pairwise(places)) >= 18


def test_themes_bear_their_own_colour_on_either_side(themes):
    new = themes.assign(color=themes["color"].replace({themes["color"][1]: "#123456"}))
    nodes = read_nodes(draw(ROWS, themes, new))
    old_color = themes.set_index("theme").loc["robotics", "color"]
    assert [color for text, color in nodes if text == "Robotics<br>10 papers"] == [old_color]
    assert [color for text, color in nodes if text == "Robotics<br>12 papers"] == ["#123456"]


def test_the_figure_says_in_words_how_many_papers_are_in_both(themes):
    figure = draw(ROWS, themes)
    assert figure.layout.meta["alt"].startswith("What became of each theme: 11 papers in both; Robotics on the right")


def test_hairs_are_not_drawn_and_their_papers_are_counted(themes):
    rows = [("robotics", "robotics", 97), ("robotics", "alignment", 3), ("alignment", "alignment", 80)]
    figure = draw(rows, themes)
    assert [area.text.split()[0] for area in read_bands(figure).values()] == ["97", "80"]
    assert read_labels(figure) == [["Robotics (100)", "Alignment (80)"], ["Robotics (97)", "Alignment (83)"]]
    notes = [one.text for one in figure.layout.annotations]
    assert any("3 papers in bands that are less than 5 % of either theme: not drawn." in note for note in notes)


def test_the_widest_band_of_a_theme_is_always_drawn(themes):
    rows = [("robotics", f"t{place:02d}", 2) for place in range(30)]
    rows += [(f"s{place:02d}", f"t{place:02d}", 90) for place in range(30)]
    assert len(read_bands(draw(rows, themes))) == 60


def test_hostile_labels_stay_text():
    themes = with_hostile_text(make_tables()).themes
    theme = themes["theme"][0]
    figure = draw([(theme, theme, 3)], themes)
    texts = [area.text for area in figure.data] + [text for side in read_labels(figure) for text in side]
    assert not [text for text in texts if "<script" in text or "\u202e" in text]
    assert all("&lt;script&gt;" in text for text in texts)


def test_nothing_to_draw_is_said(themes):
    assert "Neither corpus holds a paper" in draw([], themes).layout.meta["alt"]
