"""The flow of records: every number in its box, and the boxes add up."""

import itertools
import re

import pandas as pd
import pytest

from analysis.plots import has_data, record_flow
from tests.made_provenance import LEDGER, make_crowded
from tests.made_study import CAUTION, make_tables

STAGES = {"read": "Read from", "merged": "Merged with", "set_aside": "Set aside", "kept": "Kept as"}
PLAIN = [("read", "a.csv", "CSV", 5), ("kept", "a.csv", "with an abstract", 5)]


def texts_of(figure):
    return [note.text for note in figure.layout.annotations if note.text]


def boxes_of(figure):
    """Title of each box to its total and the numbers of its rows, in the order in which they are written."""
    cells = texts_of(figure)
    boxes, title = {}, None
    for text, number in itertools.pairwise(cells):
        if text.startswith("<b>") and re.fullmatch(r"<b>[\d,]+</b>", number):
            title = text[3:-4]
            boxes[title] = [int(number[3:-4].replace(",", "")), []]
        elif title and re.fullmatch(r"[\d,]+", number):
            boxes[title][1].append(int(number.replace(",", "")))
    return boxes


def flow_of(rows):
    return pd.DataFrame(rows, columns=list(LEDGER))


@pytest.mark.parametrize("make", [make_tables, lambda: make_crowded(make_tables())], ids=["one source", "31 sources"])
def test_the_boxes_hold_every_record_and_add_up(make):
    flow = make().ledger
    boxes = boxes_of(record_flow(flow))
    totals = flow.groupby("stage")["n_records"].sum()
    found = {stage: next(box for title, box in boxes.items() if title.startswith(STAGES[stage])) for stage in STAGES}
    for stage, (total, rows) in found.items():
        assert total == totals[stage]
        assert sum(rows) == total
    assert found["read"][0] == sum(found[stage][0] for stage in ("merged", "set_aside", "kept"))


def test_nothing_merged_and_nothing_set_aside_are_zeros_and_not_gaps():
    boxes = boxes_of(record_flow(flow_of(PLAIN)))
    assert boxes["Merged with another record of the same paper"] == [0, []]
    assert boxes["Set aside"] == [0, []]


def test_an_account_that_does_not_add_up_is_told():
    figure = record_flow(flow_of([*PLAIN, ("set_aside", "a.csv", "no text", 2)]))
    assert "This account does not add up: 5 records read, but" in " ".join(texts_of(figure))
    assert "does not add up" not in " ".join(texts_of(record_flow(flow_of(PLAIN))))


def test_small_sources_and_reasons_are_counted_together():
    figure = record_flow(make_crowded(make_tables()).ledger)
    shown = texts_of(figure)
    assert "20 other sources" in shown
    assert "Read from 31 sources" in " ".join(shown)
    assert figure.layout.height < 1400


@pytest.mark.parametrize("n_sources", [5, 30])
def test_names_of_files_cannot_become_markup(n_sources):
    figure = record_flow(make_crowded(make_tables(), n_sources=n_sources).ledger, caution=CAUTION)
    written = "".join(texts_of(figure))
    assert "<script" not in written
    assert "\u202e" not in figure.to_json()
    assert set(re.findall(r"<[^>]*>", written)) <= {"<b>", "</b>", "<br>"}


def test_long_names_stay_inside_their_box():
    figure = record_flow(make_crowded(make_tables(), n_sources=5).ledger)
    for text in texts_of(figure):
        if "a-name-without" in text:
            assert max(len(line) for line in text.split("<br>")) <= 60
            assert text.endswith("…")
            break
    else:
        pytest.fail("the long name is not drawn")


def test_without_an_account_nothing_is_drawn():
    empty = flow_of([])
    assert "no account of its records" in record_flow(empty).to_json()
    tables = make_tables()
    assert has_data("ledger", tables)
    object.__setattr__(tables, "ledger", empty)
    assert not has_data("ledger", tables)
