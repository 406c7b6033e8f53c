"""What was expected, what the suite said and why the two differ, as a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.reports.templating import escape_markdown
from analysis.trends.sentences import say_factor, say_interval, say_p, say_share
from tests.benchmarks.trends.known_measure import THIRDS, Counted, count_events
from tests.benchmarks.trends.known_texts import Expectation, Known, Note, Notes

_HEAD = """# Known truths on a real corpus

`python -m tests.benchmarks.trends.known --corpora DIR`

Corpus: `{corpus}`, {n_papers:,} papers from {first} to {last}, counted by {period}.

What each of the {n_named} named themes should do was written into `known.toml`, phrases and all, before any of them was
counted. The suite ran with its default settings, and neither phrases, period nor thresholds were touched afterwards.
The named themes and the {n_discovered} discovered ones are one family of tests. Why verdict and expectation differ was
written afterwards, with the papers at hand, into `known_notes.toml`.

*Agrees*: the verdict is what was expected (of *level*, steady). *Contradicts*: it is the contrary (of *level*, any
move; of a rise or a fall, steady or the other way). *Not shown*: unclear, or a change of another shape.

{changed}
"""
_MEASURES = """Share of all papers in the first, middle and last third of the months ({sizes} papers), in per cent, by
three measures. *Theme*: papers that bear the theme, one theme each. *Fit*: papers that fit its phrases, whatever theme
they bear. *Words*: papers with words of the theme in title or abstract, and the odds ratio per year of that share
alone, uncorrected. The words were chosen after the verdicts, to explain them; no verdict stands on them.
*Of the theme*: how many of its papers have these words. *Right*: titles that one reader, who saw the dates, took to
belong to the theme, of those drawn at random and read (`--titles`), in the first, middle and last third. Ten titles
are few: 4 of 10 stands for anything between 12 and 74 %.
"""


def render_page(table: pd.DataFrame, counted: Counted, known: Known, notes: Notes) -> str:
    """The page as Markdown.

    Parameters
    ----------
    table : DataFrame
        From `tests.benchmarks.trends.known_measure.tabulate`.
    """
    published = counted.papers["published"].dropna()
    head = _HEAD.format(
        corpus=known.corpus,
        n_papers=len(counted.papers),
        first=published.min().date(),
        last=published.max().date(),
        period=known.period,
        n_named=len(known.themes),
        n_discovered=int((table["kind"] == "discovered").sum()),
        changed=counted.moves.facts["global_change"],
    )
    named, others = (table[table["kind"] == kind] for kind in ("named", "discovered"))
    sections = {
        "What was expected and what was found": _count_outcomes(named) + _list_verdicts(named),
        "Three measures of each theme": _list_measures(named, counted, notes),
        "Theme by theme": "\n".join(_explain(one, table, counted, notes) for one in known.themes),
        "Discovered themes": _list_discovered(others),
        "Topics that move": _list_topics(counted),
        "Bursts, by week": _list_bursts(counted.weekly),
        "Newcomers and those gone, among the topics": _list_newcomers(counted.newcomers),
        "Names in the news": _list_events(counted, notes),
        f"Phrases that come and go in “{notes.drift}”": _list_phrases(counted, notes),
    }
    parts = [head]
    for title, body in sections.items():
        key = "Phrases" if title.startswith("Phrases") else title
        said = notes.sections.get(key, "").strip()
        parts.append(f"## {title}\n\n{body}" + (f"\n{said}\n" if said else ""))
    return "\n".join(parts)


def find_stale(table: pd.DataFrame, notes: Notes) -> list[str]:
    """Numbers in the notes that are not those of the table, one sentence each; empty where every note still holds."""
    rows = table.set_index("theme")
    found = []
    for name, note in notes.themes.items():
        for column, written in note.numbers.items():
            measured = rows.loc[name, column] if name in rows.index else None
            if not _is_same(written, measured):
                found.append(f"{name}: {column} was {written}, now {measured}")
    return found


def _is_same(written: Any, measured: Any) -> bool:
    if isinstance(written, str) or measured is None:
        return bool(written == measured)
    decimals = len(repr(written).partition(".")[2]) if isinstance(written, float) else 0
    return bool(abs(measured - written) <= 0.5 * 10.0**-decimals + 1e-9)


def _count_outcomes(named: pd.DataFrame) -> str:
    counts = pd.crosstab(named["expected"], named["outcome"])
    columns = ["agrees", "not shown", "contradicts"]
    counts = counts.reindex(index=["rising", "falling", "level"], columns=columns, fill_value=0)
    rows = [[str(kind), *(str(number) for number in counts.loc[kind])] for kind in counts.index]
    moving = named[named["expected"] != "level"]
    n_sides = int(((moving["odds_ratio"] > 1) == (moving["expected"] == "rising")).sum())
    sides = (
        f"Whatever the verdict, the odds ratio lies on the expected side of 1 for {n_sides} of the {len(moving)} "
        "themes that should rise or fall.\n\n"
    )
    return _table(["expected", *columns], rows) + "\n" + sides


def _list_verdicts(named: pd.DataFrame) -> str:
    rows = [
        [
            str(row["theme"]),
            row["expected"],
            row["verdict"],
            f"**{row['outcome']}**" if row["outcome"] == "contradicts" else row["outcome"],
            *_say_line(row),
            *(say_share(row[f"share_{third}"]) for third in THIRDS),
            str(row["n_papers"]),
            say_factor(row["smallest_visible"]) if pd.notna(row["smallest_visible"]) else "none",
        ]
        for row in named.to_dict("records")
    ]
    head = ["theme", "expected", "verdict", "outcome", "odds ratio per year", "95 % interval", "q"]
    return _table([*head, *(f"{third} third" for third in THIRDS), "papers", "smallest visible"], rows)


def _list_measures(named: pd.DataFrame, counted: Counted, notes: Notes) -> str:
    rows = []
    for row in named.to_dict("records"):
        note = notes.themes.get(row["theme"])
        cells = [" → ".join(f"{100 * row[f'{way}_{third}']:.1f}" for third in THIRDS) for way in ("share", "fit")]
        if note is None:
            rows.append([row["theme"], *cells, "", "", "", ""])
            continue
        words = " → ".join(f"{100 * row[f'words_{third}']:.1f}" for third in THIRDS)
        ratio = "none"
        if pd.notna(row.get("words_ratio")):
            reach = say_interval(row["words_low"], row["words_high"]).removeprefix("95 % interval ")
            ratio = f"{say_factor(row['words_ratio'])} ({reach})"
        right = ", ".join(f"{hits} of {read}" for hits, read in (note.right.get(third, [0, 0]) for third in THIRDS))
        rows.append([row["theme"], *cells, words, ratio, say_share(row["words_inside"]), right if note.right else ""])
    counts = counted.papers["third"].value_counts()
    sizes = ", ".join(f"{int(counts.get(third, 0)):,}" for third in THIRDS)
    head = ["theme", "theme", "fit", "words", "odds ratio of the words", "of the theme", "right"]
    listed = "".join(f"- {one}: `{note.words}`\n" for one, note in notes.themes.items())
    said = "\nThe words, as regular expressions:\n\n"
    return _MEASURES.format(sizes=sizes) + "\n" + _table(head, rows) + said + listed


def _explain(one: Expectation, table: pd.DataFrame, counted: Counted, notes: Notes) -> str:
    row = table.set_index("theme").loc[one.name]
    themes = counted.found.themes.set_index("label")["theme"]
    reasons = counted.moves.tables["trends"].set_index("theme")["reason"]
    reason = reasons.get(themes[one.name], "No paper bears it.")
    note = notes.themes.get(one.name)
    said = "Nobody has looked at the papers yet." if note is None else write_note(note)
    stale = [] if note is None else find_stale(table, Notes({}, {one.name: note}, "", {}))
    warning = f"\n\n**Written for other numbers** ({'; '.join(stale)})." if stale else ""
    return f"### {one.name}: {row['outcome']}\n\nExpected {one.expected}: {one.why}\n\n> {reason}\n\n{said}{warning}\n"


def write_note(note: Note) -> str:
    """The text of a note with its numbers in place."""
    return note.text.strip().format_map({name: _say(name, value) for name, value in note.numbers.items()})


def _say(column: str, value: Any) -> str:
    if isinstance(value, str) or column.startswith("n_"):
        return str(value)
    if column in ("p", "q"):
        return say_p(value).removeprefix("= ")
    if column in ("odds_ratio", "low", "high", "smallest_visible", "words_ratio", "words_low", "words_high"):
        return say_factor(value)
    return say_share(value)


def _list_discovered(others: pd.DataFrame) -> str:
    rows = [
        [
            escape_markdown(row["theme"]),
            row["verdict"],
            *_say_line(row),
            *(say_share(row[f"share_{third}"]) for third in THIRDS),
            str(row["n_papers"]),
            _say_number(row["survives"], "{:.0%}"),
            _say_number(row["stability"], "{:.2f}"),
        ]
        for row in others.to_dict("records")
    ]
    head = ["theme", "verdict", "odds ratio per year", "95 % interval", "q", *(f"{third} third" for third in THIRDS)]
    return _table([*head, "papers", "refits that keep the verdict", "stability"], rows)


def _list_topics(counted: Counted) -> str:
    labels = counted.found.topics.set_index("topic")["label"]
    trends = counted.moves.tables["topic_trends"]
    moving = trends[trends["verdict"].isin(["rising", "falling", "changing"])].sort_values("q")
    rows = [
        [escape_markdown(labels[row["topic"]]), row["verdict"], *_say_line(row), str(row["n_papers"])]
        for row in moving.to_dict("records")
    ]
    said = f"{len(moving)} of {len(trends)} topics are called, tested as a family of their own.\n\n"
    return said + _table(["topic", "verdict", "odds ratio per year", "95 % interval", "q", "papers"], rows)


def _list_bursts(bursts: pd.DataFrame) -> str:
    rows = [
        [escape_markdown(row["label"]), str(row["start"].date()), str(row["end"].date()), say_share(row["share"]),
         say_share(row["base_share"]), say_p(row["p"]).removeprefix("= "), say_p(row["q"]).removeprefix("= ")]
        for row in bursts.to_dict("records")
    ]  # fmt: skip
    if not rows:
        return "No theme has a stretch of weeks in which its share is high.\n"
    return _table(["theme", "from", "to", "share inside", "share of all weeks", "p", "q"], rows)


def _list_newcomers(newcomers: pd.DataFrame) -> str:
    if newcomers.empty:
        return "No topic was first seen late or last seen early beyond chance.\n"
    rows = [[escape_markdown(row["label"]), row["kind"], row["reason"]] for row in newcomers.to_dict("records")]
    return _table(["topic", "kind", "why"], rows)


def _list_events(counted: Counted, notes: Notes) -> str:
    events = count_events(counted, notes)
    rows = [[escape_markdown(name), *(str(count) for count in counts)] for name, counts in events.T.items()]
    return "Papers with these words in title or abstract, by month.\n\n" + _table(["", *map(str, events.columns)], rows)


def _list_phrases(counted: Counted, notes: Notes) -> str:
    themes = counted.found.themes.set_index("label")["theme"]
    drift = counted.moves.tables["drift"]
    own = drift[(drift["theme"] == themes[notes.drift]) & (drift["q"] < 0.05)]
    if own.empty:
        return "No phrase has q below .05.\n"
    rows = [
        [escape_markdown(row["phrase"]), "rises" if row["log_odds"] > 0 else "falls", say_share(row["share_early"]),
         say_share(row["share_late"]), say_p(row["q"]).removeprefix("= ")]
        for row in own.to_dict("records")
    ]  # fmt: skip
    split = own["split"].iloc[0].date()
    said = f"Every phrase with q below .05; early is before {split}.\n\n"
    return said + _table(["phrase", "", "early", "late", "q"], rows)


def _say_line(row: dict[Any, Any]) -> list[str]:
    """Odds ratio, its interval and q; dashes where there is no test."""
    if pd.isna(row["q"]):
        return ["-"] * 3
    interval = say_interval(row["low"], row["high"]).removeprefix("95 % interval ")
    return [say_factor(row["odds_ratio"]), interval, say_p(row["q"]).removeprefix("= ")]


def _say_number(value: float, form: str) -> str:
    return "-" if pd.isna(value) else form.format(value)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "".join("| " + " | ".join(line) + " |\n" for line in [head, ["---"] * len(head), *rows])
