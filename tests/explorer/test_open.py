"""The command that writes the page."""

import shutil

import pytest

from analysis.study import write_explorer


@pytest.fixture
def own(small_study, tmp_path):
    return shutil.copytree(small_study.root, tmp_path / "own")


def test_open_writes_one_page_beside_the_study_and_says_where(own, themeline):
    answer = themeline("open", own)
    page = own / "explorer.html"
    assert answer.code == 0
    assert answer.out.strip() == str(page)
    assert "Content-Security-Policy" in page.read_text(encoding="utf-8")[:600]


def test_the_page_is_the_same_every_time_and_check_still_holds(own, themeline):
    first = write_explorer(own, out=own.parent / "a.html").read_bytes()
    assert write_explorer(own, out=own.parent).read_bytes() == first
    assert themeline("check", own).code == 0


@pytest.mark.parametrize(
    ("out", "said"), [("page.txt", "ends in .html"), ("own/figures/page.html", "replaced at every")]
)
def test_a_place_that_cannot_be_is_refused(own, themeline, out, said):
    answer = themeline("open", own, "--out", own.parent / out)
    assert answer.code == 2
    assert said in answer.message
    assert not (own.parent / out).exists()


def test_a_study_without_vectors_is_explored_without_more_like_this(own):
    (own / "data/model/vectors.npy").unlink()
    assert write_explorer(own).exists()


def test_no_study_is_one_clear_message(tmp_path, themeline):
    answer = themeline("open", tmp_path / "nowhere")
    assert answer.code == 2
    assert "no such study" in answer.message
