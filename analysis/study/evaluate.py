"""How good the topics and themes of a study are, measured from its tables alone."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.config import InputError
from analysis.results import DOUBTFUL, Tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

UNASSIGNED = "unassigned"
LABEL_PREFIX = "label_"
_SHOWN_CELLS, _WIDEST = 15, 44
# Column of a level -> the words that a reader sees, and how the number is written.
_LINES = (
    ("n_groups", "groups", "{:.0f}"),
    ("smallest", "papers in the smallest", "{:.0f}"),
    ("median_size", "papers in the median one", "{:g}"),
    ("largest", "papers in the largest", "{:.0f}"),
    ("unassigned", "unassigned papers", "{:.1%}"),
    ("coherence", "coherence of keyphrases (NPMI)", "{:.3f}"),
    ("diversity", "diversity of keyphrases", "{:.3f}"),
    ("stability", "stability, median (Jaccard)", "{:.3f}"),
    ("n_doubtful", "groups below .6 of stability", "{:.0f}"),
    ("agreement", "agreement of resamples (ARI)", "{:.3f}"),
    ("ami", "AMI", "{:.3f}"),
    ("ari", "ARI", "{:.3f}"),
    ("v_measure", "V-measure", "{:.3f}"),
    ("homogeneity", "homogeneity", "{:.3f}"),
    ("completeness", "completeness", "{:.3f}"),
    ("coverage", "coverage", "{:.1%}"),
    ("n_found_large", "groups with 1 % of the papers", "{:.0f}"),
    ("n_gold_large", "labels with 1 % of the papers", "{:.0f}"),
    ("found_per_gold", "groups per label", "{:.2f}"),
)
_OWN = 10


@dataclass(frozen=True)
class Evaluation:
    """Measures of a study's topics and themes.

    Attributes
    ----------
    levels : DataFrame of 2 rows, index ``topic`` and ``theme``
        ``n_groups`` (groups that hold papers), ``smallest``, ``median_size``,
        ``largest`` (papers), ``unassigned`` (share of the papers),
        ``coherence`` (mean NPMI of the keyphrases over the study's own texts,
        whole text as window), ``diversity`` (share of unique words),
        ``stability`` (median Jaccard overlap over groups), ``n_doubtful``
        (groups below .6), ``agreement`` (median ARI over pairs of resampled
        refits, on shared papers; NaN for topics, which refits do not keep, and
        with fewer than two resamples). Refits name their themes by the main
        run's, so two that share a partner there count as one. With a gold column also the fields of
        `analysis.themes.quality.GoldScores`.
    gold : str or None
        The column of labels.
    n_papers, n_without_gold : int
        Papers in all, and those left out for want of a label.
    cells : DataFrame
        Theme by label, the largest first: ``theme``, ``theme_label``,
        ``gold``, ``n_papers``, ``share_of_theme``, ``share_of_gold`` (of the
        papers with a label). Empty without a gold column.

    Notes
    -----
    Agreement with labels says how near the themes are to one sorting of the
    papers; another sorting may be as good.
    """

    levels: pd.DataFrame
    gold: str | None
    n_papers: int
    n_without_gold: int
    cells: pd.DataFrame

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and text, ready for JSON; what is not known is None."""
        levels = {
            str(level): {str(name): _plain(str(name), value) for name, value in row.items()}
            for level, row in self.levels.to_dict("index").items()
        }
        return {
            "n_papers": self.n_papers,
            "levels": levels,
            "gold": self.gold,
            "n_without_gold": self.n_without_gold if self.gold else None,
            "cells": self.cells.to_dict("records"),
        }

    def describe(self) -> str:
        """A table for the terminal."""
        head = f"{self.n_papers} papers"
        lines = [f"{head:34}{'topic':>10}{'theme':>10}", *(self._line(*line) for line in _LINES[:_OWN])]
        if self.gold is not None:
            left_out = f"; {self.n_without_gold} without a label left out" if self.n_without_gold else ""
            lines += ["", f"Against {self.gold} ({self.n_papers - self.n_without_gold} papers{left_out})"]
            lines += [self._line(*line) for line in _LINES[_OWN:]]
            lines += ["", "papers  of theme  of label  theme | label"]
            for cell in self.cells.head(_SHOWN_CELLS).itertuples():
                shares = f"{cell.share_of_theme:>10.0%}{cell.share_of_gold:>10.0%}"
                names = [str(name)[:_WIDEST] for name in (cell.theme_label, cell.gold)]
                lines.append(f"{cell.n_papers:>6}{shares}  {' | '.join(names)}")
            if len(self.cells) > _SHOWN_CELLS:
                lines.append(f"... and {len(self.cells) - _SHOWN_CELLS} smaller cells (--json gives all)")
        return "\n".join(lines)

    def _line(self, column: str, words: str, form: str) -> str:
        values = self.levels[column].astype(float).reindex(["topic", "theme"])
        return f"{words:34}" + "".join(f"{'-' if pd.isna(value) else form.format(value):>10}" for value in values)


def evaluate(study: str | Path, *, gold: str | None = None) -> Evaluation:
    """Measure the topics and themes of a study that has been run; nothing is fitted.

    Parameters
    ----------
    study : path
        A ``study.toml`` or the folder that holds it.
    gold : str, optional
        A column of labels that people gave, with or without ``label_`` in front.

    Raises
    ------
    InputError
        If there is no such study or column, or the study has no results yet.
    """
    from analysis.study.run import load

    return load(study).evaluate(gold=gold)


def evaluate_tables(tables: Tables, gold: str | None = None) -> Evaluation:
    """Measure the topics and themes of a study.

    Parameters
    ----------
    tables : Tables
    gold : str, optional
        A column of labels that people gave, with or without ``label_`` in front.

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        If there is no such column; the message names those that there are.
    """
    from analysis.themes import join_text

    papers = tables.papers
    column = None if gold is None else find_gold(papers, gold)
    texts = [join_text(*pair) for pair in zip(papers["title"], papers["abstract"], strict=True)]
    themes = tables.themes[tables.themes["kind"] != UNASSIGNED]
    levels = {
        "topic": _measure_level(papers["topic"], tables.topics, texts) | {"agreement": math.nan},
        "theme": _measure_level(papers["theme"], themes, texts) | {"agreement": _agree(tables.alternatives)},
    }
    cells = pd.DataFrame(columns=["theme", "theme_label", "gold", "n_papers", "share_of_theme", "share_of_gold"])
    n_without = 0
    if column is not None:
        from analysis.themes.quality import score_against

        labelled = papers[_has_label(papers[column])]
        n_without = len(papers) - len(labelled)
        for level, measures in levels.items():
            measures |= dataclasses.asdict(score_against(labelled[column].to_numpy(), labelled[level].to_numpy()))
        cells = _count_cells(labelled, column, dict(zip(tables.themes["theme"], tables.themes["label"], strict=True)))
    return Evaluation(pd.DataFrame.from_dict(levels, orient="index"), column, len(papers), n_without, cells)


def find_gold(papers: pd.DataFrame, gold: str) -> str:
    """The column of labels that is meant; an `InputError` names the known ones where there is none."""
    known = [str(name) for name in papers.columns if str(name).startswith(LABEL_PREFIX)]
    asked = "_".join(gold.split())
    for name in (asked, LABEL_PREFIX + asked):
        if name in known:
            if not _has_label(papers[name]).any():
                raise InputError(f"--gold {gold}: no paper of this study has a label there. Choose another column.")
            return name
    if not known:
        raise InputError(
            f"--gold {gold}: this study has no label columns. Give the source one named label_..., or a field "
            "'labels', and run the study again."
        )
    raise InputError(f"--gold {gold}: no such label column. Known: {', '.join(known)}.")


def _has_label(labels: pd.Series) -> pd.Series:
    return labels.notna() & (labels.fillna("").str.strip() != "")


def _measure_level(assigned: pd.Series, groups: pd.DataFrame, texts: Sequence[str]) -> dict[str, float]:
    from analysis.themes.quality import measure_coherence, measure_diversity

    sizes = assigned[assigned.astype(str) != UNASSIGNED].value_counts()
    held = groups[groups["size"] > 0]
    top_terms = [[phrase["phrase"] for phrase in phrases] for phrases in held["keyphrases"]]
    coherence = pd.Series(measure_coherence(top_terms, texts))
    stability = held["stability"].astype(float)
    return {
        "n_groups": len(sizes),
        "smallest": sizes.min() if len(sizes) else math.nan,
        "median_size": sizes.median() if len(sizes) else math.nan,
        "largest": sizes.max() if len(sizes) else math.nan,
        "unassigned": 1 - sizes.sum() / max(1, len(assigned)),
        "coherence": coherence.mean(),
        "diversity": measure_diversity(top_terms),
        "stability": stability.median(),
        "n_doubtful": (stability < DOUBTFUL).sum() if stability.notna().any() else math.nan,
    }


def _agree(alternatives: pd.DataFrame) -> float:
    """Median agreement of every pair of resampled refits over the papers that both drew."""
    from analysis.themes.quality import measure_agreement

    drawn = alternatives[alternatives["run"].str.startswith("resample")]
    fits = [(one["theme"].to_numpy(), one["paper_id"].to_numpy()) for _, one in drawn.groupby("run", sort=True)]
    return float(pd.Series([measure_agreement(*one, *two) for one, two in combinations(fits, 2)], dtype=float).median())


def _count_cells(labelled: pd.DataFrame, column: str, names: dict[str, str]) -> pd.DataFrame:
    """Papers of every theme under every label that share one, the largest cell first."""
    counted = labelled.groupby(["theme", column], sort=True).size().rename("n_papers").reset_index()
    counted = counted.rename(columns={column: "gold"})
    counted.insert(1, "theme_label", [names.get(theme, theme) for theme in counted["theme"]])
    for name, by in (("share_of_theme", "theme"), ("share_of_gold", "gold")):
        counted[name] = (counted["n_papers"] / counted.groupby(by)["n_papers"].transform("sum")).round(6)
    return counted.sort_values(["n_papers", "theme", "gold"], ascending=[False, True, True], ignore_index=True)


def _plain(name: str, value: Any) -> int | float | None:
    if pd.isna(value):
        return None
    return int(value) if name.startswith("n_") or name in ("smallest", "largest") else round(float(value), 6)
