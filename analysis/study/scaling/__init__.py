"""Past one machine: the same steps as tasks on parts of a corpus, in one process, on this machine or on a cluster."""

from analysis.study.scaling.engine import Engine
from analysis.study.scaling.ingesting import ingest_parts
from analysis.study.scaling.opening import open_engine
from analysis.study.scaling.placing import place_parts

__all__ = ["Engine", "ingest_parts", "open_engine", "place_parts"]
