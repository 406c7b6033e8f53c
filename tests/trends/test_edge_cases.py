"""Where dates run out: shares, their course, verdicts and the whole step of counting each say the right thing."""

import numpy as np
import pandas as pd
import pytest

from analysis.config import parse_config
from analysis.results import TABLES
from analysis.study.counting import count_moves
from analysis.trends import global_change, share_by_period, smooth_shares, trend_verdicts

COURSE = ["expected_low", "expected_high", "smooth", "smooth_low", "smooth_high"]
NO_ALTERNATIVES = pd.DataFrame({"paper_id": [], "run": [], "theme": []}, dtype=object)


def make(dates, themes=("robotics", "alignment")):
    """One paper a date, its theme by turns."""
    n_papers = len(dates)
    papers = pd.DataFrame({"published": pd.Series(list(dates), dtype=object)})
    return papers.assign(
        paper_id=[f"p{i}" for i in range(n_papers)],
        title="Robots learn",
        abstract="We study how robots learn.",
        theme=[themes[i % len(themes)] for i in range(n_papers)],
        topic=[i % 3 for i in range(n_papers)],
        theme_score=0.6,
        theme_margin=0.2,
        theme_runner_up="robotics",
        venue=[("A", "B", None)[i % 3] for i in range(n_papers)],
        n_authors=pd.Series([i % 4 + 1 for i in range(n_papers)], dtype="Int64"),
        label_area=None,
    )


def count(papers, captured=None, **trends):
    """The whole step; what holds of every corpus is held here."""
    size = papers["theme"].value_counts()
    themes = pd.DataFrame({"theme": size.index, "label": size.index, "size": size.to_numpy(), "kind": "named"})
    themes["keyphrases"] = [[{"phrase": "robots", "weight": 1.0}]] * len(themes)
    topics = pd.DataFrame({"topic": [0], "theme": ["robotics"], "keyphrases": [[]]})
    config = parse_config({"trends": trends})
    moves = count_moves(papers, themes, topics, NO_ALTERNATIVES, config, captured=captured)
    assert {f"derived/{name}" for name in moves.tables} == {name for name in TABLES if name.startswith("derived/")}
    for name, table in moves.tables.items():
        assert list(table) == [column.name for column in TABLES[f"derived/{name}"]], name
    shares, trends_table = moves.tables["shares"], moves.tables["trends"]
    assert shares["count"].sum() == pytest.approx(len(papers))
    kept = shares[shares["period"].notna()].groupby("period").agg({"count": "sum", "total": "max"})
    assert np.allclose(kept["count"], kept["total"])
    empty = shares["total"] == 0
    assert shares.loc[empty, ["share", "low", "high", *COURSE[:2]]].isna().all(axis=None)
    undated = shares["period"].isna()
    assert shares.loc[undated, ["share", "low", "high", "count_low", "count_high", *COURSE]].isna().all(axis=None)
    assert shares.loc[~shares["complete"], ["count_low", "count_high"]].isna().all(axis=None)
    whole = shares[shares["complete"] & ~undated]
    assert (whole["count_low"] <= whole["count"]).all()
    assert (whole["count"] <= whole["count_high"]).all()
    assert set(trends_table["theme"]) == set(shares["theme"]) - {"unassigned"}
    assert set(moves.tables["topic_trends"]["topic"]) == set(papers["topic"])
    assert all(
        isinstance(moves.facts[name], str) for name in ("visible", "global_change", "bursts", "field", "counting")
    )
    return moves


def all_unclear(moves):
    return all(set(moves.tables[name]["verdict"]) == {"unclear"} for name in ("trends", "topic_trends"))


@pytest.mark.parametrize("counting", ["full", "fractional"])
@pytest.mark.parametrize("n_papers", [1, 2, 40])
def test_one_period(n_papers, counting):
    papers = make(["2021-05-01"] * n_papers)
    moves = count(papers, period="year", counting=counting)
    assert len(moves.tables["shares"]["period"].unique()) == 1
    assert all_unclear(moves)
    assert moves.tables["trends"]["p"].isna().all()
    assert "only 1 year with dated papers" in moves.tables["trends"]["reason"][0]
    assert moves.tables["bursts"].empty
    assert moves.facts["bursts"].startswith("No bursts were searched for: only ")
    assert moves.tables["drivers"].empty
    assert "cannot be tested" in moves.facts["global_change"]


def test_two_periods():
    papers = make(["2020-05-01"] * 30 + ["2021-05-01"] * 30)
    moves = count(papers, period="year")
    assert all_unclear(moves)
    assert moves.tables["trends"]["n_periods"].unique().tolist() == [2]
    assert "only 2 years with dated papers, and a trend needs at least 3" in moves.tables["trends"]["reason"][0]
    assert set(moves.tables["drivers"]["column"]) == {"venue", "n_authors"}
    assert "No change by label_area: no paper has one." in moves.facts["left_out"]


def test_all_papers_in_one_theme_say_nothing_of_a_trend():
    dates = [f"{year}-05-0{day}" for year in range(2012, 2022) for day in range(1, 7)]
    papers = make(dates, themes=("robotics",))
    moves = count(papers, period="year", captured="2021-12-31", start="2012-01-01")
    shares = moves.tables["shares"]
    assert shares["share"].tolist() == [1.0] * 10
    assert (shares["high"] == 1).all()
    assert (shares["expected_high"].isna() | (shares["expected_high"] >= 0.99)).all()
    assert moves.tables["trends"]["verdict"].tolist() == ["unclear"]
    assert moves.tables["trends"]["p"].isna().all()


def test_a_theme_of_one_paper_is_not_tested():
    dates = [f"{year}-05-0{day}" for year in range(2012, 2022) for day in range(1, 7)]
    papers = make(dates).assign(theme=["rare"] + ["robotics", "alignment"] * 29 + ["robotics"])
    moves = count(papers, period="year")
    rare = moves.tables["trends"].set_index("theme").loc["rare"]
    assert (rare["verdict"], rare["n_papers"], np.isnan(rare["p"])) == ("unclear", 1, True)
    new = moves.tables["newcomers"].query("theme == 'rare'")
    assert not new["found"].any()
    assert new["reason"].str.startswith("Not tested: it has only 1 paper with a date").all()
    assert any(reason.startswith("No phrases, early against late, of “rare”") for reason in moves.facts["left_out"])


def test_a_gap_of_years_is_unknown_and_no_fall():
    dates = [f"{year}-05-0{day}" for year in (2005, 2006, 2007, 2018, 2019, 2020) for day in range(1, 9)]
    papers = make(dates)
    shares = smooth_shares(share_by_period(papers, period="year", start="2005-01-01", captured="2020-12-31"))
    gap = shares[shares["period"].dt.year.between(2008, 2017)]
    assert len(gap) == 20
    assert (gap["total"] == 0).all()
    assert gap["share"].isna().all()
    assert gap["complete"].all()
    # No paper in a whole year is a count like any other.
    assert (gap["count_low"] == 0).all()
    assert np.allclose(gap["count_high"], 3.688879)
    trends = trend_verdicts(shares)
    assert trends["n_periods"].tolist() == [6, 6]
    assert not set(trends["verdict"]) & {"rising", "falling", "changing"}
    assert trends["odds_ratio"].between(0.99, 1.01).all()
    count(papers, period="year")


@pytest.mark.parametrize("period", ["auto", "month"])
def test_all_undated(period):
    papers = make([None] * 12)
    shares = share_by_period(papers, period=period)
    assert shares["period"].isna().all()
    assert shares["count"].sum() == 12
    assert smooth_shares(shares)[COURSE].isna().all(axis=None)
    assert global_change(shares).p is None
    moves = count(papers, period=period)
    assert all_unclear(moves)
    assert moves.tables["newcomers"]["reason"].str.startswith("Not tested: none of its papers is dated").all()
    for name in ("bursts", "drift", "drivers", "rates"):
        assert moves.tables[name].empty
    assert any("No paper is dated finely enough" in reason for reason in moves.facts["left_out"])


@pytest.mark.parametrize("period", ["auto", "year", "month"])
def test_all_year_only(period):
    papers = make([str(year) for year in range(2014, 2022) for _ in range(6)])
    moves = count(papers, period=period, captured="2021-12-31", start="2014-01-01")
    shares = moves.tables["shares"]
    if period == "month":
        # No day is made up: the papers stand apart, and none is undated.
        assert shares["period"].isna().all()
        assert shares["period_end"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2021-12-31"]
        assert all_unclear(moves)
    else:
        assert shares["period"].dt.year.tolist() == [*range(2014, 2022)] * 2
        assert shares["complete"].all()
        assert set(shares["total"]) == {6}


def test_a_leap_day_lies_in_february_and_in_its_year():
    papers = make(["2024-02-29"] * 3 + ["2024-03-01", "2024-02-28"])
    shares = share_by_period(papers, period="month", start="2024-02-01", captured="2024-03-31")
    assert shares.drop_duplicates("period")["total"].tolist() == [4, 1]
    assert shares.drop_duplicates("period")["observed_days"].tolist() == [29, 31]
    assert shares["complete"].all()
    year = share_by_period(papers, period="year", start="2024-01-01", captured="2024-12-31")
    assert set(year["observed_days"]) == {366}
    count(papers, period="month")


def test_daily_data_across_a_time_change_keep_their_days():
    days = pd.date_range("2024-03-18", "2024-04-14", freq="D")
    # The first and last minute of each day, which another zone would put on a neighbouring one.
    stamps = days.append(days + pd.Timedelta(hours=23, minutes=59)).sort_values().tz_localize("Europe/Berlin")
    papers = make(list(stamps))
    plain = make([str(stamp.date()) for stamp in stamps])
    for frame in (papers, papers.assign(published=pd.Series(stamps))):
        shares = share_by_period(frame, period="week")
        pd.testing.assert_frame_equal(shares, share_by_period(plain, period="week"))
    assert shares.drop_duplicates("period")["total"].tolist() == [14, 14, 14, 14]
    assert set(shares["observed_days"]) == {7}
    assert shares["complete"].all()
    count(papers, period="week")


def test_a_period_without_papers_has_an_unknown_share_and_a_known_count():
    dates = [f"{year}-0{month}-05" for year in range(2019, 2022) for month in (1, 4, 7) for _ in range(8)]
    papers = make(dates)
    moves = count(papers, period="quarter", captured="2021-12-31", start="2019-01-01")
    shares = moves.tables["shares"]
    empty = shares[shares["total"] == 0]
    assert empty["period"].dt.strftime("%Y-%m").unique().tolist() == ["2019-10", "2020-10"]
    assert empty["share"].isna().all()
    assert empty["count"].eq(0).all()
    assert empty["count_high"].notna().all()
    assert moves.tables["trends"]["n_periods"].unique().tolist() == [9]
    assert "changing" not in set(moves.tables["trends"]["verdict"])


def test_fractional_counting_says_what_it_leaves_whole():
    papers = make([f"{year}-05-0{day}" for year in range(2014, 2022) for day in range(1, 7)])
    moves = count(papers, period="year", counting="fractional")
    assert moves.facts["counting"] == "fractional"
    assert "newcomers, phrases and categories count each paper once" in moves.facts["left_out"][0]
    counts = moves.tables["shares"].set_index("theme")["count"].groupby("theme").sum()
    assert counts["alignment"] == pytest.approx(24 * 0.6 / (0.6 + 0.4))
    assert counts["robotics"] == pytest.approx(24 + 24 * 0.4)
