"""Papers by their dates alone, and dates to draw."""

import datetime as dt

import pandas as pd
from hypothesis import strategies as st

some_days = st.lists(st.dates(dt.date(2015, 1, 1), dt.date(2021, 12, 31)).map(str), max_size=25)
coarse_dates = st.lists(st.sampled_from(["2016", "2018", "2018-07", "2020-12", "", None]), max_size=10)


def published(*dates, theme="robotics", **columns):
    """A paper for each date, all on one theme unless `theme` lists them."""
    return pd.DataFrame({"published": pd.Series(list(dates), dtype=object)}).assign(theme=theme, **columns)
