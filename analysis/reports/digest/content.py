"""What a digest says, before any format: its text, its HTML and its mail say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.config import Config
from analysis.plots.looks import theme_marks, theme_order
from analysis.plots.periods import grid_shares
from analysis.plots.text import clean, count_of, shorten
from analysis.reports.cards import lay_out_paper
from analysis.reports.content import caution_of, title_of
from analysis.reports.digest.news import News
from analysis.reports.digest.notes import list_notes
from analysis.reports.digest.wording import (
    describe_shift,
    describe_standing,
    describe_words,
    list_names,
    name_measure,
    quote,
    summarise,
    write_subject,
)
from analysis.reports.episodes import describe_bursts
from analysis.reports.sentences import count_text, percent
from analysis.reports.stability import mark_doubtful
from analysis.reports.verdicts import read_alpha
from analysis.results import Tables
from analysis.trends.sentences import say_share

Row = dict[str, Any]
# Papers that are shown of each theme beside the best of all.
_N_OF_THEME = 3
# Mail readers cut a message off at some 100 kB.
_MOST_GROUPS = 15
_LONGEST_LABEL = 90


@dataclass(frozen=True)
class Bulletin:
    """The content of a digest: plain, unescaped text throughout.

    Attributes
    ----------
    title, subject, span, caution : str
    short : list of str
        What matters, in sentences.
    themes : list of dict
        ``label``, ``color``, ``new``, ``share``, ``of``, ``before``, ``change`` and ``interval``.
    silent : str
        Which themes have no new paper.
    verdicts : list of dict
        Those that changed: ``label``, ``color``, ``before``, ``now``, ``reason``.
    standing : str
        What of the verdicts is as it was, or why none were compared.
    arrivals, bursts, words : list of str
    papers : list of dict
        The best of all: ``title``, ``date``, ``url``, ``theme``, ``measure``.
    groups : list of dict
        More papers by theme: ``label``, ``color``, ``papers``, ``more``.
    further : str
        How many papers of other themes follow.
    ranking : str
        What the papers are ordered by.
    notes : list of str
        How all this was counted, and what it does not say.
    """

    title: str
    subject: str
    span: str
    caution: str
    short: list[str]
    themes: list[Row]
    silent: str
    verdicts: list[Row]
    standing: str
    arrivals: list[str]
    bursts: list[str]
    words: list[str]
    papers: list[Row]
    groups: list[Row]
    further: str
    ranking: str
    notes: list[str]


def write_bulletin(news: News, tables: Tables, config: Config, *, top: int = 10) -> Bulletin:
    """Put the news of a study into words.

    Parameters
    ----------
    news : News
    tables : Tables
        Reads ``papers``, ``themes`` and ``run``.
    config : Config
        ``corpus.caution`` and ``report.title``.
    top : int >= 0, default 10
        Papers of the first list; of each theme up to three more follow.
    """
    title = title_of(tables, config)
    names = theme_names(tables.themes)
    labels = _mark_themes(tables.themes, names)
    colors = {theme: mark.color for theme, mark in theme_marks(list(labels), tables.themes).items()}
    alpha = read_alpha(tables)
    compared = {str(row["theme"]): row for _, row in news.themes.iterrows()}
    order = sorted(theme_order(tables.themes), key=lambda theme: -_count_new(compared, theme))
    shown = [theme for theme in order if _count_new(compared, theme) or _differs(compared.get(theme), alpha)]
    silent = [quote(names[theme]) for theme in order if theme not in shown and theme != "unassigned"]
    best = _pick_best(news, top)
    rest = news.papers.iloc[len(best) :]
    return Bulletin(
        title=title,
        subject=write_subject(title, news, names),
        span=_describe_span(news, len(tables.papers)),
        caution=caution_of(tables, config),
        short=summarise(news, names, alpha=alpha),
        themes=[_lay_out_theme(compared[theme], labels[theme], colors[theme]) for theme in shown],
        silent=_list_silent(silent) if news.n_new else "",
        verdicts=[
            {
                "label": labels[str(row["theme"])],
                "color": colors[str(row["theme"])],
                "before": clean(row["before"]),
                "now": clean(row["now"]),
                "reason": _give_reason(row),
            }
            for _, row in news.verdicts[news.verdicts["changed"].astype(bool)].iterrows()
        ],
        standing=describe_standing(news, names),
        arrivals=_list_arrivals(news, names),
        bursts=_list_bursts(news, names, alpha=alpha),
        words=describe_words(news.words, names),
        papers=[_lay_out_new(paper, news, names, colors) for _, paper in best.iterrows()],
        groups=_group_papers(news, rest, order, labels, colors),
        further=_count_further(rest, order),
        ranking=name_measure(news) if news.n_new else "",
        notes=list_notes(news, config),
    )


def _pick_best(news: News, top: int) -> pd.DataFrame:
    """The papers of the first list; none where only their fit orders them, which does not compare across themes."""
    if len(news.papers) <= top:
        return news.papers
    return news.papers.head(0 if news.measure == "theme score" else top)


def theme_names(themes: pd.DataFrame) -> dict[str, str]:
    """What each theme is called in a sentence, in the order of a report."""
    pairs = zip(themes["theme"], themes["label"], strict=True)
    called = {str(theme): shorten(label, _LONGEST_LABEL) or clean(theme) for theme, label in pairs}
    return {theme: called[theme] for theme in theme_order(themes)}


def _mark_themes(themes: pd.DataFrame, names: dict[str, str]) -> dict[str, str]:
    """Names as they stand in a table: with a word on those that are doubtful or were corrected by hand."""
    marked = {}
    for theme, stability, edited in zip(themes["theme"], themes["stability"], themes["edited"], strict=True):
        text = mark_doubtful(names[str(theme)], stability)
        marked[str(theme)] = f"{text} (corrected by hand)" if str(edited) == "True" else text
    return marked


def _count_new(compared: dict[str, Any], theme: str) -> int:
    return int(compared[theme]["n_new"]) if theme in compared else 0


def _differs(row: Any, alpha: float) -> bool:
    return row is not None and bool(row["q"] < alpha)


def _describe_span(news: News, n_papers: int) -> str:
    last = " or later" if news.until < news.since else f" to {news.until}"
    return f"New: papers dated {news.since}{last}, in a collection of {count_of(n_papers, 'paper')}."


def _list_silent(labels: list[str]) -> str:
    return f"No new paper: {list_names(labels)}." if labels else ""


def _lay_out_theme(row: pd.Series, label: str, color: str) -> Row:
    has_both = not pd.isna(row["difference"])
    return {
        "label": label,
        "color": color,
        "new": f"{int(row['n_new']):,}",
        "share": say_share(float(row["share_new"])),
        "before": say_share(float(row["share_before"])) if has_both else "no paper",
        "change": describe_shift(row)[0],
        "interval": describe_shift(row)[1],
    }


def _give_reason(row: pd.Series) -> str:
    kept = row["survives"]
    held = "" if pd.isna(kept) else f" The verdict holds in {percent(float(kept))} of the alternative runs."
    return clean(row["reason"]) + held


def _list_arrivals(news: News, names: dict[str, str]) -> list[str]:
    if not news.counts["before"]:
        return []
    arrived = news.themes[news.themes["first_seen"].astype(bool) & (news.themes["theme"] != "unassigned")]
    late = news.newcomers[(news.newcomers["kind"] == "new") & news.newcomers["found"].astype(bool)]
    reasons = dict(zip(late["theme"].astype(str), late["reason"], strict=True))
    verdicts = dict(zip(news.verdicts["theme"].astype(str), news.verdicts["now"], strict=True))
    said = []
    for _, row in arrived.iterrows():
        theme = str(row["theme"])
        seen = f"{quote(names[theme])}: {count_of(int(row['n_new']), 'paper')}, none before."
        beyond = clean(reasons.get(theme, "")) or "So late a start may be chance."
        verdict = verdicts.get(theme, "unclear")
        said.append(f"{seen} {beyond}" + ("" if verdict == "unclear" else f" Its verdict is {verdict}."))
    return said


def _list_bursts(news: News, names: dict[str, str], *, alpha: float) -> list[str]:
    """Bursts that reach the last complete period."""
    grid = grid_shares(news.shares)
    whole = grid.periods[grid.periods["complete"] & (grid.periods["total"] > 0)]
    if whole.empty or news.bursts.empty:
        return []
    ongoing = news.bursts[news.bursts["found"].astype(bool) & (news.bursts["end"] >= whole["period_end"].iloc[-1])]
    if ongoing.empty:
        return []
    quoted = {theme: quote(name) for theme, name in names.items()}
    verdicts = dict(zip(news.verdicts["theme"].astype(str), news.verdicts["now"], strict=True))
    return describe_bursts(ongoing, news.searched, grid, quoted, verdicts, alpha=alpha)


def _lay_out_new(paper: pd.Series, news: News, labels: dict[str, str], colors: dict[str, str]) -> Row:
    theme = str(paper["theme"])
    value = {"upvotes": "n_upvotes", "comments": "n_comments"}.get(news.measure)
    known = value is not None and not pd.isna(paper[value])
    noun = news.measure.removesuffix("s")
    laid_out = lay_out_paper(paper)
    return laid_out | {
        "marks": [mark for mark in laid_out["marks"] if mark != "placed"],
        "theme": labels.get(theme, clean(theme)),
        "color": colors.get(theme, "#59636e"),
        "measure": count_of(int(paper[value]), noun) if value and known else "",
    }


def _group_papers(
    news: News, rest: pd.DataFrame, order: list[str], labels: dict[str, str], colors: dict[str, str]
) -> list[Row]:
    present = [theme for theme in order if (rest["theme"] == theme).any()]
    groups = []
    for theme in present[:_MOST_GROUPS]:
        own = rest[rest["theme"] == theme]
        first, n_more = own.head(_N_OF_THEME), len(own) - _N_OF_THEME
        groups.append(
            {
                "label": labels[theme],
                "color": colors[theme],
                "papers": [_lay_out_new(paper, news, labels, colors) for _, paper in first.iterrows()],
                "more": f"and {count_text(n_more)} more" if n_more > 0 else "",
            }
        )
    return groups


def _count_further(rest: pd.DataFrame, order: list[str]) -> str:
    """What of the new papers stands in no group."""
    further = [theme for theme in order if (rest["theme"] == theme).any()][_MOST_GROUPS:]
    n_papers = int(rest["theme"].isin(further).sum())
    return f"{count_of(n_papers, 'further new paper')} in {count_of(len(further), 'more theme')}." if further else ""
