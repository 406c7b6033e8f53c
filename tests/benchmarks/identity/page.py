"""The benchmark as a Markdown page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.identity.measure import LEAST, SEED

Row = dict[str, Any]
_REQUIRED = 0.9
_HEAD = """\
# Themes found again in re-fits

Made by `python -m tests.benchmarks.identity --corpora DIR`. A theme is *kept* where it has the id and the name that it
had before, by the rules of `analysis.curation.matching`. Themes that the study names are always kept; so those that
were found are counted on their own, too. Nothing is held fast: a re-fit finds its themes anew, then takes over names.
"""
_CORRECTED = """\
Made before the first month, on the six largest themes that were found and the two smallest: a rename, a merger of the
two smallest, a split of the largest topic off a theme, a move of five papers, a pin on the five papers of a theme that
are nearest to another one, and a word that is ignored. *Holds*: the name, the merger or the word stays; all papers that
were moved or pinned are there; the theme that was split off is there with half of its papers or more. *In part*: one
of the two merged themes has dissolved, the other bears the name. *Reported*: not done, and said so. *Lost*: neither.
"""
_GROWN = """\
The daily papers up to two thirds, then with the last third (half as many again), or with papers of the conference on
learning theory and optimization, which are hardly there before. *Largest new home*: the theme that most of the added
papers went to.
"""
_AGREED = """\
The conference, 90 % of its papers fitted, then all, against the areas that authors chose (AMI): the re-fit that takes
over names, and a fit that knows nothing of the one before.
"""


def render_page(found: dict[str, list[Row]]) -> str:
    """The whole page.

    Parameters
    ----------
    found : dict of part to its rows
        As `tests.benchmarks.identity.measure` gives them.
    """
    steps = [row for name, rows in found.items() if name.startswith("months-") for row in rows]
    parts = [
        _HEAD,
        f"## Months of daily papers\n\n{_sum_up([step['found'] for step in steps])}\n\n{_render_steps(steps)}",
        f"## How much two themes must share\n\n{_render_curve([step['found'] for step in steps])}",
        f"## Corrections by hand\n\n{_CORRECTED}\n{_render_corrections(steps)}",
        f"## More papers, and other ones\n\n{_GROWN}\n{_render_growth(found['growth'])}",
        f"## Quality\n\n{_AGREED}\n{_render_quality(found['quality'][0])}",
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _sum_up(rows: Sequence[Row]) -> str:
    kept, themes = sum(row["kept"] for row in rows), sum(row["n_themes"] for row in rows)
    own, all_own = sum(row["kept_discovered"] for row in rows), sum(row["n_discovered"] for row in rows)
    colors = sum(row["colors"] for row in rows)
    worst = min(rows, key=lambda row: row["kept"] / row["n_themes"])
    n_below = sum(row["kept"] / row["n_themes"] < _REQUIRED for row in rows)
    verdict = "holds" if kept / themes >= _REQUIRED else "DOES NOT HOLD"
    return (
        f"Required: {_REQUIRED:.0%}. Found: **{kept} of {themes} themes keep id and name ({kept / themes:.1%}): "
        f"{verdict}**; "
        f"{colors} of these {kept} keep their colour; of the found themes {own} of {all_own} ({own / all_own:.1%}). "
        f"Of {len(rows)} re-fits {n_below} keep less than {_REQUIRED:.0%}; the fewest are {worst['kept']} of "
        f"{worst['n_themes']}."
    )


def _render_steps(steps: Sequence[Row]) -> str:
    head = [
        "seed", "month", "papers", "new", "themes", "kept", "share", "found", "kept", "share", "papers in kept", "born",
        "gone",
    ]  # fmt: skip
    rows = []
    for step in steps:
        row = step["found"]
        rows.append(
            [
                step["seed"],
                step["month"],
                f"{row['n_after']:,}",
                f"{row['n_after'] / row['n_before'] - 1:.1%}",
                row["n_themes"],
                row["kept"],
                f"{row['kept'] / row['n_themes']:.0%}",
                row["n_discovered"],
                row["kept_discovered"],
                f"{row['kept_discovered'] / row['n_discovered']:.0%}",
                f"{row['in_kept']:.0%}",
                row["n_themes_after"] - row["kept"],
                row["n_themes"] - row["kept"],
            ]
        )
    return _render_table(head, rows)


def _render_curve(rows: Sequence[Row]) -> str:
    """Themes that are found again with other least overlaps, in all steps together."""
    counts = [sum(row["curve"][place] for row in rows) for place in range(len(LEAST))]
    n_themes = sum(row["n_themes"] for row in rows)
    overlaps = sorted(one for row in rows for one in row["overlaps"])
    return (
        f"Themes found again, of {n_themes}, where two must share at least so much (Jaccard); the library takes 0.3. "
        f"Of the kept ones the median shares {overlaps[len(overlaps) // 2]:.2f}, one of ten less than "
        f"{overlaps[len(overlaps) // 10]:.2f}.\n\n"
        + _render_table([f"{least:g}" for least in LEAST], [counts], n_words=0)
    )


def _render_corrections(steps: Sequence[Row]) -> str:
    kinds = list(dict.fromkeys(one["do"] for one in steps[0]["corrections"]))
    rows = []
    for kind in kinds:
        own = [one for step in steps for one in step["corrections"] if one["do"] == kind]
        became = Counter(one["became"] for one in own)
        shares = [one["share"] for one in own if one["share"] is not None]
        span = f"{min(shares):.0%} to {max(shares):.0%}" if shares else "-"
        rows.append([kind, *(became[one] for one in ("holds", "in part", "reported", "lost")), span])
    shown = [step["shown"] for step in steps]
    kept, themes = sum(row["kept"] for row in shown), sum(row["n_themes"] for row in shown)
    colors = sum(row["colors"] for row in shown)
    said = (
        f"Of the themes as they stand after the corrections {kept} of {themes} ({kept / themes:.1%}) keep id and name"
    )
    table = _render_table(["correction", "holds", "in part", "reported", "lost", "its papers"], rows)
    return f"{table}\n\n{said}, {colors} of these the colour."


def _render_growth(rows: Sequence[Row]) -> str:
    head = [
        "added", "papers", "before", "themes", "now", "kept", "born", "split", "merged", "died", "largest new home",
        "of the added", "of the theme",
    ]  # fmt: skip
    return _render_table(
        head,
        [
            [
                row["what"],
                row["n_added"],
                row["n_before"],
                row["n_themes"],
                row["n_themes_after"],
                row["kept"],
                *(row["changes"].get(change, 0) for change in ("born", "split", "merged", "died")),
                row["most"],
                f"{row['most_share']:.0%}",
                f"{row['most_pure']:.0%}",
            ]
            for row in rows
        ],
    )


def _render_quality(row: Row) -> str:
    table = _render_table(
        ["fit", "AMI of themes", "AMI of topics"],
        [
            ["re-fit, names taken over", f"{row['ami_refit']:.4f}", f"{row['ami_topic_refit']:.4f}"],
            ["fresh fit", f"{row['ami_fresh']:.4f}", f"{row['ami_topic_fresh']:.4f}"],
        ],
    )
    return (
        f"{table}\n\nAgreement of the two fits (ARI): {row['ari']:.4f}. {row['kept']} of {row['n_themes']} themes "
        f"keep id and name from {row['n_before']:,} to {row['n_after']:,} papers (seed {SEED})."
    )


def _render_table(head: Sequence[str], rows: Sequence[Sequence[Any]], *, n_words: int = 1) -> str:
    """A Markdown table: the first columns hold words, the rest numbers."""
    rule = ["---"] * n_words + ["---:"] * (len(head) - n_words)
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in [head, rule, *rows])
