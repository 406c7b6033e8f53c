"""No sentence of a report is stronger than the verdict, and each says what its verdict withstands."""

import dataclasses
import itertools
import re

import pandas as pd
import pytest

from analysis.reports.moves import describe_moves
from analysis.reports.stability import count_doubtful_papers
from analysis.reports.verdicts import MOVING, describe_trend, explain_trends
from analysis.trends.design import read_design
from analysis.trends.judging import Rules, judge
from analysis.trends.survival import hold_without_doubtful
from tests.made_study import make_tables, without_dates

VERDICTS = ("rising", "falling", "changing", "steady", "unclear")


UP = re.compile(
    r"\b(ris(?:es|ing|en)|rose|gr(?:ow\w*|ew)|increas\w+|climb\w*|surg\w+|soar\w*|gain(?:s|ed|ing))\b", re.I
)


DOWN = re.compile(
    r"\b(fall(?:s|ing|en)|fell|declin\w+|decreas\w+|drop(?:s|ped|ping)|shr[aiu]nk\w*|los(?:es|ing|t)|wan(?:es|ing))\b",
    re.I,
)


CAUSES = re.compile(r"\b(because|caus\w+|due to|driv\w+|explain\w*|leads? to|led to|result\w*|thanks to|owing)\b", re.I)


def with_verdicts(tables, verdict, **columns):
    """The same study with one verdict on every theme and topic."""
    reason = (
        f"{verdict.capitalize()}: the odds changed by a factor of 1.10 per year (95 % interval 0.8 to 1.5; q = .30)."
    )
    set_to = {"verdict": verdict, "reason": reason} | columns
    return dataclasses.replace(
        tables, trends=tables.trends.assign(**set_to), topic_trends=tables.topic_trends.assign(**set_to)
    )


def list_texts(tables):
    """All sentences about single themes, and those about all of them."""
    moves = describe_moves(tables)
    texts = [describe_trend(row, n_doubtful=moves.n_doubtful) for _, row in tables.trends.iterrows()]
    texts += [moves.topics, *moves.bursts, *moves.newcomers, *moves.growth.sentences.values()]
    for one in moves.themes.values():
        texts += [*one.words, *one.parts.sentences, one.parts.caption]
    return [text for text in texts if text]


def make_variants():
    """Every verdict with each side of every table."""
    base = make_tables()
    for verdict, up, found, held in itertools.product(VERDICTS, (True, False), (True, False), (True, False, None)):
        sign = 1 if up else -1
        drift = base.drift.assign(z=base.drift["z"].abs() * sign, q=0.01 if found else 0.9)
        parts = {name: base.drivers[name].abs() * sign for name in ("within", "composition", "contribution")}
        rates = base.rates if up else base.rates.assign(count=base.rates["count"].to_numpy()[::-1])
        tables = dataclasses.replace(
            base,
            drift=drift,
            drivers=base.drivers.assign(**parts),
            rates=rates,
            bursts=base.bursts.assign(found=found),
            newcomers=base.newcomers.assign(found=found & base.newcomers["q"].notna()),
            run=base.run | {"bursts": "4 stretches of high share in 5 of 5 themes over 7 complete years with papers."},
        )
        held = pd.array([held] * len(base.trends), dtype="boolean")
        topics_held = pd.array([None] * len(base.topic_trends), dtype="boolean")
        made = with_verdicts(tables, verdict, survives=0.4 if up else 0.9)
        yield (
            verdict,
            dataclasses.replace(
                made,
                trends=made.trends.assign(holds_without_doubtful=held),
                topic_trends=made.topic_trends.assign(holds_without_doubtful=topics_held),
            ),
        )


def test_no_sentence_is_stronger_than_the_verdict():
    n_texts = dict.fromkeys(VERDICTS, 0)
    for verdict, tables in make_variants():
        for text in list_texts(tables):
            n_texts[verdict] += 1
            assert verdict == "rising" or not UP.search(text), text
            assert verdict == "falling" or not DOWN.search(text), text
            assert not CAUSES.search(text), text
    assert min(n_texts.values()) > 100


def test_the_words_that_are_watched_for_would_be_seen():
    rising, falling = (" ".join(list_texts(with_verdicts(make_tables(), one))) for one in ("rising", "falling"))
    assert UP.search(rising)
    assert not DOWN.search(rising)
    assert DOWN.search(falling)
    assert not UP.search(falling)
    assert CAUSES.search("The rise is due to one venue.")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_what_lies_behind_a_move_is_told_of_moving_themes_alone(verdict):
    moves = describe_moves(with_verdicts(make_tables(), verdict)).of_theme("robotics")
    assert bool(moves.parts.sentences) == (verdict in MOVING)
    assert bool(moves.papers) == (verdict in MOVING)
    assert moves.parts.rows
    assert ("may be chance" in moves.parts.caption) == (verdict not in MOVING)


def make_trend(**columns):
    row = make_tables().trends.iloc[4].copy()
    row["survives"], row["holds_without_doubtful"], row["verdict"] = float("nan"), None, "changing"
    row["reason"], row["shape"], row["turn"] = "Changing: no line fits.", "peak", pd.Timestamp("2022-07-01")
    for name, value in columns.items():
        row[name] = value
    return row


def test_a_changing_theme_has_its_turning_point_once():
    assert describe_trend(make_trend()) == "Changing: no line fits. Its course is a peak at 2022-07-01."
    said = "Changing: a straight line does not fit; a peak in 2022 Q3: and so on."
    assert describe_trend(make_trend(reason=said)) == said
    assert describe_trend(make_trend(turn=pd.NaT)).endswith("Its course is a peak.")
    assert describe_trend(make_trend(shape="", turn=pd.NaT)) == "Changing: no line fits."
    assert describe_trend(make_trend(verdict="unclear", reason="Unclear: few.")) == "Unclear: few."


@pytest.mark.parametrize(
    ("survives", "holds", "ending"),
    [
        (0.8, True, "in 80 % of the alternative runs. It also holds without the 7 doubtful papers."),
        (0.8, False, "in 80 % of the alternative runs. It does not hold without the 7 doubtful papers."),
        (0.1, True, "in 10 % of the alternative runs. It holds without the 7 doubtful papers."),
        (float("nan"), True, "The verdict holds without the 7 doubtful papers."),
        (float("nan"), False, "The verdict does not hold without the 7 doubtful papers."),
        (0.8, None, "The verdict holds in 80 % of the alternative runs."),
        (float("nan"), pd.NA, "no line fits. Its course is a peak at 2022-07-01."),
    ],
)
def test_a_verdict_says_what_it_withstands(survives, holds, ending):
    trend = make_trend(survives=survives, holds_without_doubtful=holds)
    assert describe_trend(trend, n_doubtful=7).endswith(ending)


def test_doubtful_papers_are_counted_as_the_verdicts_count_them():
    tables = make_tables()
    runs = [tables.papers[["paper_id", "theme"]].assign(run=f"seed-{i}") for i in range(5)]
    for place, run in enumerate(runs):
        # Paper k keeps its theme in five runs less the remainder of k by six.
        moved = [row for row in range(len(run)) if place < row % 6]
        run.loc[moved, "theme"] = "elsewhere"
    tables = dataclasses.replace(tables, alternatives=pd.concat(runs, ignore_index=True))
    design = read_design(tables.shares)
    rows = [place for place, group in enumerate(design.groups) if group != "unassigned"]
    rules = Rules()
    judgement = judge(design.counts[rows], design.totals, design, rules)
    _, n_doubtful = hold_without_doubtful(tables.alternatives, tables.papers, design, rows, judgement, rules)
    assert count_doubtful_papers(tables) == n_doubtful > 10
    assert count_doubtful_papers(without_dates(tables)) == 0


def test_borders_are_told_over_the_whole_span():
    trends = make_tables().trends
    said = explain_trends(trends.assign(margin=1.6, min_effect=1.3), alpha=0.01)
    assert "q below 0.01, and the odds change by a factor of at least 1.30 from the start" in said["Rising, falling"]
    assert "from the start of the observed span to its end lies between 0.62 and 1.60" in said["Steady"]
    assert "factor of at least" not in explain_trends(trends.assign(min_effect=1.0), alpha=0.05)["Rising, falling"]
    assert explain_trends(trends.iloc[:0], alpha=0.05) == {}
