"""Labels are whole noun phrases as authors write them; no two alike, none a paraphrase of a given name."""

import numpy as np
import pytest
import scipy.sparse as sp

from analysis.themes.acronyms import find_acronyms
from analysis.themes.embedding import MiniLM
from analysis.themes.keyphrases import Candidates, find_candidates, list_keyphrases
from analysis.themes.labelling import make_labels
from analysis.themes.phrases import collect_phrases
from tests.themes.made_texts import COOKING, ROBOTS, STARS

TEXTS = [*ROBOTS, *STARS, *COOKING]
TOPICS = np.array([0] * len(ROBOTS) + [1] * len(STARS) + [2] * len(COOKING))
# Sentences of another field, in which each kind of word is used as it is.
LAKES = [
    "Sediment traps of the lake freeze. The shallow lakes accumulate the sediment slowly.",
    "We date sediment traps. Shallow water mixes the sediment, and the traps of deep lakes are accurate.",
    "In a lake the sediment settles accurately. Shallow lakes release nutrients from the sediment.",
    "Nutrients in shallow lakes: the sediment traps of a lake.",
    "To date the sediment of lakes we drill shallow traps and count nutrients accurately.",
]


@pytest.fixture(scope="module")
def minilm():
    return MiniLM()


def whole_phrases(texts):
    book = collect_phrases(texts)
    return {str(key) for key, whole in zip(book.keys, book.whole, strict=True) if whole}


def test_phrases_are_written_as_authors_write_them():
    texts = ["RLHF helps GPT-4.", "RLHF with GPT-4 agents.", "Diffusion policies and RLHF.", "Use diffusion policies."]
    book = collect_phrases(texts)
    assert book.write("rlhf") == "RLHF"
    assert book.write("gpt-4") == "GPT-4"
    assert book.write("diffusion policy") == "diffusion policies"


def test_capitals_of_titles_and_definitions_do_not_count():
    texts = [
        "Proximal Maps for Lakes. We draw the proximal maps of VLA models with Gaussian splatting.",
        "On Proximal Maps. Here Gaussian splatting and the Proximal Maps (PM) of one VLA model.",
        "All about lakes. The proximal maps of Gaussian splatting.",
    ]
    book = collect_phrases(texts)
    assert book.write("proximal map") == "proximal maps"
    assert book.write("gaussian splatting") == "Gaussian splatting"
    assert book.write("vla model").startswith("VLA")


def test_singular_and_plural_are_one_phrase():
    texts = ["Two biases, LMs.", "A bias, the analysis, one LM.", "Several analyses, meshes.", "A mesh."]
    book = collect_phrases(texts)
    assert {"bias", "analysis", "mesh", "lm"} <= set(book.keys)
    assert not {"biase", "biases", "analyse", "analyses", "meshe", "meshes", "lms"} & set(book.keys)


def test_only_noun_phrases_can_name_a_theme():
    whole = whole_phrases(LAKES * 3)
    assert {"sediment", "sediment trap", "shallow lake", "nutrient"} <= whole
    # Adjective, adverb, verbs, and a verb in front.
    assert not {"shallow", "accurately", "date", "drill", "accumulate"} & whole
    assert not {key for key in whole if key.startswith(("drill ", "date "))}


def test_a_phrase_cut_short_at_its_front_names_no_theme():
    texts = ["Salt marsh bird nests. Salt marsh bird nests flood.", "The salt marsh bird nests of spring."] * 5
    whole = whole_phrases(texts)
    assert "salt marsh bird" not in whole  # cut at the end
    assert "marsh bird nest" not in whole  # cut at the front
    assert {"bird nest", "nest"} <= whole


def test_what_authors_count_is_written_in_the_plural():
    texts = ["One robot learns motion.", "Two robots in motion.", "A robot and the robots.", "Motions or motion."] * 3
    book = collect_phrases([*texts, *["The motion of a robot."] * 3])
    assert book.write("robot") == "robots"
    assert book.write("motion") == "motion"


def test_a_word_in_front_keeps_its_number():
    # The phrase stands in titles only, so each of its words is written as running text has it.
    texts = ["Gaussian Avatars. Splats of the Gaussians.", "New Gaussian Avatars. The Gaussians move."] * 5
    book = collect_phrases(texts)
    assert book.write("gaussian avatar").startswith("Gaussian ")


@pytest.mark.parametrize(("first", "n_phrases"), [("attack", 2), ("bank attack", 1)])
def test_a_second_phrase_stands_beside_a_bare_word_more_easily(first, n_phrases):
    book = collect_phrases(["A bank attack.", "An attack.", "A guard.", "Of two a guard.", *["Lakes."] * 12])
    reach = np.array([[True, False]] * 7 + [[True, True]] * 2 + [[False, True]])
    elsewhere = sp.csc_matrix((10, 2), dtype=bool)
    scores = np.array([1.0, 0.2 if first == "attack" else 0.33])
    one = Candidates((first, "guard"), scores, np.full(2, 9.0), reach, elsewhere, np.eye(2, dtype=np.float32))
    (found,) = make_labels([one], book, lambda phrases: np.zeros((len(phrases), 2), np.float32))
    assert len(found.phrases) == n_phrases


def test_an_acronym_is_found_with_what_it_stands_for():
    texts = ["We use reinforcement learning from human feedback (RLHF).", "A vision-language-action (VLA) model."]
    found = find_acronyms(texts)
    assert found == {"RLHF": "reinforcement learning from human feedback", "VLA": "vision-language-action"}


def test_an_acronym_of_one_word_is_found_too():
    assert find_acronyms(["An electrocardiogram (ECG) was taken."]) == {"ECG": "electrocardiogram"}


def test_an_acronym_with_two_meanings_stands_for_itself():
    texts = ["The segment anything model (SAM).", "Sharpness-aware minimization (SAM)."]
    assert find_acronyms(texts) == {}


@pytest.mark.parametrize("text", ["(", "()", "a (B)", "no letters here (XQZ)", "x" * 5000 + " (AB)", "(ABC) (ABC)"])
def test_what_defines_no_acronym_gives_none(text):
    assert find_acronyms([text]) == {}


def test_acronym_and_expansion_count_as_one_phrase():
    texts = ["Graph networks (GNs) write.", "GNs read.", "A graph network speaks."] * 4
    book = collect_phrases(texts)
    column = list(book.keys).index("graph network")
    assert (book.counts[:, column] > 0).sum() == len(texts)
    assert book.counts[:, list(book.keys).index("gn")].sum() == 0


def test_each_topic_is_described_by_its_own_subject(minilm):
    book = collect_phrases(TEXTS)
    described = [
        list_keyphrases(one, book) for one in find_candidates(TOPICS, book, minilm.encode(TEXTS), minilm.encode)
    ]
    words = [" ".join(one["phrase"] for one in keyphrases).lower() for keyphrases in described]
    assert "robot" in words[0]
    assert "stellar" in words[1] or "telescope" in words[1]
    assert "kitchen" in words[2] or "recipe" in words[2]
    for keyphrases in described:
        weights = [one["weight"] for one in keyphrases]
        assert weights == sorted(weights, reverse=True)
        assert all(0 <= weight <= 1 for weight in weights)


def label(texts, classes, minilm, **options):
    book = collect_phrases(texts)
    candidates = find_candidates(np.array(classes), book, minilm.encode(texts), minilm.encode)
    return make_labels(candidates, book, minilm.encode, **options)


def test_a_class_without_papers_gets_no_keyphrase_and_a_label(minilm):
    found = label(TEXTS, np.where(TOPICS == 1, 2, TOPICS), minilm)
    assert found[1].text == "Mixed papers"
    assert found[1].phrases == ()


def test_no_two_labels_are_alike(minilm):
    texts = ["The sediment of lakes."] * 9
    found = label(texts, [0, 0, 0, 1, 1, 1, 2, 2, 2], minilm, taken=["Lakes"], reserved=["Mixed papers"])
    texts = [one.text.casefold() for one in found]
    assert len({*texts, "lakes", "mixed papers"}) == 5


@pytest.mark.parametrize("name", ["Robots", "Robotics", "Robotic manipulation"])
def test_no_label_repeats_a_name_that_the_study_gave(minilm, name):
    plain, beside = label(TEXTS, TOPICS, minilm), label(TEXTS, TOPICS, minilm, taken=[name])
    assert "robot" in plain[0].text.lower()
    assert name.casefold() not in {phrase.casefold() for phrase in beside[0].phrases}
    assert beside[0].text.casefold() != name.casefold()
    assert [one.text for one in beside[1:]] == [one.text for one in plain[1:]]


def test_the_second_phrase_brings_papers_that_the_first_lacks(minilm):
    lakes = ["Lake sediment by depth. The lake sediment holds water."] * 5
    birds = ["Bird migration by year. The bird migration follows wind."] * 4
    rest = ["A recipe for soup. The recipe needs salt."] * 6
    (first, _) = label([*lakes, *birds, *rest], [0] * 9 + [1] * 6, minilm)
    assert "sediment" in first.text.lower()
    assert "migration" in first.text.lower()
    assert first.inside == 1
    assert first.outside == 0


def test_a_word_that_the_whole_corpus_shares_names_no_theme(minilm):
    texts = [f"Deep water studies. {text} Deep water matters." for text in TEXTS]
    assert all("water" not in one.text.lower() for one in label(texts, TOPICS, minilm))


def test_a_phrase_says_nothing_twice(minilm):
    texts = ["Large language models (LLMs) answer. The LLMs, large language models, write."] * 5 + COOKING
    (models, _) = label(texts, [0] * 5 + [1] * len(COOKING), minilm)
    assert sum(phrase.lower() in ("llms", "language models") for phrase in models.phrases) == 1
