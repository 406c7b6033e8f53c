"""What tasks make is whole or absent, and made once."""

import errno
import json
import os

import pytest

from analysis.config import InputError
from analysis.study.scaling.parts import MARK, hold_workshop, is_made, keep_part, publish_folder, read_part


def write_text(text):
    def make(beside):
        (beside / "one.txt").write_text(text, encoding="utf-8")
        (beside / "one.extra.txt").write_text("more", encoding="utf-8")
        return {"n": len(text), "pair": (1, 2)}

    return make


def fail(beside):
    (beside / "one.txt").write_text("half", encoding="utf-8")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def never(_):
    pytest.fail("made again")


def list_names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_part_is_made_once(tmp_path):
    made = keep_part(tmp_path, "one", "k", write_text("abc"))
    assert made.facts == {"n": 3, "pair": [1, 2]}
    assert keep_part(tmp_path, "one", "k", never) == made
    assert list_names(tmp_path) == [".one.json", "one.extra.txt", "one.txt"]


def test_another_key_makes_it_anew(tmp_path):
    first = keep_part(tmp_path, "one", "k", write_text("abc"))
    second = keep_part(tmp_path, "one", "other", write_text("abcd"))
    assert second.facts["n"] == 4
    assert second.digest != first.digest


@pytest.mark.parametrize("damage", ["flip", "remove", "cut the record", "another layout"])
def test_a_damaged_part_is_made_anew(tmp_path, damage):
    made = keep_part(tmp_path, "one", "k", write_text("abc"))
    if damage == "flip":
        (tmp_path / "one.txt").write_text("abd", encoding="utf-8")
    elif damage == "remove":
        (tmp_path / "one.extra.txt").unlink()
    else:
        record = tmp_path / ".one.json"
        text = record.read_text(encoding="utf-8")
        record.write_text(text[:-9] if damage.startswith("cut") else text.replace('"layout": 1', '"layout": 0'))
    assert read_part(tmp_path, "one", "k") is None
    assert keep_part(tmp_path, "one", "k", write_text("abc")) == made
    assert (tmp_path / "one.txt").read_text(encoding="utf-8") == "abc"


def test_a_part_that_fails_leaves_nothing_and_the_old_one_whole(tmp_path):
    with pytest.raises(OSError, match="No space left"):
        keep_part(tmp_path, "one", "k", fail)
    assert list_names(tmp_path) == []
    old = keep_part(tmp_path, "one", "k", write_text("abc"))
    with pytest.raises(OSError, match="No space left"):
        keep_part(tmp_path, "one", "other", fail)
    assert read_part(tmp_path, "one", "k") == old


def test_a_part_of_an_earlier_result_is_taken_over(tmp_path):
    old = keep_part(tmp_path / "old", "one", "k", write_text("abc"))
    assert keep_part(tmp_path / "new", "one", "k", never, older=tmp_path / "old") == old
    assert read_part(tmp_path / "new", "one", "k") == old


def publish(folder, text):
    with hold_workshop(folder) as workshop:
        keep_part(workshop / "out", "one", text, write_text(text))
        (workshop / "out" / "left.txt").touch()
        publish_folder(workshop, folder, {".one.json", "one.txt", "one.extra.txt"}, text)


def test_a_folder_is_replaced_as_a_whole(tmp_path):
    folder = tmp_path / "corpus"
    publish(folder, "abc")
    publish(folder, "abcd")
    assert (folder / "one.txt").read_text(encoding="utf-8") == "abcd"
    assert list_names(folder) == [MARK, ".one.json", "one.extra.txt", "one.txt"]
    assert is_made(folder, "abcd")
    assert not is_made(folder, "abc")
    assert list_names(tmp_path) == ["corpus"]


@pytest.mark.parametrize("moment", ["before the second move", "after it"])
def test_a_kill_in_the_swap_is_put_right(tmp_path, moment):
    folder = tmp_path / "corpus"
    publish(folder, "abc")
    if moment == "after it":
        publish(tmp_path / "second", "abcd")
        folder.rename(tmp_path / ".corpus.old")
        (tmp_path / "second").rename(folder)
    else:
        folder.rename(tmp_path / ".corpus.old")
    with hold_workshop(folder):
        expected = "abcd" if moment == "after it" else "abc"
        assert (folder / "one.txt").read_text(encoding="utf-8") == expected
    assert not (tmp_path / ".corpus.old").exists()


def test_a_folder_of_other_things_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(InputError, match="holds other files"), hold_workshop(tmp_path / "mine"):
        pass
    with pytest.raises(InputError, match="this is a file"), hold_workshop(tmp_path / "mine" / "thesis.txt"):
        pass
    assert list_names(tmp_path) == ["mine"]


def test_two_runs_do_not_make_one_folder(tmp_path):
    with (
        hold_workshop(tmp_path / "corpus"),
        pytest.raises(InputError, match="another run"),
        hold_workshop(tmp_path / "corpus"),
    ):
        pass


def test_a_mark_that_is_no_record_counts_for_nothing(tmp_path):
    (tmp_path / MARK).write_text(json.dumps([1]), encoding="utf-8")
    assert not is_made(tmp_path, "abc")
