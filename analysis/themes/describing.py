"""One sentence on what a theme is about, and the words that tie a paper to its theme."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.keyphrases import Keyphrases
from analysis.themes.labelling import Label
from analysis.themes.phrases import PhraseBook, list_keys, make_key, overlap

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_WORDS = 5
_LONGEST_TITLE = 120
# A word ties a paper to its theme if it is at least so many times as common in the theme as elsewhere.
_LOWEST_LIFT = 2.0


def describe_found(label: Label, keyphrases: Keyphrases, title: str) -> str:
    """One sentence on a discovered theme.

    Parameters
    ----------
    label : Label
    keyphrases : list of {"phrase", "weight"}
    title : str
        Of the most central paper.

    Examples
    --------
    >>> described = describe_found(Label("Robots", ("robots",), 0.62, 0.03), [], "A robot learns to walk.")
    >>> print(described)
    Papers on robots (these words stand in 62 % of them and in 3 % of the others); typical: “A robot learns to walk”.
    """
    typical = _shorten(" ".join(title.split()).rstrip("."))
    ending = f"; typical: “{typical}”." if typical else "."
    if not label.phrases:
        return f"Papers that lie together and that no phrase sets apart{ending}"
    others = "" if math.isnan(label.outside) else f" and in {_percent(label.outside)} of the others"
    found = [one["phrase"] for one in keyphrases]
    more = [phrase for phrase in found if all(overlap(phrase, said) < 0.5 for said in label.phrases)][:3]
    further = f", also on {join_all(more)}" if more else ""
    reach = f" (these words stand in {_percent(label.inside)} of them{others})"
    return f"Papers on {join_all(label.phrases)}{reach}{further}{ending}"


def find_why_here(classes: NDArray[np.int64], book: PhraseBook, texts: Sequence[str]) -> list[list[str]]:
    """Words of each paper that tie it to its class, as its authors wrote them.

    A phrase of the paper counts by how well its use tells the class from the
    rest: its term of the Kullback-Leibler divergence.

    Parameters
    ----------
    classes : int array (n_papers,)
        Class of each paper; -1 is no class.
    book : PhraseBook
    texts : sequence of n_papers str

    Returns
    -------
    list of n_papers lists of at most 5 str
        The most telling first; empty where a paper has no class, or no word that is
        twice as common there as elsewhere.
    """
    uses = (book.counts > 0).tocsr()
    found: list[list[str]] = [[] for _ in texts]
    for one, telling in enumerate(_weigh_phrases(classes, book)):
        for row in np.flatnonzero(classes == one).tolist():
            here = uses.indices[uses.indptr[row] : uses.indptr[row + 1]]
            here = here[telling[here] > 0]
            ordered = book.keys[here[np.lexsort((book.keys[here], -telling[here]))]]
            found[row] = _pick_words(map(str, ordered), book.expand, book.forms, texts[row])
    return found


@dataclass(frozen=True)
class Ties:
    """The words that tie papers to the themes of a fit, for papers that come later.

    Attributes
    ----------
    telling : tuple of dict of str to float
        For each theme, how telling each phrase is, by its key.
    forms : dict of str to tuple of str
        Every way in which the fitted texts write a phrase.
    acronyms : dict of str to str
        Key of an acronym to the key of what it stands for.
    """

    telling: tuple[dict[str, float], ...]
    forms: dict[str, tuple[str, ...]]
    acronyms: dict[str, str]

    def find(self, classes: NDArray[np.int64], texts: Sequence[str]) -> list[list[str]]:
        """As `find_why_here`, for papers that had no part in the fit."""
        found = []
        for one, text in zip(classes, texts, strict=True):
            telling = self.telling[one] if one >= 0 else {}
            keys = {self.acronyms.get(key, key) for key in list_keys(text)} & telling.keys()
            ordered = sorted(keys, key=lambda key, telling=telling: (-telling[key], key))  # type: ignore[misc]
            found.append(_pick_words(ordered, self._expand, self.forms, text))
        return found

    def _expand(self, key: str) -> str:
        return " ".join(self.acronyms.get(make_key(word), word) for word in key.split())


def collect_ties(classes: NDArray[np.int64], book: PhraseBook, *, n_classes: int) -> Ties:
    """The telling words of each of `n_classes` themes of a fit, the last of which may be empty."""
    telling = []
    for weights in _weigh_phrases(classes, book):
        places = np.flatnonzero(weights > 0)
        telling.append({str(book.keys[place]): float(weights[place]) for place in places})
    telling += [{} for _ in range(n_classes - len(telling))]
    known = {key for weights in telling for key in weights}
    acronyms = {short: long for short, long in book.acronyms.items() if long in known}
    return Ties(tuple(telling), {key: book.forms[key] for key in sorted(known) if key in book.forms}, acronyms)


def _weigh_phrases(classes: NDArray[np.int64], book: PhraseBook) -> Iterable[NDArray[np.float64]]:
    """How telling each phrase is of each class, (n_phrases,) for one class after the other; 0 where it is not."""
    uses = (book.counts > 0).tocsr()
    everywhere = np.asarray(uses.sum(axis=0)).ravel()
    for one in range(int(classes.max(initial=-1)) + 1):
        rows = np.flatnonzero(classes == one)
        if not len(rows) or len(rows) == len(classes):
            yield np.zeros(len(everywhere))
            continue
        users = np.asarray(uses[rows].sum(axis=0)).ravel()
        inside = (users + 0.5) / (len(rows) + 1)
        outside = (everywhere - users + 0.5) / (len(classes) - len(rows) + 1)
        known = book.whole & (inside >= _LOWEST_LIFT * outside) & (users >= max(2, 0.01 * len(rows)))
        yield np.where(known, inside * np.log(inside / outside), 0) * np.sqrt(book.subject)


def _pick_words(
    ordered: Iterable[str], expand: Callable[[str], str], forms: Mapping[str, Sequence[str]], text: str
) -> list[str]:
    kept: list[str] = []
    words: list[str] = []
    for key in ordered:
        if any(overlap(expand(key), expand(other)) >= 1.0 for other in kept):
            continue
        written = _find_form(forms.get(key, ()), text)
        if written:
            kept.append(key)
            words.append(written)
        if len(words) == N_WORDS:
            break
    return words


def _find_form(forms: Sequence[str], text: str) -> str | None:
    """The form of a phrase that stands first in the text."""
    places = []
    for form in forms:
        # The quick look first: most forms are not in the text.
        if form.split(" ", 1)[0] in text:
            found = re.search(rf"(?<!\w){re.escape(form)}(?!\w)".replace(r"\ ", r"\s+"), text)
            if found:
                places.append((found.start(), form))
    return min(places)[1] if places else None


def join_all(parts: Sequence[str]) -> str:
    """Words as a list in a sentence: ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _percent(share: float) -> str:
    return "less than 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def _shorten(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"
