"""A large study is fitted on a sample of its papers; the others are placed by that fit."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.config import Config, FitSection
from analysis.themes.asked import check_examples
from analysis.themes.build import build_themes
from analysis.themes.embedding.choosing import CONTEXTUAL_UP_TO, explain_choice
from analysis.themes.extending import Extended, Known, extend_themes
from analysis.themes.inheriting import Inherit
from analysis.themes.placements import keep_none
from analysis.themes.watching import Watch, watch_nothing

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Bounds the time of a fit; no size below the whole gives the themes of the whole. To measure both:
# python -m tests.benchmarks.themes.placing --corpora DIR --part sample
AUTO = 20_000


def fit_and_place(
    papers: pd.DataFrame,
    config: Config,
    *,
    set_aside: pd.DataFrame | None = None,
    cache: Path | None = None,
    watch: Watch = watch_nothing,
    inherit: Inherit | None = None,
) -> Extended:
    """Find and name the themes of a corpus: of all its papers, or of a sample that then places the others.

    Parameters
    ----------
    papers, config, set_aside, cache, watch, inherit
        As for `analysis.themes.build.build_themes`; ``[fit]`` bounds the papers that are fitted.

    Returns
    -------
    Extended
        Nothing is placed, and `shift` is None, where all papers are fitted.

    Raises
    ------
    InputError
        If an example of a named theme is no paper of the corpus.
    """
    ids = [str(one) for one in papers["paper_id"]]
    check_examples(config.themes.named, ids, set_aside)
    examples = {one for theme in config.themes.named for one in theme.examples}
    rows = choose_sample(ids, config.fit, always=examples, seed=config.seed)
    sample = papers.iloc[rows].reset_index(drop=True)
    chosen = config if len(rows) == len(papers) else _choose_encoder(config, len(papers))
    found = build_themes(sample, chosen, cache=cache, watch=watch, inherit=inherit)
    none = keep_none([one.closeness.shape[1] for one in found.model.asked])
    if len(rows) == len(papers):
        nobody = np.zeros(len(papers), dtype=bool)
        return Extended(found, nobody, nobody, None, none)
    model = replace(found.model, n_drawn_from=len(papers))
    texts = sample[["paper_id", "title", "abstract"]]
    known = Known(
        pd.concat([texts, found.placed.assign(placed=False)], axis=1),
        found.topics,
        found.themes,
        found.theme_scores,
        found.theme_phrases,
        found.alternatives,
        found.vectors,
        (_describe_sample(config, len(rows), len(papers)), *found.rungs),
        none,
    )
    extended = extend_themes(papers, known, model, config, cache=cache, watch=watch)
    took = extended.tables.seconds
    seconds = {**found.seconds, **{f"{name} the rest": took[name] for name in ("embed", "place")}}
    tables = replace(extended.tables, seconds=seconds, labels=found.labels, identity=found.identity, book=found.book)
    return replace(extended, tables=tables)


def _choose_encoder(config: Config, n_papers: int) -> Config:
    # By the papers that are to be embedded, not by those that are fitted.
    if config.embedding.encoder != "auto" or n_papers <= CONTEXTUAL_UP_TO:
        return config
    return config.model_copy(update={"embedding": config.embedding.model_copy(update={"encoder": "static"})})


def _describe_sample(config: Config, n_sampled: int, n_papers: int) -> str:
    # Up to there the fit itself says which encoder it took.
    encoder = explain_choice(config.embedding.encoder, n_papers) if n_papers > CONTEXTUAL_UP_TO else ""
    return f"Fit: a sample of {n_sampled:,} of the {n_papers:,} papers, drawn by their ids{encoder}."


def choose_sample(
    paper_ids: Sequence[str], settings: FitSection, *, always: Collection[str] = (), seed: int
) -> NDArray[np.int64]:
    """Rows of the papers that a study is fitted on.

    Each paper draws a number by its id and the seed, and those with the lowest
    are taken. So the sample depends neither on the order of the papers nor on
    what else there is, but for the one number that bounds it: when the corpus
    grows, a paper leaves the sample only for one that drew a lower number.

    Parameters
    ----------
    paper_ids : sequence of n_papers str
    settings : FitSection
    always : collection of str
        Ids of papers that are taken whatever they draw.
    seed : int

    Returns
    -------
    int64 array (n_sampled,)
        In corpus order; all rows where there are no more papers than are wanted.

    Examples
    --------
    >>> len(choose_sample([str(one) for one in range(50)], FitSection(papers=20), always=["7"], seed=1))
    20
    """
    wanted = AUTO if settings.papers == "auto" else settings.papers
    if len(paper_ids) <= wanted:
        return np.arange(len(paper_ids))
    start = f"{seed}\n".encode()
    digests = b"".join(hashlib.sha256(start + one.encode("utf-8", "replace")).digest()[:8] for one in paper_ids)
    drawn = np.frombuffer(digests, dtype=">u8").astype(np.uint64)
    first = set(always)
    if first:
        drawn[[one in first for one in paper_ids]] = 0
        wanted = max(wanted, len(first & set(paper_ids)))
    return np.sort(np.argsort(drawn, kind="stable")[:wanted])
