"""Whether papers that were placed are of the kind that the model was fitted on, and when to fit anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.themes.model import Model
    from analysis.themes.placing import Placed

N_NEAREST = 5
FARTHEST = 0.01
_UNASSIGNED = "unassigned"
# Measured with three fits of a daily list (figures/benchmarks/placing.md). The months after a fit: areas of .49 to .53,
# 0.7 to 2.2 % of the papers far. A month with 15 papers of other fields among 183 to 381: 5.8 to 9.3 % far.
# A conference of the field: .29 to .30 and 11 to 12 % far; its theory papers: .06 to .07 and half of them far.
_LOWEST_AREA, _MOST_FAR, _ALPHA = 0.35, 0.05, 0.01
# How placing agrees with a fit on all papers was measured up to a third as many papers as were fitted.
_MOST_PLACED = 1 / 3


@dataclass(frozen=True)
class Shift:
    """New papers against the fitted ones.

    Attributes
    ----------
    n_new, n_placed, n_fitted : int
        Papers placed just now, all that were placed, and those of the fit.
    n_drawn_from : int
        Papers that there were when the study was fitted: more than `n_fitted` where it was fitted on a sample.
    nearness, nearness_fitted : float
        Median similarity (cosine) to the five nearest fitted papers, of the new
        papers and of the fitted ones among themselves.
    auc : float
        Chance that a new paper is nearer to its fitted neighbours than a fitted
        one to its own, in [0, 1]: .5 where they are alike.
    p : float
        Two-sided p-value of the Mann-Whitney test [1]_ of an area of .5.
    far : float
        Share of the new papers that lie farther off than 99 in 100 of the fitted ones.
    p_far : float
        One-sided p-value of a binomial test that it is .01.
    unassigned, unassigned_fitted : float
        Share without a theme.
    unknown, unknown_fitted : float or None
        Share of the words that too few other papers of the fit use; None without a space of words.

    References
    ----------
    .. [1] Mann, Whitney (1947), Annals of Mathematical Statistics 18(1), 50-60.
    """

    n_new: int
    n_placed: int
    n_fitted: int
    n_drawn_from: int
    nearness: float
    nearness_fitted: float
    auc: float
    p: float
    far: float
    p_far: float
    unassigned: float
    unassigned_fitted: float
    unknown: float | None
    unknown_fitted: float | None

    @property
    def differs(self) -> bool:
        """Whether the new papers are of another kind than the fitted ones."""
        is_far_off = self.auc < _LOWEST_AREA and self.p < _ALPHA
        return is_far_off or (self.far > _MOST_FAR and self.p_far < _ALPHA)

    @property
    def refit_due(self) -> bool:
        """Whether the study should be fitted anew."""
        return self.differs or self.n_since > _MOST_PLACED * self.n_drawn_from

    @property
    def n_since(self) -> int:
        """Papers that came after the fit: those that it was too small for were there when it was made."""
        return max(0, self.n_placed - (self.n_drawn_from - self.n_fitted))


def measure_nearness(
    meaning: NDArray[np.float32], of_fit: NDArray[np.float32], neighbours: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Mean similarity in meaning of each paper to the first five of its neighbours among the fitted papers.

    Parameters
    ----------
    meaning : float32 array (n_papers, n_dimensions), rows of length 1
    of_fit : float32 array (n_fitted, n_dimensions), rows of length 1
    neighbours : int array (n_papers, k)
        Rows of `of_fit`, the nearest first, the paper itself not among them.

    Returns
    -------
    float32 array (n_papers,)
        Cosine, in [-1, 1]; 0 where a paper has no neighbours.
    """
    total = np.zeros(len(meaning), dtype=np.float32)
    nearest = neighbours[:, :N_NEAREST]
    for column in nearest.T:
        total += np.einsum("ij,ij->i", meaning, of_fit[column])
    return total / np.float32(max(1, nearest.shape[1]))


def find_far(nearness: NDArray[np.float32], of_fit: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which papers lie farther from the fitted ones than 99 in 100 of those from each other."""
    return np.asarray(nearness < np.quantile(of_fit, FARTHEST))


def measure_shift(
    model: Model, placed: Placed, texts: Sequence[str], known: pd.DataFrame, *, n_placed: int | None = None
) -> Shift:
    """Compare new papers with the fitted ones.

    Parameters
    ----------
    model : Model
    placed : Placed
        The new papers, one or more.
    texts : sequence of n_new str
        Of thousands some will do: what is told of words is told of these.
    known : DataFrame
        The papers before: columns ``theme``, ``placed``.
    n_placed : int, optional
        All papers that are placed and not fitted; default the new ones.

    Returns
    -------
    Shift
    """
    from scipy.stats import binomtest, mannwhitneyu

    own = placed.nearness
    test = mannwhitneyu(own.astype(np.float64).round(6), model.nearness.astype(np.float64).round(6))
    far = int(find_far(own, model.nearness).sum())
    fitted = known.loc[~known["placed"].astype(bool), "theme"]
    words = model.lexical
    return Shift(
        n_new=len(own),
        n_placed=len(own) if n_placed is None else n_placed,
        n_fitted=model.n_papers,
        n_drawn_from=model.n_drawn_from,
        nearness=_round(np.median(own)),
        nearness_fitted=_round(np.median(model.nearness)),
        auc=_round(test.statistic / (len(own) * model.n_papers)),
        p=float(f"{test.pvalue:.3g}"),
        far=_round(far / len(own)),
        p_far=float(f"{binomtest(far, len(own), FARTHEST, alternative='greater').pvalue:.3g}"),
        unassigned=_round((placed.theme < 0).mean()),
        unassigned_fitted=_round((fitted == _UNASSIGNED).mean()) if len(fitted) else 0.0,
        unknown=_round(words.find_unknown(texts)) if words else None,
        unknown_fitted=_round(words.unknown) if words else None,
    )


def _count(n_papers: int) -> str:
    return "1 paper is" if n_papers == 1 else f"{n_papers} papers are"


def describe_shift(shift: Shift) -> dict[str, Any]:
    """The numbers of a shift, ``refit_due``, and ``sentences`` on them, for the record of a run."""
    one = shift.n_new == 1
    alike = ("differs from" if one else "differ from") if shift.differs else ("is like" if one else "are like")
    which = "added last" if shift.n_since else "that the fit did not draw"
    sentences = [
        f"The {'paper' if one else f'{shift.n_new} papers'} {which} {alike} the {shift.n_fitted} fitted ones: "
        "similarity to the five nearest "
        f"fitted papers {shift.nearness:.2f} against {shift.nearness_fitted:.2f} (medians), chance of a new paper to "
        f"be the nearer {shift.auc:.2f} (.5: alike; Mann-Whitney p = {shift.p:.2g}), "
        f"{_percent(shift.far)} farther off than 99 in 100 fitted papers.",
        f"Without a theme: {_percent(shift.unassigned)} of them, {_percent(shift.unassigned_fitted)} of the fitted.",
    ]
    if shift.unknown is not None and shift.unknown_fitted is not None:
        sentences.append(
            f"Words that the fit does not know: {_percent(shift.unknown)} of theirs, "
            f"{_percent(shift.unknown_fitted)} expected of papers of the same kind."
        )
    if shift.differs:
        advice = "A new fit is due (--refit): these papers are of another kind, and themes of their own cannot show."
    elif shift.refit_due:
        advice = (
            f"A new fit is due (--refit): {_count(shift.n_since)} placed since, more than a third as many as "
            f"{'there were' if shift.n_drawn_from > shift.n_fitted else 'were fitted'}, and topics that are new with "
            "them cannot show."
        )
    else:
        advice = f"No new fit is due: {_count(shift.n_placed)} placed by a fit of {shift.n_fitted}."
    return {**asdict(shift), "refit_due": shift.refit_due, "sentences": [*sentences, advice]}


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _round(value: float | np.floating) -> float:
    return round(float(value), 4)
