"""Whether a verdict holds in other runs, and without the papers whose place is in doubt."""

import numpy as np
import pandas as pd
import pytest

from analysis.trends import share_by_period, trend_verdicts
from analysis.trends.survival import find_doubtful

YEARS = range(2010, 2018)


def make_papers(**counts):
    """Papers of each theme, a number for each year."""
    rows = [
        {"published": f"{year}-05-01", "theme": theme}
        for theme, numbers in counts.items()
        for year, number in zip(YEARS, numbers, strict=True)
        for _ in range(number)
    ]
    papers = pd.DataFrame(rows)
    return papers.assign(paper_id=[f"p{row}" for row in range(len(papers))])


def place_otherwise(papers, doubtful, *, runs=4, wrong=3, theme="rest"):
    """Alternatives that keep every paper in its theme, but the doubtful in `wrong` of the runs."""
    tables = []
    for run in range(runs):
        placed = papers["theme"].mask(pd.Series(doubtful, index=papers.index) & (run < wrong), theme)
        tables.append(papers[["paper_id"]].assign(run=f"seed-{run}", theme=placed))
    return pd.concat(tables, ignore_index=True)


def judge_papers(papers, alternatives, known=None):
    shares = share_by_period(papers, period="year", start="2000-01-01", captured="2040-01-01")
    known = papers if known is None else known
    return trend_verdicts(shares, alternatives=alternatives, papers=known).set_index("theme")


RISE = {"up": [10, 12, 18, 25, 40, 50, 70, 90], "rest": [200] * 8}


def late_of(papers, theme, least):
    """All but the first papers of a theme in each year: what makes it rise."""
    order = papers.groupby(["theme", "published"]).cumcount()
    return ((papers["theme"] == theme) & (order >= least)).to_numpy()


def test_verdict_does_not_hold_where_its_rise_is_made_of_doubtful_papers():
    papers = make_papers(**RISE)
    trends = judge_papers(papers, place_otherwise(papers, late_of(papers, "up", 10)))
    assert trends.loc["up", "verdict"] == "rising"
    assert trends["holds_without_doubtful"].tolist() == [False, False]


def test_verdict_holds_where_doubtful_papers_are_few_and_anywhere():
    papers = make_papers(**RISE)
    doubtful = np.random.default_rng(0).random(len(papers)) < 0.1
    trends = judge_papers(papers, place_otherwise(papers, doubtful, theme="elsewhere"))
    assert trends["holds_without_doubtful"].tolist() == [True, True]


def test_doubtful_papers_leave_the_totals_too():
    # Without the doubtful papers of "rest" in the late years "up" rises; with them the share is level.
    papers = make_papers(up=[30, 35, 40, 50, 60, 70, 80, 90], rest=[300, 350, 400, 500, 600, 700, 800, 900])
    trends = judge_papers(papers, place_otherwise(papers, late_of(papers, "rest", 300), theme="up"))
    assert trends.loc["up", "verdict"] == "steady"
    assert trends["holds_without_doubtful"].tolist() == [False, False]


def test_nothing_is_said_where_no_paper_is_doubtful():
    papers = make_papers(**RISE)
    trends = judge_papers(papers, place_otherwise(papers, late_of(papers, "up", 10), wrong=1))
    assert trends["holds_without_doubtful"].isna().all()
    assert (trends["survives"] == 0.75).all()


def test_nothing_is_said_of_doubt_where_papers_do_not_say_their_theme():
    papers = make_papers(**RISE)
    alternatives = place_otherwise(papers, late_of(papers, "up", 10))
    trends = judge_papers(papers, alternatives, known=papers.drop(columns="theme"))
    assert trends["holds_without_doubtful"].isna().all()
    assert trends["survives"].notna().all()


def test_theme_that_cannot_be_tested_neither_survives_nor_holds():
    papers = make_papers(**RISE, lone=[0, 0, 0, 1, 0, 0, 0, 0])
    trends = judge_papers(papers, place_otherwise(papers, late_of(papers, "up", 10)))
    lone = trends.loc["lone"]
    assert np.isnan(lone["p"])
    assert np.isnan(lone["survives"])
    assert lone["holds_without_doubtful"] is pd.NA
    assert trends.drop("lone")[["survives", "holds_without_doubtful"]].notna().all(axis=None)


def test_survival_is_the_part_of_the_runs_that_give_the_verdict_again():
    papers = make_papers(**RISE)
    alternatives = place_otherwise(papers, late_of(papers, "up", 10), runs=5, wrong=2)
    trends = judge_papers(papers, alternatives)
    assert trends["survives"].tolist() == [0.6, 0.6]


def test_run_that_drew_some_of_the_papers_is_judged_by_its_own_totals():
    papers = make_papers(**RISE)
    drawn = papers[["paper_id", "theme"]].assign(run="half").iloc[::2]
    assert judge_papers(papers, drawn)["survives"].tolist() == [1.0, 1.0]


def test_theme_that_the_study_does_not_have_counts_in_the_totals_alone():
    papers = make_papers(a=[200] * 8, rest=[600] * 8)
    order = papers.groupby(["theme", "published"]).cumcount()
    year = papers["published"].str[:4].astype(int) - YEARS[0]
    leaving = (papers["theme"] == "a") & (order < 20 * year)
    trends = judge_papers(papers, place_otherwise(papers, leaving, runs=4, wrong=1, theme="new"))
    assert trends["verdict"].tolist() == ["steady", "steady"]
    # Where its papers leave for a new theme "a" falls; "rest" is as large a part of the whole as before.
    assert trends["survives"].tolist() == [0.75, 1.0]


@pytest.mark.parametrize(("kept", "doubtful"), [(2, True), (3, False), (5, False)])
def test_paper_is_doubtful_below_three_runs_of_five(kept, doubtful):
    papers = pd.DataFrame({"paper_id": ["a", "b"], "theme": ["x", "y"]})
    placed = ["x"] * kept + ["y"] * (5 - kept)
    runs = pd.DataFrame({"paper_id": "a", "run": [f"r{run}" for run in range(5)], "theme": placed})
    # No run drew "b": nothing is known of it, so nothing is held against it.
    assert find_doubtful(runs, papers).tolist() == [doubtful, False]
