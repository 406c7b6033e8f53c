"""The fitted model on disk: what a fit knows, so that papers that come later find their place in it.

Two files lie beside the vectors: ``model.npz`` holds the arrays, ``model.json``
the words and numbers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.themes.archive import Archive
from analysis.themes.decoys import Unrelated
from analysis.themes.describing import Ties
from analysis.themes.embedding import LexicalSpace
from analysis.themes.neighbours import Reach
from analysis.themes.wording import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

_REMEDY = "Run the study again, or add the papers with --refit."
ARCHIVE = Archive(
    "model",
    version=1,
    content="the fitted model",
    absent=f"this study keeps no fitted model, so no paper can be placed in it. {_REMEDY}",
    remedy=_REMEDY,
    packed=False,
)


@dataclass(frozen=True)
class AskedModel:
    """What a fit knows of one named theme.

    Attributes
    ----------
    phrases, unlike : float32 array (n_phrases, n_dimensions)
    described : float32 array (n_dimensions,)
    closeness : float64 array (n_papers, n_sources)
        Of the fitted papers to each phrase, then to each example.
    learned : dict of str to array
        See `analysis.themes.memory.Memory`.
    """

    phrases: NDArray[np.float32]
    unlike: NDArray[np.float32]
    described: NDArray[np.float32]
    closeness: NDArray[np.float64]
    learned: dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Model:
    """What a fit knows; it never changes until the next fit.

    Attributes
    ----------
    paper_ids : tuple of n_papers str
        The fitted papers, in the order of all arrays.
    encoder : dict
        Name and version.
    joined : float32 array (n_papers, n_features)
    n_neighbours : int
        Neighbours of a paper in the fit, itself counted.
    reach : Reach
    nearness : float32 array (n_papers,)
        Similarity in meaning of each paper to the papers nearest to it (see `analysis.themes.shift`).
    places : float64 array (n_papers, 2)
        On the map.
    topic : int64 array (n_papers,)
    group : int64 array (n_topics,)
        Group of each topic.
    members : bool array (n_papers, n_themes)
        See `analysis.themes.assigning.Assignment`, as for `groups` and `weight`.
    fit : float64 array (n_papers, n_named)
        To each named theme.
    theme_ids, labels : tuple of n_themes str
    asked : tuple of n_named AskedModel
    vocabulary : Vocabulary
    unrelated : Unrelated
    lexical : LexicalSpace or None
    ties : Ties
    n_drawn_from : int
        Papers that there were: more than were fitted where the fit is one of a sample.
    """

    paper_ids: tuple[str, ...]
    encoder: dict[str, str]
    joined: NDArray[np.float32]
    n_neighbours: int
    reach: Reach
    nearness: NDArray[np.float32]
    places: NDArray[np.float64]
    topic: NDArray[np.int64]
    group: NDArray[np.int64]
    members: NDArray[np.bool_]
    groups: tuple[int, ...]
    weight: float
    fit: NDArray[np.float64]
    theme_ids: tuple[str, ...]
    labels: tuple[str, ...]
    asked: tuple[AskedModel, ...]
    vocabulary: Vocabulary
    unrelated: Unrelated
    lexical: LexicalSpace | None
    ties: Ties
    n_drawn_from: int

    @property
    def n_papers(self) -> int:
        """How many papers were fitted."""
        return len(self.paper_ids)


_PLAIN = ("joined", "nearness", "places", "topic", "group", "members", "fit")
_SAID = ("paper_ids", "encoder", "n_neighbours", "groups", "weight", "theme_ids", "labels", "n_drawn_from")


def write_model(model: Model, folder: Path) -> list[str]:
    """Write a model into a folder; return the names of its files."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(model, name) for name in _PLAIN}
    arrays |= {f"reach/{name}": value for name, value in vars(model.reach).items()}
    arrays["vocabulary/idf"] = model.vocabulary.idf
    for number, one in enumerate(model.asked):
        own = {name: value for name, value in vars(one).items() if name != "learned"}
        own |= {f"learned/{name}": value for name, value in one.learned.items()}
        arrays |= {f"asked/{number}/{name}": value for name, value in own.items()}
    words = model.lexical
    if words is not None:
        arrays |= {"lexical/idf": words.idf, "lexical/components": words.components}
    facts = {
        **{name: getattr(model, name) for name in _SAID},
        "unrelated": asdict(model.unrelated),
        "vocabulary": {name: value for name, value in vars(model.vocabulary).items() if name != "idf"},
        "lexical": words and {name: value for name, value in vars(words).items() if name not in ("idf", "components")},
        "ties": asdict(model.ties),
    }
    return ARCHIVE.write(folder, facts, arrays)


def read_model(folder: Path) -> Model:
    """Read what `write_model` wrote.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another version.
    """
    return ARCHIVE.read(folder, _assemble)


def _assemble(facts: dict[str, Any], arrays: dict[str, Any]) -> Model:
    asked: list[AskedModel] = []
    while f"asked/{len(asked)}/described" in arrays:
        own = _take(arrays, f"asked/{len(asked)}/")
        plain: dict[str, Any] = {name: value for name, value in own.items() if not name.startswith("learned/")}
        asked.append(AskedModel(**plain, learned=_take(own, "learned/")))
    words: dict[str, Any] = facts["vocabulary"]
    # Before studies could be fitted on a sample, all papers were fitted.
    facts.setdefault("n_drawn_from", len(facts["paper_ids"]))
    said: dict[str, Any] = {name: facts[name] for name in _SAID}
    said |= {name: tuple(said[name]) for name in ("paper_ids", "groups", "theme_ids", "labels")}
    lexical, ties = facts["lexical"], facts["ties"]
    if lexical is not None:
        texts: dict[str, Any] = {name: tuple(lexical.pop(name)) for name in ("terms", "common")}
        lexical = LexicalSpace(**texts, **lexical, **_take(arrays, "lexical/"))
    model = Model(
        **said,
        **{name: arrays[name] for name in _PLAIN},
        reach=Reach(**_take(arrays, "reach/")),
        asked=tuple(asked),
        vocabulary=Vocabulary(tuple(words["terms"]), arrays["vocabulary/idf"], words["rarity"], words["rarest"]),
        unrelated=Unrelated(**facts["unrelated"]),
        lexical=lexical,
        ties=Ties(
            tuple(ties["telling"]), {key: tuple(forms) for key, forms in ties["forms"].items()}, ties["acronyms"]
        ),
    )
    _check_sizes(model)
    return model


def _take(arrays: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def _check_sizes(model: Model) -> None:
    """Two halves of different fits must not be taken for one."""
    named, n_themes = len(model.asked), len(model.theme_ids)
    rows = {name: len(getattr(model, name)) for name in (*_PLAIN, "labels") if name not in ("group", "labels")}
    rows |= {f"reach/{name}": len(value) for name, value in vars(model.reach).items()}
    wrong = [name for name, count in rows.items() if count != model.n_papers]
    if model.fit.shape != (model.n_papers, named) or model.members.shape != (model.n_papers, n_themes):
        wrong.append("themes")
    if wrong or len(model.labels) != n_themes or len(model.vocabulary.terms) != len(model.vocabulary.idf):
        raise ValueError(f"its parts do not belong together: {', '.join(wrong) or 'words'}")
