"""Studies: the only place that knows the order of the steps."""

from analysis.study.run import check, load, make_figures, make_report, run
from analysis.study.study import Study

__all__ = ["Study", "check", "load", "make_figures", "make_report", "run"]
