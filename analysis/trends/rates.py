"""Rates against a second denominator: how a theme moves against the whole field, not only inside the collection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.design import Design, read_design
from analysis.trends.fits import Floats

PER = 1000
_WHOLE = 2**53
_WRITING = "Write the first day (2024-03-01), or 2024-03, 2024-Q1, 2024-H1, 2024"


def rate_by_period(
    shares: pd.DataFrame, denominators: pd.DataFrame | Path | str, *, keep_incomplete: bool = False
) -> pd.DataFrame:
    """Papers of each group per 1,000 of the field, by period, with exact Poisson intervals.

    Parameters
    ----------
    shares : DataFrame
        From `analysis.trends.share_by_period`.
    denominators : DataFrame or path of a CSV file (UTF-8, commas)
        ``period`` (the first day, or 2024-03, 2024-Q1, 2024-H1, 2024) and ``total``: all
        papers of the field in it, a whole number. Periods before and after
        those of `shares` are passed over.
    keep_incomplete : bool, default False
        Whether incomplete periods have a rate; only right where the denominators
        stop on the same days as the corpus does.

    Returns
    -------
    DataFrame of n_groups * n_periods rows, sorted by group, then period
        ``period``, ``period_end``, the column of groups, ``count``, ``total``
        (all papers of the collection), ``field_total``, ``rate``, ``low`` and
        ``high`` (95 % interval of the expected rate [1]_), ``collection_rate``
        (all papers of the collection), all four per 1,000 of the field and null
        where the field's total is 0 or the period incomplete; ``complete``.

    Raises
    ------
    InputError
        If the file or a column is missing; if periods are missing, given twice,
        no periods or shorter than those of `shares`; if totals are no whole
        numbers, negative or below a group's count.

    Notes
    -----
    A share can rise because the collection has changed; a rate against the
    field cannot. A theme whose count grows at a level rate grows with the field,
    and no more. The interval describes chance in the count of papers; it leaves
    out that rates wander from period to period.

    References
    ----------
    .. [1] Garwood (1936), Biometrika 28(3/4), 437-442.
    """
    design = read_design(shares)
    field = read_denominators(denominators)
    dated = shares[shares["period"].notna()].sort_values([design.key, "period"], kind="stable", ignore_index=True)
    wanted = dated["complete"].astype(bool) | keep_incomplete
    total = dated["period"].astype("datetime64[s]").map(field["total"])
    where = _name(denominators)
    _refuse_finer(where, pd.DatetimeIndex(field.index), design)
    missing = dated.loc[wanted & total.isna(), "period"].drop_duplicates()
    if len(missing):
        raise InputError(f"{where}: no total for {len(missing)} period(s) ({_list_days(missing)}). Add a row for each.")
    below = wanted & (total < dated["count"])
    if below.any():
        cells = zip(dated["period"][below], total[below], dated["count"][below], dated[design.key][below], strict=True)
        shown = [f"{day.date()}: {field:g} below {count} of {group}" for day, field, count, group in cells]
        raise InputError(
            f"{where}: {len(shown)} total(s) lie below the papers counted ({_list_some(shown)}). "
            "The field must hold the papers of the collection."
        )
    exposure = total.where(wanted & (total > 0)).to_numpy(dtype=float)
    low, high = poisson_interval(dated["count"])
    return pd.DataFrame(
        {
            "period": dated["period"],
            "period_end": dated["period_end"],
            design.key: dated[design.key],
            "count": dated["count"],
            "total": dated["total"],
            "field_total": total.astype("Int64"),
            "rate": PER * dated["count"].to_numpy() / exposure,
            "low": PER * low / exposure,
            "high": PER * high / exposure,
            "collection_rate": PER * dated["total"].to_numpy() / exposure,
            "complete": dated["complete"],
        }
    )


def tabulate_growth(rates: pd.DataFrame) -> pd.DataFrame:
    """Tell a theme's growth apart from the collection's and the field's.

    Parameters
    ----------
    rates : DataFrame
        From `rate_by_period`.

    Returns
    -------
    DataFrame of n_groups rows
        The column of groups, ``n_early`` and ``n_late`` (papers in the first and
        last half of the periods that have a rate; int64, or float64 where papers
        are split), and factors from the one to
        the other: ``count``, which is exactly the product of ``share`` (the
        group inside the collection), ``coverage`` (the collection inside the
        field) and ``field``; ``rate`` is the product of the first two of these.
        Null where a half has nothing to divide by, or fewer than two periods
        have a rate.
    """
    keys = [name for name in rates if name in ("theme", "topic")] or [rates.columns[2]]
    known = rates[rates["rate"].notna()]
    days = np.sort(known["period"].unique())
    half = len(days) // 2
    groups = rates[keys[0]].drop_duplicates()
    parts = [known[known["period"].isin(part)] for part in (days[:half], days[len(days) - half :])]
    count, total, field = (
        [part.groupby(keys[0])[name].sum().reindex(groups).fillna(0).to_numpy(dtype=float) for part in parts]
        for name in ("count", "total", "field_total")
    )
    return pd.DataFrame(
        {
            keys[0]: groups.to_numpy(),
            "n_early": _make_whole(count[0]),
            "n_late": _make_whole(count[1]),
            "count": _divide(count[1], count[0]),
            "share": _divide(_divide(count[1], total[1]), _divide(count[0], total[0])),
            "coverage": _divide(_divide(total[1], field[1]), _divide(total[0], field[0])),
            "field": _divide(field[1], field[0]),
            "rate": _divide(_divide(count[1], field[1]), _divide(count[0], field[0])),
        }
    )


def read_denominators(source: pd.DataFrame | Path | str) -> pd.DataFrame:
    """Read the field's totals: ``total`` by the first day of its period.

    Raises
    ------
    InputError
        As `rate_by_period` does; all offenders are counted and the first five named.
    """
    table, where = _read_table(source), _name(source)
    missing = [name for name in ("period", "total") if name not in table]
    if missing:
        raise InputError(
            f"{where}: the columns {', '.join(missing)} are missing. Found: {', '.join(map(str, table)) or 'none'}. "
            "Give the columns period and total."
        )
    days = _read_periods(table["period"])
    _refuse(where, table["period"], days.isna(), "period(s) cannot be read", _WRITING)
    numbers = pd.to_numeric(table["total"].astype("string").str.strip(), errors="coerce").astype("Float64")
    whole = ((numbers >= 0) & (numbers <= _WHOLE) & (numbers % 1 == 0)).fillna(False)
    _refuse(where, table["total"], ~whole, "total(s) are no whole numbers of papers", "Write 0 or more, without commas")
    twice = days.duplicated(keep=False)
    _refuse(where, table["period"], twice & days.duplicated(), "period(s) are given twice", "Give each period once")
    return pd.DataFrame({"total": numbers.astype("float64").to_numpy()}, index=pd.DatetimeIndex(days))


def poisson_interval(count: Any) -> tuple[Floats, Floats]:
    """Exact 95 % interval of the mean of a Poisson count; 0 at the low end where the count is 0.

    A count with fractions gets what lies between its whole neighbours' ends, by
    the same quantiles of chi-square.
    """
    from scipy.special import chdtri

    count = np.asarray(count, dtype=float)
    # chdtri is the inverse of the upper tail.
    low = np.where(count > 0, chdtri(2 * np.where(count > 0, count, 1), 0.975) / 2, 0.0)
    return low, np.asarray(chdtri(2 * count + 2, 0.025) / 2)


def _read_table(source: pd.DataFrame | Path | str) -> pd.DataFrame:
    if isinstance(source, pd.DataFrame):
        return source.reset_index(drop=True)
    try:
        return pd.read_csv(source, dtype=str, encoding="utf-8-sig", skipinitialspace=True, keep_default_na=False)
    except FileNotFoundError:
        raise InputError(f"{source}: there is no such file. Give a CSV file with columns period and total.") from None
    # All that pandas raises for a bad file is a ValueError, and so is what a path with a null byte gives.
    except (OSError, ValueError) as fault:
        reason = (str(fault).splitlines() or [type(fault).__name__])[0]
        raise InputError(f"{source}: it cannot be read as CSV ({reason}). Save it as UTF-8 with commas.") from None


def _read_periods(values: pd.Series) -> pd.Series:
    """First day of each period; null where it cannot be read."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.astype("datetime64[s]")
    text = values.astype("string").str.strip()
    text = text.mask(text.str.fullmatch(r"\d{4}").fillna(False), text + "-01")
    for pattern, n_months in ((r"^(\d{4})-?Q([1-4])$", 3), (r"^(\d{4})-?H([12])$", 6)):
        found = text.str.extract(pattern)
        month = ((found[1].astype("Int64") - 1) * n_months + 1).astype("string").str.zfill(2)
        text = text.mask(found[0].notna(), found[0] + "-" + month)
    text = text.where(text.str.fullmatch(r"\d{4}-\d{2}(-\d{2})?([T ]00:00(:00(\.0+)?)?)?").fillna(False))
    return pd.to_datetime(text, format="ISO8601", errors="coerce").astype("datetime64[s]")


def _refuse(where: str, values: pd.Series, wrong: pd.Series, fault: str, advice: str) -> None:
    rows = np.flatnonzero(wrong.to_numpy())
    if len(rows):
        shown = [f"row {row + 1}: {str(values.iloc[row])!r}" for row in rows]
        raise InputError(f"{where}: {len(rows)} {fault} ({_list_some(shown)}). {advice}.")


def _refuse_finer(where: str, days: pd.DatetimeIndex, design: Design) -> None:
    """Totals of months would pass for those of the quarters that begin with them."""
    if design.periods.empty:
        return
    starts, end = design.periods["period"], design.periods["period_end"].iloc[-1]
    inside = days[(days > starts.iloc[0]) & (days <= end) & ~days.isin(starts)].sort_values()
    if len(inside):
        raise InputError(
            f"{where}: {len(inside)} period(s) begin within a {design.grain} ({_list_days(inside.to_series())}), but "
            f"papers are counted by {design.grain}. Give one total for each {design.grain}, or set the period of the "
            "totals: [trends] period."
        )


def _make_whole(counts: Floats) -> npt.NDArray[Any]:
    return counts.astype(np.int64) if (counts % 1 == 0).all() else counts


def _divide(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0))


def _list_days(days: pd.Series) -> str:
    return _list_some([str(day.date()) for day in days])


def _list_some(shown: list[str]) -> str:
    return ", ".join(shown[:5]) + (", ..." if len(shown) > 5 else "")


def _name(source: pd.DataFrame | Path | str) -> str:
    return "denominators" if isinstance(source, pd.DataFrame) else str(source)
