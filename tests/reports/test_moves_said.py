"""What the reports say of bursts, newcomers, phrases, drivers, topics and the field."""

import dataclasses
import re

import pandas as pd
import pytest

from analysis.config import Config
from analysis.plots.periods import grid_shares
from analysis.reports.drift import describe_words
from analysis.reports.drivers import describe_drivers
from analysis.reports.episodes import describe_bursts, describe_newcomers
from analysis.reports.growth import describe_growth
from analysis.reports.html import render_html
from analysis.reports.markdown import render_markdown
from analysis.reports.moves import describe_moves
from analysis.reports.verdicts import describe_topics
from tests.made_moves import IDS, make_bursts, make_newcomers
from tests.made_study import make_tables, with_hostile_text, without_dates
from tests.reports.rendered import draw_figures, read_report
from tests.reports.test_strength import with_verdicts


def say_bursts(bursts, searched="4 stretches of high share in 5 of 5 themes.", verdicts=None):
    grid = grid_shares(make_tables().shares)
    return describe_bursts(bursts, searched, grid, {"robotics": "“Robotics”"}, verdicts or {}, alpha=0.05)


def test_only_bursts_beyond_chance_are_told_with_their_numbers():
    said = say_bursts(make_bursts(), verdicts=dict.fromkeys(IDS, "unclear"))
    assert len(said) == 3
    assert said[1].startswith("representation-learning: within that, in 2023 the share was 75 % (6 of 8 papers)")
    assert said[2] == (
        "“Robotics”: from 2018 to 2019 the share was 47 % (7 of 15 papers) against 15 % over all complete years "
        "(q = .040)."
    )
    assert "(6.5 of 8 papers)" in " ".join(say_bursts(make_bursts().assign(count=6.5, total=8)))


def test_a_burst_at_the_end_of_a_rising_line_says_so():
    said = say_bursts(make_bursts(), verdicts=dict.fromkeys(IDS, "rising"))
    assert "Its verdict is rising: the stretch at the end may be no more than that." in said[0]
    assert all("Its verdict" not in sentence for sentence in said[1:])
    falling = say_bursts(make_bursts(), verdicts=dict.fromkeys(IDS, "falling"))
    assert "Its verdict is falling: the stretch at the start may be no more than that." in falling[2]


def test_no_burst_is_said_in_one_sentence():
    none = make_bursts().assign(found=False)
    chance = "3 stretches of high share, no more than chance gives (every q is 0.05 or above)."
    assert say_bursts(none) == [f"No burst is shown: {chance}"]
    assert say_bursts(none.iloc[:0]) == ["No burst is shown: no stretch of high share was found."]
    why = "No bursts were searched for: only 8 complete years with papers, and a burst needs at least 30."
    assert say_bursts(none.iloc[:0], why) == [why]
    assert say_bursts(none.iloc[:0], "") == []


def test_only_newcomers_beyond_chance_are_told():
    said = describe_newcomers(make_newcomers(), {"robotics": "“Robotics”"})
    assert [sentence.split(":")[0] for sentence in said] == ["“Robotics”", "recommendation-and-user-modelling"]
    assert "Last seen 2019-11-20" in said[0]
    none = make_newcomers().assign(found=False)
    assert describe_newcomers(none, {})[0].startswith("No theme is shown to be new or gone")
    assert describe_newcomers(none.assign(q=float("nan")), {})[0].startswith("Whether themes are new or gone could not")
    assert describe_newcomers(none.iloc[:0], {}) == []


def test_phrases_are_told_with_their_shares_and_no_more_than_five():
    drift = make_tables().drift
    own = drift[drift["theme"] == IDS[0]]
    more, fewer = describe_words(own, alpha=0.05)
    assert more == (
        "From 2022-03-01 on, more of its papers use “reward model” (10 % → 95 %, q < .001); “language” (15 % → 80 %, "
        "q = .002)."
    )
    assert fewer.startswith("From 2022-03-01 on, fewer of its papers use “unsupervised” (70 % → 10 %, q = .005)")
    assert "transformer" not in more + fewer
    many = pd.concat([own[own["phrase"] == "language"]] * 8, ignore_index=True)
    (said,) = describe_words(many, alpha=0.05)
    assert said.count("“language”") == 5
    assert said.endswith("3 more in drift.csv.")


def test_phrases_that_show_nothing_and_themes_too_small_are_told_apart():
    drift = make_tables().drift
    assert describe_words(drift[drift["theme"] == "robotics"], alpha=0.05) == [
        "No phrase is shown to rise or fall within it (before 2022-03-01 against from then on)."
    ]
    assert describe_words(drift.iloc[:0], alpha=0.05)[0].startswith("Its phrases were not compared over time")
    bare = describe_moves(dataclasses.replace(make_tables(), drift=drift.iloc[:0]))
    assert bare.notes["words"].startswith("The phrases of no theme were compared over time")
    assert bare.of_theme("robotics").words == []


def test_the_parts_of_a_change_add_up_to_it():
    drivers = pd.DataFrame(
        {
            "theme": "robotics",
            "column": "venue",
            "category": ["A", "unknown", "B"],
            "n_early": [50, 40, 10],
            "n_late": [50, 40, 10],
            "theme_early": [5, 4, 1],
            "theme_late": [15, 4, 1],
            "share_early": [0.1, 0.1, 0.1],
            "share_late": [0.3, 0.1, 0.1],
            "within": [0.1, 0.0, 0.0],
            "composition": 0.0,
            "contribution": [0.1, 0.0, 0.0],
            "early": "2021-01-01 to 2022-12-31",
            "late": "2023-01-01 to 2024-12-31",
        }
    )
    halves, venue = describe_drivers(drivers, moving=True).sentences
    assert halves == (
        "Its share was 10.0 % in the early half (2021-01-01 to 2022-12-31) and 20.0 % in the late half "
        "(2023-01-01 to 2024-12-31): +10.0 points."
    )
    assert venue == (
        "By venue: +10.0 points within and 0.0 by composition. The largest parts: “A” +10.0 points (+10.0 within, "
        "0.0 by composition)."
    )
    level = drivers.assign(within=0.0, contribution=0.0, theme_late=drivers["theme_early"])
    assert describe_drivers(level, moving=True).sentences[1] == "By venue: no category adds as much as 0.1 points."
    assert describe_drivers(drivers.iloc[:0], moving=True).rows == []


def test_the_field_is_told_only_where_the_study_gives_it():
    tables = make_tables()
    grid = grid_shares(tables.shares)
    growth = describe_growth(tables.rates, {"robotics": "Robotics", "alignment": "Alignment"}, "All of cs.LG.", grid)
    assert growth.halves == ("2018 to 2020", "2022 to 2024")
    assert growth.sentences["robotics"].startswith("5 papers in 2018 to 2020 and 7 in 2022 to 2024: a factor of 1.40")
    assert growth.sentences["alignment"].startswith("1 paper in 2018 to 2020 and 0 in 2022 to 2024: a factor of 0,")
    assert [row["label"] for row in growth.rows] == ["Alignment", "Robotics"]
    empty = dataclasses.replace(tables, rates=tables.rates.iloc[:0])
    for render in (render_html, render_markdown):
        assert "Against the whole field" in render(tables, {}, Config())
        assert "Against the" not in render(empty, {}, Config())
    one = tables.rates[tables.rates["period"] == tables.rates["period"].min()]
    assert describe_growth(one, {"robotics": "R"}, "", grid).sentences["robotics"].endswith("no factor can be told.")


def test_topics_are_named_by_verdict_and_long_lists_are_cut():
    tables = make_tables()
    said = describe_topics(tables.topic_trends, tables.topics)
    assert said.startswith("Of 7 topics: 2 rising, 1 falling, 1 changing, 1 steady, 2 unclear. Rising: “Latent state")
    assert said.endswith("1 topic could not be tested.")
    many = pd.concat([tables.topic_trends.assign(verdict="rising")] * 3)
    assert "and 9 more" in describe_topics(many, tables.topics)
    assert describe_topics(tables.topic_trends.iloc[:0], tables.topics) == ""
    unclear = describe_topics(tables.topic_trends.assign(verdict="unclear", q=0.5), tables.topics)
    assert describe_topics(tables.topic_trends.assign(q=float("nan")), tables.topics).startswith("No topic could be")
    assert unclear == "No topic is shown to rise, fall or stay: the trend of each of the 7 is unclear."


@pytest.mark.parametrize(
    ("counting", "said"),
    [("full", "Each paper counts once"), ("fractional", "A paper counts in parts"), ("", "")],
)
def test_how_papers_count_is_said(counting, said):
    tables = make_tables()
    text = describe_moves(dataclasses.replace(tables, run=tables.run | {"counting": counting})).counting
    assert text.startswith(said)
    assert bool(text) == bool(said)


def test_papers_of_a_moving_theme_come_from_its_first_and_last_period_and_its_turn():
    tables = with_verdicts(make_tables(), "changing", turn=pd.Timestamp("2021-01-01"))
    periods = describe_moves(tables).of_theme("robotics").papers
    assert [period for period, _ in periods] == ["2018", "2021", "2023"]
    assert all(1 <= len(ids) <= 2 for _, ids in periods)
    own = tables.papers.set_index("paper_id")
    for period, ids in periods:
        assert {(own.loc[i, "theme"], str(own.loc[i, "published"].year)) for i in ids} == {("robotics", period)}


@pytest.mark.parametrize("render", [render_html, render_markdown])
def test_hostile_phrases_and_categories_stay_text(render):
    text = re.sub(r"(?s)<script>.*?</script>", "", render(with_hostile_text(make_tables()), {}, Config()))
    assert "<img" not in text
    assert "<a href='javascript" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("render", [render_html, render_markdown])
def test_a_study_without_dates_or_themes_says_what_it_cannot(render):
    tables = without_dates(make_tables())
    empty = {name: getattr(tables, name).iloc[:0] for name in ("topic_trends", "bursts", "drift", "drivers", "rates")}
    untested = make_newcomers().assign(found=False, q=float("nan"))
    why = "No bursts were searched for: only 0 complete periods with papers, and a burst needs at least 30."
    undated = dataclasses.replace(tables, newcomers=untested, run=tables.run | {"bursts": why}, **empty)
    text = render(undated, {}, Config())
    assert why in text
    assert "Whether themes are new or gone could not be tested" in text
    assert "No trend was tested." in text
    names = ("themes", "trends", "newcomers", "shares", "topics")
    nothing = {name: getattr(undated, name).iloc[:0] for name in names}
    text = render(dataclasses.replace(undated, **nothing), {}, Config())
    assert "No theme was found." in text
    assert not re.search(r"\b(nan|NaT|None)\b", re.sub(r"(?s)<script>.*?</script>", "", text))


@pytest.mark.parametrize("render", [render_html, render_markdown])
def test_a_report_shows_the_parts_that_there_are(render):
    tables = make_tables()
    left_out = ["No phrases, early against late, of alignment: 2 early and 3 late papers are too few."]
    text = render(dataclasses.replace(tables, run=tables.run | {"left_out": left_out}), {}, Config())
    for part in ("Bursts", "New and gone", "Which topics move", "Where the change lies", "by period", left_out[0]):
        assert part in text
    assert "changing (peak, 2022-07-01)" in text


def test_every_figure_has_its_place_in_the_report():
    figures, text, page = draw_figures("sixty papers"), *(read_report("sixty papers", kind) for kind in ("md", "html"))
    # The report has the table of trends as text.
    for name in set(figures) - {"trend-table"}:
        assert f"../{name}.html" in text, name
        assert f'id="{name}"' in page, name


def test_a_figure_that_has_nothing_to_show_is_left_out():
    tables = with_verdicts(make_tables(), "unclear")
    nothing = dataclasses.replace(
        tables,
        bursts=tables.bursts.assign(found=False),
        drift=tables.drift.iloc[:0],
        rates=tables.rates.iloc[:0],
        topic_trends=tables.topic_trends.assign(q=float("nan")),
    )
    assert len(describe_moves(make_tables()).shown) == 5
    assert describe_moves(nothing).shown == frozenset()
