"""Print labels with titles, for a person to read: ``python -m tests.benchmarks.themes.labels --corpora DIR``.

The reading itself, theme by theme, is kept by hand in figures/benchmarks/labels.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from analysis.config import Config, InputError, ReportSection, ThemesSection
from analysis.corpus import read_corpus
from analysis.plots.text import clean, shorten
from analysis.reports.templating import escape_markdown
from analysis.themes import ThemeTables, build_themes
from tests.benchmarks.themes.corpora import SOURCES, read_labelled

BUNDLED = "bundled listing"
LISTING = Path(__file__).resolve().parents[3] / "data" / "raw" / "daily-papers-2025-10-17.txt"
N_LABELS, N_TITLES = 30, 5
_COLUMNS = ("level", "label", "papers", "finds its papers", "intruders found", "keyphrases", "titles")
_HEAD = f"| {' | '.join(_COLUMNS)} |\n|---|---|---:|---:|---:|---|---|"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the labels; 0 done, 2 where a corpus is missing."""
    options = _parse(arguments)
    try:
        for name in options.only:
            print(_show_corpus(name, options))
    except InputError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 2
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    names = [source.name for source in SOURCES] + [BUNDLED]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.themes.labels", description=__doc__)
    parser.add_argument("--corpora", required=True, type=Path, metavar="DIR", help="folder of the labelled corpora")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="CORPUS")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--cache", type=Path, default=Path("data/cache"), metavar="DIR", help="vectors")
    return parser.parse_args(arguments)


def _show_corpus(name: str, options: argparse.Namespace) -> str:
    papers = _read(name, options.corpora)
    # With no study.toml; refits change no label.
    no_refits, five = ThemesSection(n_alternatives=0), ReportSection(n_representatives=N_TITLES)
    config = Config(seed=options.seed, themes=no_refits, report=five)
    found = build_themes(papers, config, cache=options.cache)
    rows = "\n".join(list_rows(found, papers, N_LABELS))
    return f"## {name}: {len(papers):,} papers, seed {options.seed}\n\n{found.rungs[-1]}\n\n{_HEAD}\n{rows}\n"


def _read(name: str, folder: Path) -> pd.DataFrame:
    if name == BUNDLED:
        return read_corpus(LISTING).papers
    return read_labelled(folder, next(source for source in SOURCES if source.name == name)).papers


def list_rows(found: ThemeTables, papers: pd.DataFrame, n_labels: int) -> Iterator[str]:
    """Rows of a Markdown table: the themes, then the largest topics, `n_labels` in all."""
    titles = dict(zip(papers["paper_id"], papers["title"], strict=True))
    themes = found.themes[found.themes["kind"] != "unassigned"].sort_values("size", ascending=False, kind="stable")
    levels = [("theme", row) for _, row in themes.iterrows()]
    levels += [("topic", row) for _, row in found.topics.sort_values("topic").iterrows()]
    for level, row in levels[:n_labels]:
        shown = "; ".join(shorten(titles[one], 80) for one in row["representatives"])
        phrases = ", ".join(one["phrase"] for one in row["keyphrases"])
        words = [level, row["label"], f"{row['size']:,}", _number(row["faithfulness"]), _number(row["intrusion"])]
        cells = [escape_markdown(clean(one)) for one in (*words, phrases, shown)]
        yield f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else f"{value:.2f}"


if __name__ == "__main__":
    sys.exit(main())
