"""The reports call doubtful themes and topics so, and never those that were not measured."""

import re

import pytest

from analysis.reports.stability import count_doubtful_topics, describe_doubtful_themes, describe_stability
from tests.made_study import make_tables
from tests.plots.test_doubt import with_stability
from tests.reports.rendered import read_report, write_words


def show(text, kind):
    """A report as a reader sees it; of the HTML what stands outside scripts and tags."""
    return text if kind == "md" else re.sub(r"(?s)<script.*?</script>|<style.*?</style>|<[^>]*>", "", text)


@pytest.mark.parametrize("kind", ["html", "md"])
def test_a_doubtful_theme_is_named_at_the_top_on_its_card_and_in_the_table(kind):
    text = show(write_words(with_stability(make_tables(), doubtful=["robotics"]), kind), kind)
    short = text[text.index("In short") : text.index("What this corpus is")]
    assert "Of 5 themes, “Robotics” is doubtful: it comes back only in part" in " ".join(short.split())
    assert text.count("Robotics (doubtful)") >= 2
    assert "0.59 of 1; doubtful: a slightly different collection may not give this theme" in text
    assert "0.90 of 1; stable" in text


@pytest.mark.parametrize("kind", ["html", "md"])
def test_the_report_says_where_the_borders_lie_and_who_set_them(kind):
    text = show(write_words(make_tables(), kind), kind)
    assert "Below 0.60 a theme or topic is doubtful, above 0.75 it is stable (Hennig 2007)" in text
    assert "median Jaccard overlap" in text


@pytest.mark.parametrize("kind", ["html", "md"])
def test_doubtful_topics_are_marked_in_their_table(kind):
    tables = with_stability(make_tables(), topics=0.41)
    text = show(write_words(tables, kind), kind)
    assert text.count("0.41 (doubtful)") == len(tables.topics)
    assert f"{len(tables.topics)} are doubtful and 0 stable." in text


@pytest.mark.parametrize("kind", ["html", "md"])
def test_what_was_not_measured_is_never_doubtful(kind):
    # With the figures: what they tell a reader who hears them is of the report too.
    text = show(read_report("stability not measured", kind), kind)
    assert "Whether the themes come back in refits was not measured." in text
    assert "Whether the topics come back in refits was not measured." in text
    assert "(doubtful)" not in text
    assert "is doubtful:" not in text
    assert "are doubtful:" not in text


def test_sentences_count_and_name():
    tables = with_stability(make_tables(), doubtful=["robotics", "alignment"])
    sentence = describe_doubtful_themes(tables.themes)
    assert "“Robotics”" in sentence
    assert "“Alignment”" in sentence
    assert "are doubtful: they come back" in sentence
    assert describe_doubtful_themes(with_stability(make_tables()).themes).startswith("No theme is doubtful")
    assert describe_doubtful_themes(tables.themes.iloc[:0]) == ""
    assert count_doubtful_topics(tables.topics.iloc[:0]) == ""
    assert describe_stability(None) == "not measured"
    assert describe_stability(0.7) == "0.70 of 1"
