"""What a fit takes over from the one before it: the names of themes and topics that are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from analysis.themes.naming import Named
from analysis.themes.tables import Fitted


class Inherited(NamedTuple):
    """Names after the last results were looked at.

    Attributes
    ----------
    themes, topics : Named
    record : dict or None
        What was kept, born and died, for ``run.json``; None where there were no results.
    """

    themes: Named
    topics: Named
    record: dict[str, Any] | None = None


# Takes what was found, the names made for its themes and topics, and name and version of the encoder.
Inherit = Callable[[Fitted, Named, Named, Mapping[str, str]], Inherited]
