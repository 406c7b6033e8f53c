"""Sentences of a digest: numbers in, plain text out."""

from __future__ import annotations

import pandas as pd

from analysis.plots.text import clean, count_of, shorten
from analysis.reports.digest.news import News
from analysis.reports.sentences import join_words, percent
from analysis.reports.verdicts import MOVING, describe_verdicts
from analysis.trends.sentences import say_p, say_share

_MOST_NAMES = 8
_MOST_WORDS = 5
# A verdict that fewer of the alternative runs give is told with that number.
_FRAIL = 0.5


def quote(label: str) -> str:
    """A label in a sentence; quoted, for it may hold commas."""
    return f"“{label}”"


def list_names(names: list[str]) -> str:
    """Names of themes; of many, the first ones and how many more.

    Examples
    --------
    >>> list_names(["a", "b"])
    'a and b'
    """
    more = len(names) - _MOST_NAMES
    return join_words([*names[:_MOST_NAMES], f"{more:,} more"] if more > 0 else names)


def write_subject(title: str, news: News, names: dict[str, str]) -> str:
    """The subject of the mail: the study, the number of new papers, and what verdicts changed.

    The one verdict that changed is named where it also holds in half of the alternative runs.
    """
    head = f"{shorten(title, 60)}: {count_of(news.n_new, 'new paper')} since {news.since}"
    changed = news.verdicts[news.verdicts["changed"].astype(bool)]
    if len(changed) == 1 and not _is_frail(changed.iloc[0]):
        row = changed.iloc[0]
        return f"{head}; {quote(shorten(names[str(row['theme'])], 40))} now {clean(row['now'])}"
    return f"{head}; {count_of(len(changed), 'verdict')} changed" if len(changed) else head


def _is_frail(row: pd.Series) -> bool:
    """Whether fewer than half of the alternative runs give this verdict."""
    return not pd.isna(row["survives"]) and bool(row["survives"] < _FRAIL)


def _say_change(row: pd.Series, names: dict[str, str]) -> str:
    held = ""
    if _is_frail(row):
        held = f"; in {percent(float(row['survives'])) if row['survives'] else 'none'} of the alternative runs"
    return f"{quote(names[str(row['theme'])])} is now {clean(row['now'])} (was {clean(row['before'])}{held})"


def summarise(news: News, names: dict[str, str], *, alpha: float) -> list[str]:
    """What a reader in haste should know, one sentence each."""
    if not news.n_new:
        return _say_nothing(news)
    themes = news.themes[news.themes["theme"] != "unassigned"]
    # In the order of the names where as many are new.
    place = pd.Series(range(len(names)), index=list(names))
    found = themes[themes["n_new"] > 0].assign(place=lambda rows: rows["theme"].map(place))
    found = found.sort_values(["n_new", "place"], ascending=[False, True])
    most = [f"{quote(names[str(row['theme'])])} ({int(row['n_new']):,})" for _, row in found.head(3).iterrows()]
    verb = "is" if news.n_new == 1 else "are"
    where = f"in {len(found):,} of {count_of(len(names.keys() - {'unassigned'}), 'theme')}"
    where = f"{where}; the most in {join_words(most)}" if len(found) > 1 else f"in {''.join(most)}"
    lines = [f"{count_of(news.n_new, 'paper')} {verb} new, {where}."]
    if found.empty:
        lines = [f"{count_of(news.n_new, 'paper')} {verb} new, none of them in a theme."]
    n_lost = int(news.themes.loc[news.themes["theme"] == "unassigned", "n_new"].sum())
    if n_lost and len(found):
        lines.append(f"{count_of(n_lost, 'new paper')} {'has' if n_lost == 1 else 'have'} no theme.")
    lines += _say_differences(news, names, alpha)
    changed = news.verdicts[news.verdicts["changed"].astype(bool)]
    if len(changed):
        told = [_say_change(row, names) for _, row in changed.iterrows()]
        lines.append(f"{'Verdicts that changed' if len(told) > 1 else 'A verdict changed'}: {'; '.join(told)}.")
    elif not news.not_compared:
        lines.append(f"No verdict changed{_say_moving(news, names)}.")
    return lines


def _say_moving(news: News, names: dict[str, str]) -> str:
    """Which themes rise, fall or change as they did before; empty where none does."""
    told = []
    for verdict in MOVING:
        themes = news.verdicts.loc[(news.verdicts["now"] == verdict) & (news.verdicts["before"] == verdict), "theme"]
        if len(themes):
            told.append(f"{verdict} as before: {list_names([quote(names[str(theme)]) for theme in themes])}")
    return f"; {'; '.join(told)}" if told else ""


def _say_nothing(news: News) -> list[str]:
    lines = [f"Nothing is new: no paper of this collection is dated {news.since} or later."]
    if news.asked_until:
        lines = [f"Nothing is new: no paper of this collection is dated from {news.since} to {news.until}."]
    if news.captured and news.captured < news.since:
        lines.append(f"The collection was captured on {news.captured}, before that: run the study on newer papers.")
    n_dated = sum(news.counts[part] for part in ("before", "later", "across"))
    if not n_dated:
        lines.append("None of its papers has a date, so none can be called new.")
    return lines


def _say_differences(news: News, names: dict[str, str], alpha: float) -> list[str]:
    if not news.counts["before"]:
        return ["No paper is dated before, so there are no shares to compare with."]
    firm = news.themes[news.themes["q"] < alpha]
    if firm.empty:
        what = "differs from its share before beyond what chance gives among so many themes"
        return [f"No theme's share of the new papers {what}."]
    lines = []
    for word, rows in (("larger", firm[firm["difference"] > 0]), ("smaller", firm[firm["difference"] < 0])):
        if len(rows):
            rows = rows.sort_values(["difference", "theme"], ascending=[word == "smaller", True])
            told = [
                f"{quote(names[str(row['theme'])])} ({say_share(float(row['share_new']))}, before "
                f"{say_share(float(row['share_before']))})"
                for _, row in rows.iterrows()
            ]
            lines.append(f"A {word} share than before, beyond chance: {list_names(told)}.")
    return lines


def describe_shift(row: pd.Series) -> tuple[str, str]:
    """The difference of the shares in percentage points, and its 95 % interval; both empty where there is none.

    Examples
    --------
    >>> describe_shift(pd.Series({"difference": 0.342, "low": 0.04, "high": 0.682}))
    ('+34', '+4.0 to +68')
    """
    if pd.isna(row["difference"]):
        return "", ""
    return _points(row["difference"]), f"{_points(row['low'])} to {_points(row['high'])}"


def _points(difference: float) -> str:
    # Plus zero: what is rounded to nothing has no minus.
    return f"{round(100 * difference, 1) + 0.0:+.{1 if abs(difference) < 0.0995 else 0}f}"


def describe_standing(news: News, names: dict[str, str]) -> str:
    """What of the verdicts is as it was; or why they were not compared."""
    if news.not_compared:
        return news.not_compared
    same = news.verdicts[~news.verdicts["changed"].astype(bool) & news.verdicts["before"].notna()]
    if same.empty:
        return ""
    lost = ("unclear",) if (same["now"] == "unclear").all() else ()
    if lost:
        n_same = len(same)
        if n_same == len(news.verdicts):
            return f"No verdict changed: the trend of {_say_each(n_same)} was unclear and still is, which is no news."
        return f"As before, the trend of {_say_rest(n_same)} is unclear."
    grouped: dict[str, list[str]] = {}
    for theme, verdict in zip(same["theme"], same["now"], strict=True):
        grouped.setdefault(str(verdict), []).append(quote(names[str(theme)]))
    ordered = {verdict: grouped[verdict] for verdict in (*MOVING, "steady", "unclear") if verdict in grouped}
    return f"As before. {describe_verdicts(ordered)}"


def _say_each(n_themes: int) -> str:
    return "the one theme" if n_themes == 1 else f"each of the {n_themes:,} themes"


def _say_rest(n_themes: int) -> str:
    return "the one other theme" if n_themes == 1 else f"the {n_themes:,} other themes"


def describe_words(words: pd.DataFrame, names: dict[str, str]) -> list[str]:
    """Phrases that came up, one sentence for each theme that has any."""
    said = []
    for theme, rows in words.groupby("theme", sort=False):
        told = [
            f"“{shorten(row['phrase'], 60)}” ({say_share(float(row['share_early']))} → "
            f"{say_share(float(row['share_late']))}, q {say_p(float(row['q']))})"
            for _, row in rows.head(_MOST_WORDS).iterrows()
        ]
        more = len(rows) - _MOST_WORDS
        told += [f"{more:,} more"] if more > 0 else []
        said.append(f"{quote(names[str(theme)])}: {'; '.join(told)}.")
    return said


def name_measure(news: News) -> str:
    """What the papers are ordered by, and of how many that is known."""
    if news.measure == "theme score":
        return "Ordered by how well they fit their theme: no upvotes or comments are known."
    known = "" if news.n_known == news.n_new else f", known of {news.n_known:,} of {news.n_new:,}"
    return (
        f"Ordered by {news.measure} at the source{known}, as they stood at capture (older papers have had more time "
        "to collect them); ties by how well they fit their theme."
    )
