"""Themes keep who they are: a new fit takes over ids, labels and colours from the results that lie on the disk."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.config import Config, InputError
from analysis.curation.matching import UNASSIGNED, Generation, Match, count_shared, match_themes
from analysis.results import Tables, read_found, read_tables
from analysis.study.places import Place
from analysis.study.study import VECTORS
from analysis.themes.inheriting import Inherit, Inherited
from analysis.themes.naming import Named, make_slug
from analysis.themes.tables import Fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A topic is small, and its number means nothing: only one that is plainly the same keeps its label.
_SAME_TOPIC = 0.5
_RESERVED = frozenset({UNASSIGNED, "paper-id"})


@dataclass(frozen=True)
class Last:
    """What a new fit can take over.

    Attributes
    ----------
    themes, topics : Generation
        As the last fit found them, before corrections by hand; topics by their number as text.
    fitted_ids : frozenset of str
        Papers that had part in that fit.
    colors : dict of theme id to hex colour
        Of those that were made by hand, too: a new theme must not take theirs.
    encoder : dict
        Name and version.
    label_settings : dict
        ``[labels]`` of that run.
    taken : frozenset of str
        Ids that a new theme must not bear: of all themes that are, or ever were.
    record : dict or None
        What that run said of the one before it.
    """

    themes: Generation
    topics: Generation
    fitted_ids: frozenset[str]
    colors: dict[str, str]
    encoder: dict[str, Any]
    label_settings: dict[str, Any]
    taken: frozenset[str]
    record: dict[str, Any] | None


def read_last(place: Place) -> Last | None:
    """The last results of a study; None where there are none, or none that this version reads."""
    try:
        # Corrections by hand come after the fit, and are made anew on it: what it found is found again.
        corrected, found = read_tables(place.data), read_found(place.data)
    except InputError:
        return None
    shown = dict(zip(corrected.themes["theme"], corrected.themes["color"], strict=True))
    return _gather(found, shown, open_vectors(place.data / VECTORS, len(found.papers)))


def open_vectors(path: Path, n_papers: int) -> NDArray[np.float32] | None:
    """The vectors of a study, left on the disk until needed; None where they are missing or of other papers."""
    try:
        vectors: NDArray[np.float32] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return vectors if vectors.ndim == 2 and len(vectors) == n_papers else None


def _gather(tables: Tables, shown: Mapping[str, str], vectors: NDArray[np.float32] | None) -> Last:
    papers, record = tables.papers, tables.run.get("identity")
    retired = dict((record or {}).get("retired", {}))
    topics = Generation(
        papers["paper_id"].to_numpy(dtype=object),
        papers["topic"].astype(str).to_numpy(dtype=object),
        {str(one): label for one, label in zip(tables.topics["topic"], tables.topics["label"], strict=True)},
    )
    return Last(
        themes=make_generation(tables, vectors),
        topics=topics,
        fitted_ids=frozenset(papers.loc[~papers["placed"].astype(bool), "paper_id"]),
        colors={**shown, **dict(zip(tables.themes["theme"], tables.themes["color"], strict=True))},
        encoder=dict(tables.run["encoder"]),
        label_settings=dict(tables.run["config"]["labels"]),
        taken=_RESERVED | set(shown) | set(tables.themes["theme"]) | set(retired),
        record=record,
    )


def make_generation(tables: Tables, vectors: NDArray[np.float32] | None = None) -> Generation:
    """The themes of a study as `analysis.curation.matching` takes them."""
    papers, themes = tables.papers, tables.themes[tables.themes["theme"] != UNASSIGNED]
    return Generation(
        papers["paper_id"].to_numpy(dtype=object),
        papers["theme"].to_numpy(dtype=object),
        dict(zip(themes["theme"], themes["label"], strict=True)),
        frozenset(themes.loc[themes["kind"] == "named", "theme"]),
        vectors,
    )


def inherit_from(last: Last, config: Config) -> Inherit:
    """What a fit calls with its new names to get those that its themes had before.

    Labels are taken over where ``[labels]`` is as it was: whoever asks another
    endpoint for labels wants to see its answers.

    Parameters
    ----------
    last : Last
    config : Config
        Of the run.
    """
    keeps_labels = config.labels.model_dump(mode="json") == last.label_settings

    def inherit(fitted: Fitted, themes: Named, topics: Named, encoder: Mapping[str, str]) -> Inherited:
        ids = fitted.papers["paper_id"].to_numpy(dtype=object)
        borne = np.array([*themes.ids, UNASSIGNED], dtype=object)[fitted.assignment.theme]
        named = frozenset(themes.ids[: fitted.assignment.n_named])
        labels = dict(zip(themes.ids, themes.labels, strict=True))
        comparable = all(encoder[part] == last.encoder.get(part) for part in ("name", "version"))
        found = Generation(ids, borne, labels, named, fitted.meaning if comparable else None)
        matches = match_themes(last.themes, found)
        heirs = [{match.new: match for match in matches}.get(one) for one in themes.ids]
        given = {place: themes.labels[place] for place in range(len(named))}
        kept = {
            place: last.themes.labels[match.old]
            for place, match in enumerate(heirs)
            if keeps_labels and match is not None and place not in given
        }
        renamed = Named(
            _choose_ids(themes, heirs, last.taken),
            _choose_labels(themes, given, kept),
            themes.descriptions,
            themes.keyphrases,
        )
        topics = _inherit_topics(last, fitted, topics) if keeps_labels else topics
        return Inherited(renamed, topics, _describe(last, found, heirs, renamed))

    return inherit


def _inherit_topics(last: Last, fitted: Fitted, topics: Named) -> Named:
    """Topics under the labels that they had; numbers stay by size."""
    borne = fitted.clustering.topic.astype(str).astype(object)
    found = Generation(fitted.papers["paper_id"].to_numpy(dtype=object), borne, {one: one for one in topics.ids})
    matches = match_themes(last.topics, found, same_papers=_SAME_TOPIC)
    kept = {int(match.new): last.topics.labels[match.old] for match in matches}
    return Named(topics.ids, _choose_labels(topics, {}, kept), topics.descriptions, topics.keyphrases)


def _choose_ids(names: Named, heirs: Sequence[Match | None], taken: frozenset[str]) -> tuple[str, ...]:
    used = set(taken)
    ids = []
    for label, heir in zip(names.labels, heirs, strict=True):
        if heir is not None:
            ids.append(heir.old)
            continue
        slug = free = make_slug(label)
        number = 2
        while free in used:
            free, number = f"{slug}-{number}", number + 1
        used.add(free)
        ids.append(free)
    return tuple(ids)


def _choose_labels(names: Named, given: Mapping[int, str], kept: Mapping[int, str]) -> tuple[str, ...]:
    """One label per class, no two alike: those given, then those kept, then new ones."""
    chosen = dict(given)
    used = {label.casefold() for label in chosen.values()} | {UNASSIGNED}
    for place, label in kept.items():
        if label.casefold() not in used:
            chosen[place] = label
            used.add(label.casefold())
    for place, label in enumerate(names.labels):
        if place not in chosen:
            chosen[place] = _find_free(label, names.keyphrases[place], used)
            used.add(chosen[place].casefold())
    return tuple(chosen[place] for place in range(len(names.labels)))


def _find_free(label: str, keyphrases: Sequence[Mapping[str, Any]], used: set[str]) -> str:
    """The label itself; where another theme keeps it, the best keyphrase that nobody has."""
    phrases = [str(one["phrase"]) for one in keyphrases]
    numbered = (f"{label} ({number})" for number in range(2, len(used) + 3))
    ladder = [label, *(phrase[:1].upper() + phrase[1:] for phrase in phrases), *numbered]
    return next(one for one in ladder if one.casefold() not in used)


def _describe(last: Last, found: Generation, heirs: Sequence[Match | None], names: Named) -> dict[str, Any] | None:
    """What ``run.json`` says of it: of an unchanged fit what it said already, for then nothing was taken over anew."""
    matched = [(one, match) for one, match in zip(names.ids, heirs, strict=True) if match is not None]
    inherited = {match.old for _, match in matched}
    died = {one: label for one, label in last.themes.labels.items() if one not in inherited}
    born = [one for one, match in zip(names.ids, heirs, strict=True) if match is None]
    shared = count_shared(last.themes, found)
    # A named theme may be without a paper: then it has no overlap.
    is_same = all(match.overlap == 1 or math.isnan(match.overlap) for _, match in matched)
    if is_same and not born and not died and last.fitted_ids == set(found.paper_ids):
        return last.record
    retired = {**(last.record or {}).get("retired", {}), **died}
    return {
        "n_papers_before": len(last.themes.paper_ids),
        "n_shared": int(shared.to_numpy().sum()),
        "kept": [_describe_match(one, match) for one, match in matched],
        "born": born,
        "died": list(died),
        "retired": dict(sorted(retired.items())),
    }


def _describe_match(theme: str, match: Match) -> dict[str, Any]:
    told = {"theme": theme, "by": match.by, "overlap": _round(match.overlap)}
    return told | ({} if math.isnan(match.similarity) else {"similarity": _round(match.similarity)})


def _round(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 6)


def say_identity(last: Last, record: dict[str, Any] | None, themes: pd.DataFrame) -> str:
    """One line for the terminal: how many themes are those of the last results, and which are not.

    Parameters
    ----------
    last : Last
    record : dict or None
        Of this run.
    themes : DataFrame
        As ``results/themes``, of this run.
    """
    if record is None or record is last.record:
        return "the same as in the last results."
    labels = {**last.themes.labels, **dict(zip(themes["theme"], themes["label"], strict=True))}
    overlaps = sorted(one["overlap"] for one in record["kept"] if one["overlap"] is not None)
    middle = f" (median overlap {overlaps[len(overlaps) // 2]:.2f})" if overlaps else ""
    parts = [f"{len(record['kept'])} of {len(last.themes.labels)} keep their names{middle}"]
    for change in ("born", "died"):
        if record[change]:
            shown = ", ".join(f"“{labels[one]}”" for one in record[change][:3])
            more = f" and {len(record[change]) - 3} more" if len(record[change]) > 3 else ""
            parts.append(f"{len(record[change])} {'new' if change == 'born' else 'gone'}: {shown}{more}")
    return "; ".join(parts) + "."
