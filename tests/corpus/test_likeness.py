import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.likeness import find_family_name, fold_text


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_ascii_text_is_folded_as_any_other(text):
    folded = unicodedata.normalize("NFKC", text).casefold()
    assert fold_text(text) == (re.sub(r"[\W_]+", "", folded) or folded)


def test_case_spacing_signs_and_widths_count_for_nothing():
    wide = "\uff27\uff30\uff34-4 The Robot"
    assert fold_text("GPT-4:  the\nRobot") == fold_text("gpt 4 the robot") == fold_text(wide)
    assert fold_text("∑ ∫") != fold_text("∑ ∂")


def test_a_family_name_is_found_however_the_name_is_written():
    written = ("Müller, K. R.", "Klaus-Robert Müller", "K.-R. Muller", "Muller KR", "MULLER, Klaus")
    assert {find_family_name(name) for name in written} == {"muller"}
