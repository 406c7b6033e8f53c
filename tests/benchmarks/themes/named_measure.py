"""Named themes on the labelled corpora: what is asked, and how well the answers agree with the authors."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from analysis.config import EmbeddingSection, NamedTheme, read_config
from analysis.corpus import read_corpus
from analysis.themes import join_text
from analysis.themes.asked import Asked, prepare_named
from analysis.themes.embedding import embed_texts, encode_cached, find_encoder
from analysis.themes.named import BORDER, Calibration, collect_signals, score_named
from analysis.themes.neighbours import NeighbourGraph, build_graph

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
# Keywords that so many papers bear are the rare themes.
N_RARE = 5
_SHARE_OF_ABSENT = 0.25


@dataclass(frozen=True)
class Request:
    """One named theme and the papers that should be in it.

    Attributes
    ----------
    kind : str
        ``held out``, ``area``, ``absent``, ``rare``.
    way : str
        ``phrases``, ``name alone``, ``study.toml``, ``5 examples``, ``phrases, 5 examples``.
    theme : NamedTheme
    primary, any_label : bool array (n_papers,)
        By the one label of the benchmark, and by any label of the paper; alike where there is one label only.
    """

    kind: str
    way: str
    theme: NamedTheme
    primary: np.ndarray
    any_label: np.ndarray


@dataclass(frozen=True)
class Fitted:
    """A corpus under one seed, ready to be scored."""

    name: str
    seed: int
    papers: pd.DataFrame
    meaning: np.ndarray
    joined: np.ndarray
    graph: NeighbourGraph


def read_papers(path: Path, *, most: int | None = None, fewest: int = 0, gold: str = "") -> pd.DataFrame:
    """Papers of a corpus; with `most`, as many at most of each class that has `fewest`."""
    papers = read_corpus(path).papers
    if most is None:
        return papers
    draw = np.random.default_rng(20_250_601)
    groups = papers.groupby(f"label_{gold}").indices
    rows = [
        draw.choice(some, most, replace=False) if len(some) > most else some
        for _, some in sorted(groups.items())
        if len(some) >= fewest
    ]
    return papers.iloc[np.sort(np.concatenate(rows))].reset_index(drop=True)


def fit_corpus(name: str, papers: pd.DataFrame, cache: Path, seed: int) -> Fitted:
    """Vectors and graph, as a run with this seed makes them."""
    texts = join_texts(papers)
    embedding = embed_texts(texts, EmbeddingSection(), seed=seed, cache=cache, encoder=find_encoder("minilm"))
    return Fitted(name, seed, papers, embedding.meaning, embedding.joined, build_graph(embedding.joined, seed=seed))


def join_texts(papers: pd.DataFrame) -> list[str]:
    """The texts that a run embeds."""
    return [join_text(title, abstract) for title, abstract in zip(papers["title"], papers["abstract"], strict=True)]


def list_requests(corpus: str, papers: pd.DataFrame) -> list[Request]:
    """Everything that is asked of one corpus."""
    found = list(_list_areas(corpus, papers, "named.toml", "held out"))
    # Of a draw from a corpus (its name goes on) only the held-out themes: no area counts twice.
    found += _list_areas(corpus, papers, "named_areas.toml", "area") if "," not in corpus else ()
    found += list_absent(papers)
    if "label_keywords" in papers:
        found += _list_rare(papers)
    return found


def list_absent(papers: pd.DataFrame) -> list[Request]:
    """Themes that no paper is about."""
    absent = tomllib.loads((HERE / "named_absent.toml").read_text(encoding="utf-8"))
    none = np.zeros(len(papers), dtype=bool)
    return [
        Request("absent", way, NamedTheme(name="; ".join(phrases), phrases=tuple(phrases)), none, none)
        for way in ("calibrate", "check")
        for phrases in absent[way]
    ]


def _list_areas(corpus: str, papers: pd.DataFrame, file: str, kind: str) -> Iterator[Request]:
    study = {theme.name: theme for theme in read_config(ROOT / "study.toml").themes.named}
    for area in tomllib.loads((HERE / file).read_text(encoding="utf-8"))["named"]:
        column = f"label_{area['gold']}"
        if area["corpus"] != corpus.partition(",")[0] or column not in papers:
            continue
        primary = papers[column].isin(area["classes"]).to_numpy()
        anywhere = primary
        if "label_arxiv_categories" in papers:
            wanted = set(area["classes"])
            anywhere = np.array([bool(wanted & set(str(one).split("; "))) for one in papers["label_arxiv_categories"]])
        phrased = NamedTheme(name=area["name"], phrases=tuple(area["phrases"]))
        drawn = np.random.default_rng([5, len(papers)]).choice(np.flatnonzero(primary), 5, replace=False)
        examples = tuple(papers["paper_id"].iloc[np.sort(drawn)])
        # An example is given away: it must not count as found.
        rest = ~papers["paper_id"].isin(examples).to_numpy()
        ways = {
            "phrases": phrased,
            "name alone": NamedTheme(name=area["name"], phrases=(area["name"],)),
            "5 examples": NamedTheme(name=area["name"], examples=examples),
            "phrases, 5 examples": phrased.model_copy(update={"examples": examples}),
        }
        if kind == "held out" and area["name"] in study:
            ways["study.toml"] = study[area["name"]]
        for way, theme in ways.items():
            kept = rest if theme.examples else np.ones_like(rest)
            yield Request(kind, way, theme, primary & kept, anywhere & kept)


def _list_rare(papers: pd.DataFrame) -> Iterator[Request]:
    borne = [{word.strip().lower() for word in str(words).split(";")} for words in papers["label_keywords"]]
    counts = pd.Series([word for words in borne for word in words if len(word) > 3]).value_counts()
    for keyword in sorted(counts.index[counts == N_RARE]):
        gold = np.array([keyword in words for words in borne])
        yield Request("rare", "phrases", NamedTheme(name=keyword[:80], phrases=(keyword,)), gold, gold)


def prepare(requests: Sequence[Request], fitted: Fitted, cache: Path) -> Asked:
    """The requests as one set of named themes."""
    encoder = find_encoder("minilm")

    def encode(phrases: list[str]) -> np.ndarray:
        return encode_cached(phrases, encoder, cache=cache)[0]

    # Requests share names, which a study could not; nothing here goes by them.
    themes = [request.theme for request in requests]
    return prepare_named(themes, list(fitted.papers["paper_id"]), join_texts(fitted.papers), fitted.meaning, encode)


def measure(requests: Sequence[Request], asked: Asked, fitted: Fitted) -> tuple[pd.DataFrame, np.ndarray]:
    """Agreement of each request's fit with its labels, one row each, and the fits, (n_papers, n_requests)."""
    fit = score_named(asked, fitted.meaning, fitted.joined, fitted.graph).fit
    rows = []
    for request, own in zip(requests, fit.T, strict=True):
        inside, both = own > BORDER, request.any_label
        row = {"corpus": fitted.name, "seed": fitted.seed, "kind": request.kind, "way": request.way}
        row |= {"theme": request.theme.name, "n_labelled": int(request.primary.sum()), "n_members": int(inside.sum())}
        row |= {"highest": float(own.max()), "precision": float(both[inside].mean()) if inside.any() else np.nan}
        if request.primary.any():
            free = np.ones(len(own), dtype=bool)
            free[np.isin(fitted.papers["paper_id"], request.theme.examples)] = False
            row["auc"] = roc_auc_score(request.primary[free], own[free])
            row["ap"] = average_precision_score(request.primary[free], own[free])
            row["auc_any"] = roc_auc_score(both[free], own[free])
            row["recall"] = float(inside[both].mean())
        rows.append(row)
    return pd.DataFrame(rows), fit


def calibrate(parts: Sequence[tuple[Sequence[Request], Asked, Fitted]], way: str = "phrases") -> Calibration:
    """Fit the map from signals to the chance of the label on the areas and, for phrases, the absent themes."""
    columns, labels, weights = [], [], []
    for requests, asked, fitted in parts:
        for place, request in enumerate(requests):
            absent = (request.kind, request.way) == ("absent", "calibrate") and way == "phrases"
            if not absent and (request.kind, request.way) != ("area", way):
                continue
            signals = collect_signals(asked, place, fitted.meaning, fitted.joined, fitted.graph)
            columns.append(signals.tabulate())
            labels.append(request.any_label)
            weight = 1.0 if request.kind == "area" else _SHARE_OF_ABSENT
            weights.append(np.full(len(signals.near), weight / len(signals.near)))
    x, y, weight = np.vstack(columns), np.concatenate(labels), np.concatenate(weights)
    model = LogisticRegression(C=1e4, max_iter=1000).fit(x, y, sample_weight=weight * 1e4)
    return Calibration(round(float(model.intercept_[0]), 2), tuple(round(float(one), 2) for one in model.coef_[0]))


def tabulate_reliability(requests: Sequence[Request], fit: np.ndarray, kind: str, *, n_bins: int = 10) -> pd.DataFrame:
    """Share of papers that bear the label, by score: each theme weighs the same, however many papers it has."""
    edges = np.linspace(0, 1, n_bins + 1)
    parts = []
    for request, own in zip(requests, fit.T, strict=True):
        if (request.kind, request.way) != (kind, "phrases"):
            continue
        bins = np.clip(np.digitize(own, edges) - 1, 0, n_bins - 1)
        parts.append(pd.DataFrame({"bin": bins, "score": own, "labelled": request.any_label, "weight": 1 / len(own)}))
    if not parts:
        return pd.DataFrame(columns=["low", "high", "score", "labelled", "n_pairs"])
    pairs = pd.concat(parts)
    rows = [
        {
            "low": edges[place],
            "high": edges[place + 1],
            "score": np.average(some["score"], weights=some["weight"]),
            "labelled": np.average(some["labelled"], weights=some["weight"]),
            "n_pairs": len(some),
            "weight": some["weight"].sum(),
        }
        for place, some in pairs.groupby("bin")
    ]
    return pd.DataFrame(rows)
