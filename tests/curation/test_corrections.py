"""What may stand in a curation.toml, and how its text is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.config import InputError
from analysis.curation import make_correction, parse_corrections, read_corrections
from analysis.curation.curation_text import add_correction, drop_last, write_correction
from analysis.curation.journal import find_undone, make_entry

WRITTEN = """# Seen on Monday.
[[corrections]]
do = "merge"            # these two are one
themes = ["humans", "video"]
label = "People in video"

[[corrections]]
do = "split"
theme = "robotics"
topics = [3, "Walking robots"]
label = "Locomotion"
"""


def refuse(text):
    with pytest.raises(InputError) as refused:
        parse_corrections(text)
    return str(refused.value)


def test_a_hand_written_file_is_read_in_its_order():
    merge, split = parse_corrections(WRITTEN)
    assert (merge.themes, merge.into, merge.label) == (("humans", "video"), None, "People in video")
    assert (split.topics, split.papers) == ((3, "Walking robots"), ())


def test_no_file_means_no_corrections(tmp_path):
    assert read_corrections(tmp_path / "curation.toml") == ()


def test_all_faults_are_named_at_once_with_the_nearest_that_is_known():
    said = refuse(
        '[[corrections]]\ndo = "merg"\n'
        '[[corrections]]\ndo = "rename"\ntheme = "a"\nlable = "b"\n'
        '[[corrections]]\ntheme = "a"\n'
        '[[corrections]]\ndo = "split"\ntheme = "a"\nlabel = "b"\n'
        '[[corrections]]\ndo = "pin"\npapers = ["p", "q"]\nto = ["a"]\n'
        "[correction]\n"
    ).splitlines()
    assert said == [
        "curation.toml: unknown setting 'correction'. Did you mean 'corrections'?",
        "curation.toml correction 1: do = 'merg' is not allowed. Did you mean 'merge'?",
        "curation.toml correction 2 (rename): label is missing. Give it.",
        "curation.toml correction 2 (rename): unknown setting 'lable'. Did you mean 'label'?",
        "curation.toml correction 3: do is missing. Known here: ignore, merge, move, pin, rename, split.",
        "curation.toml correction 4 (split): give topics, papers (their paper_id) or both.",
        "curation.toml correction 5 (pin): to: name one theme, or one for each of the papers.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "corrections = 3",
        "corrections = [1, 2]",
        "[corrections]\ndo = 'merge'",
        "[[corrections]\n",
        "[[corrections]]\ndo = ['merge']\n",
        "[[corrections]]\ndo = 'move'\npapers = 'p1'\nto = 'a'\n",
        "[[corrections]]\ndo = 'move'\npapers = [1]\nto = 'a'\n",
        "[[corrections]]\ndo = 'ignore'\nwords = ['?']\n",
        "[[corrections]]\ndo = 'merge'\nthemes = ['a', 'a']\n",
        "[[corrections]]\ndo = 'split'\ntheme = 'a'\nlabel = 'b'\ntopics = [1.5]\n",
        "a = " + "[" * 5000,
    ],
)
def test_what_is_no_correction_is_refused_in_one_message(text):
    assert refuse(text).startswith("curation.toml")


@pytest.mark.parametrize("label", ["", " ", "?!", "UNASSIGNED", "a\u202eb", "a\x1b[31mb", "a\x00", "x" * 81])
def test_labels_that_nobody_could_read_are_refused(label):
    with pytest.raises(InputError, match="label"):
        make_correction("rename", theme="a", label=label)


def test_a_correction_is_added_at_the_end_and_taken_from_there():
    correction = make_correction("ignore", words=["user", 'in "quotes" \\ \x7f'])
    added = add_correction(WRITTEN, correction)
    assert added.startswith(WRITTEN)
    assert parse_corrections(added)[-1] == correction
    assert drop_last(added) == WRITTEN
    assert parse_corrections(drop_last(drop_last(added))) == parse_corrections(WRITTEN)[:1]


def test_the_first_correction_leaves_no_file_when_it_is_taken_back():
    assert drop_last(add_correction("", make_correction("ignore", words=["user"]))) == ""


def test_lines_of_windows_stay_as_they_are():
    text = WRITTEN.replace("\n", "\r\n")
    added = add_correction(text, make_correction("ignore", words=["user"]))
    assert added.count("\n") == added.count("\r\n")
    assert drop_last(added) == text


def test_a_list_in_one_line_is_not_added_to():
    with pytest.raises(InputError, match="one line"):
        add_correction('corrections = [{do = "ignore", words = ["user"]}]\n', make_correction("ignore", words=["x"]))


def test_a_label_that_looks_like_a_heading_does_not_hide_the_last_correction():
    first = add_correction("", make_correction("ignore", words=["user"]))
    added = add_correction(first, make_correction("rename", theme="[[corrections]]", label="[[corrections]] do"))
    assert drop_last(added) == first


WORDS = st.text(min_size=1, max_size=12).filter(lambda text: text.isprintable() and any(map(str.isalnum, text)))


@given(WORDS, st.lists(WORDS, min_size=2, max_size=40, unique=True))
def test_what_is_written_is_what_was_meant(theme, papers):
    for correction in (
        make_correction("move", papers=papers, to=theme),
        make_correction("pin", papers=papers, to=papers),
        make_correction("split", theme=theme, papers=papers, topics=[3, theme], label="A label"),
    ):
        assert parse_corrections(write_correction(correction)) == (correction,)


def test_what_was_undone_last_comes_back_first_until_something_else_is_done():
    one, two = make_correction("ignore", words=["one"]), make_correction("ignore", words=["two"])

    def note(act, correction):
        return make_entry(act, correction, day="2025-01-01", what="", n_papers=0)

    done = [note("done", one), note("done", two)]
    undone = [*done, note("undone", two), note("undone", one)]
    assert find_undone(done) is None
    assert find_undone(undone) == one
    assert find_undone([*undone, note("done", one)]) == two
    assert find_undone([*undone, note("done", make_correction("ignore", words=["three"]))]) is None
