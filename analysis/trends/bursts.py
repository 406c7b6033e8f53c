"""Bursts: stretches of periods in which a theme holds far more of the papers than it usually does."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.design import UNASSIGNED, Design, read_design
from analysis.trends.fits import Floats
from analysis.trends.noise import adjust_p
from analysis.trends.permuting import draw_orders

# Below this, a block permutation has too few blocks to set a burst apart from a wandering share.
MIN_PERIODS = 30
_TIE = 1e-9


@dataclasses.dataclass(frozen=True)
class Bursts:
    """Bursts of all themes, the test of each theme, and why there is no answer where there is none.

    Attributes
    ----------
    table : DataFrame of n_bursts rows, sorted by theme as in the shares, then start and level
        The column of groups, ``start`` and ``end`` (first day of the first
        period, last day of the last), ``level`` (1 or more; a burst of level 2
        lies inside one of level 1), ``weight`` (gain in log-likelihood over the
        level below; > 0), ``n_periods`` (periods with papers in it), ``count``,
        ``total``, ``share`` (inside it), ``base_share`` (of all complete
        periods), ``p``, ``q``.
    tests : DataFrame of n_themes rows
        The column of groups, ``n_papers`` (in complete periods), ``n_bursts``
        (of level 1), ``p``, ``q``, ``reason`` (why there is no test; else empty).
    reason : str
        One sentence: what was searched, or why nothing was.
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    reason: str


def find_bursts(
    shares: pd.DataFrame,
    *,
    factor: float = 2.0,
    gamma: float = 1.0,
    n_states: int = 2,
    block: int | None = None,
    n_permutations: int = 999,
    seed: int = 0,
) -> Bursts:
    """Find the stretches in which a theme's share jumps up and stays up, and how far chance explains them.

    Parameters
    ----------
    shares : DataFrame
        From `analysis.trends.share_by_period`. Incomplete periods and undated
        papers are left out; empty periods say nothing.
    factor : float > 1, default 2.0
        By how much the odds of a theme in one state exceed those of the state below.
    gamma : float > 0, default 1.0
        Cost of entering a higher state, in units of the log of the number of periods.
    n_states : int >= 2, default 2
        The usual state and ``n_states - 1`` levels of burst.
    block : int >= 1 or None
        Periods that a permutation moves together; by default an
        eighteenth of them (rounded up), at least 2 and at most 5. A burst no
        longer than a block stays whole in every permutation, so it cannot be
        told from chance.
    n_permutations : int >= 19, default 999
    seed : int, default 0

    Raises
    ------
    InputError
        If `shares` is not such a table or a setting is out of range.

    Notes
    -----
    Kleinberg's automaton for batches [1]_: in each period a theme is in a state,
    the count is binomial with that state's share, going up costs
    ``gamma * log(n_periods)`` a level, going down nothing, and the cheapest
    sequence of states is taken. States multiply the odds, not the share, which
    is the same for small shares and stays below 1 for large ones.

    The automaton always has an answer, so each burst is held against a null:
    blocks of periods, count and total together, are put in random order, and
    ``p`` tells how often the best stretch of the shuffled periods weighs as much.
    That accounts for all stretches that were looked at within the theme, for
    shares that are more variable than chance and for memory shorter than a
    block. The default block was chosen by simulation (5,000 papers, a theme of
    12 %, noise of .25 on the logit, 30 to 240 periods): p lies below .05 in at
    most 1 % of level themes without noise, 2 % at a memory of .4 and 2 to 8 % at
    .7. Short bursts pay for it: one to 2.5 times the odds (memory .4) is seen in
    69 to 96 % where it lasts 12 periods, 39 to 93 % where it lasts 8, 15 to 82 %
    where it lasts 6 (the fewer, the more periods there are) and in under a third
    where it lasts 4.

    ``q`` is Benjamini-Hochberg's over the themes; a theme's weaker burst gets
    the q that its theme would have if it were the strongest. The table holds
    what the automaton finds whatever its q, as a burst with a high q is what
    chance gives. A theme that rises steadily is no burst but may show as one at
    the end: read its verdict first.

    References
    ----------
    .. [1] Kleinberg (2002), Bursty and hierarchical structure in streams, KDD 2002, 91-101.
    """
    _check(factor, gamma, n_states, block, n_permutations)
    design = read_design(shares)
    rows = np.flatnonzero([group != UNASSIGNED for group in design.groups])
    used = np.flatnonzero(design.complete & (design.totals > 0))
    counts, totals = design.counts[np.ix_(rows, used)], design.totals[used]
    names = shares[design.key].drop_duplicates().iloc[rows].reset_index(drop=True)
    reasons = _say_untested(counts, totals, design)
    tested = np.flatnonzero([not reason for reason in reasons])
    null = np.full((len(rows), 2), np.nan)
    found: list[dict[str, object]] = []
    if len(tested):
        scores = [_score_level(counts[tested], totals, factor, level) for level in range(1, n_states)]
        states = _decode_states(scores, gamma * np.log(len(used)))
        orders = draw_orders(len(used), block or min(max(-(-len(used) // 18), 2), 5), n_permutations, seed)
        best = [np.stack([_weigh_best(one[orders]) for one in level]) for level in scores]
        null[tested, 0] = _compare(best[0], _weigh_best(scores[0]))
        null[:, 1] = adjust_p(null[:, 0])
        for place, row in enumerate(tested):
            for level in range(1, n_states):
                for first, last in _list_stretches(states[place] >= level):
                    weight = float(scores[level - 1][place, first : last + 1].sum())
                    p = float(_compare(best[level - 1][[place]], np.array([weight]))[0])
                    inside = {"level": level, "weight": weight, "n_periods": last - first + 1}
                    numbers = {"p": p, "q": _exchange_p(null[:, 0], int(row), p)}
                    found.append({"row": row, "first": first, "last": last, **inside, **numbers})
    table = _lay_out(found, names, counts, totals, design, used)
    n_bursts = table[table["level"] == 1].groupby(design.key, sort=False).size()
    tests = pd.DataFrame(
        {
            design.key: names,
            "n_papers": counts.sum(axis=1).astype(np.int64),
            "n_bursts": n_bursts.reindex(names).fillna(0).to_numpy(dtype=np.int64),
            "p": null[:, 0],
            "q": null[:, 1],
            "reason": pd.Series(reasons, dtype="str"),
        }
    )
    return Bursts(table, tests, _say_searched(len(tested), len(rows), int(n_bursts.sum()), len(used), design))


def _score_level(counts: Floats, totals: Floats, factor: float, level: int) -> Floats:
    """Log-likelihood of each period at a level minus that at the level below, (n_themes, n_periods)."""
    papers = counts.sum(axis=1)
    odds = papers / (totals.sum() - papers)
    step = np.log1p(odds * factor**level) - np.log1p(odds * factor ** (level - 1))
    return np.asarray(counts * np.log(factor) - step[:, None] * totals)


def _decode_states(scores: list[Floats], cost: float) -> npt.NDArray[np.int64]:
    """Cheapest sequence of states of each theme, (n_themes, n_periods); it starts from the usual state."""
    gains = np.concatenate([np.zeros((1, *scores[0].shape)), np.cumsum(scores, axis=0)])
    n_states, n_themes, n_periods = gains.shape
    level = np.arange(n_states)
    climb = cost * np.maximum(level[None, :] - level[:, None], 0)
    value = np.full((n_themes, n_states), -np.inf)
    value[:, 0] = 0.0
    origin = np.zeros((n_periods, n_themes, n_states), dtype=np.int64)
    for period in range(n_periods):
        reached = value[:, :, None] - climb
        origin[period] = reached.argmax(axis=1)
        value = reached.max(axis=1) + gains[:, :, period].T
    states = np.zeros((n_themes, n_periods), dtype=np.int64)
    state = value.argmax(axis=1)
    for period in range(n_periods - 1, -1, -1):
        states[:, period] = state
        state = origin[period, np.arange(n_themes), state]
    return states


def _weigh_best(score: Floats) -> Floats:
    """Weight of the best stretch of each row: the largest sum over neighbouring periods."""
    upto = np.cumsum(score, axis=1)
    before = np.concatenate([np.zeros((len(score), 1)), upto[:, :-1]], axis=1)
    return np.asarray((upto - np.minimum.accumulate(before, axis=1)).max(axis=1))


def _compare(best: Floats, weight: Floats) -> Floats:
    """Share of the permutations, the data among them, whose best stretch weighs at least as much."""
    return np.asarray((1 + (best >= weight[:, None] - _TIE).sum(axis=1)) / (1 + best.shape[1]))


def _exchange_p(p: Floats, row: int, other: float) -> float:
    exchanged = p.copy()
    exchanged[row] = other
    return float(adjust_p(exchanged)[row])


def _list_stretches(high: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edge = np.diff(np.concatenate([[0], high.astype(int), [0]]))
    return list(zip(np.flatnonzero(edge == 1).tolist(), (np.flatnonzero(edge == -1) - 1).tolist(), strict=True))


def _lay_out(
    found: list[dict[str, object]],
    names: pd.Series,
    counts: Floats,
    totals: Floats,
    design: Design,
    used: npt.NDArray[np.int64],
) -> pd.DataFrame:
    columns = ["row", "first", "last", "level", "weight", "n_periods", "p", "q"]
    table = pd.DataFrame(found, columns=columns).astype(
        {"row": int, "first": int, "last": int, "level": int, "weight": float, "n_periods": int, "p": float, "q": float}
    )
    table = table.sort_values(["row", "first", "level"], ignore_index=True)
    row, first, last = (table[name].to_numpy() for name in ("row", "first", "last"))
    sums = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=1)], axis=1)
    all_sums = np.concatenate([[0.0], np.cumsum(totals)])
    count, total = sums[row, last + 1] - sums[row, first], all_sums[last + 1] - all_sums[first]
    base = counts.sum(axis=1) / max(float(totals.sum()), 1.0)
    return pd.DataFrame(
        {
            design.key: names.iloc[row].to_numpy(),
            "start": design.periods["period"].to_numpy()[used[first]],
            "end": design.periods["period_end"].to_numpy()[used[last]],
            "level": table["level"],
            "weight": table["weight"],
            "n_periods": table["n_periods"],
            # Fractions where papers are split.
            "count": count.astype(np.int64) if (counts % 1 == 0).all() else count,
            "total": total.astype(np.int64),
            "share": count / total,
            "base_share": base[row],
            "p": table["p"],
            "q": table["q"],
        }
    )


def _say_untested(counts: Floats, totals: Floats, design: Design) -> list[str]:
    n_periods, papers = len(totals), counts.sum(axis=1)
    if n_periods < MIN_PERIODS:
        grain = design.grain + ("" if n_periods == 1 else "s")
        few = f"only {n_periods} complete {grain} with papers, and a burst needs at least {MIN_PERIODS}"
        return [few] * len(counts)
    none, every = "none of its papers lies in a complete period", "every paper of the complete periods is in it"
    return [none if one == 0 else every if one == totals.sum() else "" for one in papers]


def _say_searched(n_tested: int, n_themes: int, n_bursts: int, n_periods: int, design: Design) -> str:
    grain = design.grain + ("" if n_periods == 1 else "s")
    if n_periods < MIN_PERIODS:
        return (
            f"No bursts were searched for: only {n_periods} complete {grain} with papers, "
            f"and a burst needs at least {MIN_PERIODS}."
        )
    bursts = f"{n_bursts} stretch{'' if n_bursts == 1 else 'es'} of high share"
    return f"{bursts} in {n_tested} of {n_themes} {design.key}s over {n_periods} complete {grain} with papers."


def _check(factor: float, gamma: float, n_states: int, block: int | None, n_permutations: int) -> None:
    wrong = [
        f"{name} = {value} ({rule})"
        for name, value, rule, holds in (
            ("factor", factor, "above 1", factor > 1),
            ("gamma", gamma, "above 0", gamma > 0),
            ("n_states", n_states, "2 or more", n_states >= 2),
            ("block", block, "1 or more", block is None or block >= 1),
            ("n_permutations", n_permutations, "19 or more, or no p can reach .05", n_permutations >= 19),
        )
        if not holds
    ]
    if wrong:
        raise InputError(f"find_bursts: not allowed: {', '.join(wrong)}.")
