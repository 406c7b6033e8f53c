import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from analysis.trends import find_bursts, share_by_period


def share_rows(counts, totals, *, complete=True, freq="MS"):
    """A shares table by month: the counts of each theme, and "rest" for the others."""
    totals = np.asarray(totals)
    starts = pd.date_range("2010-01-01", periods=len(totals), freq=freq)
    counts = {**counts, "rest": totals - np.sum(list(counts.values()), axis=0)}
    blocks = [
        pd.DataFrame(
            {
                "period": starts,
                "period_end": starts + pd.offsets.MonthEnd(),
                "theme": theme,
                "count": np.asarray(numbers),
                "total": totals,
                "share": np.asarray(numbers) / np.maximum(totals, 1),
                "low": 0.0,
                "high": 1.0,
                "complete": complete,
                "observed_days": 28,
            }
        )
        for theme, numbers in counts.items()
    ]
    return pd.concat(blocks, ignore_index=True)


def drawn(rng, totals, *, wander=0.0, memory=0.0, level=0.12, lift=None):
    noise = np.zeros(len(totals))
    noise[0] = rng.normal() * wander
    for place in range(1, len(totals)):
        noise[place] = memory * noise[place - 1] + rng.normal() * wander * np.sqrt(1 - memory**2)
    logit = np.log(level / (1 - level)) + noise + (0 if lift is None else lift)
    return rng.binomial(totals, 1 / (1 + np.exp(-logit)))


def test_planted_burst_is_found_with_its_dates():
    rng = np.random.default_rng(4)
    totals, lift = np.full(60, 80), np.zeros(60)
    lift[24:36] = np.log(3)
    found = find_bursts(share_rows({"up": drawn(rng, totals, lift=lift)}, totals))
    burst = found.table.iloc[0]
    assert list(found.table["theme"]).count("up") == 1
    assert burst["theme"] == "up"
    assert abs((burst["start"] - pd.Timestamp("2012-01-01")).days) <= 31
    assert abs((burst["end"] - pd.Timestamp("2012-12-31")).days) <= 31
    assert burst["q"] < 0.05
    assert burst["share"] > 2 * burst["base_share"] * 0.8
    assert burst["count"] / burst["total"] == pytest.approx(burst["share"])
    # The automaton finds something in nearly everything; the permutations take it back.
    assert found.tests.set_index("theme").loc["rest", "q"] > 0.5


def test_states_are_the_cheapest_of_all_sequences():
    from analysis.trends.bursts import _decode_states, _score_level

    rng = np.random.default_rng(6)
    totals = np.full(7, 20.0)
    for _ in range(20):
        counts = rng.binomial(20, rng.choice([0.1, 0.5], 7))[None, :].astype(float)
        scores = [_score_level(counts, totals, 2.0, level) for level in (1, 2)]
        states = _decode_states(scores, 1.5)[0]
        gains = np.vstack([np.zeros(7), scores[0], scores[0] + scores[1]])

        def value(path, gains=gains):
            climbs = np.maximum(np.diff(np.concatenate([[0], path])), 0).sum()
            return gains[np.array(path), np.arange(7)].sum() - 1.5 * climbs

        best = max(value(path) for path in np.ndindex(*[3] * 7))
        assert value(tuple(states)) == pytest.approx(best)


def test_higher_level_lies_inside_the_lower_one():
    totals = np.full(96, 200)
    counts = np.full(96, 8)
    counts[20:36] = 40
    counts[24:32] = 120
    found = find_bursts(share_rows({"up": counts}, totals), n_states=3).table
    outer, inner = (found[found["level"] == level].iloc[0] for level in (1, 2))
    assert outer["start"] <= inner["start"]
    assert inner["end"] <= outer["end"]
    assert inner["n_periods"] < outer["n_periods"]


@pytest.mark.parametrize(
    ("memory", "wander"), [(0.0, 0.0), pytest.param(0.4, 0.25, marks=pytest.mark.slow), (0.7, 0.25)]
)
def test_level_themes_are_seldom_called(memory, wander):
    rng = np.random.default_rng(9)
    totals = np.full(60, 83)
    p = [
        find_bursts(
            share_rows({"flat": drawn(rng, totals, wander=wander, memory=memory)}, totals), n_permutations=99
        ).tests["p"][0]
        for _ in range(200)
    ]
    # Two standard errors of a rate of 5 % in 200.
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 200)


def test_without_memory_single_periods_as_blocks_give_a_uniform_p():
    rng = np.random.default_rng(10)
    totals = np.full(60, 8)
    p = [
        find_bursts(share_rows({"flat": drawn(rng, totals)}, totals), block=1, n_permutations=99).tests["p"][0]
        for _ in range(200)
    ]
    for level in (0.05, 0.2, 0.5):
        assert abs(np.mean(np.array(p) <= level) - level) <= 2.5 * np.sqrt(level * (1 - level) / 200)


def test_incomplete_and_empty_periods_are_left_out():
    rng = np.random.default_rng(4)
    totals, lift = np.full(60, 80), np.zeros(60)
    lift[24:36] = np.log(3)
    counts = drawn(rng, totals, lift=lift)
    plain = find_bursts(share_rows({"up": counts}, totals))
    complete = np.ones(61, dtype=bool)
    complete[60] = False
    longer = find_bursts(share_rows({"up": [*counts, 70]}, [*totals, 80], complete=[*complete]))
    pd.testing.assert_frame_equal(plain.table, longer.table)
    # A gap of five years before the last ten months changes no number but the dates.
    gap = lambda values: np.concatenate([values[:50], np.zeros(60, dtype=int), values[50:]])  # noqa: E731
    silent = find_bursts(share_rows({"up": gap(counts)}, gap(totals)))
    pd.testing.assert_frame_equal(plain.table.query("theme == 'up'"), silent.table.query("theme == 'up'"))
    pd.testing.assert_frame_equal(plain.tests, silent.tests)


def test_few_periods_give_no_burst_and_the_reason():
    found = find_bursts(share_rows({"up": [1, 9, 1]}, [10, 10, 10]))
    assert found.table.empty
    assert "only 3 complete months with papers, and a burst needs at least 30" in found.reason
    assert found.tests["p"].isna().all()
    assert found.tests["reason"].str.contains("at least 30").all()
    one = find_bursts(share_by_period(pd.DataFrame({"published": ["2024-03-01"], "theme": ["a"]}), period="month"))
    assert one.table.empty
    undated = find_bursts(share_by_period(pd.DataFrame({"published": [None], "theme": ["a"]})))
    assert undated.table.empty
    assert list(undated.tests["theme"]) == ["a"]


def test_theme_of_one_paper_or_of_all_papers_or_of_none_is_no_burst():
    totals = np.full(40, 10)
    one = np.zeros(40, dtype=int)
    one[39] = 1
    found = find_bursts(share_rows({"one": one, "none": one * 0}, totals))
    tests = found.tests.set_index("theme")
    assert found.table.empty
    assert tests.loc["one", "p"] == 1
    assert tests.loc["none", "reason"] == "none of its papers lies in a complete period"
    alone = find_bursts(share_rows({"all": totals}, totals).query("theme == 'all'"))
    assert alone.tests["reason"].tolist() == ["every paper of the complete periods is in it"]


def test_same_seed_gives_the_same_table():
    totals = np.full(40, 50)
    shares = share_rows({"up": drawn(np.random.default_rng(2), totals, wander=0.6, memory=0.7)}, totals)
    pd.testing.assert_frame_equal(find_bursts(shares, seed=3).tests, find_bursts(shares, seed=3).tests)


def test_unassigned_has_no_row():
    totals = np.full(40, 50)
    shares = share_rows({"unassigned": np.full(40, 10)}, totals)
    assert list(find_bursts(shares).tests["theme"]) == ["rest"]


def test_wrong_settings_are_named_at_once():
    shares = share_rows({"a": [1, 2]}, [5, 5])
    with pytest.raises(InputError, match=r"factor = 1 .*n_states = 1 .*block = 0"):
        find_bursts(shares, factor=1, n_states=1, block=0)
