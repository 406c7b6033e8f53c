"""Keyphrases are whole phrases as authors write them, and labels differ."""

import numpy as np
import pytest

from analysis.themes.encoder import MiniLM
from analysis.themes.naming import make_slug
from analysis.themes.phrases import collect_phrases, list_keys, says_little
from analysis.themes.topics import count_phrases, describe, fit_bertopic, make_labels
from tests.themes.made_texts import COOKING, ROBOTS, STARS

TEXTS = [*ROBOTS, *STARS, *COOKING]
TOPICS = np.array([0] * len(ROBOTS) + [1] * len(STARS) + [2] * len(COOKING))


@pytest.fixture(scope="module")
def minilm():
    return MiniLM()


def test_hyphens_digits_and_acronyms_stay_whole():
    keys = list_keys("We fine-tune GPT-4 and a vision-language-action (VLA) model on 3D scenes.")
    assert {"gpt-4", "vision-language-action", "vla", "3d scene"} <= set(keys)
    assert "gpt" not in keys


def test_no_phrase_crosses_a_stop_word_or_a_comma():
    keys = list_keys("robots, stars and the kitchen")
    assert keys == ["robot", "star", "kitchen"]


def test_phrases_are_written_as_authors_write_them():
    texts = ["RLHF helps GPT-4.", "RLHF with GPT-4 agents.", "Diffusion policies and RLHF.", "Use diffusion policies."]
    book = collect_phrases(texts)
    assert book.write("rlhf") == "RLHF"
    assert book.write("gpt-4") == "GPT-4"
    assert book.write("diffusion policy") == "diffusion policies"


def test_each_topic_is_described_by_its_own_subject(minilm):
    phrases = count_phrases(TEXTS, collect_phrases(TEXTS))
    described = describe(TOPICS, phrases, minilm.encode(TEXTS), minilm.encode)
    words = [" ".join(one["phrase"] for one in keyphrases) for keyphrases in described]
    assert "robot" in words[0]
    assert "stellar" in words[1] or "telescope" in words[1]
    assert "kitchen" in words[2] or "recipe" in words[2]
    for keyphrases in described:
        weights = [one["weight"] for one in keyphrases]
        assert weights == sorted(weights, reverse=True)
        assert all(0 <= weight <= 1 for weight in weights)


def test_a_class_without_papers_gets_no_keyphrase(minilm):
    phrases = count_phrases(TEXTS, collect_phrases(TEXTS))
    described = describe(np.where(TOPICS == 1, 2, TOPICS), phrases, minilm.encode(TEXTS), minilm.encode)
    assert described[1] == []


def test_no_two_labels_are_alike():
    same = [{"phrase": "graph", "weight": 1.0}]
    labels = make_labels([same, same, [], []], taken=["Mixed papers"])
    assert len({label.casefold() for label in labels}) == 4
    assert "Mixed papers" not in labels


def test_bertopic_keeps_our_topics_and_phrases(minilm):
    model = fit_bertopic(TEXTS, TOPICS, minilm.encode(TEXTS), labels={0: "Robots", 1: "Stars", 2: "Cooking"})
    assert type(model).__name__ == "BERTopic"
    assert list(model.get_topic_info()["Count"]) == [8, 8, 7]
    assert list(model.get_topic_info()["CustomName"]) == ["Robots", "Stars", "Cooking"]
    assert any("robot" in word for word, _ in model.get_topic(0))


@pytest.mark.parametrize("label", ["../../etc/passwd", "a/b\\c", "C:\\x", "..", "<b>", "a" * 300, "", "🤖"])
def test_a_slug_is_a_safe_file_name(label):
    slug = make_slug(label)
    assert slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(slug) <= 60


def test_bare_adjectives_and_verbs_name_no_topic():
    assert all(says_little(key) for key in ("aware", "concise", "intermediate", "manipulate", "predicted"))
    assert not any(says_little(key) for key in ("reasoning", "recommendation", "manipulation", "robot", "gpt-4"))
