"""What a fit leaves behind for later: arrays in one file, words and numbers in another, read back whole or not at all.

No code is stored, so none runs when they are read.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from analysis.config import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Content = TypeVar("Content")
# What a damaged file can make the readers of JSON, of archives and of arrays raise.
_DAMAGED = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    EOFError,
    AttributeError,
    RecursionError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class Archive:
    """Two files of one name, and what to say where they cannot be read.

    Attributes
    ----------
    name : str
        Of both files, without ending.
    version : int
        Of their layout; files of another one are refused.
    content : str
        What they hold, as a message calls it.
    absent : str
        What it means that they are not there, and what to do.
    remedy : str
        What to do where they are damaged or of another version.
    packed : bool, default True
        Whether arrays are compressed: vectors hardly shrink, and it takes seconds per 10,000 papers.
    """

    name: str
    version: int
    content: str
    absent: str
    remedy: str
    packed: bool = True

    @property
    def files(self) -> tuple[str, str]:
        """Names of the two files: facts, arrays."""
        return f"{self.name}.json", f"{self.name}.npz"

    def write(self, folder: Path, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> list[str]:
        """Write both files into a folder, which is made; return their names."""
        facts_name, arrays_name = self.files
        folder.mkdir(parents=True, exist_ok=True)
        save: Any = np.savez_compressed if self.packed else np.savez
        with (folder / arrays_name).open("wb") as file:
            save(file, **arrays)
        # ASCII: a word may hold half a character, which UTF-8 cannot.
        text = json.dumps({"version": self.version, **facts})
        (folder / facts_name).write_text(text + "\n", encoding="ascii", newline="\n")
        return [arrays_name, facts_name]

    def read(self, folder: Path, assemble: Callable[[dict[str, Any], dict[str, Any]], Content]) -> Content:
        """Read both files, and make of facts and arrays what they were.

        Parameters
        ----------
        folder : Path
        assemble : callable
            Takes facts and arrays; raises `ValueError` where they do not belong together.

        Raises
        ------
        InputError
            If a file is missing, damaged or of another version.
        """
        facts_name, arrays_name = self.files
        try:
            facts = json.loads((folder / facts_name).read_text(encoding="utf-8"))
            version = facts["version"]
            if version == self.version:
                with (folder / arrays_name).open("rb") as file, np.load(file, allow_pickle=False) as found:
                    return assemble(facts, {name: found[name] for name in found.files})
        except FileNotFoundError as error:
            raise InputError(f"{error.filename}: {self.absent}") from None
        except _DAMAGED as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
            raise InputError(f"{folder}: {self.content} is damaged ({reason}). {self.remedy}") from None
        raise InputError(
            f"{folder / facts_name}: {self.content} is of version {version}, but this version reads {self.version}. "
            f"{self.remedy}"
        )
