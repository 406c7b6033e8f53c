"""Finished steps, kept by what went into them: nothing is computed twice, and a killed run goes on where it was."""

from analysis.cache.keys import hash_code, hash_parts
from analysis.cache.store import Cache, Entry

__all__ = ["Cache", "Entry", "hash_code", "hash_parts"]
