"""The trend benchmark as CSV files, one Markdown page and one figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.reports.figures import write_images
from tests.benchmarks.trends.figure import draw_figure
from tests.benchmarks.trends.judge import PEER_RULES, Held, judge_all

_INTRODUCTION = """\
# Trends that are not there, and trends that are

Simulated corpora of eight themes (26 % to 3 % of the papers) whose shares go nowhere, or of which one moves as planted.
The log weight of every theme wanders from period to period with a standard deviation of 0.25 (a share of 20 % becomes
24 %) and a memory of 0, .4 or .7 (an AR(1)); papers grow fivefold over the span and vary by 35 % from period to period
(where a row does not say otherwise), and the first and last period are seen in part. Truth is known, so every call can
be told right or wrong. The same seeds give the same numbers.

    make benchmark-trends

The whole takes about half an hour on two cores. Every rate here has a Monte-Carlo error: of 5 % it is 0.6 percentage
points (one standard error) with 1,200 corpora, 1.1 with 400 and 2.2 with 100.
"""


def write_page(tables: dict[str, pd.DataFrame], out: Path) -> None:
    """Write ``trends.csv``, ``trends.md`` and ``trends.png`` to the folder `out`."""
    held = judge_all(tables)
    out.mkdir(parents=True, exist_ok=True)
    joined = pd.concat([table.assign(part=name) for name, table in tables.items()], ignore_index=True)
    joined.insert(0, "part", joined.pop("part"))
    joined.to_csv(out / "trends.csv", index=False, lineterminator="\n", float_format="%.4f")
    (out / "trends.md").write_text(render_page(tables, held), encoding="utf-8", newline="\n")
    for note in write_images({"trends": draw_figure(tables)}, out, formats=("png",)):
        print(note)


def render_page(tables: dict[str, pd.DataFrame], held: Sequence[Held]) -> str:
    """All tables as Markdown."""
    parts = [_INTRODUCTION, _list_held(held)]
    parts.append(_say_level(tables["level"]))
    parts.append(_say_peers(tables["peers"]))
    parts.append(_say_harder(tables["harder"]))
    parts.append(_say_cover(tables["cover"]))
    parts.append(_say_lines(tables["lines"]))
    parts.append(_say_margins(tables["margins"]))
    parts.append(_say_turns(tables["turns"]))
    return "\n".join(parts)


def _list_held(held: Sequence[Held]) -> str:
    rows = [[one.asked, one.measured, "holds" if one.holds else "**missed**"] for one in held]
    return "## What must hold\n\n" + _table(["asked", "measured", ""], rows)


def _say_level(level: pd.DataFrame) -> str:
    text = (
        "## No trend at all\n\nCorpora with any theme called rising or falling, over "
        f"{3 * int(level['n_corpora'].iloc[0]):,} corpora: a third each of half a year, 2 years and 10 years (in "
        "brackets the highest of the three). The test is the same for all spans; they differ in seeds and calendar.\n\n"
    )
    return (
        text
        + _pivot(level, "any_call", worst=True)
        + "\nOf single themes, p below .05:\n\n"
        + _pivot(level, "single_p")
    )


def _say_peers(peers: pd.DataFrame) -> str:
    text = (
        "## The same corpora, by the rules of others\n\nCorpora with any false call, in the mean over the cases of "
        f"2 years ({int(peers['n_corpora'].iloc[0])} corpora each), and in the best and the worst of them. *Last bin "
        "against first* reads the counts in 20 equal bins as BERTopic's `topics_over_time` draws them; "
        "*quasi-binomial* is a logistic line with overdispersion and Benjamini-Hochberg; the *oracle* is told the true "
        "memory and wander of every theme and bears the corrections of ours.\n\n"
    )
    names = {"any_call": "Themeline", "oracle_any": "oracle"} | {rule: rule for rule in PEER_RULES}
    rows = [
        [said, _percent(peers[name].mean()), _percent(peers[name].min()), _percent(peers[name].max())]
        for name, said in names.items()
    ]
    return text + _table(["rule", "mean", "least", "most"], rows)


def _say_harder(harder: pd.DataFrame) -> str:
    rows = [
        [
            f"{row['wander']:g}" + (f", themes differ by a factor of e^{row['unlike']:g}" if row["unlike"] else ""),
            "uneven" if row["uneven"] else "even, whole periods",
            f"{row['memory']:g}",
            str(row["n_periods"]),
            _percent(row["any_call"]),
            _percent(row["any_changing"]),
            _percent(row["single_p"]),
        ]
        for row in harder.to_dict("records")
    ]
    head = ["wander", "papers", "memory", "periods", "any rising or falling", "any changing", "single p < .05"]
    return "## Noise of other kinds\n\n5,000 papers over two years, no trend.\n\n" + _table(head, rows)


def _say_cover(cover: pd.DataFrame) -> str:
    text = (
        "## Intervals and bands\n\n`underlying`: Jeffreys' interval against the share that endless papers of "
        "the period would show. `expected`: the interval of the expected share against the share without the "
        "wandering. Both over periods of 50 papers and more (in brackets: below that). `band`: a theme's underlying "
        "share lies inside in every period at once. 2 years; nothing planted, or a theme doubling its odds a year.\n\n"
    )
    rows = [
        [
            "level" if row["course"] == "level" else "line",
            f"{row['n_papers']:,}",
            str(row["n_periods"]),
            f"{row['memory']:g}",
            *(f"{_percent(row[name])} ({_percent(row[name + '_few'])})" for name in ("underlying", "expected")),
            _percent(row["band"]),
            f"{100 * row['band_width']:.0f} points",
        ]
        for row in cover.to_dict("records")
    ]
    head = ["course", "papers", "periods", "memory", "underlying", "expected", "band", "width of the band"]
    return text + _table(head, rows)


def _say_lines(lines: pd.DataFrame) -> str:
    text = (
        "## Planted lines\n\nOne theme of 12 % on a line, by its odds ratio per year: called rising by ours / by the "
        "oracle that is told memory and wander "
        f"({int(lines['n_corpora'].iloc[0])} corpora each).\n\n"
    )
    rows = []
    for (span, size, periods), part in lines.groupby(["span", "n_papers", "n_periods"], sort=False):
        cells = [
            f"{100 * row['planted']:.0f} / {100 * row['oracle_planted']:.0f}"
            for row in part.sort_values(["odds_ratio", "memory"]).to_dict("records")
        ]
        rows.append([str(span), f"{size:,}", str(periods), *cells])
    head = ["span", "papers", "periods"]
    head += [f"{ratio:g}, memory {memory:g}" for ratio in (1.2, 1.5, 2.0) for memory in (0.0, 0.4, 0.7)]
    return text + _table(head, rows)


def _say_margins(margins: pd.DataFrame) -> str:
    rows = [
        [f"{row['n_papers']:,}", str(row["n_periods"]), f"{row['memory']:g}", f"{row['wander']:g}",
         _percent(row["planted_steady"])]
        for row in margins.to_dict("records")
    ]  # fmt: skip
    text = "## Steady at the margin\n\nA theme whose odds change by the margin (1.5) over two years, called steady:\n\n"
    return text + _table(["papers", "periods", "memory", "wander", "called steady"], rows)


def _say_turns(turns: pd.DataFrame) -> str:
    rows = [
        [f"{row['course']}, {row['odds_ratio']:g}", f"{row['n_papers']:,}", str(row["n_periods"]), f"{row['memory']:g}",
         _percent(row["found"]), _percent(row["near"])]
        for row in turns.sort_values(["course", "odds_ratio", "n_papers", "n_periods", "memory"]).to_dict("records")
    ]  # fmt: skip
    text = (
        "## Turns and bursts\n\nThe planted theme (12 %) has a peak at two fifths of the periods, a step at three "
        "tenths, or a burst of a sixth of the periods from the middle on; the number is its odds ratio at the top. "
        "`found`: the verdict says that no line fits (or, of bursts, q below .05); `right`: of those found, the right "
        "kind and within one period of the right one. These peaks are gentle slopes up and down over all periods.\n\n"
    )
    return text + _table(["planted", "papers", "periods", "memory", "found", "right"], rows)


def _pivot(table: pd.DataFrame, column: str, *, worst: bool = False) -> str:
    rows = []
    for (size, periods), part in table.groupby(["n_papers", "n_periods"], sort=False):
        cells = []
        for _, same in part.groupby("memory"):
            most = f" ({_percent(same[column].max())})" if worst else ""
            cells.append(_percent(same[column].mean()) + most)
        rows.append([f"{size:,}", str(periods), *cells])
    return _table(["papers", "periods", *(f"memory {memory:g}" for memory in sorted(table["memory"].unique()))], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def _percent(rate: float | None) -> str:
    return "–" if rate is None or pd.isna(rate) else f"{100 * rate:.1f} %"  # noqa: RUF001
