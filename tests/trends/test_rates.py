import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from analysis.trends import rate_by_period, share_by_period, tabulate_growth
from analysis.trends.rates import poisson_interval


def make_shares(counts, *, captured="2040-01-01"):
    days = [f"{2010 + year}-06-01" for year in range(len(next(iter(counts.values()))))]
    rows = [(day, theme) for theme, ns in counts.items() for day, n in zip(days, ns, strict=True) for _ in range(n)]
    papers = pd.DataFrame(rows, columns=["published", "theme"])
    return share_by_period(papers, period="year", start="2000-01-01", captured=captured)


def field(*totals, first=2010):
    return pd.DataFrame({"period": [str(first + year) for year in range(len(totals))], "total": totals})


def test_rate_is_per_thousand_of_the_field():
    rates = rate_by_period(make_shares({"a": [3, 6], "b": [7, 4]}), field(1000, 2000))
    assert rates["rate"].tolist() == [3, 3, 7, 2]
    assert rates["collection_rate"].tolist() == [10, 5, 10, 5]
    assert (rates["low"] < rates["rate"]).all()
    assert (rates["rate"] < rates["high"]).all()


def test_interval_is_the_exact_one():
    low, high = poisson_interval([0, 1, 10])
    # Garwood's table.
    assert low == pytest.approx([0, 0.0253, 4.7954], abs=1e-4)
    assert high == pytest.approx([3.6889, 5.5716, 18.3904], abs=1e-4)


@pytest.mark.parametrize("mean", [0.5, 4.0, 60.0])
def test_interval_covers_the_expected_rate(mean):
    counts = np.random.default_rng(3).poisson(mean, 2000)
    low, high = poisson_interval(counts)
    # Exact: at least 95 %, less three standard errors.
    assert np.mean((low <= mean) & (mean <= high)) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 2000)


def test_csv_and_frame_give_the_same(tmp_path):
    path = tmp_path / "field.csv"
    path.write_text("\ufeffperiod, total\n2010-01-01,1000\n2011,2000\n1999-Q3,5\n", encoding="utf-8")
    shares = make_shares({"a": [3, 6], "b": [7, 4]})
    pd.testing.assert_frame_equal(rate_by_period(shares, path), rate_by_period(shares, field(1000, 2000)))


@pytest.mark.parametrize("written", [["2024-01-01", "2024-04-01"], ["2024-Q1", "2024Q2"], ["2024-01", "2024-04"]])
def test_quarters_may_be_written_in_several_ways(written):
    papers = pd.DataFrame({"published": ["2024-02-01", "2024-05-01"], "theme": "a"})
    shares = share_by_period(papers, period="quarter", start="2023-01-01", captured="2025-01-01")
    rates = rate_by_period(shares, pd.DataFrame({"period": written, "total": [100, 200]}))
    assert rates["rate"].tolist() == [10, 5]
    days = pd.DataFrame({"period": pd.to_datetime(["2024-01-01", "2024-04-01"]), "total": [100, 200]})
    assert rate_by_period(shares, days)["rate"].tolist() == [10, 5]


def test_empty_field_has_no_rate_and_silent_theme_has_rate_zero():
    rates = rate_by_period(make_shares({"a": [3, 0, 0, 2]}), field(1000, 0, 500, 1000))
    assert rates["rate"].isna().tolist() == [False, True, False, False]
    assert rates["low"].isna().tolist() == [False, True, False, False]
    assert rates["rate"][2] == rates["low"][2] == 0
    assert rates["high"][2] == pytest.approx(1000 * 3.6889 / 500, abs=1e-3)


def test_incomplete_period_has_no_rate_unless_the_field_stops_there_too():
    shares = make_shares({"a": [3, 2]}, captured="2011-07-01")
    assert rate_by_period(shares, field(1000))["rate"].isna().tolist() == [False, True]
    assert rate_by_period(shares, field(1000, 500), keep_incomplete=True)["rate"].tolist() == [3, 4]
    with pytest.raises(InputError, match="2011-01-01"):
        rate_by_period(shares, field(1000), keep_incomplete=True)


def test_undated_papers_have_no_rate():
    assert rate_by_period(share_by_period(pd.DataFrame({"published": [None], "theme": ["a"]})), field(10)).empty


def test_growth_is_told_apart():
    # The field doubles, the collection keeps its part of it, the theme its count.
    rates = rate_by_period(make_shares({"a": [10, 10], "b": [10, 30]}), field(1000, 2000))
    a = tabulate_growth(rates).set_index("theme").loc["a"]
    assert a[["count", "share", "coverage", "field", "rate"]].tolist() == [1, 0.5, 1, 2, 0.5]


def test_factors_multiply_to_the_growth_of_the_count():
    rng = np.random.default_rng(1)
    shares = make_shares({name: (rng.poisson(20, 7) + 1).tolist() for name in "abc"})
    growth = tabulate_growth(rate_by_period(shares, field(*rng.integers(500, 900, 7))))
    np.testing.assert_allclose(growth["share"] * growth["coverage"] * growth["field"], growth["count"])
    np.testing.assert_allclose(growth["share"] * growth["coverage"], growth["rate"])


def test_growth_from_nothing_or_over_one_period_is_unknown():
    growth = tabulate_growth(rate_by_period(make_shares({"a": [0, 5], "b": [5, 5]}), field(100, 100)))
    assert growth["count"].isna().tolist() == [True, False]
    one = tabulate_growth(rate_by_period(make_shares({"a": [4]}), field(100)))
    assert one[["count", "field"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("2010", 100)], r"no total for 1 period\(s\) \(2011-01-01\)"),
        ([("2010", 100), ("2010-01", 90), ("2011", 100)], r"1 period\(s\) are given twice \(row 2: '2010-01'\)"),
        ([("2010", "many"), ("2011", "1,000")], r"2 total\(s\) are no whole numbers .*'many'.*'1,000'"),
        ([("2010", -5), ("2011", 2.5)], r"2 total\(s\) are no whole numbers"),
        ([("2010", None), ("2011", float("inf"))], r"2 total\(s\) are no whole numbers"),
        ([("2010", 2), ("2011", 100)], r"1 total\(s\) lie below the papers counted \(2010-01-01: 2 below 3 of a\)"),
        ([("soon", 100), (None, 100)], r"2 period\(s\) cannot be read \(row 1: 'soon'"),
    ],
)
def test_wrong_denominators_are_refused_with_what_to_do(rows, words):
    with pytest.raises(InputError, match=words):
        rate_by_period(make_shares({"a": [3, 6]}), pd.DataFrame(rows, columns=["period", "total"]))


def test_totals_of_months_do_not_pass_for_those_of_quarters():
    papers = pd.DataFrame({"published": ["2024-02-01", "2024-05-01"], "theme": "a"})
    shares = share_by_period(papers, period="quarter", start="2023-01-01", captured="2025-01-01")
    months = pd.DataFrame({"period": [f"2024-{month:02d}" for month in range(1, 13)], "total": 100})
    with pytest.raises(InputError, match=r"4 period\(s\) begin within a quarter \(2024-02-01, .*set the period of the"):
        rate_by_period(shares, months)
    outside = pd.DataFrame({"period": ["2019-02", "2024-Q1", "2024-Q2", "2025-02"], "total": 100})
    assert rate_by_period(shares, outside)["rate"].tolist() == [10, 10]


def test_wrong_file_is_refused(tmp_path):
    shares = make_shares({"a": [3, 6]})
    with pytest.raises(InputError, match="no such file"):
        rate_by_period(shares, tmp_path / "none.csv")
    path = tmp_path / "field.csv"
    path.write_bytes(b"")
    with pytest.raises(InputError, match="cannot be read as CSV"):
        rate_by_period(shares, path)
    path.write_text("month;total\n2010;5\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"columns period, total are missing. Found: month;total"):
        rate_by_period(shares, path)
