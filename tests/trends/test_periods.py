import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.trends import choose_period, count_set_apart, global_change, share_by_period, trend_verdicts
from analysis.trends.design import read_design
from analysis.trends.grains import GRAINS, bound_periods, number_periods, recognise_period
from analysis.trends.periods import TOO_COARSE, UNDATED, list_periods, locate_spans
from analysis.trends.spans import read_spans
from tests.trends.made_dates import coarse_dates, published, some_days

DAY = np.timedelta64(1, "D")
days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
grains = st.sampled_from(GRAINS)


def span_of(date, **columns):
    first, last = read_spans(pd.DataFrame({"published": [date], **columns})).iloc[0]
    return f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"


def first_days(shares):
    return shares["period"].dropna().dt.strftime("%Y-%m-%d").tolist()


# The calendar


@given(st.lists(days, min_size=1), grains)
def test_every_day_lies_in_its_own_period_and_periods_are_calendar_long(drawn, period):
    stamps = np.array(drawn, dtype="datetime64[s]")
    starts, ends = bound_periods(number_periods(stamps, period), period)
    assert (starts <= stamps).all()
    assert (stamps <= ends).all()
    assert {recognise_period(length) for length in ((ends - starts) // DAY + 1).astype(int).tolist()} == {period}


@given(days, days, grains)
def test_periods_tile_the_time_without_gap_or_overlap(one, other, period):
    low, high = number_periods(np.array([min(one, other), max(one, other)], dtype="datetime64[s]"), period)
    starts, ends = bound_periods(np.arange(low, high + 1), period)
    assert (starts[1:] == ends[:-1] + DAY).all()
    assert starts[0] <= np.datetime64(min(one, other)) <= ends[0]
    assert starts[-1] <= np.datetime64(max(one, other)) <= ends[-1]


@given(days, days)
def test_weeks_are_those_of_iso_8601(one, other):
    numbers = number_periods(np.array([one, other], dtype="datetime64[s]"), "week")
    assert (numbers[0] == numbers[1]) == (one.isocalendar()[:2] == other.isocalendar()[:2])
    assert bound_periods(numbers[:1], "week")[0].astype("datetime64[D]").item().isoweekday() == 1


def test_week_53_runs_over_the_turn_of_the_year():
    shares = share_by_period(
        published("2020-12-27", "2020-12-28", "2020-12-31", "2021-01-03", "2021-01-04"), period="week"
    )
    assert first_days(shares) == ["2020-12-21", "2020-12-28", "2021-01-04"]
    assert list(shares["count"]) == [1, 3, 1]
    assert list(shares["period_end"].dt.strftime("%Y-%m-%d")) == ["2020-12-27", "2021-01-03", "2021-01-10"]


def test_half_years_turn_in_january_and_july():
    shares = share_by_period(published("2023-12-31", "2024-01-01", "2024-06-30", "2024-07-01"), period="half")
    assert first_days(shares) == ["2023-07-01", "2024-01-01", "2024-07-01"]
    assert list(shares["count"]) == [1, 2, 1]
    assert list(shares["complete"]) == [False, True, False]
    assert read_design(shares).span == "3 half-years"


def test_leap_day_is_the_last_of_its_february_and_in_every_period_around():
    for period, first, n_days in [("week", "2024-02-26", 7), ("month", "2024-02-01", 29), ("half", "2024-01-01", 182)]:
        shares = share_by_period(published("2024-02-29"), period=period, start="2024-01-01", captured="2024-12-31")
        assert first_days(shares) == [first]
        assert list(shares["observed_days"]) == [n_days]


def test_gap_of_years_is_filled_with_zeros_whose_share_is_unknown():
    shares = share_by_period(published("2010-03-01", "2024-03-01"), period="half")
    assert list(shares["count"]) == [1, *[0] * 27, 1]
    empty = shares[shares["total"] == 0]
    assert len(empty) == 27
    assert empty[["share", "low", "high"]].isna().all(axis=None)
    assert empty["complete"].all()


# Time zones: a date is the day that its own clock shows


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "UTC"])
@pytest.mark.parametrize("turn", ["2024-03-31", "2024-03-10", "2024-10-27", "2024-11-03"])
@pytest.mark.parametrize("clock", ["0h", "12h", "23h"])
def test_no_day_shifts_across_a_time_change(zone, turn, clock):
    middle = pd.Timestamp(turn)
    local = pd.date_range(middle - pd.Timedelta("10D"), middle + pd.Timedelta("10D"), freq="D")
    aware = pd.Series(local + pd.Timedelta(clock)).dt.tz_localize(zone)
    for column in (aware, aware.astype(object), pd.Series([stamp.to_pydatetime() for stamp in aware], dtype=object)):
        spans = read_spans(pd.DataFrame({"published": column}))
        assert list(spans["first"]) == list(local)
        assert list(spans["last"]) == list(local)


def test_daily_papers_across_a_time_change_fill_each_week_with_seven():
    stamps = pd.date_range("2024-03-04", "2024-04-14", freq="D", tz="Europe/Berlin")
    shares = share_by_period(pd.DataFrame({"published": stamps, "theme": "robotics"}), period="week")
    assert list(shares["count"]) == [7] * 6
    assert shares["complete"].all()


def test_missing_timestamps_stay_undated():
    stamps = [dt.datetime(2024, 3, 31, tzinfo=dt.UTC), pd.NaT, None]
    spans = read_spans(pd.DataFrame({"published": pd.Series(stamps, dtype=object)}))
    assert list(spans["first"].isna()) == [False, True, True]


# Mixed precision


@pytest.mark.parametrize(
    ("date", "columns", "span"),
    [
        ("2024", {}, ("2024-01-01", "2024-12-31")),
        (2024, {}, ("2024-01-01", "2024-12-31")),
        ("2024-02", {}, ("2024-02-01", "2024-02-29")),
        ("2024/02", {}, ("2024-02-01", "2024-02-29")),
        ("2024-2", {}, ("2024-02-01", "2024-02-29")),
        ("2024-02-05", {}, ("2024-02-05", "2024-02-05")),
        # The coarser decides, whatever day of its year a source names.
        ("2024", {"published_precision": ["day"]}, ("2024-01-01", "2024-12-31")),
        ("2024-01-01", {"published_precision": ["year"]}, ("2024-01-01", "2024-12-31")),
        ("2024-12-31", {"published_precision": ["year"]}, ("2024-01-01", "2024-12-31")),
        ("2024-02-29", {"published_precision": ["month"]}, ("2024-02-01", "2024-02-29")),
        ("2023", {"published_end": ["2024"]}, ("2023-01-01", "2024-12-31")),
        ("2018-11-01", {"published_end": ["2018-12"]}, ("2018-11-01", "2018-12-31")),
        ("2024-02-05", {"published_end": [None]}, ("2024-02-05", "2024-02-05")),
    ],
)
def test_date_means_all_its_days(date, columns, span):
    assert span_of(date, **columns) == span


@pytest.mark.parametrize("period", ["week", "month", "quarter", "half"])
def test_year_only_papers_alone_are_in_no_finer_period(period):
    papers = published("2021", "2022", "2022")
    shares = share_by_period(papers, period=period)
    assert shares["period"].isna().all()
    assert list(shares["count"]) == [3]
    assert count_set_apart(papers, period=period)["count"].tolist() == [3]
    assert trend_verdicts(shares)["verdict"].tolist() == ["unclear"]


def test_year_only_papers_alone_are_counted_by_year():
    shares = share_by_period(published("2021", "2022", "2022"))
    assert list(shares["count"]) == [1, 2]
    assert choose_period(published("2021", "2022"))[0] == "year"


def test_undated_and_coarse_papers_have_rows_of_their_own():
    papers = published("2024-03-05", "2024-04-05", "2024-03", "2024", "2025", None, theme=list("aabbaba")[:6])
    shares = share_by_period(papers, period="week")
    undated, coarse = shares[shares["period"].isna()].iloc[:2], shares[shares["period"].isna()].iloc[2:]
    assert list(undated["total"]) == [1, 1]
    assert undated["period_end"].isna().all()
    assert list(undated["count"]) == [0, 1]
    assert list(coarse["total"]) == [3, 3]
    # By then the last of them had appeared: what tells these rows from the undated ones.
    assert list(coarse["period_end"]) == [pd.Timestamp("2025-12-31")] * 2
    assert list(coarse["count"]) == [1, 2]
    assert list(shares["period"].notna())[:-4] == [True] * 10
    assert count_set_apart(papers, period="week").to_numpy().tolist() == [
        ["no date", 1],
        ["dated to the month only, too coarse for a week", 1],
        ["dated to the year only, too coarse for a week", 2],
    ]


def test_span_across_two_periods_is_told_from_a_coarse_date():
    papers = published("2018-06-28", published_end="2018-07-03")
    assert count_set_apart(papers, period="half")["reason"].tolist() == [
        "dated to a span of days across two half-years or more"
    ]
    assert count_set_apart(papers, period="year").empty


@given(some_days, coarse_dates, grains)
def test_every_paper_is_in_one_period_or_set_apart(exact, coarse, period):
    papers = published(*exact, *coarse, theme=[f"t{row % 3}" for row in range(len(exact) + len(coarse))])
    spans = read_spans(papers)
    periods = list_periods(spans, period)
    place = locate_spans(spans, periods)
    for row, where in enumerate(place):
        holds = (periods["period"] <= spans["first"][row]) & (spans["last"][row] <= periods["period_end"])
        assert list(np.flatnonzero(holds)) == ([where] if where >= 0 else [])
    assert not (place[: len(exact)] < 0).any()
    shares = share_by_period(papers, period=period)
    assert shares["count"].sum() == len(papers)
    assert shares.groupby("theme")["count"].sum().to_dict() == papers["theme"].value_counts().to_dict()
    dated = shares[shares["period"].notna()]
    assert (dated.groupby("period")["count"].sum() == dated.groupby("period")["total"].first()).all()
    assert count_set_apart(papers, period=period)["count"].sum() == (place < 0).sum()
    assert set(place[place < 0]) <= {UNDATED, TOO_COARSE}


# End periods


@given(some_days.filter(bool), grains, days, days)
def test_observed_days_never_exceed_the_period_and_fill_the_complete_ones(exact, period, one, other):
    periods = list_periods(read_spans(published(*exact)), period, start=min(one, other), captured=max(one, other))
    length = (periods["period_end"] - periods["period"]).dt.days + 1
    assert periods["observed_days"].between(0, length).all()
    assert (periods["observed_days"] == length)[periods["complete"]].all()
    stated = (periods["period"] >= str(min(one, other))) & (periods["period_end"] <= str(max(one, other)))
    assert (periods["complete"] == stated).all()


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [("week", "2024-01-03", "2024-02-27"), ("half", "2022-03-01", "2024-10-17"), ("month", "2024-01-31", "2024-05-02")],
)
def test_models_see_incomplete_end_periods_at_their_observed_midpoint(period, first, last):
    papers = published(*pd.date_range(first, last, freq="D").astype(str))
    design = read_design(share_by_period(papers, period=period, start=first, captured=last))
    assert not design.complete[[0, -1]].any()
    assert design.complete[1:-1].all()
    start, end = pd.Timestamp(first), pd.Timestamp(last) + pd.Timedelta("1D")
    halfway = [start + (design.periods["period_end"].iloc[0] + pd.Timedelta("1D") - start) / 2]
    halfway.append(design.periods["period"].iloc[-1] + (end - design.periods["period"].iloc[-1]) / 2)
    length = (end - start).days if design.unit != "per year" else 365.25
    assert (design.time[-1] - design.time[0]) * length == pytest.approx((halfway[1] - halfway[0]) / pd.Timedelta("1D"))


@pytest.mark.parametrize("period", GRAINS)
@pytest.mark.parametrize("n_periods", [1, 2])
def test_one_or_two_periods_are_counted_and_not_judged(period, n_periods):
    first = pd.Timestamp("2024-01-01")
    second = {
        "week": "2024-01-08",
        "month": "2024-02-01",
        "quarter": "2024-04-01",
        "half": "2024-07-01",
        "year": "2025",
    }
    papers = published(*[first] * 5, *[pd.Timestamp(second[period])] * 3 * (n_periods - 1))
    shares = share_by_period(
        papers.assign(theme=["a", "b"] * (len(papers) // 2) + ["a"] * (len(papers) % 2)), period=period
    )
    assert first_days(shares)[:n_periods] == ["2024-01-01", f"{pd.Timestamp(second[period]):%Y-%m-%d}"][:n_periods]
    assert set(trend_verdicts(shares)["verdict"]) == {"unclear"}
    assert global_change(shares).p is None
    word = read_design(shares).span
    assert word == f"{n_periods} {'half-year' if period == 'half' else period}{'s' * (n_periods == 2)}"
