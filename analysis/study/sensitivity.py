"""What themes and verdicts owe to settings: the papers of a study under other seeds, vectors and resolutions."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.config import Config, InputError, parse_config
from analysis.study.computing import limit_algebra

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.study import Study

# Settings by section, as in study.toml.
Settings = Mapping[str, Any]

AS_IT_IS = "as it is"
_MAY_VARY = ("seed", "embedding", "neighbours", "clustering")
_SEEDS, _WEIGHTS, _RESOLUTIONS = 3, (0.25, 1.0), (0.5, 0.7, 1.0, 1.3, 2.0)
_UNASSIGNED = "unassigned"


@dataclass(frozen=True)
class Sensitivity:
    """A study under other settings, beside what it found.

    Attributes
    ----------
    variations : DataFrame of n_variations rows, index ``variation``
        ``n_topics``, ``n_themes`` (that hold papers), ``n_lost`` (themes of the
        study without a counterpart), ``unassigned`` (share of the papers),
        ``ari`` (adjusted Rand index [1]_ of its themes and the study's),
        ``jaccard`` (median of the column in `themes`), ``kept`` (share of the
        papers that keep their theme), ``verdicts_kept`` (share of the trend
        verdicts that stay, of the themes that are left; null where no trend was
        tested).
    themes : DataFrame of n_variations * n_themes rows
        ``variation``, ``theme``, ``label``, ``size`` (in the study),
        ``jaccard`` (overlap with the theme of the same id in the variation, in
        [0, 1]; 0 for one that is lost there), ``verdict`` (of the study; null
        where none was tested), ``verdict_kept`` (whether the variation gives it
        again; null for a theme that is lost there).
    papers : DataFrame of n_variations * n_papers rows
        ``paper_id``, ``run`` (the variation), ``theme`` (by its id in the
        study): as ``results/alternatives``, so `analysis.trends.trend_verdicts`
        takes it as such.

    Notes
    -----
    Agreement says what a choice moves, not which choice is right.

    References
    ----------
    .. [1] Hubert, Arabie (1985), Journal of Classification 2, 193-218.
    """

    variations: pd.DataFrame
    themes: pd.DataFrame
    papers: pd.DataFrame


def list_variations(config: Config) -> dict[str, Settings]:
    """The variations that `vary_study` tries unless it is told others, by name.

    Parameters
    ----------
    config : Config
        Those of the study: only what differs from them comes into question.

    Returns
    -------
    dict of str to settings
        The study as it is, which must give its own themes again; three other
        seeds; the encoder alone and with the words at other weights; five
        resolutions, from broad themes to narrow ones (none with ``hdbscan``,
        which has no resolution).
    """
    varied: dict[str, Settings] = {AS_IT_IS: {}}
    varied |= {f"seed {config.seed + i}": {"seed": config.seed + i} for i in range(1, _SEEDS + 1)}
    if config.embedding.lexical != "off":
        varied["encoder alone"] = {"embedding": {"lexical": "off"}}
    for weight in _WEIGHTS:
        if config.embedding.lexical == "off" or weight != config.embedding.lexical_weight:
            varied[f"words at weight {weight:g}"] = {"embedding": {"lexical": "on", "lexical_weight": weight}}
    if config.clustering.method == "leiden":
        varied |= {f"resolution {value:g}": {"clustering": {"resolution": value}} for value in _RESOLUTIONS}
    return varied


def vary_study(study: Study, variations: Mapping[str, Settings] | None = None) -> Sensitivity:
    """Find the themes of a study again under other settings, in memory, and compare.

    Parameters
    ----------
    study : Study
        With results; neither its tables nor its files change (vectors of new
        texts are added to its cache).
    variations : dict of str to settings, optional
        Name to what changes, by section of ``study.toml``: ``seed``,
        ``embedding``, ``neighbours`` and ``clustering``, such as
        ``{"finer": {"clustering": {"resolution": 2.0}}}``; default those of
        `list_variations`.

    Returns
    -------
    Sensitivity

    Raises
    ------
    InputError
        If a variation changes something else, or a setting is not allowed.

    Notes
    -----
    A named theme keeps its id. A discovered one bears the id of the study's
    theme that it pairs off with by overlap; one without a partner bears that of
    the theme which it shares most papers with, so in `papers` two may be one
    (and ``other-...`` where it shares none).
    ``ari`` and ``n_themes`` are of the themes as they were found.
    """
    config = parse_config(study.run["config"], where="run.json")
    asked = {name: _change(config, name, changes) for name, changes in (variations or list_variations(config)).items()}
    own = study.papers["theme"].to_numpy(dtype=object)
    named = [str(theme) for theme in study.theme_scores.columns if theme != "paper_id"]
    summaries, themes, papers = [], [], []
    for name, settings in asked.items():
        with limit_algebra(), warnings.catch_warnings():
            # In a notebook tqdm, which comes with UMAP, says on import that it has no widget to draw bars with.
            warnings.filterwarnings("ignore", message="IProgress not found")
            found, n_topics = _find_themes(study.papers, settings, study.place.data / "cache")
        placed = pd.DataFrame({"paper_id": study.papers["paper_id"], "run": name, "theme": _rename(found, own, named)})
        compared = _compare_themes(study, placed, config)
        summaries.append(_summarise(found, own, placed, compared) | {"variation": name, "n_topics": n_topics})
        themes.append(compared.assign(variation=name))
        papers.append(placed)
    order = ["n_topics", "n_themes", "n_lost", _UNASSIGNED, "ari", "jaccard", "kept", "verdicts_kept"]
    return Sensitivity(
        variations=pd.DataFrame(summaries).set_index("variation")[order],
        themes=pd.concat([part[["variation", *part.columns[:-1]]] for part in themes], ignore_index=True),
        papers=pd.concat(papers, ignore_index=True),
    )


def _change(config: Config, name: str, changes: Settings) -> Config:
    """The settings with some changed, checked as a study.toml is."""
    other = [section for section in changes if section not in _MAY_VARY]
    if other:
        raise InputError(
            f"variation {name!r}: {', '.join(other)} cannot vary here. Change {', '.join(_MAY_VARY[:-1])} or "
            f"{_MAY_VARY[-1]}; for anything else run another study."
        )
    settings = config.model_dump(mode="json")
    for section, change in changes.items():
        settings[section] = settings[section] | change if isinstance(change, Mapping) else change
    return parse_config(settings, where=f"variation {name!r}")


def _find_themes(papers: pd.DataFrame, config: Config, cache: Path) -> tuple[np.ndarray[Any, Any], int]:
    """Theme of every paper as the steps give it (named ones first, -1 none), and the number of topics."""
    from analysis.themes import join_text
    from analysis.themes.asked import prepare_named
    from analysis.themes.assigning import assign_themes
    from analysis.themes.clustering import cluster
    from analysis.themes.embedding import embed_texts, encode_cached, find_encoder
    from analysis.themes.named import score_named
    from analysis.themes.neighbours import build_graph

    texts = [join_text(*pair) for pair in zip(papers["title"], papers["abstract"], strict=True)]
    encoder = find_encoder(config.embedding.encoder, len(papers))
    embedding = embed_texts(texts, config.embedding, seed=config.seed, cache=cache, encoder=encoder)
    graph = build_graph(embedding.joined, n_neighbours=config.neighbours.n_neighbours, seed=config.seed)
    clustering = cluster(graph, embedding.joined, config.clustering, seed=config.seed)
    asked = prepare_named(
        config.themes.named,
        list(papers["paper_id"]),
        texts,
        embedding.meaning,
        lambda phrases: encode_cached(phrases, encoder, cache=cache, kept="phrases")[0],
    )
    named = score_named(asked, embedding.meaning, embedding.joined, graph)
    return assign_themes(named, clustering, graph).theme, int(clustering.topic.max()) + 1


def _rename(found: np.ndarray[Any, Any], own: np.ndarray[Any, Any], named: list[str]) -> np.ndarray[Any, Any]:
    """Give found themes the ids of the study's: named ones keep theirs, the others pair off by overlap."""
    from scipy.optimize import linear_sum_assignment

    ids: dict[int, str] = dict(enumerate(named)) | {-1: _UNASSIGNED}
    rest = [int(theme) for theme in np.unique(found) if theme not in ids]
    everyone = [theme for theme in sorted(set(own.tolist())) if theme != _UNASSIGNED]
    free = [theme for theme in everyone if theme not in named]
    overlaps = np.array([[_overlap(found == one, own == other) for other in everyone] for one in rest])
    overlaps = overlaps.reshape(len(rest), len(everyone))
    for one, row in zip(rest, overlaps, strict=True):
        ids[one] = everyone[int(row.argmax())] if row.any() else f"other-{one}"
    columns = [everyone.index(theme) for theme in free]
    for row, column in zip(*linear_sum_assignment(-overlaps[:, columns]), strict=True):
        if overlaps[row, columns[column]] > 0:
            ids[rest[row]] = free[column]
    return np.array([ids[theme] for theme in found.tolist()], dtype=object)


def _compare_themes(study: Study, placed: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Overlap and verdict of each of the study's themes in one variation."""
    from analysis.trends import trend_verdicts

    themes = study.themes.loc[study.themes["kind"] != _UNASSIGNED, ["theme", "label", "size"]].reset_index(drop=True)
    own, found = study.papers["theme"].to_numpy(), placed["theme"].to_numpy()
    themes["jaccard"] = [_overlap(own == theme, found == theme) for theme in themes["theme"]]
    themes["verdict"] = themes["theme"].map(study.trends.set_index("theme")["verdict"])
    again = trend_verdicts(
        study.shares,
        alpha=config.trends.alpha,
        margin=config.trends.margin,
        min_effect=config.trends.min_effect,
        alternatives=placed,
        papers=study.papers,
    )
    # Of one run, so 0 or 1. A theme that is gone has no verdict to keep: none of its papers is left to be unclear.
    kept = themes["theme"].map(again.set_index("theme")["survives"] == 1).astype("boolean")
    themes["verdict_kept"] = kept.mask(~themes["theme"].isin(found))
    return themes


def _summarise(
    found: np.ndarray[Any, Any], own: np.ndarray[Any, Any], placed: pd.DataFrame, compared: pd.DataFrame
) -> dict[str, Any]:
    from sklearn.metrics import adjusted_rand_score

    kept = compared["verdict_kept"].dropna()
    return {
        "n_themes": len(set(found.tolist()) - {-1}),
        _UNASSIGNED: float((found == -1).mean()),
        "ari": float(adjusted_rand_score(own.astype(str), found)),
        "n_lost": int((~compared.loc[compared["size"] > 0, "theme"].isin(placed["theme"])).sum()),
        "jaccard": float(compared["jaccard"].median()),
        "kept": float((placed["theme"].to_numpy() == own).mean()),
        "verdicts_kept": float(kept.mean()) if len(kept) else np.nan,
    }


def _overlap(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    from analysis.themes.stability import jaccard

    return jaccard(one, other)
