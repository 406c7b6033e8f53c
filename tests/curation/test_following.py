"""What corrections mean for papers that are placed later."""

import numpy as np
import pandas as pd

from analysis.curation import Route, find_labels, follow_routes, rename_in_reasons

COLUMNS = ["topic", "theme", "theme_runner_up", "theme_margin"]


def test_a_theme_that_went_into_the_runner_up_leaves_none():
    placed = pd.DataFrame([[0, "arms", "hands", 0.2], [1, "hands", "legs", 0.3]], columns=COLUMNS)
    followed = follow_routes(placed, [Route("hands", (), "arms")])
    assert followed["theme"].tolist() == ["arms", "arms"]
    assert followed["theme_runner_up"].tolist() == [None, "legs"]
    assert np.isnan(followed["theme_margin"][0])
    assert placed["theme"].tolist() == ["arms", "hands"]


def test_routes_are_followed_in_the_order_of_the_corrections():
    placed = pd.DataFrame([[0, "arms", None, 0.2], [1, "arms", None, 0.3]], columns=COLUMNS)
    split, merge = Route("arms", (0,), "grippers"), Route("grippers", (), "hands")
    assert follow_routes(placed, [split, merge])["theme"].tolist() == ["hands", "arms"]
    assert follow_routes(placed, [merge, split])["theme"].tolist() == ["grippers", "arms"]


def test_reasons_call_themes_by_the_labels_that_they_bear_now():
    before = {"arms": "Arms", "hands": "Hands with fingers", "legs": "Legs"}
    after = find_labels({"arms": "Hands with fingers", "legs": "Legs"}, [Route("hands", (), "arms")])
    reasons = [
        "lies among the papers of Arms (0.91)",
        "close to the phrases of Hands with fingers, as its neighbours are (0.40)",
        "no theme scores 0.2 or more; the nearest is Arms with 0.11",
        "lies among the papers of Legs (0.50)",
        "moved by hand",
    ]
    theme = np.array(["arms", "hands", "unassigned", "legs", "arms"], dtype=object)
    assert rename_in_reasons(reasons, theme, before, after).tolist() == [
        "lies among the papers of Hands with fingers (0.91)",
        *reasons[1:2],
        "no theme scores 0.2 or more; the nearest is Hands with fingers with 0.11",
        *reasons[3:],
    ]
