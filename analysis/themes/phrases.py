"""Candidate phrases: what an author wrote, uncut by punctuation or stop words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# A word keeps its hyphens, digits and inner points: GPT-4, GPT-3.5, vision-language-action, 3D.
_WORD = re.compile(r"[^\W_]+(?:[-'’/.+][^\W_]+)*", re.UNICODE)
_BREAK = re.compile(r"[^\w\s'’/.+-]|[.](?=\s|$)|\s-+\s|--+|\\\w+|https?://\S+|\S*_\S*", re.UNICODE)
LONGEST = 3

# Words that cut a phrase in two. The second block is the prose of abstracts,
# which says nothing of a paper's theme whatever the field.
_CUTS = frozenset(
    """
a about above across after again against all almost along already also although always am among an and another any
are as at away back be became because become been before being below between beyond both but by can cannot could did
do does doing done down during each either else enough especially even ever every few first five for four from further
get give given go had has have having he hence her here him his how however i if in indeed instead into is it its
itself just last latter least less let like made mainly make many may me might more moreover most mostly much must my
namely near nearly need neither never no none nor not nothing now of off often on once one only onto or other others
our out over own per perhaps quite rather really same second see seem several she should since six so some still such
ten than that the their them themselves then there thereby therefore these they third this those though three through
throughout thus to together too toward towards two under unlike until up upon us using very via was we well were what
when where whereas whether which while who whole whom whose why will with within without would yet you your

ability able abstract accordingly besides concretely consequently e.g etc et al i.e lastly nevertheless notably note thanks achieve achieved achieves achieving additional additionally address addresses
addressing adopt aim aims allow allowing allows analyse analyze apply applied applying approach approaches appear
arise art aspect aspects assess available based basis benefit benefits best better bring broad
broadly build building builds capable capture captures capturing carefully case cases challenge challenges challenging
code collect collected combine combined combines combining common commonly compare compared comparable comparing
comparison competitive complex comprehensive comprehensively conduct conducted consider considerable considerably
consist consistent consistently consists contain contains contribute contribution contributions core create created
critical crucial current currently deal demonstrate demonstrated demonstrates demonstrating depend
derive derived describe describes design designed designing despite detail detailed details determine develop
developed developing difference differences different differently difficult directly discover discuss diverse due
easily effect effective effectively effectiveness efficient efficiently effort efforts emerge emerged employ employed
employing enable enabled enables enabling encode encodes end enhance enhanced enhances enhancing ensure ensures
entire entirely essential establish established evaluate evaluated evaluates evaluating evaluation evaluations evidence
examine existing exhibit exhibits experiment experimental experiments explicit explicitly explore explores exploring
extend extensive extract extracted fact fail fails fall far field finally find finding findings finds
focus focused focuses focusing follow following follows form forms found framework frameworks fully fundamental
furthermore future gain gains gap general generally generalize generate generated generates generating github
goal goals good great greatly growing help helps high higher highly https idea identified identify
identifying illustrate impact implement implemented implication implications implicitly importance important
importantly impressive improve improved improvement improvements improves improving include includes including
increase increased increasing increasingly indicate indicates influence inherent inherently initial insight insights
inspired integrate integrated integrates introduce introduced introduces introducing investigate investigated issue
issues key know known lack large largely large-scale latest lead leading leads learn learned learns level leverage
leveraged leverages leveraging limit limitation limitations limited limits long main maintain major make makes making
manner match means measure method methods million modern motivated multiple natural nature necessary new novel number
numerous observe observed obtain obtained offer offering offers order original originally outperform
outperforming outperforms overall overcome paper papers particular particularly perform performance performing
performs plus points poor popular pose poses positive possible potential potentially powerful practical practice
precisely present presented presents prevailing previous previously prior problem problems process produce produces
promise promising propose proposed proposes proposing prove provide provided provides providing public publicly
question questions quite range rapid rapidly real reason recent recently reduce reduced reduces reducing relate
related relevant reliable rely relies remain remains remarkable report represent require required requires requiring
research researcher researchers resulting result results reveal reveals rich robust robustly role root run scenario
scenarios science-based seek set sets setting settings shed show showed showing shown shows significant significantly
similar similarly simple simply single situation small solely solution solutions solve solved solving specific
specifically standard state state-of-the-art step steps strong study studied studies studying substantial
substantially success successful successfully suffer suffers suggest suggests suitable superior support surprisingly
tackle take takes task tasks technique techniques term terms test tested thereof thousand time tool tools
top total traditional train trained training try turn twofold type types typical typically ultimately understand
understanding underlying underscore unified unique unprecedented usage use used useful uses utilize utilized utilizes
utilizing valuable various vast versatile vital way ways web website wide widely work works world yield yields
""".split()
)
# Words that may stand inside a phrase but say too little alone.
_WEAK_ALONE = frozenset(
    """
accuracy action agent analysis application area baseline behavior behaviour benchmark concept content context data
dataset dimension domain environment example feature function human information input interaction knowledge language
learning loss mechanism metric model module network object objective output parameter people performance policy
property quality representation sample score self-supervised semantic signal simulation source space strategy
structure system target text token understanding user value variable pre-trained pretrained fine-tuning downstream
end-to-end low top-1 dynamic temporal spatial latent visual deep neural pre-training pretraining sequence video image
""".split()
)

_NOT_A_NOUN = ("ly", "ed", "ive", "ous", "able", "ible", "ical", "ional", "oral", "ual", "ial", "eral", "ful", "less", "ic")
_NOUNS = frozenset("logic music topic metric traffic magic clinic physic graphic statistic seed feed speed".split())


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
    written = {key: _choose_spelling(key, spellings[key], kept[key]) for key in kept if key in spellings}
    return PhraseBook(kept, written)


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
    """The first six letters: robot and robotic, recommender and recommendation fall together."""
    return make_key(word)[:6] if len(word) > 6 else make_key(word)[:5]


def _cut(words: Iterable[str]) -> Iterator[list[str]]:
    """Runs of words between those that cut."""
    run: list[str] = []
    for word in words:
        lower = word.lower().replace("’", "'")
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
