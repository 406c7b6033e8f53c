"""What moves in the made study: courses, bursts, newcomers, phrases, drivers and rates, with nulls and hostile text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

# The themes of tests.made_study, which imports this module.
IDS = (
    "representation-learning", "robotics", "alignment", "human-behaviour-in-vision",
    "recommendation-and-user-modelling",
)  # fmt: skip
HOSTILE_PHRASE = "<img src=x onerror=alert(1)> | \u202e"
HOSTILE_CATEGORY = "<a href='javascript:alert(1)'>Journal</a> \u202eof %{x} `code`"
EARLY, LATE = "2018-01-01 to 2021-12-31", "2022-01-01 to 2025-12-31"
TREND_COLUMNS = (
    "verdict", "reason", "odds_ratio", "unit", "low", "high", "p", "q", "p_permuted", "smallest_visible", "margin",
    "min_effect", "shape", "turn", "survives", "holds_without_doubtful", "n_periods", "n_papers",
)  # fmt: skip
_COURSE = ("expected_low", "expected_high", "smooth", "smooth_low", "smooth_high", "count_low", "count_high")


def add_course(shares: pd.DataFrame, *, estimated: bool = True) -> pd.DataFrame:
    """Shares with their expected and smoothed course; null in rows without period, counts also in incomplete periods.

    With ``estimated=False`` nothing could be estimated: only the intervals of counts are there.
    """
    from scipy.special import chdtri

    key = "theme" if "theme" in shares else "topic"
    table = shares.assign(**dict.fromkeys(_COURSE, np.nan))
    for _, own in table[table["period"].notna()].groupby(key, sort=False):
        count, total = own["count"].to_numpy(dtype=float), own["total"].to_numpy(dtype=float)
        whole = own["complete"].to_numpy(dtype=bool)
        low = np.where(count > 0, chdtri(2 * np.maximum(count, 0.5), 0.975) / 2, 0.0)
        table.loc[own.index, "count_low"] = np.where(whole, low, np.nan)
        table.loc[own.index, "count_high"] = np.where(whole, chdtri(2 * count + 2, 0.025) / 2, np.nan)
        if not estimated or len(own) < 3:
            continue
        weight = np.exp(-0.5 * ((np.arange(len(own))[:, None] - np.arange(len(own))) / 1.2) ** 2)
        smooth = (weight @ (count + 0.5)) / (weight @ (total + 1.0))
        error = 1 / np.sqrt((weight @ (total + 1.0)) * smooth * (1 - smooth))
        logit = np.log(smooth / (1 - smooth))
        for name, reach in (("expected", 2.3), ("smooth", 2.9)):
            for end, sign in (("low", -1), ("high", 1)):
                table.loc[own.index, f"{name}_{end}"] = 1 / (1 + np.exp(-logit - sign * reach * error))
        table.loc[own.index, "smooth"] = smooth
    return table


def add_verdict_columns(trends: pd.DataFrame) -> pd.DataFrame:
    """Trends with the margin over the span, shapes and turns of the changing, and what doubtful papers do to each."""
    n_rows = len(trends)
    changing = (trends["verdict"] == "changing").to_numpy()
    shapes = [("peak", "dip", "step up", "step down")[i % 4] for i in range(n_rows)]
    holds = pd.Series([(True, None, False)[i % 3] for i in range(n_rows)], dtype="boolean", index=trends.index)
    added = trends.assign(
        p_permuted=np.where(np.arange(n_rows) % 2, np.nan, trends["p"]),
        margin=1.5,
        min_effect=1.2,
        shape=pd.Series(np.where(changing, shapes, ""), index=trends.index, dtype="str"),
        turn=pd.Series(pd.Timestamp("2022-07-01"), index=trends.index, dtype="datetime64[ms]").where(changing),
        holds_without_doubtful=holds,
    )
    keys = [name for name in ("theme", "topic") if name in trends]
    return added[[*keys, *TREND_COLUMNS]]


def make_topic_trends(topics: pd.DataFrame) -> pd.DataFrame:
    """A verdict on each topic; the last is too small to test."""
    verdicts = ("rising", "falling", "changing", "steady", "unclear")
    ratios = ((1.6, 1.2, 2.1), (0.65, 0.5, 0.85), (1.02, 0.8, 1.3), (1.0, 0.95, 1.06), (1.2, 0.6, 2.4))
    rows = []
    for i, (topic, size) in enumerate(zip(topics["topic"], topics["size"], strict=True)):
        untested = i == len(topics) - 1 and i > 0
        verdict, (ratio, low, high) = verdicts[i % 5], ratios[i % 5]
        rows.append(
            {
                "topic": int(topic),
                "verdict": "unclear" if untested else verdict,
                "reason": "Unclear: only 1 of its papers has a date." if untested else f"{verdict.capitalize()}: made.",
                "odds_ratio": np.nan if untested else ratio,
                "unit": "per year",
                "low": np.nan if untested else low,
                "high": np.nan if untested else high,
                "p": np.nan if untested else 0.01 * (1 + i % 5),
                "q": np.nan if untested else 0.02 * (1 + i % 5),
                "smallest_visible": np.nan if untested else 1.7,
                "survives": np.nan,
                "n_periods": 7,
                "n_papers": int(size),
            }
        )
    columns = ("topic", *(name for name in TREND_COLUMNS if name in (rows[0] if rows else ())))
    table = pd.DataFrame(rows, columns=list(columns)) if rows else _make_no_trends()
    return add_verdict_columns(table).assign(holds_without_doubtful=pd.array([pd.NA] * len(table), dtype="boolean"))


def _make_no_trends() -> pd.DataFrame:
    numbers = ("odds_ratio", "low", "high", "p", "q", "smallest_visible", "survives")
    return pd.DataFrame(
        {"topic": pd.Series(dtype="int64")}
        | {name: pd.Series(dtype="str") for name in ("verdict", "reason", "unit")}
        | {name: pd.Series(dtype="float64") for name in numbers}
        | {name: pd.Series(dtype="int64") for name in ("n_periods", "n_papers")}
    )


def make_bursts(ids: Sequence[str] = IDS) -> pd.DataFrame:
    """Two found bursts of the first theme (one of level 2 inside one of level 1), one of the second, one by chance."""
    rows = [
        (0, "2022-01-01", "2024-12-31", 1, 8.2, 3, 14, 24, 0.58, 0.3, 0.002, 0.01, True),
        (0, "2023-01-01", "2023-12-31", 2, 3.1, 1, 6, 8, 0.75, 0.3, 0.004, 0.02, True),
        (1, "2018-01-01", "2019-12-31", 1, 4.4, 2, 7, 15, 0.47, 0.15, 0.011, 0.04, True),
        (2, "2021-01-01", "2021-12-31", 1, 1.4, 1, 3, 8, 0.38, 0.17, 0.31, 0.55, False),
    ]
    columns = [
        "theme", "start", "end", "level", "weight", "n_periods", "count", "total", "share", "base_share", "p", "q",
        "found",
    ]  # fmt: skip
    table = pd.DataFrame([(ids[row[0]], *row[1:]) for row in rows if row[0] < len(ids)], columns=columns)
    whole = dict.fromkeys(("level", "n_periods", "count", "total"), "int64")
    real = dict.fromkeys(("weight", "share", "base_share", "p", "q"), "float64")
    dates = dict.fromkeys(("start", "end"), "datetime64[ms]")
    return table.astype({"theme": "str", "found": bool} | whole | real | dates)


def make_newcomers(ids: Sequence[str] = IDS) -> pd.DataFrame:
    """Two rows a theme: the last one is new, the second one gone, the third has no dated paper."""
    rows = []
    for i, theme in enumerate(ids):
        for kind in ("new", "gone"):
            dated = i != 2
            found = (kind == "new" and i == len(ids) - 1 and i > 2) or (kind == "gone" and i == 1)
            outside = 40 if found else 2
            seen, side = ("First seen", "before") if kind == "new" else ("Last seen", "after")
            day = "2023-05-02" if found and kind == "new" else "2019-11-20" if found else "2018-02-03"
            q = 0.01 if found else 0.8
            rows.append(
                {
                    "theme": theme,
                    "kind": kind,
                    "day": day if dated else None,
                    "n_papers": 9 if dated else 0,
                    "n_outside": outside if dated else 0,
                    "share_outside": outside / 58 if dated else 0.0,
                    "expected_outside": 4.9 if dated else np.nan,
                    "p": q / 5 if dated else np.nan,
                    "q": q if dated else np.nan,
                    "found": found,
                    "reason": f"{seen} {day}: {outside} papers of 58 ({outside / 58:.0%}) lie {side} that, "
                    f"4.9 are expected by chance (q = {q:g})."
                    if dated
                    else "Not tested: none of its papers is dated.",
                }
            )
    columns = [
        "theme", "kind", "day", "n_papers", "n_outside", "share_outside", "expected_outside", "p", "q", "found",
        "reason",
    ]  # fmt: skip
    real = dict.fromkeys(("share_outside", "expected_outside", "p", "q"), "float64")
    kinds = {"day": "datetime64[ms]", "n_papers": "int64", "n_outside": "int64", "found": bool} | real
    return pd.DataFrame(rows, columns=columns).astype(kinds)


def make_drift(ids: Sequence[str] = IDS) -> pd.DataFrame:
    """Phrases of the first two themes: of the first some surely rise or fall, of the second none does."""
    from scipy.special import erfc

    counts = {
        0: [
            ("reward model", "keyphrase", 2, 19),
            ("latent state", "keyphrase", 6, 7),
            (HOSTILE_PHRASE, "keyphrase", 15, 3),
            ("language", "word", 3, 16),
            ("transformer", "word", 4, 9),
            ("unsupervised", "word", 14, 2),
            ("a phrase so long that no panel has room for all of its many words at once", "word", 9, 6),
        ],
        1: [("robot manipulation", "keyphrase", 5, 6), ("grasping", "word", 4, 3)],
    }
    rows = []
    for place, phrases in counts.items():
        for phrase, kind, early, late in phrases if place < len(ids) else []:
            n_half, prior = 20, 10.0
            use = prior * (early + late) / (2 * n_half)
            having, lacking = (np.array([early, late]) + use), (n_half - np.array([early, late]) + prior - use)
            change = float(np.log(having[1] / lacking[1]) - np.log(having[0] / lacking[0]))
            error = float(np.sqrt((1 / having + 1 / lacking).sum()))
            p = float(erfc(abs(change / error) / np.sqrt(2)))
            rows.append(
                {
                    "theme": ids[place],
                    "split": "2022-03-01",
                    "phrase": phrase,
                    "kind": kind,
                    "n_early": early,
                    "n_late": late,
                    "share_early": early / n_half,
                    "share_late": late / n_half,
                    "log_odds": change,
                    "low": change - 1.96 * error,
                    "high": change + 1.96 * error,
                    "z": change / error,
                    "p": p,
                    "q": min(1.0, 2 * p),
                }
            )
    columns = [
        "theme", "split", "phrase", "kind", "n_early", "n_late", "share_early", "share_late", "log_odds", "low", "high",
        "z", "p", "q",
    ]  # fmt: skip
    real = dict.fromkeys(columns[6:], "float64")
    kinds = {"theme": "str", "phrase": "str", "kind": "str", "split": "datetime64[ms]"}
    table = pd.DataFrame(rows, columns=columns).astype(kinds | real | {"n_early": "int64", "n_late": "int64"})
    return table.sort_values(["theme", "z"], ascending=[True, False], kind="stable", ignore_index=True)


def make_drivers(ids: Sequence[str] = IDS) -> pd.DataFrame:
    """What venues, author counts and a label add to each theme's change; one category has no early paper."""
    groups = {
        "venue": [("arXiv", 12, 15), (HOSTILE_CATEGORY, 8, 5), ("New venue", 0, 8), ("unknown", 6, 4)],
        "n_authors": [("1 author", 10, 6), ("2-3 authors", 10, 14), ("unknown", 6, 12)],
        "label_area": [("Vision", 13, 16), ("A very long name of an area of machine learning and beyond", 13, 16)],
    }
    rows: list[dict[str, object]] = []
    for i, theme in enumerate(ids):
        for column, categories in groups.items():
            n = np.array([[early, late] for _, early, late in categories], dtype=float)
            weight = n / n.sum(axis=0)
            rate = 0.1 + 0.05 * ((np.arange(len(n))[:, None] + i) % 4) + np.array([0, 0.06]) * (1 - i % 3)
            held = np.clip(np.round(n * rate), 0, n)
            share = np.divide(held, n, out=np.full(n.shape, np.nan), where=n > 0)
            known = np.where(np.isnan(share), share[:, ::-1], share)
            overall = held.sum(axis=0) / n.sum(axis=0)
            within = weight.mean(axis=1) * (known[:, 1] - known[:, 0])
            composition = (known.mean(axis=1) - overall.mean()) * (weight[:, 1] - weight[:, 0])
            rows += [
                {
                    "theme": theme,
                    "column": column,
                    "category": name,
                    **{f"n_{part}": n[row, k] for k, part in enumerate(("early", "late"))},
                    **{f"weight_{part}": weight[row, k] for k, part in enumerate(("early", "late"))},
                    **{f"theme_{part}": held[row, k] for k, part in enumerate(("early", "late"))},
                    **{f"share_{part}": share[row, k] for k, part in enumerate(("early", "late"))},
                    "within": within[row],
                    "composition": composition[row],
                    "contribution": within[row] + composition[row],
                    "early": EARLY,
                    "late": LATE,
                }
                for row, (name, _, _) in enumerate(categories)
            ]
    numbers = [f"{name}_{part}" for name in ("n", "weight", "theme", "share") for part in ("early", "late")]
    columns = ["theme", "column", "category", *numbers, "within", "composition", "contribution", "early", "late"]
    kinds = dict.fromkeys(columns, "float64") | dict.fromkeys(("theme", "column", "category", "early", "late"), "str")
    return pd.DataFrame(rows, columns=columns).astype(kinds)


def make_rates(shares: pd.DataFrame, *, given: bool = True) -> pd.DataFrame:
    """Rates against a field that doubles over the years; with ``given=False`` the study has no totals of the field."""
    from scipy.special import chdtri

    dated = shares[shares["period"].notna()].sort_values(["theme", "period"], ignore_index=True)
    dated = dated if given else dated.iloc[:0]
    starts = {start: 2000 + 400 * i for i, start in enumerate(sorted(dated["period"].unique()))}
    field = dated["period"].map(starts).astype("float64")
    exposure = (field / 1000).where(dated["complete"].astype(bool))
    count = dated["count"].to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "period": dated["period"].astype("datetime64[ms]"),
            "period_end": dated["period_end"].astype("datetime64[ms]"),
            "theme": dated["theme"].astype("str"),
            "count": dated["count"],
            "total": dated["total"].astype("int64"),
            "field_total": field.astype("int64"),
            "rate": count / exposure,
            "low": np.where(count > 0, chdtri(2 * np.maximum(count, 0.5), 0.975) / 2, 0.0) / exposure,
            "high": chdtri(2 * count + 2, 0.025) / 2 / exposure,
            "collection_rate": dated["total"].to_numpy(dtype=float) / exposure,
            "complete": dated["complete"].astype(bool),
        }
    )


def make_fractional(shares: pd.DataFrame) -> pd.DataFrame:
    """Shares as fractional counting gives them: each group hands a quarter of its papers to the next."""
    key = "theme" if "theme" in shares else "topic"
    counts = shares.pivot_table(index=key, columns="period", values="count", sort=False)
    moved = counts * 0.75 + np.roll(counts.to_numpy(), 1, axis=0) * 0.25
    table = shares.astype({"count": "float64"})
    dated = table["period"].notna()
    places = zip(table.loc[dated, key], table.loc[dated, "period"], strict=True)
    table.loc[dated, "count"] = [moved.loc[group, period] for group, period in places]
    return table.assign(share=table["share"].where(table["share"].isna(), table["count"] / table["total"]))
