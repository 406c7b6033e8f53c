"""What is kept of the papers that were placed, so that none is placed again when more come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.config import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.themes.placing import Placed

PLACEMENTS = "placed.parquet"


@dataclass(frozen=True)
class Placements:
    """Papers that a model placed, beside what their tables say.

    Attributes
    ----------
    paper_ids : array (n_placed,) of str
    fit : float32 array (n_placed, n_named)
        To each named theme.
    closeness : tuple of n_named float32 arrays (n_placed, n_sources)
        To the phrases and examples of each named theme.
    """

    paper_ids: NDArray[np.object_]
    fit: NDArray[np.float32]
    closeness: tuple[NDArray[np.float32], ...]

    def gather(self, rows: NDArray[np.int64], fresh: Placements) -> Placements:
        """Those of these papers that stay, then fresh ones.

        Parameters
        ----------
        rows : int64 array (n_stay,)
        fresh : Placements
        """
        return Placements(
            np.concatenate([self.paper_ids[rows], fresh.paper_ids]),
            np.concatenate([self.fit[rows], fresh.fit]),
            tuple(
                np.concatenate([one[rows], other]) for one, other in zip(self.closeness, fresh.closeness, strict=True)
            ),
        )


def keep_placements(paper_ids: Sequence[str] | NDArray[np.object_], placed: Placed) -> Placements:
    """What is kept of papers that were placed just now."""
    return Placements(np.array(paper_ids, dtype=object), placed.fit, placed.closeness)


def keep_none(n_sources: Sequence[int]) -> Placements:
    """Of no paper: what a study starts with whose named themes have so many phrases and examples."""
    return Placements(
        np.zeros(0, dtype=object),
        np.zeros((0, len(n_sources)), np.float32),
        tuple(np.zeros((0, one), np.float32) for one in n_sources),
    )


def write_placements(placements: Placements, folder: Path) -> str:
    """Write what is kept beside the model; return the name of the file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"paper_id": pa.array(placements.paper_ids, type=pa.string())}
    for theme, close in enumerate(placements.closeness):
        columns[f"fit {theme}"] = pa.array(placements.fit[:, theme])
        columns |= {f"close {theme} {source}": pa.array(close[:, source]) for source in range(close.shape[1])}
    with (folder / PLACEMENTS).open("wb") as file:
        pq.write_table(pa.table(columns), file, compression="zstd", write_page_checksum=True)
    return PLACEMENTS


def read_placements(folder: Path, n_sources: Sequence[int]) -> Placements:
    """Read what `write_placements` wrote; of no paper where there is no such file.

    Parameters
    ----------
    folder : Path
    n_sources : sequence of n_named int
        Phrases and examples of each named theme.

    Raises
    ------
    InputError
        If the file is damaged, or of other named themes.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / PLACEMENTS
    try:
        table = pq.read_table(pa.BufferReader(path.read_bytes()), page_checksum_verification=True)
        column = {name: table[name].to_numpy() for name in table.column_names}
        n_placed = table.num_rows
        if len(column) != 1 + len(n_sources) + sum(n_sources):
            raise ValueError("it belongs to other named themes")
        fit = [column[f"fit {theme}"] for theme in range(len(n_sources))]
        close = [[column[f"close {theme} {one}"] for one in range(count)] for theme, count in enumerate(n_sources)]
        closeness = tuple(_stack(one, n_placed) for one in close)
        return Placements(column["paper_id"].astype(object), _stack(fit, n_placed), closeness)
    except FileNotFoundError:
        return keep_none(n_sources)
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise InputError(f"{path}: damaged ({reason}). Run the study again, or add the papers with --refit.") from None


def _stack(columns: Sequence[NDArray[np.float32]], n_rows: int) -> NDArray[np.float32]:
    return np.column_stack(columns).astype(np.float32) if len(columns) else np.zeros((n_rows, 0), np.float32)
