import pandas as pd
import pytest
from hypothesis import given

from analysis.trends import choose_period, share_by_period
from analysis.trends.periods import list_periods, locate_spans
from analysis.trends.spans import read_spans
from tests.trends.made_dates import coarse_dates, published, some_days


def spread(first, last, n_papers):
    return published(*pd.date_range(first, last, periods=n_papers).strftime("%Y-%m-%d"))


@pytest.mark.parametrize(
    ("papers", "expected", "why"),
    [
        (spread("2024-01-01", "2024-03-31", 2000), "week", "13 weeks hold 155 papers each in the median"),
        # Too few for weeks, and a year of months makes them needless.
        (spread("2024-01-01", "2024-05-31", 300), "month", "22 weeks hold 14 papers each in the median"),
        (spread("2024-01-01", "2024-12-31", 20000), "month", "12 months hold"),
        # Quarters hold 3 and years are two: between them lie half-years.
        (spread("2023-01-01", "2024-12-31", 24), "half", "4 half-years hold 6 papers each in the median"),
        (spread("2018-01-01", "2024-12-31", 84), "year", "the finest that leaves 4 or more with 5 papers each"),
        (spread("2023-01-01", "2024-12-31", 12), "quarter", "the coarsest that leaves 4 or more"),
        (spread("2024-03-01", "2024-03-05", 3), "month", "as none leaves 4 or more"),
        (published("2024-03", "2024-04", "2024-05"), "month", "as none leaves 4 or more"),
        (published(None, ""), "year", "no paper has a date"),
        (published("2024-06-01", published_end="2025-06-01"), "year", "no finer period holds the known span"),
    ],
)
def test_period_is_chosen_from_span_and_counts_with_its_reason(papers, expected, why):
    period, reason = choose_period(papers)
    assert (period, why in reason) == (expected, True), reason
    assert reason.startswith("Counted by ")
    assert reason.endswith(".")


def test_month_only_papers_rule_out_weeks_once_they_pass_one_in_twenty():
    exact = pd.date_range("2024-01-01", "2024-03-31", periods=1900).strftime("%Y-%m-%d").tolist()
    assert choose_period(published(*exact, *["2024-02"] * 100))[0] == "week"
    # Of three months none would leave four periods, but half a year does.
    assert choose_period(published(*exact, *["2024-02"] * 101))[0] == "month"


@given(some_days, coarse_dates)
def test_chosen_period_carries_the_papers_and_the_choice_is_what_auto_takes(exact, coarse):
    papers = published(*exact, *coarse)
    period, reason = choose_period(papers)
    pd.testing.assert_frame_equal(share_by_period(papers), share_by_period(papers, period=period))
    spans = read_spans(papers)
    dated = int(spans["first"].notna().sum())
    inside = int((locate_spans(spans, list_periods(spans, period)) >= 0).sum())
    assert inside >= 0.95 * dated or "no finer period" in reason
    assert "nan" not in reason
