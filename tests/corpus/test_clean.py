import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.clean import clean_abstract, clean_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Hard\n  line\r\nbreaks\tand  blanks", "Hard line breaks and blanks"),
        ("high-\nresolution", "high-resolution"),
        ("pre-\nand post-training", "pre- and post-training"),
        (r"\textbf{Bold} and \emph{fine \textit{print}}", "Bold and fine print"),
        (r"45\% of R\&D", "45% of R&D"),
        (r"code at \url{https://a.b/c} or \href{https://a.b}{here}", "code at https://a.b/c or here"),
        (r"$\alpha_1 \leq \beta$", r"$\alpha_1 \leq \beta$"),
        ("R&amp;amp;D &lt;b&gt; &#39;q&#39;", "R&D <b> 'q'"),
        ("https://a.b?x=1&copy=2 AT&T", "https://a.b?x=1&copy=2 AT&T"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
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
        ("half \ud800 pair", "half \ufffd pair"),
    ],
)
def test_text_is_cleaned_and_its_meaning_kept(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.parametrize("raw", ["[No abstract available]", "N/A", " nan ", "Abstract: none", ""])
def test_a_source_that_says_it_has_no_abstract_gives_none(raw):
    assert clean_abstract(raw) == ""


def test_the_heading_of_an_abstract_is_taken_off():
    assert clean_abstract("Abstract: We study robots.") == "We study robots."
    assert clean_abstract("Abstract reasoning is hard.") == "Abstract reasoning is hard."


@given(st.text(alphabet=st.sampled_from("aé-\n \\%&;#{}<>ltamp\u202e\u0301\x00•"), max_size=60))
def test_cleaning_what_is_clean_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)
