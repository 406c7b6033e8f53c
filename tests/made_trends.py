"""Shares and trends of the made study."""

from __future__ import annotations

import datetime as dt

import pandas as pd


def make_shares(papers: pd.DataFrame, theme_ids: list[str], n_years: int = 8) -> pd.DataFrame:
    """Yearly shares with Jeffreys-like intervals; the last year ends in October."""
    from scipy.stats import beta

    dated = papers[papers["published"].notna()]
    years = range(2018, 2018 + n_years)
    rows = []
    for theme in sorted(theme_ids):
        for year in years if len(dated) else []:
            here = dated[dated["published"].dt.year == year]
            count, total = int((here["theme"] == theme).sum()), len(here)
            last = year == years[-1]
            rows.append(
                {
                    "period": dt.date(year, 1, 1),
                    "period_end": dt.date(year, 12, 31),
                    "theme": theme,
                    "count": count,
                    "total": total,
                    "share": count / total if total else None,
                    "low": beta.ppf(0.025, count + 0.5, total - count + 0.5) if total else None,
                    "high": beta.ppf(0.975, count + 0.5, total - count + 0.5) if total else None,
                    "complete": not last,
                    "observed_days": 290 if last else 365,
                }
            )
        undated = papers[papers["published"].isna()]
        if len(undated):
            rows.append(
                {
                    "period": None,
                    "period_end": None,
                    "theme": theme,
                    "count": int((undated["theme"] == theme).sum()),
                    "total": len(undated),
                    "share": None,
                    "low": None,
                    "high": None,
                    "complete": False,
                    "observed_days": 0,
                }
            )
    shares = pd.DataFrame(rows)
    for column in ("period", "period_end"):
        shares[column] = pd.to_datetime(shares[column])
    for column in ("share", "low", "high"):
        shares[column] = shares[column].astype(float)
    return shares


def make_trends(ids: list[str], papers: pd.DataFrame) -> pd.DataFrame:
    verdicts = ("rising", "unclear", "steady", "falling", "changing")
    ratios = ((1.45, 1.15, 1.83), (1.08, 0.7, 1.6), (1.01, 0.93, 1.09), (0.7, 0.52, 0.93), (0.95, 0.8, 1.2))
    rows = []
    for i, theme in enumerate(ids):
        verdict, (ratio, low, high) = verdicts[i % 5], ratios[i % 5]
        rows.append(
            {
                "theme": theme,
                "verdict": verdict,
                "reason": f"The odds change by a factor of {ratio} per year (95 % interval {low} to {high}).",
                "odds_ratio": ratio,
                "unit": "per year",
                "low": low,
                "high": high,
                "p": 0.012,
                "q": 0.03,
                "smallest_visible": 1.6,
                "margin": 1.25,
                "survives": 0.8 if i % 2 else float("nan"),
                "n_periods": 7,
                "n_papers": int((papers["theme"] == theme).sum()),
            }
        )
    return pd.DataFrame(rows)
