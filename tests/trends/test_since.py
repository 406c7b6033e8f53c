from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from analysis.config import InputError
from analysis.trends.since import compare_since, compare_verdicts, part_papers_since, rank_papers, take_until

N_NEW, N_BEFORE = 10, 30


def dated(rows):
    return pd.DataFrame(rows, columns=["published", "theme"])


def sides(new, before):
    """Papers of the themes a and b, so many of each dated before and since 2025."""
    rows = [("2025-03-01", "a")] * new[0] + [("2025-03-01", "b")] * new[1]
    return dated(rows + [("2024-03-01", "a")] * before[0] + [("2024-03-01", "b")] * before[1])


@pytest.mark.parametrize(
    ("published", "part"),
    [
        ("2025-07-01", "new"),
        ("2025-06-30", "before"),
        ("2025-09", "new"),
        ("2025-10", "across"),
        ("2025", "across"),
        ("2024", "before"),
        ("2025-10-18", "later"),
        ("2026", "later"),
        (None, "undated"),
    ],
)
def test_a_paper_is_new_only_if_all_of_its_known_span_is(published, part):
    papers = pd.DataFrame({"published": [published, "2025-08-01"]})
    assert part_papers_since(papers, "2025-07-01", "2025-10-17").tolist() == [part, "new"]


def test_without_a_last_day_nothing_is_later():
    papers = pd.DataFrame({"published": ["2025-10", "2031-01-01", "2024"]})
    assert part_papers_since(papers, "2025-07-01").tolist() == ["new", "new", "before"]


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(InputError, match=r"until = 2025-06-30 lies before since = 2025-07-01"):
        part_papers_since(pd.DataFrame({"published": ["2025"]}), "2025-07-01", "2025-06-30")
    with pytest.raises(InputError, match="since = 'soon' is not a date"):
        part_papers_since(pd.DataFrame({"published": ["2025"]}), "soon")


def test_what_had_surely_appeared_by_a_day_leaves_out_the_undated_and_the_unsure():
    papers = pd.DataFrame({"published": ["2025-06-30", "2025-06", "2025", None, "2025-07-01"]})
    assert take_until(papers, "2025-06-30").index.tolist() == [0, 1]


def test_counts_shares_and_their_difference_are_those_of_the_two_sides():
    found = compare_since(sides((3, 1), (2, 8)), since="2025-01-01").set_index("theme")
    assert found.loc["a", ["n_new", "n_before", "share_new", "share_before"]].tolist() == [3, 2, 0.75, 0.2]
    assert found["difference"].tolist() == pytest.approx([0.55, -0.55])
    assert found.loc["a", "low"] == pytest.approx(-found.loc["b", "high"])
    # Fisher's test of [[3, 1], [2, 8]], by hand: (C(5,3) C(9,1) + C(5,4)) / C(14,4).
    assert found["p"].tolist() == pytest.approx([95 / 1001] * 2)


def test_the_interval_of_the_difference_holds_the_truth_in_about_95_of_100_draws():
    for share_new, share_before in ((0.2, 0.2), (0.5, 0.2), (0.1, 0.3)):
        held = 0.0
        for new, before in product(range(N_NEW + 1), range(N_BEFORE + 1)):
            chance = binom.pmf(new, N_NEW, share_new) * binom.pmf(before, N_BEFORE, share_before)
            if chance > 1e-6:
                low, high = find_interval(new, before)
                held += chance * (low <= share_new - share_before <= high)
        assert 0.92 <= held <= 0.985


@cache
def find_interval(new, before):
    row = compare_since(sides((new, N_NEW - new), (before, N_BEFORE - before)), since="2025-01-01").iloc[0]
    # Where no paper is of the theme "a" the first row is that of "b".
    return (row["low"], row["high"]) if new + before else (-row["high"], -row["low"])


def test_with_nothing_before_there_is_no_difference_and_no_test():
    found = compare_since(dated([("2025-02-01", "a"), (None, "b")]), since="2025-01-01")
    assert found[["share_before", "difference", "low", "high", "p", "q"]].isna().all(axis=None)
    assert found["n_unplaced"].tolist() == [0, 1]


def test_a_theme_is_first_seen_only_if_no_paper_of_it_may_be_older():
    rows = [("2025-02-01", "sure"), ("2025-02-01", "coarse"), ("2025", "coarse"), ("2025-02-01", "undated")]
    papers = dated([*rows, (None, "undated"), ("2025-02-01", "old"), ("2024", "old")])
    found = compare_since(papers, since="2025-01-02").set_index("theme")["first_seen"]
    assert found[found].index.tolist() == ["sure"]


def test_the_unassigned_count_in_every_share_and_are_not_tested():
    papers = sides((3, 1), (2, 8)).replace({"theme": {"b": "unassigned"}})
    found = compare_since(papers, since="2025-01-01").set_index("theme")
    assert found.loc["a", "share_new"] == 0.75
    assert np.isnan(found.loc["unassigned", "p"])


def test_only_verdicts_that_differ_have_changed():
    later = pd.DataFrame(
        {"theme": ["a", "b", "c"], "verdict": ["rising", "unclear", "rising"], "reason": "", "survives": 1}
    )
    earlier = pd.DataFrame({"theme": ["a", "b"], "verdict": ["unclear", "unclear"]})
    found = compare_verdicts(earlier, later)
    assert found["changed"].tolist() == [True, False, False]
    assert found["before"].isna().tolist() == [False, False, True]


def test_papers_are_ordered_by_the_best_count_that_tells_them_apart():
    papers = pd.DataFrame(
        {
            "paper_id": ["a", "b", "c"],
            "published": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
            "theme_score": [0.9, 0.5, 0.5],
            "n_comments": pd.array([0, 4, None], dtype="Int64"),
            "n_upvotes": pd.array([None, None, None], dtype="Int64"),
        }
    )
    by_comments = rank_papers(papers)
    assert (by_comments.measure, by_comments.n_known) == ("comments", 2)
    assert by_comments.papers["paper_id"].tolist() == ["b", "a", "c"]
    by_upvotes = rank_papers(papers.assign(n_upvotes=pd.array([1, 2, 3], dtype="Int64")))
    assert (by_upvotes.measure, by_upvotes.papers["paper_id"].tolist()) == ("upvotes", ["c", "b", "a"])
    silent = rank_papers(papers.assign(n_comments=pd.array([0, 0, 0], dtype="Int64")))
    # Between the two of one score the newer comes first.
    assert (silent.measure, silent.papers["paper_id"].tolist()) == ("theme score", ["a", "c", "b"])
