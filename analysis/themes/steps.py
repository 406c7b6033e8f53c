"""Steps of a fit, kept by all that went into them: a run that was killed goes on at the first that is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.cache import Cache, hash_code, hash_parts
from analysis.config import Config
from analysis.themes.clustering import Clustering
from analysis.themes.nearest import Nearest
from analysis.themes.neighbours import NeighbourGraph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Below it every step takes less than a second.
KEPT_FROM = 1_000
_OF_THE_GRAPH = ("embedding", "neighbours")
_OF_THE_CLUSTERS = (*_OF_THE_GRAPH, "clustering")


class Steps:
    """What the steps of one fit gave, found again or computed now.

    Parameters
    ----------
    folder : Path or None
        Folder of what is kept; None keeps nothing.
    texts : sequence of n_papers str
    config : Config
    encoder : dict
        Name and version.
    """

    def __init__(self, folder: Path | None, texts: Sequence[str], config: Config, encoder: dict[str, Any]) -> None:
        self._cache = Cache(folder if len(texts) >= KEPT_FROM else None)
        self._settings = config.model_dump(mode="json")
        known = (hash_code("themes"), list(texts), dict(encoder), config.seed)
        self._known = hash_parts(*known) if self._cache.folder else ""

    def take_graph(self, compute: Callable[[], NeighbourGraph]) -> NeighbourGraph:
        """The neighbour graph."""
        return _unpack_graph(self._take("neighbours", _OF_THE_GRAPH, lambda: _pack_graph(compute())))

    def take_map(self, compute: Callable[[], tuple[NDArray[np.float64], str]]) -> tuple[NDArray[np.float64], str]:
        """Places on the map, and the way that was taken."""

        def name_parts() -> dict[str, Any]:
            places, rung = compute()
            return {"places": places, "rung": rung}

        found = self._take("map", (*_OF_THE_GRAPH, "map"), name_parts)
        return found["places"], found["rung"]

    def take_clusters(self, compute: Callable[[], Clustering]) -> Clustering:
        """Topics and groups."""
        return Clustering(**self._take("clusters", _OF_THE_CLUSTERS, lambda: vars(compute())))

    def take_refit(self, name: str, compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What one refit gave; it turns on the named themes, too."""
        return self._take("refits", (*_OF_THE_CLUSTERS, "themes"), compute, name)

    def _take(
        self, kind: str, sections: tuple[str, ...], compute: Callable[[], dict[str, Any]], name: str = ""
    ) -> dict[str, Any]:
        if self._cache.folder is None:
            return compute()
        settings = {section: self._settings[section] for section in sections}
        if "themes" in settings:
            # More refits are the same ones, and more.
            settings["themes"] = {key: value for key, value in settings["themes"].items() if key != "n_alternatives"}
        return self._cache.take(kind, hash_parts(self._known, settings, name), compute)


def _pack_graph(graph: NeighbourGraph) -> dict[str, Any]:
    weights = graph.weights
    wider = {} if graph.wider is None else {f"wider_{name}": value for name, value in vars(graph.wider).items()}
    return {
        "indices": graph.indices,
        "distances": graph.distances,
        "ends": weights.indices,
        "starts": weights.indptr,
        "weights": weights.data,
        "rung": graph.rung,
        **wider,
    }


def _unpack_graph(kept: dict[str, Any]) -> NeighbourGraph:
    import scipy.sparse as sp

    n_papers = len(kept["indices"])
    weights = sp.csr_matrix((kept["weights"], kept["ends"], kept["starts"]), shape=(n_papers, n_papers))
    wider = {name.removeprefix("wider_"): value for name, value in kept.items() if name.startswith("wider_")}
    return NeighbourGraph(
        kept["indices"], kept["distances"], weights, kept["rung"], Nearest(**wider) if wider else None
    )
