"""Candidate phrases: what an author wrote, uncut by punctuation or stop words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

# A word keeps its hyphens, digits and inner points: GPT-4, GPT-3.5, vision-language-action, 3D.
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019/.+][^\W_]+)*", re.UNICODE)
_BREAK = re.compile(r"[^\w\s'\u2019/.+-]|[.](?=\s|$)|\s-+\s|--+|\\\w+|https?://\S+|\S*_\S*", re.UNICODE)
LONGEST = 3


def _read_words(name: str) -> frozenset[str]:
    """One of the word lists beside this module."""
    text = (resources.files("analysis.themes") / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


_CUTS, _WEAK_ALONE, _NOUNS = (_read_words(name) for name in ("cuts", "weak", "nouns"))
_NOT_A_NOUN = tuple("ly ed ive ous able ible ical ional oral ual ial eral ful less ic".split())  # noqa: SIM905


@dataclass(frozen=True)
class PhraseBook:
    """Phrases of a corpus that may serve in labels.

    Attributes
    ----------
    n_papers_with : dict of str to int
        Phrase (its key: lower case, singular) to the papers that use it.
    written : dict of str to str
        Key to the form that authors write most: ``"gpt-4"`` to ``"GPT-4"``.
    """

    n_papers_with: dict[str, int]
    written: dict[str, str]

    def write(self, key: str) -> str:
        """The phrase as authors write it."""
        return self.written.get(key, key)


def iterate_phrases(text: str) -> Iterator[tuple[str, str]]:
    """Phrases of one to three words, as (key, as written).

    Examples
    --------
    >>> [written for _, written in iterate_phrases("We test GPT-4 on vision-language-action models.")]
    ['GPT-4', 'vision-language-action', 'vision-language-action models', 'models']
    """
    for segment in _BREAK.split(text):
        for words in _cut(_WORD.findall(segment)):
            for start in range(len(words)):
                for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
                    written = " ".join(words[start:end])
                    yield make_key(written), written


def list_keys(text: str) -> list[str]:
    """Keys of a text's phrases, repeats included: the analyzer of the vectorizer.

    Examples
    --------
    >>> list_keys("Robots learn; the robot grasps.")
    ['robot', 'robot', 'robot grasp', 'grasp']
    """
    return [key for key, _ in iterate_phrases(text)]


def make_key(phrase: str) -> str:
    """Lower case, with the last word in the singular.

    Examples
    --------
    >>> make_key("Language Models"), make_key("analysis"), make_key("policies")
    ('language model', 'analysis', 'policy')
    """
    key = phrase.lower()
    if key.endswith("ies") and len(key) > 5:
        return key[:-3] + "y"
    if key.endswith("s") and len(key) > 3 and not key.endswith(("ss", "us", "is", "'s")):
        return key[:-1]
    return key


def collect_phrases(texts: Sequence[str]) -> PhraseBook:
    """Count in how many papers each phrase stands, and how it is written.

    A phrase of a single paper is kept only in corpora of fewer than ten.
    """
    seen: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for text in texts:
        here = dict(iterate_phrases(text))
        seen.update(here.keys())
        for key, written in here.items():
            if written != key:
                spellings.setdefault(key, Counter())[written] += 1
    least = 2 if len(texts) >= 10 else 1
    kept = {key: count for key, count in seen.items() if count >= least}
    spelled = {key: _choose_spelling(key, spellings[key], kept[key]) for key in kept if key in spellings}
    return PhraseBook(kept, spelled)


def overlap(first: str, second: str) -> float:
    """Share of the words of the shorter phrase that the other has too, in [0, 1].

    Examples
    --------
    >>> overlap("robot learning", "robotic learning"), overlap("recommendation", "recommender system")
    (1.0, 1.0)
    """
    a, b = ({_stem(word) for word in re.split(r"[\s-]+", phrase.lower())} for phrase in (first, second))
    return len(a & b) / max(1, min(len(a), len(b)))


def says_little(key: str) -> bool:
    """Whether a phrase is too general, or an adjective or verb too bare, to name a theme.

    Examples
    --------
    >>> [says_little(key) for key in ("model", "egocentric", "predicted", "recommendation", "egocentric vision")]
    [True, True, True, False, False]
    """
    if " " in key:
        return False
    return key in _WEAK_ALONE or len(key) < 3 or (key.isalpha() and key.endswith(_NOT_A_NOUN) and key not in _NOUNS)


def _stem(word: str) -> str:
    """The first letters: robot and robotic, recommender and recommendation fall together."""
    return make_key(word)[: 6 if len(word) > 7 else 5]


def _cut(words: Iterable[str]) -> Iterator[list[str]]:
    """Runs of words between those that cut."""
    run: list[str] = []
    for word in words:
        lower = word.lower().replace("\u2019", "'")
        if lower in _CUTS or lower.rstrip("s") in _CUTS or "'" in lower or not any(c.isalpha() for c in word):
            if run:
                yield run
            run = []
        elif len(word) > 1:
            run.append(word)
    if run:
        yield run


def _choose_spelling(key: str, spellings: Counter[str], n_papers: int) -> str:
    plain = n_papers - sum(spellings.values())
    # Capitals of a title or a sentence's first word lose against the form in running text.
    ranked = sorted(
        [(count, written) for written, count in spellings.items()] + [(plain, key)],
        key=lambda one: (-one[0], sum(c.isupper() for c in one[1]), one[1]),
    )
    best = ranked[0][1]
    if best.istitle() or best == best.capitalize():
        lower = [(count, written) for count, written in ranked if written.islower() and count]
        return lower[0][1] if lower else best
    return best
