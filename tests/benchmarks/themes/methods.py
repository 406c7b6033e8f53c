"""The methods that are compared: each takes the same texts and vectors and gives groups and top terms."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from analysis.config import Config, EmbeddingSection, parse_config
from analysis.themes import build_themes
from analysis.themes.embedding import embed_texts, encode_cached
from tests.benchmarks.themes.corpora import Labelled

N_TERMS = 10

TopTerms = list[list[str]]


@dataclass(frozen=True)
class Input:
    """What a method is given.

    Attributes
    ----------
    corpus : Labelled
        Only ``kmeans`` (the number of classes) and the ceiling read the labels.
    vectors : float32 array (n_papers, n_dimensions)
        Of the project's encoder, one per paper.
    cache : Path
        Holds these same vectors, for the methods that also encode words and phrases.
    seed : int
    whole : bool
        False for the fits on subsamples, whose terms and stability nobody reads.
    """

    corpus: Labelled
    vectors: np.ndarray
    cache: Path
    seed: int
    whole: bool = True


@dataclass(frozen=True)
class Fit:
    """Groups and their top terms; more than one line for a method that finds two levels.

    Attributes
    ----------
    labels : dict of line name to array (n_papers,) of str
        ``"-1"`` or ``"unassigned"`` where a paper has no group.
    terms : dict of line name to a list of at most ten terms per group
    """

    labels: dict[str, np.ndarray]
    terms: dict[str, TopTerms] = field(default_factory=dict)  # No entry: the method brings none of its own.


def fit_stock(given: Input) -> Fit:
    """BERTopic as its README has it; UMAP gets a seed, else no two runs would agree."""
    from bertopic import BERTopic

    model = BERTopic(umap_model=_umap(given.seed))
    topics, _ = model.fit_transform(given.corpus.texts, embeddings=given.vectors)
    return Fit({"stock": np.array(topics).astype(str)}, {"stock": _bertopic_terms(model)})


def fit_tuned(given: Input) -> Fit:
    """BERTopic as a careful user sets it, after the "best practices" of its documentation."""
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer

    n_papers = len(given.vectors)
    words = CountVectorizer(stop_words="english", min_df=2, ngram_range=(1, 2))
    model = BERTopic(
        umap_model=_umap(given.seed),
        # A topic holds at least 1 % of the papers.
        hdbscan_model=HDBSCAN(min_cluster_size=max(10, n_papers // 100), prediction_data=True),
        vectorizer_model=words,
    )
    topics, _ = model.fit_transform(given.corpus.texts, embeddings=given.vectors)
    if -1 in topics and max(topics) >= 0:
        topics = model.reduce_outliers(given.corpus.texts, topics, strategy="embeddings", embeddings=given.vectors)
        model.update_topics(given.corpus.texts, topics=topics, vectorizer_model=words)
    return Fit({"tuned": np.array(topics).astype(str)}, {"tuned": _bertopic_terms(model)})


def fit_topeax(given: Input) -> Fit:
    """Topeax of Turftopic, its own defaults: density peaks on a t-SNE, so it finds the number of topics itself."""
    from turftopic import Topeax

    # It passes no seed on to its mixture.
    np.random.seed(given.seed)  # noqa: NPY002
    model = Topeax(encoder=_CachedEncoder(given.cache), random_state=given.seed)
    weights = model.fit_transform(given.corpus.texts, embeddings=given.vectors)
    terms = [[str(word) for word, _ in words[:N_TERMS]] for _, words in model.get_topics(N_TERMS)]
    return Fit({"topeax": np.asarray(weights).argmax(axis=1).astype(str)}, {"topeax": terms})


def fit_kmeans(given: Input) -> Fit:
    """KMeans, told the number of classes that hold 1 % of the papers: on the vectors, and joined with the words."""
    from sklearn.cluster import KMeans

    k = min(given.corpus.true_k, len(given.vectors))
    fit = Fit({})
    for line, vectors in (("kmeans", given.vectors), ("kmeans-joined", _join_words(given))):
        fit.labels[line] = KMeans(k, n_init=10, random_state=given.seed).fit_predict(vectors).astype(str)
    return fit


def fit_ours(given: Input) -> Fit:
    """Themeline with no setting changed: its column `theme`, and its finer column `topic`."""
    config = Config(seed=given.seed)
    if not given.whole:
        # Refits measure stability and change no label.
        config = parse_config({"seed": given.seed, "themes": {"n_alternatives": 0}})
    found = build_themes(given.corpus.papers, config, cache=given.cache)
    themes = found.themes[found.themes["kind"] != "unassigned"]
    return Fit(
        {"ours": found.placed["theme"].to_numpy(), "ours-topic": found.placed["topic"].astype(str).to_numpy()},
        {
            name: [[phrase["phrase"] for phrase in phrases][:N_TERMS] for phrases in table["keyphrases"]]
            for name, table in (("ours", themes), ("ours-topic", found.topics))
        },
    )


def fit_ceiling(given: Input) -> Fit:
    """What the vectors allow: classes predicted in five folds by logistic regression that was trained on the labels.

    With scikit-learn's defaults: on the vectors joined with the words, which
    our own method sees, and on the vectors alone.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import KFold, cross_val_predict

    rows, gold = given.corpus.labelled, given.corpus.gold
    fit = Fit({})
    for line, vectors in (("ceiling", _join_words(given)), ("ceiling-vectors", given.vectors)):
        folds = KFold(5, shuffle=True, random_state=given.seed)
        predicted = cross_val_predict(LogisticRegression(max_iter=2_000), vectors[rows], gold, cv=folds)
        labels = np.full(len(vectors), "unassigned", dtype=object)
        labels[rows] = predicted
        fit.labels[line] = labels
    return fit


def _join_words(given: Input) -> np.ndarray:
    """The vectors joined with TF-IDF + SVD, as the project joins them by default."""
    return embed_texts(given.corpus.texts, EmbeddingSection(), seed=given.seed, cache=given.cache).joined


METHODS: dict[str, Callable[[Input], Fit]] = {
    "ours": fit_ours,
    "stock": fit_stock,
    "tuned": fit_tuned,
    "topeax": fit_topeax,
    "kmeans": fit_kmeans,
    "ceiling": fit_ceiling,
}


def _umap(seed: int) -> object:
    """BERTopic's own settings, with a seed."""
    from umap import UMAP

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed)


def _bertopic_terms(model: object) -> TopTerms:
    topics = model.get_topics()  # type: ignore[attr-defined]
    return [[word for word, _ in words[:N_TERMS] if word] for topic, words in sorted(topics.items()) if topic >= 0]


class _CachedEncoder:
    """The project's encoder in the shape that Turftopic asks for."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def encode(self, sentences: Sequence[str], **_: object) -> np.ndarray:
        from analysis.themes.embedding import find_encoder

        return encode_cached(list(sentences), find_encoder(EmbeddingSection().encoder), cache=self.cache)[0]
