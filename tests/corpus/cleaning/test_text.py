import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus.cleaning import clean_abstract, clean_text, make_writable

PIECES = st.sampled_from(
    [
        *"aeZ59 .,:;-_^~$\\{}[]()<>&#'`\"\n\r\t•·éÃ©â€™ÅÄ\u202e\u0301\x00\x85\xa0\u1fef\ud800©", "&amp;", "&lt;",
        "&gt;", "&#38;", "&#92;", "&#123;", "&Atilde;", "&copy;", "\\textbf{", "\\emph{", "\\'", '\\"', "\\c{",
        "\\frac", "\\sqrt", "\\cite{", "\\item", "\\alpha", "\\unicode{x5c}", "\\textbackslash", "\\{", "\\}",
        "\\$", "\\u0041", "<sub>", "</sub>", "<sup>", "</sup>", "<i>", "</i>", "<jats:title>", "</jats:title>",
        "<p>", "<math>", "</math>", "<mi>", "</mi>", "<tex-math>", "</tex-math>", "<![CDATA[", "]]>", "``", "''",
        "Abstract", "Abstract: ", "Copyright ", "© 2020 Elsevier. ", "All rights reserved.", "(c) 2019", "N/A",
        "(b)", "http://a.b/~c",
    ]
)  # fmt: skip
ROUGH = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60)


@given(ROUGH)
@settings(max_examples=1500)
def test_cleaning_what_is_clean_changes_nothing(text):
    once = clean_text(text)
    assert clean_text(once) == once
    abstract = clean_abstract(text)
    assert clean_abstract(abstract) == abstract
    once.encode("utf-8")


def test_text_that_is_nested_beyond_all_sense_still_settles():
    text = "x"
    for _ in range(40):
        text = text.replace("&", "&am&#112;").replace("x", "&lt;x&gt;") if len(text) < 5000 else text
    once = clean_text("\\emph{" * 500 + "&am&#112;" * 50 + text + "}" * 500)
    assert clean_text(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        "a ", "<", "<p ", "<i a=", "<![CDATA[", "&", "&amp;", "&#38;", "\\", "{", "}", "{}", "{a", "\\frac{",
        "\\'", "\\emph{x} ", "$", "$a", "$ ", "``", "`", "~", "-\n", "- ", "© ", "(c) 2020 ", "© 2020 X. ",
        "Copyright ", "Abstract: ", ". ", "Ã©", "\u202e", "e\u0301", "<math>", "<mi>x</mi>", "<sub>2</sub>",
        "\\cite[", "\\u0041", "â€", "{\\", "$\\{", "• ", "\\\"a",
    ],
)  # fmt: skip
@pytest.mark.parametrize("length", [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_time_grows_with_the_length_alone(piece, length):
    text = piece * (length // len(piece))
    start = time.process_time()
    clean_abstract(text)
    # Ten times what an ordinary machine takes; a step of quadratic time would take hours.
    assert time.process_time() - start < 30 * length / 1_000_000


def test_a_formula_of_mathml_nested_without_end_is_flattened():
    assert "x" in clean_text("<math>" + "<mrow>" * 1500 + "x" + "</mrow>" * 1500 + "</math>")


def test_half_a_surrogate_pair_can_be_written():
    assert make_writable("half \ud800 pair") == clean_text("half \ud800 pair") == "half \ufffd pair"
