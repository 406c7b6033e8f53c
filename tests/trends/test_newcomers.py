import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from analysis.trends import find_newcomers


def dated(rows):
    return pd.DataFrame(rows, columns=["published", "theme"])


def row_of(table, theme, kind):
    return table.set_index(["theme", "kind"]).loc[(theme, kind)]


def test_p_is_the_hypergeometric_chance_of_no_earlier_paper():
    papers = dated([(f"2024-01-{day:02d}", "new" if day in (7, 9) else "old") for day in range(1, 11)])
    new = row_of(find_newcomers(papers), "new", "new")
    assert new["n_outside"] == 6
    # 2 papers, both among the last 4 of 10.
    assert new["p"] == pytest.approx((4 * 3) / (10 * 9))
    assert new["expected_outside"] == pytest.approx(8 / 3)
    assert new["day"] == pd.Timestamp("2024-01-07")
    assert row_of(find_newcomers(papers), "new", "gone")["n_outside"] == 1


def test_planted_newcomer_and_vanished_theme_are_found():
    days = pd.date_range("2020-01-01", periods=200, freq="W")
    theme = np.array(["old", "mixed"] * 100, dtype=object)
    theme[140::5] = "new"
    theme[:60:5] = "gone"
    found = find_newcomers(pd.DataFrame({"published": days, "theme": theme}))
    assert found.loc[found["found"], ["theme", "kind"]].values.tolist() == [["gone", "gone"], ["new", "new"]]
    reason = row_of(found, "new", "new")["reason"]
    assert reason.startswith("First seen 2022-09-11: 140 papers of 200 (70 %) lie before that")


def test_large_theme_that_misses_the_first_papers_is_no_newcomer():
    theme = ["old"] * 20 + ["large"] * 180
    papers = pd.DataFrame({"published": pd.date_range("2020-01-01", periods=200), "theme": theme})
    large = row_of(find_newcomers(papers), "large", "new")
    assert large["q"] < 0.001
    assert not large["found"]


def test_year_only_paper_makes_its_theme_early_and_lies_before_no_one():
    days = [(f"2020-{month:02d}-15", "old") for month in range(1, 13)]
    papers = dated([*days, ("2020-06-20", "new"), ("2020-08-01", "new")])
    assert row_of(find_newcomers(papers), "new", "new")["n_outside"] == 6
    early = row_of(find_newcomers(dated([*days, ("2020-06-20", "new"), ("2020", "new")])), "new", "new")
    assert early["n_outside"] == 0
    assert early["p"] == 1
    other = row_of(find_newcomers(pd.concat([papers, dated([("2020", "old")])])), "new", "new")
    assert other["n_outside"] == 6


def test_month_and_year_papers_of_one_period_are_ties():
    papers = dated([("2020", "a")] * 3 + [("2021", "b")] * 3)
    found = find_newcomers(papers)
    assert row_of(found, "b", "new")["p"] == pytest.approx(1 / 20)
    assert row_of(found, "a", "gone")["p"] == pytest.approx(1 / 20)
    assert row_of(found, "a", "new")["p"] == 1


def test_false_calls_stay_at_five_per_cent():
    rng = np.random.default_rng(12)
    days = pd.date_range("2015-01-01", periods=400)
    p = []
    for _ in range(200):
        theme = np.where(rng.permutation(400) < 12, "small", "rest")
        found = find_newcomers(pd.DataFrame({"published": days, "theme": theme}))
        p.append(row_of(found, "small", "new")["p"])
    for level in (0.05, 0.2, 0.5):
        assert abs(np.mean(np.array(p) <= level) - level) <= 2.5 * np.sqrt(level * (1 - level) / 200)


def test_one_theme_one_paper_and_undated_papers_are_not_called():
    alone = find_newcomers(dated([("2020-01-01", "a"), ("2020-02-01", "a")]))
    assert alone["p"].tolist() == [1, 1]
    one = find_newcomers(dated([("2020-01-01", "a"), ("2020-02-01", "a"), ("2024-01-01", "b")]))
    assert np.isnan(row_of(one, "b", "new")["p"])
    assert "only 1 paper with a date" in row_of(one, "b", "new")["reason"]
    undated = find_newcomers(dated([(None, "a"), (None, "b")]))
    assert not undated["found"].any()
    assert set(undated["reason"]) == {"Not tested: none of its papers is dated."}
    assert undated["day"].isna().all()


def test_unassigned_counts_among_the_papers_and_has_no_row():
    papers = dated([("2020-01-01", "unassigned")] * 5 + [("2021-01-01", "a")] * 2)
    found = find_newcomers(papers)
    assert list(found["theme"]) == ["a", "a"]
    assert found["n_outside"].tolist() == [5, 0]
    assert find_newcomers(dated([])).empty


def test_topics_are_found_by_their_number():
    papers = pd.DataFrame({"published": ["2020-01-01"] * 3 + ["2021-01-01"] * 3, "topic": [0, 0, 0, 1, 1, 1]})
    assert find_newcomers(papers, by="topic")["topic"].tolist() == [0, 0, 1, 1]


def test_wrong_input_is_refused():
    with pytest.raises(InputError, match="theme, published"):
        find_newcomers(pd.DataFrame({"title": ["x"]}))
    with pytest.raises(InputError, match=r"1 paper\(s\) have no theme"):
        find_newcomers(dated([("2020", None)]))
    with pytest.raises(InputError, match="alpha = 0"):
        find_newcomers(dated([("2020", "a")]), alpha=0)
