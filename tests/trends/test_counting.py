"""Fractional counting: a paper is parted between its theme and the runner-up."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.config import InputError
from analysis.trends import find_bursts, rate_by_period, share_by_period, tabulate_growth, trend_verdicts
from analysis.trends.rates import poisson_interval
from analysis.trends.shares import jeffreys_interval


def scored(*rows):
    """Papers of 2021 by theme, score, margin and runner-up."""
    columns = ["theme", "theme_score", "theme_margin", "theme_runner_up"]
    return pd.DataFrame(rows, columns=columns).assign(published="2021-05-04")


def counts_of(papers, counting="fractional"):
    shares = share_by_period(papers, period="year", counting=counting)
    return shares.set_index("theme")["count"].to_dict()


def test_a_paper_is_parted_in_proportion_to_its_scores():
    assert counts_of(scored(("robotics", 0.6, 0.4, "alignment"))) == pytest.approx(
        {"robotics": 0.75, "alignment": 0.25}
    )
    assert counts_of(scored(("robotics", 0.6, 0.4, "alignment")), "full") == {"robotics": 1}


@pytest.mark.parametrize(
    "paper",
    [
        ("robotics", 0.6, 0.4, None),
        ("robotics", 0.6, 0.4, ""),
        ("robotics", None, 0.4, "alignment"),
        ("robotics", 0.6, None, "alignment"),
        ("robotics", 0.6, 0.6, "alignment"),
        ("robotics", 0.6, 0.9, "alignment"),
        ("robotics", 0.6, 0.1, "robotics"),
        ("robotics", 0.6, 0.1, "unassigned"),
        ("unassigned", 0.2, 0.1, "robotics"),
    ],
)
def test_a_paper_without_a_scored_runner_up_counts_whole(paper):
    assert counts_of(scored(paper)) == {paper[0]: 1.0}


def test_a_runner_up_that_no_paper_has_as_its_theme_gets_a_row():
    shares = share_by_period(scored(("robotics", 0.5, 0.0, "alignment")), period="year", counting="fractional")
    assert shares["theme"].tolist() == ["alignment", "robotics"]
    assert shares["share"].tolist() == [0.5, 0.5]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", "unassigned"]),
            st.floats(0, 1) | st.none(),
            st.floats(0, 1) | st.none(),
            st.sampled_from(["a", "b", "c", None]),
            st.sampled_from(["2021-03-01", "2021", "2023-07-30", None]),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_the_counts_of_every_period_sum_to_its_papers(rows):
    papers = scored(*(row[:4] for row in rows)).assign(published=[row[4] for row in rows])
    full, parted = (share_by_period(papers, period="month", counting=way) for way in ("full", "fractional"))
    assert parted["count"].dtype == float
    assert parted["count"].min() >= 0
    assert (parted["total"] == parted["total"].round()).all()
    for shares in (full, parted):
        kind = ["period", "period_end"]
        cells = shares.groupby(kind, dropna=False).agg({"count": "sum", "total": ["min", "max"]})
        assert np.allclose(cells["count", "sum"], cells["total", "max"])
        assert (cells["total", "min"] == cells["total", "max"]).all()
    assert full.drop_duplicates(kind)["total"].sum() == parted.drop_duplicates(kind)["total"].sum() == len(papers)


def test_what_cannot_be_parted_is_refused():
    papers = scored(("robotics", 0.6, 0.4, "alignment")).assign(topic=1)
    with pytest.raises(InputError, match="not allowed by topic: only a theme has a runner-up"):
        share_by_period(papers, by="topic", counting="fractional")
    with pytest.raises(InputError, match="columns theme_score, theme_runner_up are missing"):
        share_by_period(papers.drop(columns=["theme_score", "theme_runner_up"]), counting="fractional")
    with pytest.raises(InputError, match="counting = 'half' is not allowed"):
        share_by_period(papers, counting="half")
    with pytest.raises(InputError, match=r"theme_score of 1 paper\(s\) is no number \('high'\)"):
        share_by_period(papers.assign(theme_score="high"), counting="fractional")


def test_without_runners_up_both_ways_give_the_same():
    papers = pd.concat([scored(("robotics", 0.6, 0.4, None)), scored(("alignment", None, None, None))] * 9)
    full, parted = (share_by_period(papers, period="year", counting=way) for way in ("full", "fractional"))
    pd.testing.assert_frame_equal(full, parted.astype({"count": "int64"}))


def test_bursts_rates_and_verdicts_take_parts_of_papers():
    days = pd.date_range("2019-01-01", periods=36, freq="MS").repeat(10)
    burst = (np.arange(360) // 10 >= 20) & (np.arange(360) // 10 < 30)
    papers = pd.DataFrame({"published": days, "theme_score": 0.5, "theme_margin": 0.2, "theme_runner_up": "a"})
    papers["theme"] = np.where(burst & (np.arange(360) % 10 < 6) | (np.arange(360) % 10 == 9), "b", "c")
    shares = share_by_period(papers, period="month", counting="fractional", captured="2021-12-31", start="2019-01-01")
    found = find_bursts(shares).table
    inside = shares[shares["theme"] == "b"].query("@found.start[0] <= period <= @found.end[0]")
    assert found["count"][0] == pytest.approx(inside["count"].sum())
    assert found["count"].tolist() == [43.75]
    field = shares[["period"]].drop_duplicates().assign(total=50)
    growth = tabulate_growth(rate_by_period(shares, field)).set_index("theme")
    assert growth.loc["a", "n_early"] == pytest.approx(180 * 3 / 8)
    assert growth["count"].notna().all()
    assert trend_verdicts(shares)["verdict"].notna().all()


def test_intervals_of_parted_papers_are_too_wide_rather_than_too_narrow():
    rng = np.random.default_rng(3)
    n_runs, n_papers = 4000, 60
    is_theirs = rng.random((n_runs, n_papers)) < 0.3
    parted = np.where(is_theirs, rng.beta(2, 1, (n_runs, n_papers)), 0.0).sum(axis=1)
    low, high = jeffreys_interval(parted, np.full(n_runs, n_papers))
    assert ((low <= 0.2) & (high >= 0.2)).mean() > 0.95
    papers = rng.poisson(12, n_runs)
    parted = np.bincount(np.repeat(np.arange(n_runs), papers), weights=rng.beta(2, 1, papers.sum()), minlength=n_runs)
    low, high = poisson_interval(parted)
    assert ((low <= 8) & (high >= 8)).mean() > 0.95


def test_the_interval_of_a_count_grows_with_it_between_whole_numbers_too():
    low, high = poisson_interval(np.arange(0, 6, 0.05))
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) > 0).all()
    assert low[0] == 0
    assert (low[1:] < np.arange(0.05, 6, 0.05)).all()
