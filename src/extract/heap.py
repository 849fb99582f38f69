"""Memory handed back, or never taken: what a run has freed must not look, to the machine, as if it were still in use.

The C library keeps a heap for every thread, Arrow's own allocator another, and neither gives back what is free in the middle: a run that
publishes piece by piece then grows to several times what it holds. Two heaps, swept after each piece, stay as large as the pieces; with one the
threads of Arrow would wait for each other.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from importlib.abc import MetaPathFinder
from typing import Any

M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3  # glibc, malloc.h
HEAPS = 2
APART = (
    256 * 1024
)  # bytes; what is larger lies outside the heaps and goes back at once. Unless told, glibc puts ever larger pieces into them
ARROWS_ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL"


def keep_few_heaps() -> None:
    """Have all threads of this process, and Arrow, share two heaps, and Arrow in processes that this one starts. To be called before Arrow is
    loaded and before there are threads. Where the C library is no glibc, only Arrow's part of it is done."""
    os.environ.setdefault(ARROWS_ALLOCATOR, "system")
    with contextlib.suppress(AttributeError, OSError):
        _c_library().mallopt(M_ARENA_MAX, HEAPS)
        _c_library().mallopt(M_MMAP_THRESHOLD, APART)


def sweep() -> None:
    """Give back what is free: some milliseconds. Nothing where the C library is no glibc."""
    with contextlib.suppress(AttributeError, OSError):
        _c_library().malloc_trim(0)


def keep_pandas_out() -> None:
    """Spare this process pandas, some 37 MB: Arrow loads it with the first list it is handed, to know whether that is one of pandas' own kinds.
    Told once that there is none it goes without; whoever asks Arrow for a frame still gets one. Only for processes that hand it none."""
    if "pandas" in sys.modules:
        return
    import pyarrow as pa

    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([True], memory_pool=pa.system_memory_pool())  # the usual one would set a gigabyte aside
    finally:
        sys.meta_path.remove(finder)


class _NoPandas(MetaPathFinder):
    """Finds that there is no pandas, and nothing else."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        """See importlib.abc.MetaPathFinder."""
        if fullname == "pandas":
            raise ImportError("left out")


def _c_library() -> Any:
    if not sys.platform.startswith("linux"):
        raise OSError("no glibc")
    return ctypes.CDLL(None)
