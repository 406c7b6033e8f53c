"""Studies: the only place that knows the order of the steps."""

from analysis.study.evaluate import Evaluation, evaluate
from analysis.study.exporting import export_papers
from analysis.study.run import check, load, make_figures, make_report, run
from analysis.study.sensitivity import Sensitivity, list_variations, vary_study
from analysis.study.study import Study

__all__ = [
    "Evaluation",
    "Sensitivity",
    "Study",
    "check",
    "evaluate",
    "export_papers",
    "list_variations",
    "load",
    "make_figures",
    "make_report",
    "run",
    "vary_study",
]
