"""Ids, labels, keyphrases and a sentence for every topic and theme."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.config import NamedTheme
from analysis.themes.assigning import Assignment
from analysis.themes.clustering import Clustering
from analysis.themes.describing import describe_found, join_all
from analysis.themes.keyphrases import Encode, Keyphrases, find_candidates, list_keyphrases
from analysis.themes.labelling import make_labels
from analysis.themes.phrases import PhraseBook
from analysis.themes.topics import find_representatives

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
    book: PhraseBook,
    vectors: NDArray[np.float32],
    titles: Sequence[str],
    encode: Encode,
) -> Named:
    """Names of all themes: the asked ones as asked, the discovered ones by their keyphrases.

    Parameters
    ----------
    assignment : Assignment
    asked : sequence of NamedTheme
    book : PhraseBook
    vectors : float32 array (n_papers, n_dimensions)
    titles : sequence of n_papers str
        A discovered theme is described with its most central one.
    encode : callable
        Phrases to vectors.
    """
    found = find_candidates(assignment.theme, book, vectors, encode, n_classes=assignment.scores.shape[1])
    keyphrases = tuple(list_keyphrases(one, book) for one in found)
    given = [theme.name for theme in asked]
    made = make_labels(found[len(asked) :], book, encode, taken=given, reserved=["Unassigned"])
    sentences = [_describe_asked(theme) for theme in asked]
    for one, label in enumerate(made, start=len(asked)):
        best = find_representatives(assignment.theme == one, vectors, 1)
        sentences.append(describe_found(label, keyphrases[one], titles[best[0]] if len(best) else ""))
    labels = (*given, *(label.text for label in made))
    return Named(_make_ids(labels), labels, tuple(sentences), keyphrases)


def name_topics(clustering: Clustering, book: PhraseBook, vectors: NDArray[np.float32], encode: Encode) -> Named:
    """Names of all topics, by their keyphrases; topics have no description."""
    found = find_candidates(clustering.topic, book, vectors, encode)
    labels = tuple(label.text for label in make_labels(found, book, encode))
    keyphrases = tuple(list_keyphrases(one, book) for one in found)
    return Named(tuple(str(one) for one in range(len(labels))), labels, ("",) * len(labels), keyphrases)


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
    parts = [f"“{phrase}”" for phrase in theme.phrases]
    if theme.examples:
        parts.append(f"{len(theme.examples)} example paper{'s' * (len(theme.examples) > 1)}")
    return f"Asked for by the study: papers close to {join_all(parts)}."
