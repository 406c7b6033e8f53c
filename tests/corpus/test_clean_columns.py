from hypothesis import example, given
from hypothesis import strategies as st

from analysis.corpus.cleaning import clean_abstract, clean_column, clean_text

SIGNS = st.text(st.sampled_from("aB9 .,:-&;<>\\${}~`^_%\n\t\x00\x01é•\u200b"), max_size=12)


@given(st.lists(SIGNS, max_size=150))
@example(["plain"] * 64 + [" blank", "blank ", "two  blanks", "``quoted''", "\x00", "", "a\x00b"])
def test_a_column_is_cleaned_as_its_values_are(values):
    assert clean_column(values) == [clean_text(value) for value in values]


def test_a_column_may_be_cleaned_otherwise():
    assert clean_column(["<p>Abstract: robots</p>", "doors"], clean_abstract) == ["robots", "doors"]
