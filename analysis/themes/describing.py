"""One sentence on what a theme is about, and the words that tie a paper to its theme."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.themes.keyphrases import Keyphrases, count_users
from analysis.themes.labelling import Label
from analysis.themes.phrase_uses import PhraseLookup
from analysis.themes.phrases import PhraseBook, find_stems, make_key, overlap

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
    uses = book.counts
    found: list[list[str]] = [[] for _ in texts]
    picker = _Picker(book.expand, book.list_forms)
    for one, telling in enumerate(_weigh_phrases(classes, book)):
        rows = np.flatnonzero(classes == one)
        own = uses[rows]
        places = np.repeat(np.arange(len(rows)), np.diff(own.indptr))
        ordered = _order_by_weight(places, own.indices, telling[own.indices], len(rows))
        for row, columns in zip(rows.tolist(), ordered, strict=True):
            if len(columns):
                found[row] = picker.pick(book.keys[columns].tolist(), texts[row])
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
        classes = np.asarray(classes)
        found: list[list[str]] = [[] for _ in texts]
        placed = np.flatnonzero(classes >= 0)
        rows, uses = self._lookup.find([texts[row] for row in placed.tolist()])
        keys = self._stands_for[uses]
        ties = self._weights[classes[placed][rows], keys] > 0
        # Several uses, or an acronym and what it stands for, count once.
        rows, keys = np.divmod(np.unique(rows[ties] * len(self._known) + keys[ties]), max(len(self._known), 1))
        weights = self._weights[classes[placed][rows], keys]
        for row, own in zip(placed.tolist(), _order_by_weight(rows, keys, weights, len(placed)), strict=True):
            if len(own):
                found[row] = self._picker.pick([self._known[key] for key in own.tolist()], texts[row])
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Without what is made for speed: another process makes its own."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def _known(self) -> list[str]:
        return sorted({key for weights in self.telling for key in weights})

    @cached_property
    def _lookup(self) -> PhraseLookup:
        # An acronym counts as what it stands for even where it is a telling phrase of its own.
        return PhraseLookup([*self._known, *self.acronyms])

    @cached_property
    def _stands_for(self) -> NDArray[np.int64]:
        place = {key: number for number, key in enumerate(self._known)}
        keys = [self.acronyms.get(key, key) for key in (*self._known, *self.acronyms)]
        return np.array([place[key] for key in keys], dtype=np.int64)

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        """How telling each known phrase is of each theme, (n_themes, n_known); 0 where it is not."""
        place = {key: number for number, key in enumerate(self._known)}
        weights = np.zeros((len(self.telling), len(place)))
        for one, telling in enumerate(self.telling):
            weights[one, [place[key] for key in telling]] = list(telling.values())
        return weights

    @cached_property
    def _picker(self) -> _Picker:
        return _Picker(self._expand, lambda key: self.forms.get(key, ()))

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
    return Ties(tuple(telling), {key: book.list_forms(key) for key in sorted(known)}, acronyms)


def _weigh_phrases(classes: NDArray[np.int64], book: PhraseBook) -> Iterator[NDArray[np.float64]]:
    """How telling each phrase is of each class, (n_phrases,) for one class after the other; 0 where it is not."""
    users_of = count_users(book, classes, int(classes.max(initial=-1)) + 1)
    everywhere = np.bincount(book.counts.indices, minlength=book.counts.shape[1])
    sizes = np.bincount(classes[classes >= 0], minlength=users_of.shape[0])
    for n_inside, own in zip(sizes.tolist(), users_of, strict=True):
        weights = np.zeros(len(everywhere))
        if 0 < n_inside < len(classes):
            columns, users = own.indices, own.data
            inside = (users + 0.5) / (n_inside + 1)
            outside = (everywhere[columns] - users + 0.5) / (len(classes) - n_inside + 1)
            known = book.whole[columns] & (inside >= _LOWEST_LIFT * outside) & (users >= max(2, 0.01 * n_inside))
            telling = inside[known] * np.log(inside[known] / outside[known]) * np.sqrt(book.subject[columns[known]])
            weights[columns[known]] = telling
        yield weights


def _order_by_weight(
    rows: NDArray[np.int64], keys: NDArray[np.integer], weights: NDArray[np.float64], n_rows: int
) -> Iterator[NDArray[np.integer]]:
    """Keys of each row with a weight above 0, the heaviest first, of equals the first in the alphabet."""
    used = weights > 0
    rows, keys, weights = rows[used], keys[used], weights[used]
    ordered = keys[np.lexsort((keys, -weights, rows))]
    ends = np.cumsum(np.bincount(rows, minlength=n_rows)).tolist()
    yield from (ordered[start:end] for start, end in zip([0, *ends], ends, strict=False))


class _Picker:
    """Picks of the phrases of a text those that say something new, and writes them as the text does."""

    def __init__(self, expand: Callable[[str], str], list_forms: Callable[[str], Sequence[str]]) -> None:
        self._expand, self._list_forms = expand, list_forms
        # Few phrases serve many papers.
        self._said: dict[str, frozenset[str]] = {}
        self._forms: dict[str, Sequence[str]] = {}

    def pick(self, ordered: Iterable[str], text: str) -> list[str]:
        """At most `N_WORDS` of the phrases, each as it stands first in the text."""
        text = " ".join(text.split())
        kept: list[frozenset[str]] = []
        words: list[str] = []
        for key in ordered:
            said = self._said.get(key)
            if said is None:
                said = self._said[key] = find_stems(self._expand(key))
                self._forms[key] = self._list_forms(key)
            if any(said <= other or other <= said for other in kept):
                continue
            written = _find_form(self._forms[key], text)
            if written:
                kept.append(said)
                words.append(written)
                if len(words) == N_WORDS:
                    break
        return words


def _find_form(forms: Sequence[str], text: str) -> str | None:
    """The form of a phrase that stands first in a text with single blanks."""
    places = [(place, form) for form in forms if (place := _find_whole(form, text)) >= 0]
    return min(places)[1] if places else None


def _find_whole(form: str, text: str) -> int:
    """Where a form first stands in a text as whole words; -1 where it does not."""
    place = text.find(form)
    while place >= 0:
        before, after = text[place - 1 : place], text[place + len(form) : place + len(form) + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            return place
        place = text.find(form, place + 1)
    return -1


def join_all(parts: Sequence[str]) -> str:
    """Words as a list in a sentence: ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _percent(share: float) -> str:
    return "less than 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def _shorten(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"
