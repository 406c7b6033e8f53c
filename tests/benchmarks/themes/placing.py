"""How well papers that come after a fit are placed, and when their shift is told.

``python -m tests.benchmarks.themes.placing --corpora DIR`` writes
``figures/benchmarks/placing.md``. A quarter of each corpus is hidden from the
fit; the rules that could place it are compared on one fit's own labels, then
the whole way is compared with a fit on all papers. For the shift, a daily
list is fitted up to a month and the months after it, and papers of other
kinds, are added. Last, a large corpus is fitted on samples of it
(`tests.benchmarks.themes.sampled`); ``--part sample`` measures that alone and
leaves the rest of the page as it stands.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score

from analysis.config import Config, parse_config, read_config
from analysis.corpus import read_corpus
from analysis.study.computing import limit_algebra
from analysis.themes import ThemeTables, build_themes, join_text
from analysis.themes.embedding import MiniLM, encode_cached, join_vectors
from analysis.themes.linking import link_papers
from analysis.themes.model import Model
from analysis.themes.placing import Placed, place_new
from analysis.themes.shift import Shift, measure_shift
from analysis.themes.voting import vote
from tests.benchmarks.themes.sampled import measure_samples, measure_speed
from tests.themes.made_texts import COOKING, STARS

ROOT = Path(__file__).parents[3]
DAILY, CONFERENCE = "hf_daily_2024-05_2025-06.jsonl.gz", "iclr2026_primary_area.jsonl.gz"
LARGE, BUNDLED = "arxiv_2025-03_2025-06.jsonl.gz", "daily-papers-2025-10-17.txt"
SAMPLED = "## Fitted on a sample, the rest placed"
CUTS = ("2024-08", "2024-12", "2025-02")
N_SMALL_DRAWS = 5
Papers = pd.DataFrame


class Bench:
    """Fits and placements with one encoder and one cache."""

    def __init__(self, config: Config, cache: Path) -> None:
        self.config, self.cache, self.encoder = config, cache, MiniLM()

    def fit(self, papers: Papers) -> ThemeTables:
        """A fit without refits."""
        return build_themes(papers, self.config, cache=self.cache)

    def place(self, found: ThemeTables, papers: Papers) -> tuple[Placed, Shift]:
        """Papers placed by a fit, and how they differ from it."""
        texts = [join_text(*pair) for pair in zip(papers["title"], papers["abstract"], strict=True)]
        meaning = encode_cached(texts, self.encoder, cache=self.cache)[0]
        placed = place_new(found.model, papers, texts, meaning, self.config)
        known = found.placed.assign(placed=False)
        return placed, measure_shift(found.model, placed, texts, known)

    def join(self, model: Model, papers: Papers) -> np.ndarray:
        """Meaning and words of papers, in the space of a model."""
        texts = [join_text(*pair) for pair in zip(papers["title"], papers["abstract"], strict=True)]
        meaning = encode_cached(texts, self.encoder, cache=self.cache)[0]
        return join_vectors(meaning, model.lexical.embed(texts), self.config.embedding.lexical_weight)


def compare_rules(bench: Bench, papers: Papers, hidden: np.ndarray, full: ThemeTables) -> dict[str, float]:
    """Share of the hidden papers that each rule gives the topic of the full fit, all else being equal."""
    shown = bench.fit(papers[~hidden].reset_index(drop=True)).model
    late = papers[hidden].reset_index(drop=True)
    topic = full.placed["topic"].to_numpy()
    n_topics, known, true = int(topic.max()) + 1, topic[~hidden], topic[hidden]
    # Vectors of the shown papers alone; labels of the full fit.
    vectors = bench.join(shown, late)
    graph = link_papers(vectors, shown.joined, shown.reach, n_neighbours=shown.n_neighbours)
    indices, near = graph.indices, 1 - graph.distances
    rules = {"neighbours of both directions (ours)": vote(graph.weights, known, n_topics).argmax(axis=1)}
    for k in (5, 10, 20):
        borne = np.zeros((len(true), n_topics))
        np.add.at(borne, (np.arange(len(true))[:, None], known[indices[:, :k]]), near[:, :k])
        rules[f"{k} nearest, by similarity"] = borne.argmax(axis=1)
    members = (known == np.arange(n_topics)[:, None]).astype(float)
    middles = members @ shown.joined / np.maximum(members.sum(axis=1, keepdims=True), 1)
    rules["nearest mean of a topic"] = (vectors @ middles.T).argmax(axis=1)
    rules["linear classifier"] = LogisticRegression(C=10, max_iter=300).fit(shown.joined, known).predict(vectors)
    return {name: float((found == true).mean()) for name, found in rules.items()}


def hide_quarter(bench: Bench, papers: Papers, hidden: np.ndarray, full: ThemeTables) -> dict[str, float]:
    """Agreement with the full fit: of placed papers, and of the papers that a smaller fit was made from."""
    found = bench.fit(papers[~hidden].reset_index(drop=True))
    placed, shift = bench.place(found, papers[hidden].reset_index(drop=True))
    row = {}
    for column in ("topic", "theme"):
        whole = full.placed[column].to_numpy()
        row[f"{column}, placed (ARI)"] = adjusted_rand_score(whole[hidden], placed.table[column])
        row[f"{column}, fitted (ARI)"] = adjusted_rand_score(whole[~hidden], found.placed[column])
    row["mean strength, placed"] = placed.table["topic_strength"].mean()
    row["mean strength, fitted"] = found.placed["topic_strength"].mean()
    return {**row, "area of the shift": shift.auc, "far": shift.far}


def measure_shifts(bench: Bench, daily: Papers, others: dict[str, Papers]) -> Iterator[dict[str, Any]]:
    """What a fit of a daily list says of the months after it, and of papers of other kinds."""
    month = daily["published"].dt.strftime("%Y-%m")
    for cut in CUTS:
        found = bench.fit(daily[month <= cut].reset_index(drop=True))
        later = sorted(set(month[month > cut]))
        follow = {one: daily[month == one].reset_index(drop=True) for one in (later[0], later[2], later[-1])}
        strange = others["made-up astronomy and cooking"]
        mixed = {f"{later[0]} and {len(strange)} of another field": pd.concat([follow[later[0]], strange])}
        for name, papers in {**follow, **mixed, **others}.items():
            _, shift = bench.place(found, papers.reset_index(drop=True))
            yield {"fitted up to": cut, "n fitted": shift.n_fitted, "added": name, "n": shift.n_new,
                   "area": shift.auc, "far": shift.far, "unknown words": shift.unknown,
                   "expected": shift.unknown_fitted, "differs": shift.differs}  # fmt: skip


def _make_others(corpora: Path) -> dict[str, Papers]:
    conference = read_corpus(corpora / CONFERENCE, near_duplicates=False).papers
    gold = next(name for name in conference if name.endswith("primary_area"))
    theory = conference[conference[gold].str.contains("theory|optimization", na=False)]
    strange = pd.DataFrame(
        {"paper_id": [f"x{row}" for row in range(len(STARS + COOKING))], "title": "", "abstract": [*STARS, *COOKING]}
    )
    draw = np.random.default_rng(1)
    return {
        "400 of a conference of the field": conference.iloc[np.sort(draw.choice(len(conference), 400, replace=False))],
        "its theory and optimization": theory.iloc[:300],
        "made-up astronomy and cooking": strange,
    }


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=ROOT / "data/cache")
    parser.add_argument("--out", type=Path, default=ROOT / "figures/benchmarks/placing.md")
    parser.add_argument("--part", choices=("all", "sample"), default="all")
    parser.add_argument("--encoder", nargs="+", default=["minilm", "static"])
    options = parser.parse_args()
    if options.part == "all":
        with limit_algebra():
            agreed, hidden_quarter, shifts = _measure_added(options.corpora, options.cache)
        first = _render(agreed, hidden_quarter, shifts)
    else:
        first = options.out.read_text(encoding="utf-8").partition(SAMPLED)[0]
    last = _render_samples(options.corpora / LARGE, options.encoder, options.cache)
    options.out.write_text(f"{first.rstrip()}\n\n{last}\n", encoding="utf-8")


def _measure_added(corpora: Path, cache: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    config = read_config(ROOT / "study.toml")
    bench = Bench(config, cache)
    quarters, rules = [], {}
    files = {"bundled": ROOT / "data/raw" / BUNDLED, "daily": corpora / DAILY}
    files["conference"] = corpora / CONFERENCE
    for name, file in files.items():
        papers = read_corpus(file, near_duplicates=False).papers
        bench.config = config.model_copy(update={"themes": config.themes.model_copy(update={"n_alternatives": 0})})
        full, draws = bench.fit(papers), N_SMALL_DRAWS if len(papers) < 300 else 1
        for draw in range(draws):
            hidden = np.zeros(len(papers), dtype=bool)
            hidden[np.random.default_rng(draw).choice(len(papers), len(papers) // 4, replace=False)] = True
            quarters.append({"corpus": name, **hide_quarter(bench, papers, hidden, full)})
            rules.setdefault(name, []).append(compare_rules(bench, papers, hidden, full))
    daily = read_corpus(files["daily"], near_duplicates=False).papers
    bench.config = parse_config({"themes": {"n_alternatives": 0}})
    shifts = pd.DataFrame(measure_shifts(bench, daily, _make_others(corpora)))
    agreed = pd.DataFrame({name: pd.DataFrame(rows).mean() for name, rows in rules.items()})
    return agreed, pd.DataFrame(quarters).groupby("corpus", sort=False).mean().T, shifts


def _render_samples(file: Path, encoders: list[str], cache: Path) -> str:
    papers = read_corpus(file, near_duplicates=False).papers
    gold = papers["label_arxiv_primary"].to_numpy(dtype=object)
    parts = [
        SAMPLED,
        f"{len(papers):,} papers of {file.name}, the mean of three draws and seeds; the agreement is that of all "
        "papers, fitted and placed, with the fit of all under seed 42. No named themes, no refits.",
    ]
    with limit_algebra():
        for encoder in encoders:
            samples = pd.DataFrame(measure_samples(papers, gold, encoder, cache))
            parts += [f"### {encoder}", _tabulate(samples)]
        speeds = [row for encoder in encoders for row in measure_speed(papers, encoder, cache)]
    parts += ["## How fast papers are placed", _tabulate(pd.DataFrame(speeds))]
    return "\n\n".join(parts)


def _render(agreed: pd.DataFrame, hidden_quarter: pd.DataFrame, shifts: pd.DataFrame) -> str:
    parts = [
        "# Placing papers that come after a fit",
        "Made by `python -m tests.benchmarks.themes.placing --corpora DIR`; the bundled corpus is the mean of "
        f"{N_SMALL_DRAWS} draws.",
        "## Rules for the topic: share of a hidden quarter that gets the topic of the full fit",
        _tabulate(agreed.reset_index(names="rule")),
        "## The whole way, against a fit on all papers",
        "Fitted: the three quarters in a fit of their own, against the same fit on all: what any new fit would move.",
        _tabulate(hidden_quarter.reset_index(names="measure")),
        "## When a shift is told",
        _tabulate(shifts),
    ]
    return "\n\n".join(parts) + "\n"


def _tabulate(table: pd.DataFrame) -> str:
    cells = [[str(name) for name in table], ["---"] * len(table.columns)]
    cells += [
        [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row] for row in table.to_numpy(object)
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


if __name__ == "__main__":
    main()
