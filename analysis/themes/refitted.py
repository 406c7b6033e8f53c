"""The refits of a fit, in which papers that come later find their themes too."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.themes.stability import DRAWN

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Refitted:
    """Themes of the fitted papers in every refit.

    Attributes
    ----------
    runs : tuple of n_runs str
    borne : int16 array (n_runs, n_fitted)
        By the order of the themes, `n_themes` for unassigned; -1 where the run did not draw the paper.
    main : int16 array (n_fitted,)
        In the fit itself; -1 where unknown.
    n_themes : int
    """

    runs: tuple[str, ...]
    borne: NDArray[np.int16]
    main: NDArray[np.int16]
    n_themes: int

    def vote(self, weights: sp.csr_matrix, given: NDArray[np.int64]) -> NDArray[np.int16]:
        """Themes of new papers in every refit.

        Where a paper's neighbours bear, in a refit, another theme than in the
        main run, the paper does too; elsewhere its theme is the one it was given.

        Parameters
        ----------
        weights : CSR matrix (n_new, n_fitted)
        given : int64 array (n_new,)
            Their themes; -1 is unassigned.

        Returns
        -------
        int16 array (n_new, n_runs)
            As `borne`; whether a run draws a paper is another matter, see `draw_papers`.
        """
        n_new, width = weights.shape[0], self.n_themes + 1
        own = np.where(given < 0, self.n_themes, given)
        row = np.repeat(np.arange(n_new) * width, np.diff(weights.indptr))
        main, weight = self.main[weights.indices], weights.data.astype(np.float64)
        known = main >= 0
        found = np.zeros((n_new, len(self.runs)), dtype=np.int16)
        for run, borne in enumerate(self.borne):
            theirs = borne[weights.indices]
            drawn = theirs >= 0
            here = _find_largest(row[drawn] + theirs[drawn], weight[drawn], n_new, width)
            drawn &= known
            there = _find_largest(row[drawn] + main[drawn], weight[drawn], n_new, width)
            found[:, run] = np.where(here == there, own, here)
        return found


def restore_refits(
    alternatives: pd.DataFrame, main: pd.Series, fitted_ids: Sequence[str], theme_ids: Sequence[str]
) -> Refitted:
    """The refits as their table tells them.

    Parameters
    ----------
    alternatives : DataFrame
        As ``results/alternatives``; papers that are not fitted ones play no part.
    main : Series
        Theme of each fitted paper in the fit itself, by paper id.
    fitted_ids : sequence of n_fitted str
    theme_ids : sequence of n_themes str
        A theme that is not among them counts as unassigned.
    """
    row = pd.Index(fitted_ids).get_indexer(pd.Index(alternatives["paper_id"]))
    run, runs = pd.factorize(alternatives["run"])
    code = _encode_themes(alternatives["theme"], theme_ids)
    borne = np.full((len(runs), len(fitted_ids)), -1, dtype=np.int16)
    fitted = row >= 0
    borne[run[fitted], row[fitted]] = code[fitted]
    of_main = main.reindex(pd.Index(fitted_ids))
    known = of_main.notna().to_numpy()
    mine = np.where(known, _encode_themes(of_main, theme_ids), -1).astype(np.int16)
    return Refitted(tuple(map(str, runs)), borne, mine, len(theme_ids))


def draw_papers(run: str, paper_ids: Sequence[str]) -> NDArray[np.bool_]:
    """Which new papers a refit takes: all, or four in five where it is a resample.

    By the id alone: a paper is drawn or not whatever comes with it.
    """
    if not run.startswith("resample"):
        return np.ones(len(paper_ids), dtype=bool)
    start = f"{run}\n".encode()
    digests = b"".join(hashlib.sha256(start + one.encode("utf-8", "replace")).digest()[:4] for one in paper_ids)
    return np.frombuffer(digests, dtype=">u4") / 2**32 < DRAWN


def _encode_themes(themes: pd.Series, theme_ids: Sequence[str]) -> NDArray[np.int16]:
    code, names = pd.factorize(themes)
    place = pd.Index(theme_ids).get_indexer(pd.Index(names))
    place = np.r_[np.where(place < 0, len(theme_ids), place), -1].astype(np.int16)
    return np.asarray(place[code])


def _find_largest(cell: NDArray[np.int64], weight: NDArray[np.float64], n_rows: int, width: int) -> NDArray[np.int64]:
    totals = np.bincount(cell, weights=weight, minlength=n_rows * width).reshape(n_rows, width)
    # Rounded: equal shares go to the first theme, whatever the last bits are.
    return np.asarray((totals / np.maximum(totals.sum(axis=1, keepdims=True), 1e-12)).round(9).argmax(axis=1))
