"""BERTopic takes over our topics, phrases stay whole, and slugs are safe."""

import numpy as np
import pytest

from analysis.themes.embedding import MiniLM
from analysis.themes.naming import make_slug
from analysis.themes.phrases import list_keys
from analysis.themes.topics import fit_bertopic
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
