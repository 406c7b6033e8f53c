"""Hold verdicts against what is known of a field: ``python -m tests.benchmarks.trends.known --corpora DIR``.

What should rise, fall or hold stands in ``known.toml`` and was written before anything was counted; why the verdicts
differ from it stands in ``known_notes.toml`` and was written afterwards, with the papers at hand.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.config import InputError
from analysis.plots.text import clean
from tests.benchmarks.trends.known_measure import Counted, count_corpus, draw_titles, tabulate
from tests.benchmarks.trends.known_page import find_stale, render_page
from tests.benchmarks.trends.known_texts import KNOWN, NOTES, Known, read_known, read_notes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 done, 2 where the corpus is missing or a file at fault."""
    options = _parse(arguments)
    try:
        known = read_known(options.known)
        notes = read_notes(options.notes, known)
        counted = count_corpus(known, options.corpora, cache=options.cache, n_alternatives=options.alternatives)
    except InputError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 2
    if options.titles:
        _print_titles(counted, known, options.titles)
        return 0
    table = tabulate(counted, known, notes)
    page = render_page(table, counted, known, notes)
    options.out.mkdir(parents=True, exist_ok=True)
    table.round(4).to_csv(options.out / "trends-known.csv", index=False)
    (options.out / "trends-known.md").write_text(page, encoding="utf-8")
    for one in find_stale(table, notes):
        print(f"known_notes.toml: {one}", file=sys.stderr)
    outcomes = table["outcome"].value_counts()
    said = ", ".join(f"{int(outcomes.get(one, 0))} {one}" for one in ("agrees", "not shown", "contradicts"))
    print(f"{options.out}: trends-known.md, trends-known.csv; {said}", file=sys.stderr)
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.trends.known", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, metavar="DIR", help="folder that holds the corpus")
    parser.add_argument("--out", type=Path, default=Path("figures/benchmarks"), metavar="DIR")
    parser.add_argument("--cache", type=Path, default=Path("data/cache"), metavar="DIR", help="vectors")
    parser.add_argument("--known", type=Path, default=KNOWN, metavar="FILE", help="what is expected")
    parser.add_argument("--notes", type=Path, default=NOTES, metavar="FILE", help="what explains the differences")
    parser.add_argument("--alternatives", type=int, default=None, metavar="N", help="refits; default as the suite has")
    parser.add_argument("--titles", type=int, default=0, metavar="N", help="only print N titles of a theme and third")
    return parser.parse_args(arguments)


def _print_titles(counted: Counted, known: Known, n_titles: int) -> None:
    for one in known.themes:
        for third, drawn in draw_titles(counted, one.name, n_titles).groupby("third", sort=False):
            print(f"\n{one.name}, {third} third")
            for day, title in zip(drawn["published"], drawn["title"], strict=True):
                print(f"  {day.date()}  {clean(title)}")


if __name__ == "__main__":
    sys.exit(main())
