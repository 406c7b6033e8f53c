# ruff: noqa: RUF001 -- signs that look alike are what this is about
import pytest

from analysis.corpus.cleaning import clean_abstract, clean_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("R&amp;amp;D &#39;q&#39; &mdash; &#x3b1;", "R&D 'q' — α"),
        ("https://a.b?x=1&copy=2 AT&T; &unknown;", "https://a.b?x=1&copy=2 AT&T; &unknown;"),
        ("CO<sub>2</sub> and <i>E. coli</i> at 10<sup>-5</sup> m<sup>2</sup>", "CO2 and E. coli at 10^-5 m2"),
        ("One.<br/>Two.<p>Three.", "One. Two. Three."),
        ('See <a href="https://a.b/?x=1">here</a> &lt;b&gt;now&lt;/b&gt;', "See here now"),
        ("<![CDATA[A <b>bold</b> claim]]>", "A bold claim"),
    ],
)
def test_known_markup_goes_and_its_text_stays(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "The <think> token and <answer>, <s> and </s>",
        "if a < b and c > d, or p<0.05",
        "for all a<b>c",
        "<https://a.b/c.git>",
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_is_no_markup_stays_as_it_was_written(text):
    assert clean_text(text) == text


def test_headings_of_a_structured_abstract_stay_as_text():
    raw = (
        "<jats:title>Abstract</jats:title><jats:sec><jats:title>Background</jats:title><jats:p>Robots fall.</jats:p>"
        "</jats:sec><jats:sec><jats:title>Methods:</jats:title><jats:p>We push them.</jats:p></jats:sec>"
    )
    assert clean_abstract(raw) == "Background: Robots fall. Methods: We push them."


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math> grows", "x^2 grows"),
        (
            "<math><semantics><mrow><mi>α</mi></mrow><annotation encoding='application/x-tex'>\\alpha</annotation>"
            "</semantics></math>",
            "α",
        ),
        (
            "<jats:alternatives><jats:tex-math>$$k\\le 3$$</jats:tex-math><mml:math><mml:mi>k</mml:mi></mml:math>"
            "</jats:alternatives>",
            "k≤ 3",
        ),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>", "(a+b)/2"),
    ],
)
def test_mathml_gives_its_text(raw, clean):
    assert clean_text(raw) == clean
