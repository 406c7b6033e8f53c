"""From answers to tables: one row per fit, medians over seeds, and what must hold."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.themes.quality import UNASSIGNED, measure_coherence, measure_diversity, score_against
from tests.benchmarks.themes.corpora import Labelled
from tests.benchmarks.themes.jobs import Done
from tests.benchmarks.themes.methods import N_TERMS

MEASURES = (
    "ami", "ari", "v_measure", "homogeneity", "completeness", "coverage", "n_found", "n_found_large", "n_gold",
    "n_gold_large", "found_per_gold", "coherence", "diversity", "agreement", "seconds", "peak_mb",
)  # fmt: skip
# Corpus -> least ratio of our AMI to stock BERTopic's, and to the supervised ceiling's.
LEAST_AMI = {"iclr2026_primary_area": (1.15, 0.80), "arxiv_2025-03_2025-06": (1.2, 0.85)}
LEAST_ARI = 1.3
LEAST_COVERAGE = 0.98
LEAST_AGREEMENT = 0.75
KMEANS_ALLOWANCE = 0.03


def tabulate_fits(done: Iterable[Done], corpora: Mapping[str, Labelled]) -> pd.DataFrame:
    """One row per corpus, method and seed; a method that failed has its message and no numbers."""
    rows: list[dict[str, Any]] = []
    for one in done:
        about = {"corpus": one.job.corpus, "seed": one.job.seed}
        if one.error:
            rows.append({**about, "method": one.job.method, "error": one.error})
            continue
        corpus, answer = corpora[one.job.corpus], one.answer
        for line, found in answer["labels"].items():
            labels = np.array(found)
            scores = score_against(corpus.gold, labels[corpus.labelled])
            terms = answer["terms"].get(line)
            rows.append(
                {
                    **about,
                    "method": line,
                    **dataclasses.asdict(scores),
                    **_measure_terms(weigh_words(corpus.texts, labels) if terms is None else terms, corpus.texts),
                    "agreement": answer["agreement"].get(line, math.nan),
                    "seconds": answer["seconds"],
                    "peak_mb": answer["peak_mb"],
                    "error": "",
                }
            )
    columns = ["corpus", "method", "seed", *MEASURES, "n_papers", "error"]
    return pd.DataFrame(rows).reindex(columns=columns)


def _measure_terms(terms: Sequence[Sequence[str]], texts: Sequence[str]) -> dict[str, float]:
    coherence = measure_coherence(terms, texts)
    known = coherence[~np.isnan(coherence)]
    return {
        "coherence": float(known.mean()) if len(known) else math.nan,
        "diversity": measure_diversity(terms),
    }


def weigh_words(texts: Sequence[str], labels: np.ndarray) -> list[list[str]]:
    """Top words of groups that bring none of their own: BERTopic's class-based TF-IDF, English stop words out."""
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    groups = [group for group in np.unique(labels) if group not in UNASSIGNED]
    joined = [" ".join(texts[row] for row in np.flatnonzero(labels == group)) for group in groups]
    counter = CountVectorizer(stop_words="english")
    weights = ClassTfidfTransformer().fit_transform(counter.fit_transform(joined)).toarray()
    words = counter.get_feature_names_out()
    return [[str(words[place]) for place in np.argsort(-row, kind="stable")[:N_TERMS]] for row in weights]


def take_medians(fits: pd.DataFrame) -> pd.DataFrame:
    """Median of each measure over the seeds, with the fits that gave it and those that failed; one row per method."""
    worked = fits[fits["error"] == ""]
    by = ["corpus", "method"]
    medians = worked.groupby(by, sort=False)[list(MEASURES)].median()
    medians["ami_low"] = worked.groupby(by)["ami"].min()
    medians["ami_high"] = worked.groupby(by)["ami"].max()
    medians["n_fits"] = worked.groupby(by).size()
    failed = fits[fits["error"] != ""].groupby(by).size().rename("n_failed")
    table = medians.join(failed, how="outer").reindex(pd.MultiIndex.from_frame(fits[by].drop_duplicates()))
    table[["n_fits", "n_failed"]] = table[["n_fits", "n_failed"]].fillna(0).astype(int)
    return table.reset_index()


def judge(medians: pd.DataFrame, small: pd.DataFrame) -> pd.DataFrame:
    """What must hold, line by line.

    Parameters
    ----------
    medians : DataFrame
        Of `take_medians`.
    small : DataFrame
        Of `small.average_draws`.

    Returns
    -------
    DataFrame
        ``corpus``, ``what``, ``required``, ``found`` (text), ``holds``
        (``yes``, ``no``, or ``not measured`` where a number is missing).
    """
    lines: list[dict[str, str]] = []
    for corpus, (over_stock, of_ceiling) in LEAST_AMI.items():
        lines += _judge_corpus(corpus, _Numbers(medians, corpus), over_stock, of_ceiling)
    for (corpus, size), draws in small.groupby(["corpus", "n_papers"], sort=False):
        lines += _judge_draws(str(corpus), int(size), draws.set_index("method"))
    return pd.DataFrame(lines, columns=["corpus", "what", "required", "found", "holds"])


class _Numbers:
    """Medians of one corpus; NaN where a method or a measure is missing."""

    def __init__(self, medians: pd.DataFrame, corpus: str) -> None:
        self._rows = medians[medians["corpus"] == corpus].set_index("method")
        self.n_gold = float(self._rows["n_gold_large"].max())

    def __call__(self, method: str, measure: str) -> float:
        return float(self._rows.loc[method, measure]) if method in self._rows.index else math.nan


def _judge_corpus(corpus: str, number: _Numbers, over_stock: float, of_ceiling: float) -> list[dict[str, str]]:
    def line(what: str, found: float, least: float, form: str = "{:.3f}") -> dict[str, str]:
        return _line(corpus, what, f"at least {form.format(least)}", form.format(found), found - least)

    n_found, n_gold = number("ours", "n_found"), number.n_gold
    between = min(n_found - n_gold / 2, 2 * n_gold - n_found)
    return [
        line("AMI of `theme` / AMI of stock BERTopic", number("ours", "ami") / number("stock", "ami"), over_stock),
        line("AMI of `theme` / AMI of the ceiling", number("ours", "ami") / number("ceiling", "ami"), of_ceiling),
        line("ARI of `theme` / ARI of stock BERTopic", number("ours", "ari") / number("stock", "ari"), LEAST_ARI),
        line("papers with a topic", number("ours-topic", "coverage"), 1.0, "{:.2%}"),
        line("papers with a theme", number("ours", "coverage"), LEAST_COVERAGE, "{:.2%}"),
        _line(corpus, "themes found", f"half to twice the {_write_count(n_gold)}classes", f"{n_found:g}", between),
        line("agreement of `theme` on two 80 % subsamples", number("ours", "agreement"), LEAST_AGREEMENT),
    ]


def _judge_draws(corpus: str, size: int, draws: pd.DataFrame) -> list[dict[str, str]]:
    lines = []
    for measure in ("ami", "ari"):
        values = {name: float(draws.loc[name, measure]) for name in draws.index}
        ours, stock, kmeans = (values.get(name, math.nan) for name in ("ours", "stock", "kmeans"))
        what = f"{measure.upper()} on draws of {size}"
        lines.append(_line(corpus, what, f"above stock's {stock:.3f}", f"{ours:.3f}", ours - stock, strict=True))
        least = kmeans - KMEANS_ALLOWANCE
        words = f"above KMeans' {kmeans:.3f} - {KMEANS_ALLOWANCE:g}"
        lines.append(_line(corpus, what, words, f"{ours:.3f}", ours - least, strict=True))
    n_failed = float(draws.loc["ours", "n_failed"]) if "ours" in draws.index else math.nan
    lines.append(_line(corpus, f"failed fits on draws of {size}", "0", f"{n_failed:g}", -n_failed))
    return lines


def _write_count(number: float) -> str:
    return "" if math.isnan(number) else f"{number:g} "


def _line(corpus: str, what: str, required: str, found: str, spare: float, *, strict: bool = False) -> dict[str, str]:
    """A verdict: `spare` is by how much the requirement is met."""
    holds = "not measured" if math.isnan(spare) else "yes" if spare > 0 or (spare == 0 and not strict) else "no"
    return {
        "corpus": corpus,
        "what": what,
        "required": required,
        "found": "-" if holds == "not measured" else found,
        "holds": holds,
    }
