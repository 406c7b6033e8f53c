"""How good groups of papers are: against labels, in their words, and from fit to fit."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.themes.phrases import make_key

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# How a paper without a group is marked: by BERTopic and HDBSCAN, and in the table of papers.
UNASSIGNED = ("-1", "unassigned")
# A class below this share of the papers is too small to be expected as a group of its own.
LARGE = 0.01
_WORD = re.compile(r"[^\W_]+", re.UNICODE)

Term = tuple[str, ...]


@dataclass(frozen=True)
class GoldScores:
    """Agreement of found groups with labels that people gave.

    Attributes
    ----------
    ami : float
        Adjusted mutual information [1]_, at most 1; 0 is what chance gives.
    ari : float
        Adjusted Rand index [2]_, at most 1; 0 is what chance gives.
    v_measure, homogeneity, completeness : float
        In [0, 1] [3]_; not corrected for chance, so many small groups raise homogeneity.
    coverage : float
        Share of the papers that have a group, in [0, 1].
    n_papers : int
    n_found, n_gold : int
        Groups and label classes that hold a paper; unassigned is no group here.
    n_found_large, n_gold_large : int
        Those that hold at least 1 % of the papers.
    found_per_gold : float
        `n_found` divided by `n_gold`.

    References
    ----------
    .. [1] Vinh, Epps, Bailey (2010), JMLR 11, 2837-2854.
    .. [2] Hubert, Arabie (1985), Journal of Classification 2, 193-218.
    .. [3] Rosenberg, Hirschberg (2007), EMNLP-CoNLL, 410-420.
    """

    ami: float
    ari: float
    v_measure: float
    homogeneity: float
    completeness: float
    coverage: float
    n_papers: int
    n_found: int
    n_found_large: int
    n_gold: int
    n_gold_large: int
    found_per_gold: float


def score_against(gold: ArrayLike, found: ArrayLike) -> GoldScores:
    """Compare found groups with labels that people gave.

    Unassigned papers (-1 or ``"unassigned"``) count as one group of their own
    in the five measures of agreement: leaving papers out does not pay.

    Parameters
    ----------
    gold : array of n_papers
        Label of each paper, none missing.
    found : array of n_papers
        Group of each paper, as numbers or as ids.

    Returns
    -------
    GoldScores

    Raises
    ------
    ValueError
        If the lengths differ, or there is no paper.

    Examples
    --------
    >>> scores = score_against(["a", "a", "b", "b"], [0, 0, 1, -1])
    >>> round(scores.ari, 3), scores.coverage, scores.n_found
    (0.571, 0.75, 2)
    """
    from sklearn import metrics

    gold_names, found_names = _name(gold), _name(found)
    if len(gold_names) != len(found_names) or not len(gold_names):
        raise ValueError(f"{len(gold_names)} labels for {len(found_names)} papers; give one each, and at least one")
    n_papers = len(gold_names)
    classes = Counter(gold_names.tolist())
    groups = Counter(name for name in found_names.tolist() if name not in UNASSIGNED)
    homogeneity, completeness, v_measure = metrics.homogeneity_completeness_v_measure(gold_names, found_names)
    return GoldScores(
        ami=float(metrics.adjusted_mutual_info_score(gold_names, found_names)),
        ari=float(metrics.adjusted_rand_score(gold_names, found_names)),
        v_measure=float(v_measure),
        homogeneity=float(homogeneity),
        completeness=float(completeness),
        coverage=groups.total() / n_papers,
        n_papers=n_papers,
        n_found=len(groups),
        n_found_large=_count_large(groups, n_papers),
        n_gold=len(classes),
        n_gold_large=_count_large(classes, n_papers),
        found_per_gold=len(groups) / len(classes),
    )


def measure_coherence(top_terms: Sequence[Sequence[str]], texts: Sequence[str]) -> NDArray[np.float64]:
    """Coherence of each group's top terms: mean normalised pointwise mutual information of their pairs.

    NPMI [1]_ is 1 for two terms that only occur together, 0 for independent
    ones, -1 for two that never meet. Probabilities are shares of the texts of
    this same corpus that hold a term: the window is the whole text (title and
    abstract), counted once however often the term occurs.

    Parameters
    ----------
    top_terms : sequence of n_groups sequences of str
        Words or phrases, of any model. A term stands in a text where its words
        follow each other there; case, punctuation and the plural make no
        difference.
    texts : sequence of n_papers str

    Returns
    -------
    float64 array (n_groups,)
        In [-1, 1]; NaN where fewer than two terms can be paired.

    Notes
    -----
    Left out are repeats of a term, terms that stand in no text (some models
    delete the hyphen of ``vision-language``), and pairs of which one holds the
    other (``robot``, ``robot arm``), which meet by construction. High coherence
    is no proof of a good group: it goes up with rare terms and does not see
    whether the papers fit. Values compare within one corpus only.

    References
    ----------
    .. [1] Bouma (2009), GSCL, 31-40; for topics Lau, Newman, Baldwin (2014), EACL, 530-539.
    """
    split = [list(dict.fromkeys(term for term in map(split_term, terms) if term)) for terms in top_terms]
    holders = _find_holders({term for terms in split for term in terms}, texts)
    return np.array([_average_npmi(terms, holders, len(texts)) for terms in split], dtype=np.float64)


def measure_diversity(top_terms: Sequence[Sequence[str]]) -> float:
    """Share of unique words among the words of all groups' top terms, in (0, 1]; NaN without a word [1]_.

    A word counts once per term in which it stands, so a group whose phrases
    repeat a word is less diverse. Low values say that groups share their words.

    Parameters
    ----------
    top_terms : sequence of n_groups sequences of str

    References
    ----------
    .. [1] Dieng, Ruiz, Blei (2020), TACL 8, 439-453.

    Examples
    --------
    >>> measure_diversity([["robot", "robot arm"], ["star", "galaxies"]])
    0.8
    """
    words = [word for terms in top_terms for term in terms for word in split_term(term)]
    return len(set(words)) / len(words) if words else math.nan


def measure_agreement(
    labels_a: Sequence[Any] | NDArray[Any],
    rows_a: Sequence[Any] | NDArray[Any],
    labels_b: Sequence[Any] | NDArray[Any],
    rows_b: Sequence[Any] | NDArray[Any],
) -> float:
    """Adjusted Rand index of two fits over the papers that both hold.

    Parameters
    ----------
    labels_a, labels_b : sequence
        Group of each paper of a fit; unassigned papers are a group of their own.
    rows_a, rows_b : sequence
        Which papers these are: rows or paper_ids, none twice.

    Returns
    -------
    float
        At most 1; 0 is what chance gives; NaN with fewer than two shared papers.

    Raises
    ------
    ValueError
        If a fit has not one label per paper, or a paper twice.

    Examples
    --------
    >>> measure_agreement([0, 0, 1, 1], [1, 2, 3, 4], ["x", "y", "y"], [2, 3, 4])
    1.0
    """
    from sklearn.metrics import adjusted_rand_score

    fits = []
    for labels, rows in ((labels_a, rows_a), (labels_b, rows_b)):
        fit = dict(zip(rows, _name(labels), strict=True))
        if len(fit) != len(rows):
            raise ValueError("a paper stands twice in one fit")
        fits.append(fit)
    first, second = fits
    shared = [row for row in first if row in second]
    if len(shared) < 2:
        return math.nan
    return float(adjusted_rand_score([first[row] for row in shared], [second[row] for row in shared]))


def split_term(term: str) -> Term:
    """The words of a term or text as all terms and texts are compared: lower case, singular.

    Examples
    --------
    >>> split_term("Vision-Language Models (GPT-4)")
    ('vision', 'language', 'model', 'gpt', '4')
    """
    return tuple(map(_fold, _WORD.findall(term)))


@lru_cache(maxsize=200_000)
def _fold(word: str) -> str:
    return make_key(word.casefold())


def _name(labels: ArrayLike) -> NDArray[np.str_]:
    return np.asarray(labels).astype(str)


def _count_large(sizes: Counter[str], n_papers: int) -> int:
    return sum(size >= LARGE * n_papers for size in sizes.values())


def _find_holders(wanted: set[Term], texts: Sequence[str]) -> dict[Term, set[int]]:
    """Rows of the texts that hold each term."""
    holders: dict[Term, set[int]] = {term: set() for term in wanted}
    lengths = sorted({len(term) for term in wanted})
    first_words = {term[0] for term in wanted}
    for row, text in enumerate(texts):
        words = split_term(text)
        for start, word in enumerate(words):
            if word in first_words:
                for length in lengths:
                    here = holders.get(words[start : start + length])
                    if here is not None:
                        here.add(row)
    return holders


def _average_npmi(terms: Sequence[Term], holders: dict[Term, set[int]], n_texts: int) -> float:
    used = [term for term in terms if holders[term]]
    pairs = [pair for pair in combinations(used, 2) if not (_holds(*pair) or _holds(*pair[::-1]))]
    if not pairs:
        return math.nan
    return float(np.mean([_compute_npmi(holders[one], holders[other], n_texts) for one, other in pairs]))


def _compute_npmi(first: set[int], second: set[int], n_texts: int) -> float:
    n_both = len(first & second)
    if n_both == 0:
        return -1.0
    if n_both == n_texts:
        return 0.0  # Both stand in every text: that tells nothing.
    return math.log(n_both * n_texts / (len(first) * len(second))) / math.log(n_texts / n_both)


def _holds(long: Term, short: Term) -> bool:
    return any(long[start : start + len(short)] == short for start in range(len(long) - len(short) + 1))
