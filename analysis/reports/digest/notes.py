"""How a digest was counted and what it does not say, one sentence each."""

from __future__ import annotations

from analysis.config import Config
from analysis.plots.periods import grid_shares
from analysis.plots.text import clean, count_of
from analysis.reports.digest.news import News


def list_notes(news: News, config: Config) -> list[str]:
    """All notes that apply.

    Parameters
    ----------
    news : News
    config : Config
        Reads ``trends.counting``.
    """
    notes = [*_say_end(news), *_say_dates(news)]
    if news.n_new and news.counts["before"]:
        notes.append(
            f"Share: papers of the theme divided by the {count_of(news.n_new, 'new paper')}; before: by the "
            f"{news.counts['before']:,} dated before {news.since}. Change: new minus before in percentage points, with "
            "its 95 % interval, each by itself: of twenty, one misses. What is called beyond chance above allows for "
            "the number of themes. Both take papers as independent; shares wander beyond that, so a difference is no "
            "trend: the verdicts allow for it. Shares sum to one: where one grows, others shrink."
        )
    if config.trends.counting == "fractional":
        notes.append("Here each paper counts once, in its theme; in the verdicts it is split with the runner-up.")
    if not news.not_compared:
        notes.append(
            f"Verdicts before are those of today's themes on the papers dated before {news.since}, counted in the same "
            "periods and with the same settings; they are not what an earlier report said. A verdict that changes "
            "tells that a border was crossed, not that a theme has turned; who looks often sees some by chance: count "
            "on one that is still there next time."
        )
    if len(news.words):
        notes.append(
            f"Words that came up: of a theme's papers before {news.since} and since, the share that uses the phrase, "
            "where it grew beyond chance (q after correction within the theme). They say what papers say, not why a "
            "theme moves."
        )
    searched = clean(news.searched)
    if news.n_new and searched.startswith("No "):
        notes.append(searched)
    notes.append(
        "New is what is dated in this span, not what came into the collection in it. "
        "Shares describe this collection, not the field."
    )
    return notes


def _say_end(news: News) -> list[str]:
    """How far the collection reaches."""
    notes = []
    if news.captured is None:
        notes.append(
            "The study does not say when its papers were captured: the latest of them may not be all that there are."
        )
    elif news.asked_until and news.captured < news.until:
        notes.append(f"The span is not complete: the collection was captured on {news.captured}, and ends there.")
    if news.n_ahead:
        verb = "is" if news.n_ahead == 1 else "are"
        notes.append(f"{count_of(news.n_ahead, 'new paper')} {verb} dated after the day of capture, {news.captured}.")
    periods = grid_shares(news.shares).periods
    if len(periods) and not bool(periods["complete"].iloc[-1]):
        grid = grid_shares(news.shares)
        notes.append(
            f"The last {grid.unit}, {periods['label'].iloc[-1]}, is not complete; it counts in the verdicts as far as "
            "it is covered."
        )
    return notes


def _say_dates(news: News) -> list[str]:
    """Papers that cannot be placed before or after, and dates that are coarse."""
    notes, counts = [], news.counts
    if counts["undated"]:
        verb = "has" if counts["undated"] == 1 else "have"
        notes.append(f"{count_of(counts['undated'], 'paper')} {verb} no date: neither new nor before.")
    if counts["across"]:
        verb = "is" if counts["across"] == 1 else "are"
        notes.append(
            f"{count_of(counts['across'], 'paper')} {verb} known to a month, a year or another span that holds a "
            "border of what is new: neither new nor before."
        )
    coarse = [f"{count:,} to the {unit}" for unit, count in news.n_coarse.items() if count]
    if coarse:
        notes.append(f"Of the new papers the date is known only {' and '.join(coarse)}; all of that span is new.")
    n_placed = int(news.papers["placed"].astype(bool).sum())
    if n_placed:
        notes.append(
            f"Of the new papers {n_placed:,} had no part in the fit: the fitted model placed them in the themes."
        )
    if counts["later"]:
        verb = "is" if counts["later"] == 1 else "are"
        notes.append(f"{count_of(counts['later'], 'paper')} {verb} dated after {news.until} and left out.")
    return notes
