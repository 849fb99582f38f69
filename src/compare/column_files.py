"""Matrices of large panels lie column by column in files without a name: only the columns and rows that are looked at are in memory.

A rule over a whole panel looks at a few columns of all reports, a rule over a part at all columns of a few reports in a row: laid out by column, both
touch little of the file. It is unlinked as soon as it is made, so that the system takes it back however the process ends.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from typing import Any

import numpy as np

COLUMNS = 40  # of a matrix in a file that are looked at together


def laid_out(shape: tuple[int, int], dtype: type, filled: float, in_file: bool) -> np.ndarray:
    """A matrix of one value: in a file by columns, or in memory by rows. Raises OSError where there is no room for the file."""
    size = shape[0] * shape[1] * np.dtype(dtype).itemsize
    if not in_file or not size:
        return np.full(shape, filled, dtype=dtype)
    with tempfile.TemporaryFile(prefix="jiedao-") as file:
        file.truncate(size)
        if hasattr(os, "posix_fallocate"):
            # Room is taken now: a disk found full while a page is written would end the process.
            os.posix_fallocate(file.fileno(), 0, size)
        matrix = np.ndarray(shape, dtype=dtype, buffer=mmap.mmap(file.fileno(), size), order="F")
    if filled:  # NaN is; the file holds zeros
        matrix.fill(filled)
        let_go(matrix)
    return matrix


def let_go(*matrices: np.ndarray) -> None:
    """Keep what was written to these matrices and what was read of them in their files only, until it is looked at again. Nothing where a matrix
    lies in memory, or where the system has no such advice."""
    for matrix in matrices:
        lies_in: Any = matrix.base
        if isinstance(lies_in, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            lies_in.madvise(mmap.MADV_DONTNEED)


def taken(matrix: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Some rows (places) of a matrix, in memory and by rows; the matrix is let go."""
    lies_in: Any = matrix.base
    if not isinstance(lies_in, mmap.mmap):
        return matrix[rows]
    made = np.empty((len(rows), matrix.shape[1]), dtype=matrix.dtype)
    for start in range(0, matrix.shape[1], COLUMNS):
        columns = slice(start, start + COLUMNS)
        made[:, columns] = matrix[:, columns][rows]
        let_go(matrix)
    return made
