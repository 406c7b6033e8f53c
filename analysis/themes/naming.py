"""Ids, labels, keyphrases and a sentence for every topic and theme."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.config import NamedTheme
from analysis.themes.assigning import Assignment
from analysis.themes.clustering import Clustering
from analysis.themes.topics import Keyphrases, PhraseCounts, describe, make_labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

Encode = Callable[[list[str]], "NDArray[np.float32]"]


@dataclass(frozen=True)
class Named:
    """What people read of each class, in the order of the classes.

    Attributes
    ----------
    ids, labels, descriptions : tuple of n_classes str
    keyphrases : tuple of n_classes lists of {"phrase", "weight"}
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    descriptions: tuple[str, ...]
    keyphrases: tuple[Keyphrases, ...]


def name_themes(
    assignment: Assignment,
    asked: Sequence[NamedTheme],
    phrases: PhraseCounts,
    vectors: NDArray[np.float32],
    encode: Encode,
) -> Named:
    """Names of all themes: the asked ones as asked, the discovered ones by their keyphrases."""
    n_themes = assignment.scores.shape[1]
    described = describe(assignment.theme, phrases, vectors, encode) if (assignment.theme >= 0).any() else []
    described += [[] for _ in range(n_themes - len(described))]
    given = [theme.name for theme in asked]
    labels = given + make_labels(described[len(asked) :], taken=[*given, "Unassigned"])
    sentences = [_describe_asked(theme) for theme in asked]
    sentences += [_describe_found(keyphrases) for keyphrases in described[len(asked) :]]
    return Named(_make_ids(labels), tuple(labels), tuple(sentences), tuple(described))


def name_topics(
    clustering: Clustering, phrases: PhraseCounts, vectors: NDArray[np.float32], encode: Encode
) -> Named:
    """Names of all topics, by their keyphrases."""
    described = describe(clustering.topic, phrases, vectors, encode)
    labels = make_labels(described)
    sentences = [_describe_found(keyphrases) for keyphrases in described]
    return Named(tuple(str(one) for one in range(len(labels))), tuple(labels), tuple(sentences), tuple(described))


def make_slug(label: str) -> str:
    """Lower-case ASCII letters and digits with single hyphens: safe as an id and as a file name.

    Examples
    --------
    >>> make_slug("Vision-language models, GPT-4"), make_slug("../../etc"), make_slug("機械学習")
    ('vision-language-models-gpt-4', 'etc', 'theme')
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-") or "theme"


def _make_ids(labels: Sequence[str]) -> tuple[str, ...]:
    used = {"unassigned", "paper-id"}
    ids = []
    for label in labels:
        slug = free = make_slug(label)
        number = 2
        while free in used:
            free = f"{slug}-{number}"
            number += 1
        used.add(free)
        ids.append(free)
    return tuple(ids)


def _describe_asked(theme: NamedTheme) -> str:
    if theme.description:
        return theme.description
    return f"Asked for by the study: papers close to {_join([f'“{phrase}”' for phrase in theme.phrases])}."


def _describe_found(keyphrases: Keyphrases) -> str:
    phrases = [one["phrase"] for one in keyphrases[:4]]
    if not phrases:
        return "Papers that lie together; no phrase sets them apart."
    return f"Found in the texts: papers that lie together and are set apart by {_join(phrases)}."


def _join(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
