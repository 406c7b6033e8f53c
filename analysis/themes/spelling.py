"""How authors write a phrase: its case, its acronyms, singular or plural."""

from __future__ import annotations

from collections import Counter

from analysis.themes.grammar import make_key

# Weights of one use: in running text, where capitals tell something; at the end of
# a noun phrase, where singular or plural do.
RUNNING, CLOSED = 100, 5
# What authors write in the plural from this share of the uses on can be counted: "robots", but "imitation learning".
_LOWEST_PLURAL = 0.4
# A phrase in capitals is a name from so many uses in running text on.
_NAME_FROM = 3


def choose_spelling(key: str, forms: Counter[str], words: dict[str, Counter[str]]) -> str:
    """The form that stands most in running text; of a phrase seen in titles only, word by word."""
    ranked = sorted(forms.items(), key=lambda one: (-one[1], sum(c.isupper() for c in one[0]), one[0]))
    best, weight = ranked[0]
    if best != best.lower():
        # A name in capitals is rarely without them; an ordinary phrase often is.
        plain = next(((form, number) for form, number in ranked if form == form.lower()), None)
        best, weight = plain if plain and plain[1] >= max(RUNNING, 0.3 * weight) else (best, weight)
    named = any(c.isupper() for word in best.split() for c in word[1:])
    if weight >= RUNNING * (1 if named or " " not in key else _NAME_FROM) or best == best.lower():
        return best
    if " " not in key:
        # One capital at the start is the title's or the sentence's.
        return best.lower() if best[1:].islower() else best
    *front, last = best.split()
    return " ".join([*(_spell_front(word, words) for word in front), _spell_word(last, words)])


def find_plural(key: str, forms: Counter[str], words: dict[str, Counter[str]]) -> str | None:
    """The plural of a phrase, where authors use it so often that the phrase can be counted; None elsewhere."""
    plural = Counter({form: weight for form, weight in forms.items() if form.lower() != key})
    if plural and plural.total() >= _LOWEST_PLURAL * forms.total():
        return choose_spelling(key, plural, words)
    return None


def _spell_word(word: str, words: dict[str, Counter[str]]) -> str:
    return choose_spelling(make_key(word), words.get(make_key(word), Counter({word: 1})), words)


def _spell_front(word: str, words: dict[str, Counter[str]]) -> str:
    """A word before the last, in the number that it has there: "Gaussian avatars", however many say "Gaussians"."""
    spelled = _spell_word(word, words)
    if spelled.lower().startswith(word.lower()):
        return spelled[: len(word)]
    return choose_spelling(make_key(word), Counter({word: 1}), words)
