import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from analysis.results import TABLES
from analysis.trends import describe_visible, global_change, share_by_period, trend_verdicts


def paper_table(counts, *, freq="YS"):
    """Papers of each theme, on the first day of each period."""
    n_periods = len(next(iter(counts.values())))
    days = pd.date_range("2010-01-01", periods=n_periods, freq=freq)
    rows = [
        (days[place], theme)
        for theme, numbers in counts.items()
        for place in range(n_periods)
        for _ in range(numbers[place])
    ]
    papers = pd.DataFrame(rows, columns=["published", "theme"])
    return papers.assign(paper_id=[f"p{row}" for row in range(len(papers))])


def share_table(counts, *, period="year"):
    freq = {"year": "YS", "month": "MS"}[period]
    return share_by_period(paper_table(counts, freq=freq), period=period, start="2000-01-01", captured="2040-01-01")


def verdict_of(theme, trends):
    return trends.set_index("theme").loc[theme]


UP = {"up": [10, 12, 18, 25, 40, 50, 70, 90], "rest": [200] * 8}


def test_columns_are_those_of_the_schema():
    assert list(trend_verdicts(share_table(UP))) == [column.name for column in TABLES["derived/trends"]]


def test_planted_trend_is_recovered():
    odds = 0.1 * 1.4 ** np.arange(8)
    counts = np.round(1000 * odds / (1 + odds)).astype(int)
    trends = trend_verdicts(share_table({"up": counts.tolist(), "rest": (1000 - counts).tolist()}))
    up = verdict_of("up", trends)
    assert up["verdict"] == "rising"
    assert up["odds_ratio"] == pytest.approx(1.4, rel=0.01)
    assert up["low"] < 1.4 < up["high"]
    assert verdict_of("rest", trends)["verdict"] == "falling"


def test_falling_share_says_that_its_count_did_not_fall():
    reason = verdict_of("rest", trend_verdicts(share_table(UP)))["reason"]
    assert reason.startswith("Falling:")
    assert "its count stayed the same (800 papers in the first 4 complete years, 800 in the last 4)" in reason


def test_level_share_with_many_papers_is_steady():
    flat = verdict_of("flat", trend_verdicts(share_table({"flat": [400] * 8, "rest": [1600] * 8})))
    assert flat["verdict"] == "steady"
    assert "inside the margin of 0.67 to 1.50 over the whole span" in flat["reason"]


def test_rise_and_fall_is_changing():
    hump = verdict_of("hump", trend_verdicts(share_table({"hump": [2, 5, 20, 40, 40, 20, 5, 2], "rest": [60] * 8})))
    assert hump["verdict"] == "changing"
    assert "13 % in the first third of the periods, 36 % in the middle one and 5.5 % in the last" in hump["reason"]


def test_few_papers_are_unclear_and_the_sentence_says_what_would_have_shown():
    small = verdict_of("a", trend_verdicts(share_table({"a": [1, 2, 1, 3, 2], "b": [3, 4, 5, 4, 4]})))
    assert small["verdict"] == "unclear"
    assert "with 29 dated papers over 5 years only a factor of" in small["reason"]
    assert small["reason"].endswith("would have shown with 80 % power.")
    assert small["smallest_visible"] > 1


def test_theme_that_appears_only_at_the_end_has_finite_numbers():
    counts = {"new": [0, 0, 0, 0, 0, 0, 20, 30], "rest": [50, 50, 50, 50, 50, 50, 30, 20]}
    new = verdict_of("new", trend_verdicts(share_table(counts)))
    assert new["verdict"] == "rising"
    assert 1 < new["low"] < new["odds_ratio"] < new["high"] < 100


def test_interval_excludes_one_just_when_p_is_below_five_per_cent():
    rng = np.random.default_rng(5)
    for _ in range(20):
        counts = {theme: rng.poisson(mean, 9).tolist() for theme, mean in (("a", 6), ("b", 3), ("c", 12))}
        for row in trend_verdicts(share_table(counts)).itertuples():
            assert (row.low > 1 or row.high < 1) == (row.p < 0.05)


def test_empty_period_says_nothing_of_shares():
    trends = trend_verdicts(share_table({"a": [5, 0, 5, 5, 6], "b": [5, 0, 6, 5, 5]}))
    assert list(trends["n_periods"]) == [4, 4]
    assert trends["reason"].str.contains("over 5 years").all()


def test_unassigned_counts_in_the_denominator_and_has_no_row():
    trends = trend_verdicts(share_table({"a": [5, 5, 5, 5], "unassigned": [5, 5, 5, 5]}))
    assert list(trends["theme"]) == ["a"]
    assert trends["reason"].str.contains("40 dated papers").all()


def test_less_than_a_year_is_told_over_the_observed_span():
    trends = trend_verdicts(share_table({"a": [10, 12, 18, 25, 40, 50], "b": [200] * 6}, period="month"))
    assert set(trends["unit"]) == {"over the observed span"}
    assert "over the observed span" in verdict_of("a", trends)["reason"]


def test_incomplete_periods_lie_at_their_observed_midpoint():
    papers = paper_table(UP)
    early = trend_verdicts(share_by_period(papers, period="year", start="2000-01-01", captured="2017-01-20"))
    whole = trend_verdicts(share_by_period(papers, period="year", start="2000-01-01", captured="2017-12-31"))
    assert verdict_of("up", early)["odds_ratio"] > verdict_of("up", whole)["odds_ratio"]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"a": [5], "b": [3]}, "only 1 year with dated papers"),
        ({"a": [5, 4], "b": [3, 3]}, "only 2 years with dated papers"),
        ({"a": [5, 0, 0, 4], "b": [3, 0, 0, 3]}, "only 2 years with dated papers"),
        ({"a": [5, 5, 5]}, "all 15 dated papers are in this theme"),
        ({"a": [0, 0, 1, 0], "b": [9, 9, 9, 9]}, "the theme has only 1 paper with a date"),
    ],
)
def test_too_little_data_is_unclear_with_the_reason(counts, words):
    first = trend_verdicts(share_table(counts)).iloc[0]
    assert first["verdict"] == "unclear"
    assert words in first["reason"]
    assert np.isnan(first["p"])


def test_undated_papers_alone_are_unclear():
    papers = pd.DataFrame({"published": [None, None], "theme": ["a", "b"]})
    shares = share_by_period(papers)
    assert set(trend_verdicts(shares)["reason"]) == {"Unclear: no paper is dated finely enough to place in time."}
    assert global_change(shares).p is None
    assert describe_visible(shares).table["smallest_visible"].isna().all()


def test_no_papers_and_unassigned_papers_alone_give_no_rows():
    assert trend_verdicts(share_by_period(pd.DataFrame({"published": [], "theme": []}))).empty
    assert trend_verdicts(share_table({"unassigned": [3, 4, 5]})).empty


def test_no_sentence_ever_says_nan():
    rng = np.random.default_rng(1)
    for _ in range(30):
        n_periods = int(rng.integers(1, 9))
        counts = {theme: rng.poisson(rng.choice([0.2, 1, 20]), n_periods).tolist() for theme in "abcd"}
        if not any(map(sum, counts.values())):
            continue
        shares = share_table(counts)
        trends = trend_verdicts(shares)
        sentences = [*trends["reason"], global_change(shares).sentence, describe_visible(shares).sentence]
        assert not any("nan" in sentence or "inf" in sentence for sentence in sentences)
        assert all(sentence.endswith(".") for sentence in sentences)


def test_integer_topics_are_judged_under_their_own_name():
    papers = pd.DataFrame({"published": ["2020", "2021", "2022", "2022"], "topic": [0, 1, 0, 1]})
    trends = trend_verdicts(share_by_period(papers, by="topic", period="year"))
    assert list(trends["topic"]) == [0, 1]


def test_verdict_that_other_runs_repeat_survives():
    papers = paper_table(UP)
    same = papers[["paper_id", "theme"]].assign(run="seed-1")
    shuffled = same.assign(run="seed-2", theme=np.random.default_rng(0).permutation(same["theme"]))
    shares = share_by_period(papers, period="year", captured="2040-01-01", start="2000-01-01")
    trends = trend_verdicts(shares, alternatives=pd.concat([same, shuffled]), papers=papers)
    assert list(trends["survives"]) == [0.5, 0.5]
    assert trend_verdicts(shares)["survives"].isna().all()
    assert trend_verdicts(shares, alternatives=same.iloc[:0], papers=papers)["survives"].isna().all()
    with pytest.raises(InputError, match="give papers"):
        trend_verdicts(shares, alternatives=same)
    with pytest.raises(InputError, match="not among the papers"):
        trend_verdicts(shares, alternatives=same, papers=papers.iloc[1:])


def test_same_table_gives_the_same_bytes():
    first, second = (trend_verdicts(share_table(UP)) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_settings_out_of_range_are_refused():
    with pytest.raises(InputError, match="alpha"):
        trend_verdicts(share_table(UP), alpha=0.0)
    with pytest.raises(InputError, match="margin"):
        trend_verdicts(share_table(UP), margin=1.0)
    with pytest.raises(InputError, match="columns missing"):
        trend_verdicts(pd.DataFrame({"theme": ["a"]}))


def test_global_test_sees_a_planted_change_and_not_a_level():
    assert global_change(share_table(UP)).changed
    level = global_change(share_table({"a": [20] * 8, "b": [40] * 8}))
    assert not level.changed
    assert level.sentence.startswith("No change in the composition shows")


def test_bundled_corpus_can_show_strong_trends_only():
    # Papers of the bundled study by year, captured in October 2025.
    papers = paper_table({"any": [1, 0, 1, 1, 4, 27, 23, 19]})
    papers["published"] += pd.DateOffset(years=8)
    visible = describe_visible(share_by_period(papers, period="year", start="2018-01-01", captured="2025-10-17"))
    assert list(visible.table["share"]) == [0.05, 0.1, 0.2, 0.4]
    assert (visible.table["smallest_visible"] > 1.9).all()
    assert (visible.table["smallest_fall"] < 0.6).all()
    assert "76 dated papers over 8 years" in visible.sentence
