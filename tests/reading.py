"""Agreement of a study's themes with the reading sheet ``tests/data/reading.csv``.

The sheet was written from titles and abstracts before anything was clustered.
It holds, for each of the 78 papers, the themes that a reader would accept, the
first choice first. Run ``python -m tests.reading`` for the table.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pandas as pd

SHEET = Path(__file__).parent / "data" / "reading.csv"
NAMED = ("representation-learning", "robotics", "alignment")


def read_sheet() -> dict[str, list[str]]:
    """Accepted themes by title, the first choice first."""
    with SHEET.open(encoding="utf-8", newline="") as file:
        return {row["title"]: row["themes"].split(";") for row in csv.DictReader(file)}


def compare(papers: pd.DataFrame) -> pd.DataFrame:
    """Precision and recall of each theme against the sheet.

    A discovered theme goes by the reader's theme that most of its papers
    accept. A paper is found for a theme when it bears it, lost when the reader
    accepts the theme and the paper bears one that the reader does not accept.
    ``strict_*`` counts the first choice alone.
    """
    accepted = [read_sheet()[title] for title in papers["title"]]
    borne = list(papers["theme"])
    reader = {theme: theme if theme in NAMED else _majority(theme, borne, accepted) for theme in set(borne)}
    given = [reader[theme] for theme in borne]
    pairs = list(zip(given, accepted, strict=True))
    rows = []
    for theme in sorted(set(given)):
        right = sum(one == theme and theme in good for one, good in pairs)
        wrong = sum(one == theme and theme not in good for one, good in pairs)
        lost = sum(theme in good and one not in good for one, good in pairs)
        first = sum(good[0] == theme for _, good in pairs)
        hits = sum(one == theme == good[0] for one, good in pairs)
        rows.append(
            {
                "theme": theme,
                "n_papers": right + wrong,
                "precision": right / (right + wrong),
                "recall": right / (right + lost) if right + lost else 0.0,
                "f1": 2 * right / (2 * right + wrong + lost),
                "strict_f1": 2 * hits / (right + wrong + first),
            }
        )
    return pd.DataFrame(rows)


def count_accepted(papers: pd.DataFrame) -> int:
    """Papers whose theme the reader accepts."""
    accepted = [read_sheet()[title] for title in papers["title"]]
    borne = list(papers["theme"])
    reader = {theme: theme if theme in NAMED else _majority(theme, borne, accepted) for theme in set(borne)}
    return sum(reader[theme] in good for theme, good in zip(borne, accepted, strict=True))


def _majority(theme: str, borne: list[str], accepted: list[list[str]]) -> str:
    votes = Counter(name for one, good in zip(borne, accepted, strict=True) if one == theme for name in good)
    # A discovered theme is another one than those asked for.
    free = [(count, name) for name, count in votes.items() if name not in NAMED]
    return max(free)[1] if free else theme


if __name__ == "__main__":
    import analysis as tl

    found = tl.load(Path(__file__).parents[1] / "study.toml").papers
    table = compare(found)
    print(table.round(2).to_string(index=False))
    print(f"macro-F1 of the named: {table[table['theme'].isin(NAMED)]['f1'].mean():.2f}")
    print(f"papers whose theme a reader accepts: {count_accepted(found)} of {len(found)}")
