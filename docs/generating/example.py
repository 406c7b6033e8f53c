"""Made-up papers in which something moves, for the figures that have nothing to show of the bundled study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import analysis as tl
from analysis import plots
from analysis.plots.flow import theme_flow

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

CAUTION = "Made-up papers, in which what moves was planted."
PER_MONTH = 60
_MONTHS = pd.date_range("2022-01-01", periods=36, freq="MS")
_LABELS = {
    "rise": "A planted rise",
    "fall": "A planted fall",
    "burst": "A planted burst",
    "words": "Level with new words",
    "rest": "All the rest",
}


def draw_examples(themes: pd.DataFrame) -> dict[str, Figure]:
    """Figures of made-up papers, by the name that each has in a study.

    Parameters
    ----------
    themes : DataFrame
        Of a study with at least five themes, which gives the colours.
    """
    papers = _make_papers()
    themes = _make_themes(papers, themes)
    look = {"caution": CAUTION}
    shares = tl.smooth_shares(tl.share_by_period(papers, period="month"))
    trends = tl.trend_verdicts(shares)
    field = pd.DataFrame({"period": _MONTHS, "total": np.linspace(3000, 9000, len(_MONTHS)).astype(int)})
    bursts = tl.find_bursts(shares).table
    drift = tl.compare_phrases(papers, "words")
    return {
        "theme-shares": plots.theme_shares(shares, themes, **look),
        "theme-lines": plots.theme_lines(shares, themes, **look),
        "trend-table": plots.trend_table(trends, shares, themes, **look),
        "burst-timeline": plots.burst_timeline(bursts.assign(found=bursts["q"] < 0.05), shares, themes, **look),
        "phrase-drift": plots.phrase_drift(drift.table.assign(theme="words", split=drift.split), themes, **look),
        "theme-rates": plots.theme_rates(tl.rate_by_period(shares, field), themes, **look),
        "theme-flow": theme_flow(_make_flows(), themes, themes, **look),
    }


def _make_papers() -> pd.DataFrame:
    """Sixty papers a month; the shares of three themes move, and the words of a fourth."""
    random = np.random.default_rng(0)
    late = np.linspace(0, 1, len(_MONTHS))
    chances = pd.DataFrame({"rise": 0.08 + 0.22 * late, "fall": 0.3 - 0.2 * late, "burst": 0.1, "words": 0.2})
    chances.loc[14:20, "burst"] = 0.3
    chances["rest"] = 1 - chances.sum(axis=1)
    drawn = [random.choice(chances.columns, PER_MONTH, p=row) for row in chances.to_numpy()]
    published = _MONTHS.repeat(PER_MONTH) + pd.to_timedelta(random.integers(0, 28, len(_MONTHS) * PER_MONTH), unit="D")
    papers = pd.DataFrame({"published": published, "theme": np.concatenate(drawn)})
    is_new = random.random(len(papers)) < late.repeat(PER_MONTH)
    words = np.where(is_new, "world model of videos", "recurrent network of frames")
    return papers.assign(title=words, abstract="", published_precision="day", published_end=published)


def _make_themes(papers: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    made = themes.head(len(_LABELS)).assign(theme=list(_LABELS), label=list(_LABELS.values()), stability=0.9)
    return made.assign(size=made["theme"].map(papers["theme"].value_counts()))


def _make_flows() -> pd.DataFrame:
    rows = [
        ("rise", "rise", 380), ("fall", "fall", 300), ("fall", "rest", 120), ("burst", "words", 260),
        ("words", "words", 400), ("rest", "rest", 420), ("rest", "burst", 160), (None, "rise", 90),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["old", "new", "n_papers"])
