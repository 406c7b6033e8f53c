import itertools

import numpy as np
import pytest

from analysis.plots.palette import COLORS, UNASSIGNED, colors_for, is_color, marks_for

# Machado, Oliveira, Fernandes (2009), severity 1, on linear RGB.
SEEN_WITH = {
    "full colour vision": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}


def lab(color, matrix):
    code = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(matrix) @ linear, 0, 1)
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    x, y, z = np.asarray(to_xyz) @ seen / (0.95047, 1, 1.08883)
    f = [np.cbrt(v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", SEEN_WITH)
def test_twelve_colours_and_the_grey_stay_apart(vision):
    places = [lab(color, SEEN_WITH[vision]) for color in (*COLORS, UNASSIGNED)]
    assert len(COLORS) == 12
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(places, 2)) > 11


def test_every_colour_shows_on_white():
    for color in COLORS:
        lightness = lab(color, np.eye(3))[0]
        luminance = ((lightness + 16) / 116) ** 3
        assert 1.05 / (luminance + 0.05) > 2.2


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


def test_only_hex_colours_count_as_colours():
    assert is_color("#1b62c4")
    assert not any(is_color(text) for text in ("red", "#12", "#1b62cg", "red;}</style>", None, 3.0))
