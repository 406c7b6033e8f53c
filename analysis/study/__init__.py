"""Studies: the only place that knows the order of the steps."""

from analysis.study.evaluate import Evaluation, evaluate
from analysis.study.exporting import export_papers
from analysis.study.kept import Kept, clear_cache, list_cache
from analysis.study.placing import Summary, describe_summary, place_source
from analysis.study.run import check, load, make_figures, make_report, run
from analysis.study.sensitivity import Sensitivity, list_variations, vary_study
from analysis.study.study import Study

__all__ = [
    "Evaluation",
    "Kept",
    "Sensitivity",
    "Study",
    "Summary",
    "check",
    "clear_cache",
    "describe_summary",
    "evaluate",
    "export_papers",
    "list_cache",
    "list_variations",
    "load",
    "make_figures",
    "make_report",
    "place_source",
    "run",
    "vary_study",
]
