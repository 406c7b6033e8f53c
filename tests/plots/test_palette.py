import numpy as np
import pytest

from analysis.plots.palette import COLORS, INK, MUTED, UNASSIGNED, colors_for, is_color, marks_for, readable_on
from tests.benchmarks.colors.search import GRAY, search
from tests.plots.seen_colors import VISIONS, contrast, difference, distances, see, to_linear


@pytest.mark.parametrize("vision", VISIONS)
def test_twelve_colours_and_the_grey_stay_apart(vision):
    apart = distances([*COLORS, UNASSIGNED], vision)
    assert len(COLORS) == 12
    assert apart[np.triu_indices(13, 1)].min() > (16 if vision == "full colour vision" else 12.4)


def test_the_difference_of_colours_is_that_of_the_published_examples():
    # Of table 1 in Sharma, Wu, Dalal (2005): pairs 1, 7, 17, 19, 25 and 34, chosen for where programs go wrong.
    one = [[50, 2.6772, -79.7751], [50, 0, 0], [50, 2.5, 0], [50, 2.5, 0], [60.2574, -34.0099, 36.2677]]
    other = [[50, 0, -82.7485], [50, -1, 2], [73, 25, -18], [58, 24, 15], [60.4626, -34.1751, 39.4387]]
    one, other = [*one, [2.0776, 0.0795, -1.1350]], [*other, [0.9033, -0.0636, -0.5514]]
    expected = [2.0425, 2.3669, 27.1492, 19.4535, 1.2644, 0.9082]
    np.testing.assert_allclose(difference(np.array(one), np.array(other)), expected, atol=5e-5)
    np.testing.assert_allclose(difference(np.array(other), np.array(one)), expected, atol=5e-5)


def test_red_and_green_draw_near_for_who_lacks_one_of_them():
    plain, lacking = (
        difference(*see(to_linear(["#cc3300", "#559900"]), vision)) for vision in ("full colour vision", "deuteranopia")
    )
    assert plain > 40
    assert lacking < 15


@pytest.mark.parametrize("color", [*COLORS, UNASSIGNED, INK, MUTED])
def test_every_colour_shows_on_white(color):
    assert contrast(color, "#ffffff") >= (4.5 if color in (INK, MUTED) else 3)


@pytest.mark.parametrize("color", [*COLORS, "#ffffff", "#000000", "#3878b8", "#777777", "#86b6e0"])
def test_text_can_be_read_on_every_colour(color):
    assert contrast(readable_on(color), color) >= 4.5


def test_the_colours_are_what_the_search_finds():
    assert tuple(search()) == COLORS
    assert GRAY == UNASSIGNED


def test_colours_do_not_depend_on_order():
    assert colors_for(["b", "a", "unassigned"]) == colors_for(["unassigned", "a", "b"])


def test_a_colour_once_given_stays_and_new_themes_take_free_ones():
    old = colors_for(["robotics", "vision"])
    new = colors_for(["robotics", "vision", "agents"], keep=old)
    assert {theme: new[theme] for theme in old} == old
    assert new["agents"] not in old.values()


def test_sixty_themes_differ_in_colour_and_dash_and_in_colour_and_marker():
    marks = marks_for([f"theme-{i}" for i in range(60)]).values()
    assert len({(mark.color, mark.dash) for mark in marks}) == 60
    assert len({(mark.color, mark.symbol) for mark in marks}) == 60


def test_a_theme_that_keeps_its_colour_keeps_marker_and_dash():
    old = marks_for([f"theme-{i}" for i in range(8)])
    new = marks_for(["a-new-theme", *old], keep={theme: mark.color for theme, mark in old.items()})
    assert {theme: new[theme] for theme in old} == old
    assert len({(mark.color, mark.symbol) for mark in new.values()}) == 9


def test_colours_of_a_users_own_have_marks_too():
    marks = marks_for(["a", "b", "c"], keep={"a": "#123456", "b": "#123456"})
    assert marks["a"].color == marks["b"].color == "#123456"
    assert marks["a"].symbol != marks["b"].symbol


def test_only_hex_colours_count_as_colours():
    assert is_color("#1b62c4")
    assert not any(is_color(text) for text in ("red", "#12", "#1b62cg", "red;}</style>", None, 3.0))
