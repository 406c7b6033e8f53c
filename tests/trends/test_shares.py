import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from analysis.results import TABLES
from analysis.trends import choose_period, share_by_period


def dated(rows, **columns):
    return pd.DataFrame(rows, columns=["published", "theme"]).assign(**columns)


def test_columns_are_those_of_the_schema():
    shares = share_by_period(dated([("2021-01-10", "robotics")]), period="year")
    added = ("expected_low", "expected_high", "smooth", "smooth_low", "smooth_high")  # by smooth_shares
    assert list(shares) == [column.name for column in TABLES["derived/shares"] if column.name not in added]
    assert str(shares["period"].dtype).startswith("datetime64")
    assert shares["count"].dtype == shares["total"].dtype == shares["observed_days"].dtype == np.int64


def test_silent_theme_counts_as_zero():
    papers = dated([("2021-01-10", "robotics"), ("2021-08-02", "alignment")])
    shares = share_by_period(papers, period="quarter")
    assert list(shares.query("theme == 'robotics'")["count"]) == [1, 0, 0]


def test_period_without_papers_has_no_share():
    papers = dated([("2021-01-10", "robotics"), ("2021-08-02", "alignment")])
    empty = share_by_period(papers, period="quarter").query("total == 0")
    assert len(empty) == 2
    assert empty[["share", "low", "high"]].isna().all(axis=None)


def test_leap_day_closes_its_month():
    papers = dated([("2024-02-29", "robotics"), ("2024-03-01", "robotics")])
    shares = share_by_period(papers, period="month", start="2024-02-01", captured="2024-03-10")
    assert list(shares["count"]) == [1, 1]
    assert list(shares["observed_days"]) == [29, 10]
    assert list(shares["complete"]) == [True, False]


def test_year_only_papers_are_set_apart_under_months():
    papers = dated([("2024-01-20", "robotics"), ("2024-01-01", "alignment")]).assign(
        published_end=["2024-01-20", "2024-12-31"], published_precision=["day", "year"]
    )
    shares = share_by_period(papers, period="month")
    assert list(shares["count"]) == [0, 1, 1, 0]
    apart = shares[shares["period"].isna()]
    assert list(apart.index) == [2, 3]
    assert list(apart["total"]) == [1, 1]
    assert list(share_by_period(papers, period="year")["count"]) == [1, 1]


def test_bare_year_is_not_the_first_of_january():
    papers = pd.DataFrame({"published": ["2024", "2024-03"], "theme": ["robotics", "robotics"]})
    shares = share_by_period(papers, period="month")
    assert list(shares["period"].isna()) == [False, True]
    assert list(
        share_by_period(pd.DataFrame({"published": [2023, 2024], "theme": [1, 1]}), period="year")["count"]
    ) == [
        1,
        1,
    ]


def test_undated_papers_alone_give_their_count_and_no_period():
    shares = share_by_period(dated([(None, "robotics"), ("", "robotics"), (None, "alignment")]))
    assert list(shares["count"]) == [1, 2]
    assert list(shares["total"]) == [3, 3]
    assert shares["period"].isna().all()
    assert shares["share"].isna().all()


def test_no_papers_give_no_rows():
    assert share_by_period(dated([])).empty


def test_counts_add_up_to_all_papers():
    days = pd.date_range("2019-03-05", periods=200, freq="11D").astype(str).tolist() + [None] * 7
    shares = share_by_period(dated([(day, "abc"[row % 3]) for row, day in enumerate(days)]), period="month")
    assert shares["count"].sum() == 207


def test_last_period_is_as_complete_as_the_capture_says():
    papers = dated([("2024-02-01", "robotics"), ("2025-06-01", "robotics")])
    whole = share_by_period(papers, period="year", start="2024-01-01", captured="2025-12-31")
    part = share_by_period(papers, period="year", captured=dt.date(2025, 10, 17))
    assert list(whole["complete"]) == [True, True]
    assert list(part["complete"]) == [False, False]
    # From the first paper on, and until the capture.
    assert list(part["observed_days"]) == [335, 290]


def test_without_a_capture_only_a_paper_proves_the_last_day():
    assert share_by_period(dated([("2024-01-01", "a"), ("2024-12-31", "a")]), period="year")["complete"].all()
    assert not share_by_period(dated([("2024", "a")]), period="year")["complete"].any()


def test_start_after_capture_is_refused():
    with pytest.raises(InputError, match="lies after"):
        share_by_period(dated([("2024-01-01", "a")]), start="2025-01-01", captured="2024-06-01")


def test_times_with_a_zone_become_utc_days():
    papers = dated([("2023-12-31T23:30:00-05:00", "robotics"), ("2024-02-01T00:00:00Z", "robotics")])
    assert list(share_by_period(papers, period="month")["count"]) == [1, 1]
    aware = papers.assign(published=pd.to_datetime(papers["published"], utc=True).dt.tz_convert("Asia/Tokyo"))
    pd.testing.assert_frame_equal(share_by_period(papers, period="month"), share_by_period(aware, period="month"))


def test_topics_keep_their_name_and_type():
    papers = pd.DataFrame({"published": [dt.date(2020, 2, 29), dt.date(2021, 1, 1)], "topic": [7, 0]})
    shares = share_by_period(papers, by="topic", period="year")
    assert list(shares["topic"]) == [0, 0, 7, 7]
    assert shares["topic"].dtype == np.int64


def test_jeffreys_interval_leaves_two_and_a_half_per_cent_on_each_side():
    papers = dated([("2024-01-01", "a")] * 2 + [("2024-01-02", "b")] * 18)
    row = share_by_period(papers, period="year").iloc[0]
    # Beta(2.5, 18.5) by the midpoint rule, not by the quantile function that the code itself uses.
    share = (np.arange(200_000) + 0.5) / 200_000
    density = share**1.5 * (1 - share) ** 17.5
    for tail in (share < row["low"], share > row["high"]):
        assert density[tail].sum() / density.sum() == pytest.approx(0.025, abs=1e-4)


def test_unreadable_dates_are_named_all_at_once():
    papers = dated([("n.d.", "a"), ("2024-13-01", "a"), ("2024-01-01", "a")], paper_id=["p1", "p2", "p3"])
    with pytest.raises(InputError, match=re.escape("2 paper(s) (p1: 'n.d.', p2: '2024-13-01')")):
        share_by_period(papers)


def test_missing_columns_and_groups_are_named():
    with pytest.raises(InputError, match="theme, published"):
        share_by_period(pd.DataFrame({"title": ["x"]}))
    with pytest.raises(InputError, match=r"1 paper\(s\) have no theme"):
        share_by_period(dated([("2024-01-01", None), ("2024-01-01", "a")]))
    with pytest.raises(InputError, match="decade"):
        share_by_period(dated([("2024-01-01", "a")]), period="decade")


def test_argument_is_left_as_it_was():
    papers = dated([("2021-01-10", "robotics"), (None, "alignment")])
    before = papers.copy(deep=True)
    share_by_period(papers)
    pd.testing.assert_frame_equal(papers, before)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (pd.date_range("2018-01-01", "2025-10-01", periods=76), "year"),
        (pd.date_range("2024-01-01", "2024-12-31", periods=30), "quarter"),
        (pd.date_range("2024-01-01", "2024-12-31", periods=300), "month"),
        (pd.date_range("2024-01-01", "2024-02-20", periods=70), "month"),
        # Two years would hold enough papers each, but two points are no course.
        (pd.date_range("2023-01-01", "2024-12-31", periods=12), "quarter"),
    ],
)
def test_period_is_the_finest_that_the_papers_fill(days, expected):
    period, reason = choose_period(pd.DataFrame({"published": days, "theme": "a"}))
    assert period == expected
    assert f"Counted by {expected}" in reason


def test_one_year_only_paper_does_not_blunt_the_period_but_many_do():
    days = pd.date_range("2021-01-01", "2024-12-31", periods=400).strftime("%Y-%m-%d").tolist()
    assert choose_period(pd.DataFrame({"published": [*days, "2022"]}))[0] == "month"
    assert choose_period(pd.DataFrame({"published": [*days, *["2022"] * 40]}))[0] == "year"
