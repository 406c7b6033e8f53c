# ruff: noqa: RUF001 -- signs that look alike are what this is about
import pytest

from analysis.corpus.cleaning import clean_text
from analysis.corpus.cleaning.characters import mend_encoding


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Hard\n  line\r\nbreaks\tand  blanks", "Hard line breaks and blanks"),
        ("high-\nresolution", "high-resolution"),
        ("pre-\nand post-training", "pre- and post-training"),
        ("nul\x00 bell\x07 del\x7f c1\x9b", "nul bell del c1"),
        ("\u202eevil\u202c \u2066iso\u2069 \u200fmark", "evil iso mark"),
        ("שלום עולם", "שלום עולם"),
        # Persian with a joiner that it needs, and an emoji made of two.
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩\u200d🔬 🎉",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩\u200d🔬 🎉",
        ),
        ("Cafe\u0301", "Café"),
        ("  • Title ", "Title"),
        ("investi\u00adgate", "investigate"),
    ],
)
def test_characters_are_spelled_in_one_way(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    "text", ["Schrödinger’s naïve cat – “quoted” €5", "Ångström, façade, São, Ørsted, Łódź", "机器人学习"]
)
@pytest.mark.parametrize("encoding", ["windows-1252", "latin-1"])
def test_text_read_in_the_wrong_encoding_is_mended(text, encoding):
    try:
        garbled = text.encode("utf-8").decode(encoding)
    except UnicodeDecodeError:
        pytest.skip("Windows-1252 has no such characters")
    assert mend_encoding(garbled) == text


@pytest.mark.parametrize(
    "text",
    [
        "“Curly” ‘quotes’ … ﬁne ligature",
        "Â",
        "naïve São Paulo",
        "ÃO",
        "Ｆｕｌｌ ｗｉｄｔｈ",
        "é–è",
        "100 €™",
        "Ça va? Où? Être à l’été",
    ],
)
def test_text_in_the_right_encoding_stays(text):
    assert mend_encoding(text) == text
