"""The page says what the rows hold, and what fell short."""

from tests.benchmarks.identity.page import render_page

STEP = {
    "n_before": 100, "n_after": 110, "n_themes": 10, "n_themes_after": 11, "kept": 10, "colors": 10,
    "n_discovered": 8, "kept_discovered": 8, "in_kept": 1.0, "overlaps": [0.5, 0.9], "curve": [10] * 7,
    "changes": {"born": 1},
}  # fmt: skip
ADDED = {"what": "another subject", "n_added": 10, "most": "Law", "most_share": 0.6, "most_pure": 0.9}
AGREED = {"ami_refit": 0.3, "ami_fresh": 0.3, "ami_topic_refit": 0.2, "ami_topic_fresh": 0.2, "ari": 1.0}


def render(*kept, became="holds"):
    steps = [
        {
            "seed": 42,
            "month": f"2025-0{place}",
            "found": {**STEP, "kept": number, "kept_discovered": number - 2},
            "shown": STEP,
            "corrections": [{"do": "move", "became": became, "share": 1.0}],
        }
        for place, number in enumerate(kept, start=1)
    ]
    return render_page({"months-42": steps, "growth": [{**STEP, **ADDED}], "quality": [{**STEP, **AGREED}]})


def test_the_verdict_is_that_of_all_steps_together_and_the_worst_is_named():
    page = render(10, 8, 10)
    assert "**28 of 30 themes keep id and name (93.3%): holds**" in page
    assert "found themes 22 of 24 (91.7%)" in page
    assert "Of 3 re-fits 1 keep less than 90%; the fewest are 8 of 10." in page


def test_a_claim_that_does_not_hold_is_not_hidden():
    assert "17 of 20 themes keep id and name (85.0%): DOES NOT HOLD" in render(9, 8)
    assert "| move | 0 | 0 | 0 | 2 | 100% to 100% |" in render(10, 10, became="lost")
