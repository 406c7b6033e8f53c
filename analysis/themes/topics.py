"""BERTopic in manual mode: its class-based TF-IDF [1]_ for clusters that are already made.

Only this module imports it.

References
----------
.. [1] Grootendorst (2022), arXiv:2203.05794.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.phrases import list_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bertopic import BERTopic
    from numpy.typing import NDArray


def find_representatives(members: NDArray[np.bool_], vectors: NDArray[np.float32], n_papers: int) -> NDArray[np.int64]:
    """Rows of the most central papers of a class, the most central first."""
    rows = np.flatnonzero(members)
    if len(rows) == 0:
        return rows
    closeness = np.round(vectors[rows] @ vectors[rows].mean(axis=0), 6)
    return rows[np.argsort(-closeness, kind="stable")][:n_papers]


def fit_bertopic(
    texts: Sequence[str],
    topics: NDArray[np.int64],
    vectors: NDArray[np.float32],
    *,
    labels: dict[int, str] | None = None,
) -> BERTopic:
    """Fit a BERTopic model on given topics, for users who want to go on with it.

    Parameters
    ----------
    texts : sequence of n_papers str
    topics : int array (n_papers,)
        0 the largest. BERTopic numbers topics by size too, but may order those
        of one size in another way; `labels` goes by ours.
    vectors : float32 array (n_papers, n_dimensions)
    labels : dict of int to str, optional
        Set as the model's custom labels.

    Returns
    -------
    bertopic.BERTopic
        Fitted, with c-TF-IDF over our phrases, topic embeddings and representative documents.
    """
    with _quiet():
        from bertopic import BERTopic
        from bertopic.cluster import BaseCluster
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.vectorizers import ClassTfidfTransformer
        from sklearn.feature_extraction.text import CountVectorizer

        model = BERTopic(
            language=None,  # "english" would delete hyphens and digits from the texts
            embedding_model=None,
            umap_model=BaseDimensionalityReduction(),
            hdbscan_model=BaseCluster(),
            vectorizer_model=CountVectorizer(analyzer=list_keys),
            ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True, bm25_weighting=True),
        )
        found, _ = model.fit_transform(list(texts), embeddings=np.asarray(vectors), y=[int(one) for one in topics])
        # BERTopic numbers topics by size; where sizes tie its order may differ from ours.
        ours = {int(theirs): int(mine) for theirs, mine in zip(found, topics, strict=True)}
        if labels and any(theirs != mine for theirs, mine in ours.items()):
            labels = {theirs: labels[mine] for theirs, mine in ours.items() if mine in labels}
        if labels:
            model.set_topic_labels(labels)
    return model


@contextmanager
def _quiet() -> Iterator[None]:
    """Import BERTopic without letting it silence warnings for everyone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
