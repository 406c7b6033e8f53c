"""Studies: the only place that knows the order of the steps."""

from analysis.study.comparing import Comparison, compare
from analysis.study.digest import Digest, digest
from analysis.study.evaluate import Evaluation, evaluate
from analysis.study.exporting import export_papers
from analysis.study.kept import Kept, clear_cache, list_cache
from analysis.study.offline import write_explorer
from analysis.study.placing import Summary, describe_summary, place_source
from analysis.study.reporting import check, make_report
from analysis.study.run import apply_corrections_again, load, make_figures, run
from analysis.study.sensitivity import Sensitivity, list_variations, vary_study
from analysis.study.study import Study

__all__ = [
    "Comparison",
    "Digest",
    "Evaluation",
    "Kept",
    "Sensitivity",
    "Study",
    "Summary",
    "apply_corrections_again",
    "check",
    "clear_cache",
    "compare",
    "describe_summary",
    "digest",
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
    "write_explorer",
]
