"""Sources are added to the text of a study file, and nothing else in it changes."""

import pytest

from analysis.config import InputError
from analysis.study.settings_text import add_sources


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ('[corpus]\nsources = ["a.csv"]\n', '[corpus]\nsources = ["a.csv", "b \\"x\\".csv"]\n'),
        ('[corpus]\nsources = ["a", ] # x ]\n', '[corpus]\nsources = ["a", "b \\"x\\".csv"] # x ]\n'),
        ("[corpus]\nsources=[]", '[corpus]\nsources=["b \\"x\\".csv"]'),
        ('corpus.sources = ["a]#"]', 'corpus.sources = ["a]#", "b \\"x\\".csv"]'),
        (
            "[corpus]\r\nsources = [\r\n\t'a'\r\n]\r\n",
            '[corpus]\r\nsources = [\r\n\t\'a\',\r\n\t"b \\"x\\".csv",\r\n]\r\n',
        ),
        (
            '# sources = ["no"]\n[corpus]\ncaution = "sources = [1]"\nsources = ["a"]',
            '# sources = ["no"]\n[corpus]\ncaution = "sources = [1]"\nsources = ["a", "b \\"x\\".csv"]',
        ),
    ],
)
def test_one_line_of_the_settings_changes(text, changed):
    assert add_sources(text, ['b "x".csv'], where="study.toml") == changed


def test_a_list_of_sources_that_is_not_found_is_told():
    with pytest.raises(InputError, match="no line"):
        add_sources('[corpus]\n"s\\u006furces" = ["a"]', ["b"], where="study.toml")
