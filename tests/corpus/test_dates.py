import datetime as dt

import pytest

from analysis.corpus.dates import find_fault, make_span, parse_date, widen_span


@pytest.mark.parametrize(
    ("written", "first", "last", "precision"),
    [
        ("2023-08-23", "2023-08-23", "2023-08-23", "day"),
        ("2023-08-23T10:11:12Z", "2023-08-23", "2023-08-23", "day"),
        ("2023-08-23 10:11:12.5+02:00", "2023-08-23", "2023-08-23", "day"),
        ("2023/08/23", "2023-08-23", "2023-08-23", "day"),
        ("20230823", "2023-08-23", "2023-08-23", "day"),
        ("Aug 23, 2023", "2023-08-23", "2023-08-23", "day"),
        ("23 August 2023", "2023-08-23", "2023-08-23", "day"),
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02", "2007-04-02", "day"),
        ("2023-08", "2023-08-01", "2023-08-31", "month"),
        ("2019/05/", "2019-05-01", "2019-05-31", "month"),
        ("Feb 2024", "2024-02-01", "2024-02-29", "month"),
        ("2024-02-00", "2024-02-01", "2024-02-29", "month"),
        ("2023", "2023-01-01", "2023-12-31", "year"),
        ("2023.0", "2023-01-01", "2023-12-31", "year"),
    ],
)
def test_a_written_date_becomes_the_span_that_it_means(written, first, last, precision):
    span = parse_date(written)
    assert span is not None
    assert (span.first.isoformat(), span.last.isoformat(), span.precision) == (first, last, precision)


@pytest.mark.parametrize("written", ["", "n.d.", "2023-13-01", "2023-02-29", "0000-00-00", "08/09/2023", "soon", "23"])
def test_a_date_that_would_need_guessing_is_not_read(written):
    assert parse_date(written) is None


def test_a_source_that_says_month_widens_a_first_of_month():
    span = parse_date("2025-03-01")
    assert widen_span(span, "month") == parse_date("2025-03")
    assert widen_span(span, "year") == parse_date("2025")
    assert widen_span(parse_date("2025"), "day") == parse_date("2025")


def test_dates_before_1900_and_after_the_capture_are_at_fault():
    latest = dt.date(2025, 10, 17)
    assert find_fault(make_span(1899, 12, 31), latest) == "before 1900"
    assert find_fault(make_span(2025, 10, 18), latest) == "after 2025-10-17"
    assert find_fault(make_span(2025), latest) == ""
