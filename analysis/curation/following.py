"""What corrections mean for papers that are placed later: where they go on to, and what their reasons call themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNASSIGNED = "unassigned"
_OWN = ("lies among the papers of {} (", "close to the phrases of {}, ")
_NEAREST, _SCORE = "; the nearest is ", " with "


class Route(NamedTuple):
    """A way that papers of a theme go on.

    Attributes
    ----------
    theme : str
        Id of the theme that a model gives them.
    topics : tuple of int
        Only papers of these; of every one where there are none.
    to : str
        Id of the theme that they go to.
    """

    theme: str
    topics: tuple[int, ...]
    to: str


def follow_routes(placed: pd.DataFrame, routes: Sequence[Route]) -> pd.DataFrame:
    """Papers that a model placed, in the themes that corrections by hand made of its own.

    Parameters
    ----------
    placed : DataFrame
        Columns ``topic``, ``theme``, ``theme_runner_up``, ``theme_margin``.
    routes : sequence of Route
        In the order of the corrections.

    Examples
    --------
    >>> columns = ["topic", "theme", "theme_runner_up", "theme_margin"]
    >>> placed = pd.DataFrame([[0, "walking", "robots", 0.1], [1, "robots", None, 0.4]], columns=columns)
    >>> routes = [Route("walking", (), "robots"), Route("robots", (1,), "arms")]
    >>> follow_routes(placed, routes)["theme"].tolist()
    ['robots', 'arms']
    """
    theme = placed["theme"].to_numpy(dtype=object).copy()
    runner_up = placed["theme_runner_up"].to_numpy(dtype=object).copy()
    margin = placed["theme_margin"].to_numpy(dtype=float, na_value=np.nan).copy()
    for route in routes:
        here = theme == route.theme
        if route.topics:
            theme[here & placed["topic"].isin(route.topics).to_numpy()] = route.to
            continue
        theme[here] = route.to
        runner_up[runner_up == route.theme] = route.to
    # A theme is no runner-up of itself, and how far the next one is nobody knows.
    same = theme == runner_up
    runner_up[same], margin[same] = None, np.nan
    columns = {"theme": theme, "theme_runner_up": runner_up}
    texts = {name: pd.Series(values, index=placed.index, dtype=object) for name, values in columns.items()}
    return placed.assign(**texts, theme_margin=margin)


def rename_in_reasons(
    reasons: Any, theme: NDArray[np.object_], before: Mapping[str, str], after: Mapping[str, str]
) -> NDArray[np.object_]:
    """Why papers bear their themes, with the labels that the themes bear now.

    Parameters
    ----------
    reasons : object array (n_papers,) of str
        As `analysis.themes.tables` words them.
    theme : object array (n_papers,) of str
        Ids.
    before, after : mapping of theme id to label
        `after` tells of a theme that went into another the label of that one.
    """
    changed = {one: label for one, label in before.items() if after.get(one, label) != label}
    said = np.array(reasons, dtype=object)
    for one, label in changed.items():
        for words in _OWN:
            for row in np.flatnonzero(theme == one):
                said[row] = str(said[row]).replace(words.format(label), words.format(after[one]), 1)
    nearest = {label: after[one] for one, label in changed.items()}
    for row in np.flatnonzero(theme == _UNASSIGNED):
        start, sign, rest = str(said[row]).partition(_NEAREST)
        called = max((one for one in nearest if rest.startswith(f"{one}{_SCORE}")), key=len, default=None)
        if called is not None:
            said[row] = f"{start}{sign}{nearest[called]}{rest.removeprefix(called)}"
    return said


def find_labels(labels: Mapping[str, str], routes: Sequence[Route]) -> dict[str, str]:
    """Labels of themes by id, those that went into others included: these are called as what they went into.

    Examples
    --------
    >>> find_labels({"arms": "Arms"}, [Route("hands", (), "grippers"), Route("grippers", (), "arms")])
    {'arms': 'Arms', 'grippers': 'Arms', 'hands': 'Arms'}
    """
    found = dict(labels)
    for route in reversed(routes):
        if not route.topics and route.to in found:
            found[route.theme] = found[route.to]
    return found
