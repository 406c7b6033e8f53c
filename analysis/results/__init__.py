"""The waist: a few small tables on disk between the slow half and the fast half."""

from analysis.results.columns import Column
from analysis.results.found import holds_found, list_found, read_found, write_found
from analysis.results.schema import TABLES, describe_tables
from analysis.results.stability import DOUBTFUL, STABLE, grade_stability, list_doubtful
from analysis.results.store import Tables, hash_tables, read_tables, write_tables
from analysis.results.swap import Staging, lock_study, publish, read_settled, recover

__all__ = [
    "DOUBTFUL",
    "STABLE",
    "TABLES",
    "Column",
    "Staging",
    "Tables",
    "describe_tables",
    "grade_stability",
    "hash_tables",
    "holds_found",
    "list_doubtful",
    "list_found",
    "lock_study",
    "publish",
    "read_found",
    "read_settled",
    "read_tables",
    "recover",
    "write_found",
    "write_tables",
]
