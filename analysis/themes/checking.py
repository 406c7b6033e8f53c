"""Whether a label finds its papers, and whether a keyphrase that does not belong stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.grammar import make_key
from analysis.themes.keyphrases import Encode, Keyphrases
from analysis.themes.naming import Named
from analysis.themes.phrases import PhraseBook, list_keys, overlap

if TYPE_CHECKING:
    from numpy.typing import NDArray

_N_SHOWN = 5
_N_DRAWS = 20
_N_LIKE = 30


@dataclass(frozen=True)
class Checks:
    """How good the names of all classes are.

    Attributes
    ----------
    faithfulness, intrusion : float64 array (n_classes,)
        In [0, 1]; NaN where a class cannot be checked.
    """

    faithfulness: NDArray[np.float64]
    intrusion: NDArray[np.float64]


def check_names(
    names: Named,
    classes: NDArray[np.int64],
    book: PhraseBook,
    vectors: NDArray[np.float32],
    encode: Encode,
    *,
    seed: int,
) -> Checks:
    """Check the labels and keyphrases of all classes against the papers."""
    return Checks(
        measure_faithfulness(names.labels, classes, book, vectors, encode),
        measure_intrusion(names.keyphrases, book, seed=seed),
    )


def measure_faithfulness(
    labels: Sequence[str],
    classes: NDArray[np.int64],
    book: PhraseBook,
    vectors: NDArray[np.float32],
    encode: Encode,
) -> NDArray[np.float64]:
    """How well each label alone finds the papers of its class.

    A search for the label ranks all papers: by the cosine of meanings plus
    the share of the label's words that the paper uses, both standardised. The
    result is the area under the ROC curve: the probability that a paper of
    the class comes before one of another class [1]_.

    Parameters
    ----------
    labels : sequence of n_classes str
    classes : int array (n_papers,)
        Class of each paper; -1 is no class.
    book : PhraseBook
    vectors : float32 array (n_papers, n_dimensions)
    encode : callable
        Texts to vectors of the same space.

    Returns
    -------
    float64 array (n_classes,)
        In [0, 1]; .5 is what a label that says nothing gets, 1 is perfect. NaN
        where a class is empty or holds every paper.

    Notes
    -----
    Low values do not say that a theme is bad: a broad one may hold papers that
    no two phrases name.

    References
    ----------
    .. [1] Hanley, McNeil (1982), Radiology 143(1), 29-36.
    """
    from scipy.stats import rankdata

    found = np.full(len(labels), np.nan)
    if not labels:
        return found
    meanings = encode(list(labels))
    for one, label in enumerate(labels):
        inside = classes == one
        n_inside, n_outside = int(inside.sum()), int((~inside).sum())
        if not n_inside or not n_outside:
            continue
        score = _standardise(vectors @ meanings[one]) + _standardise(_match_words(label, book))
        # Rounded: equal scores stay equal whatever the last bits do.
        ranks = rankdata(score.round(6))
        found[one] = (ranks[inside].sum() - n_inside * (n_inside + 1) / 2) / (n_inside * n_outside)
    return found


def measure_intrusion(described: Sequence[Keyphrases], book: PhraseBook, *, seed: int) -> NDArray[np.float64]:
    """How often a keyphrase of another class is told from the first five of a class.

    The word-intrusion test of Chang et al. [1]_, with the corpus in the place of
    the human judge as Lau et al. do [2]_: of six phrases the one that occurs
    least with the others (mean NPMI over whole papers) is called the intruder.
    Intruders are keyphrases of other classes that about as many papers use.

    Parameters
    ----------
    described : sequence of n_classes lists of {"phrase", "weight"}
    book : PhraseBook
    seed : int

    Returns
    -------
    float64 array (n_classes,)
        Share of up to 20 intruders that were found, in [0, 1]; guessing finds
        a sixth. NaN where a class has fewer than three keyphrases, or there is
        nobody to intrude.

    Notes
    -----
    The corpus that gave the keyphrases is also the judge: values are higher
    than those of another corpus or of readers.

    References
    ----------
    .. [1] Chang et al. (2009), Advances in Neural Information Processing Systems 22.
    .. [2] Lau, Newman, Baldwin (2014), Proceedings of EACL, 530-539.
    """
    found_columns = [[book.find_column(book.find_key(one["phrase"])) for one in keyphrases] for keyphrases in described]
    columns = [[column for column in some if column is not None] for some in found_columns]
    everyone = np.unique([column for some in columns for column in some]).astype(np.int64)
    uses = (book.counts[:, everyone] > 0).astype(np.int64)
    together = (uses.T @ uses).tocsr()
    n_users = together.diagonal()
    found = np.full(len(described), np.nan)
    for one, some in enumerate(columns):
        own = np.searchsorted(everyone, some)
        shown = own[:_N_SHOWN]
        if len(shown) < 3:
            continue
        draw = np.random.default_rng([seed, one])
        pool = _find_like(everyone, own, shown, n_users, book)
        if len(pool):
            drawn = draw.permutation(pool)[:_N_DRAWS]
            met = np.asarray(together[shown].todense())
            found[one] = np.mean(
                [_stands_out(met[:, np.r_[shown, other]], int(n_users[other]), book.counts.shape[0]) for other in drawn]
            )
    return found


def _find_like(
    everyone: NDArray[np.int64],
    own: NDArray[np.int64],
    shown: NDArray[np.int64],
    n_users: NDArray[np.int64],
    book: PhraseBook,
) -> NDArray[np.int64]:
    """Keyphrases of other classes that share no word with those shown, the nearest in number of papers."""
    others = np.setdiff1d(np.arange(len(everyone)), own)
    gap = np.abs(np.log(n_users[others]) - np.median(np.log(n_users[shown])))
    near = others[np.lexsort((others, gap.round(9)))]
    keys = [book.expand(str(book.keys[everyone[place]])) for place in shown]
    kept: list[int] = []
    for place in near:
        if all(overlap(book.expand(str(book.keys[everyone[place]])), key) < 0.5 for key in keys):
            kept.append(int(place))
        if len(kept) == _N_LIKE:
            break
    return np.array(kept, dtype=np.int64)


def _stands_out(met: NDArray[np.int64], n_users: int, n_papers: int) -> bool:
    """Whether the last of the phrases is the one that occurs least with the others.

    `met` counts the papers that use each of the others with each of all,
    `n_users` those that use the last.
    """
    both = np.vstack([met, [*met[:, -1], n_users]]).astype(np.float64)
    alone = np.diag(both)
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(both * n_papers / np.outer(alone, alone)) / -np.log(both / n_papers)
    npmi = np.where(both == 0, -1.0, np.where(both == n_papers, 1.0, npmi))
    np.fill_diagonal(npmi, 0)
    mean = (npmi.sum(axis=1) / (len(both) - 1)).round(9)
    return bool(mean[-1] < mean[:-1].min())


def _match_words(label: str, book: PhraseBook) -> NDArray[np.float64]:
    """Share of the words of the label that each paper uses."""
    words = {key for key in list_keys(book.expand(label.lower())) if " " not in key} | {make_key(label)}
    columns = sorted(column for column in map(book.find_column, words) if column is not None)
    if not columns:
        return np.zeros(book.counts.shape[0])
    return np.asarray(book.uses[:, columns].mean(axis=1)).ravel()


def _standardise(values: NDArray[np.floating]) -> NDArray[np.float64]:
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread if spread > 1e-9 else values * 0, dtype=np.float64)
