"""Memory handed back: what a run has freed must not look, to the machine, as if it were still in use.

The C library keeps a heap for every thread, Arrow's own allocator another, and neither gives back what is free in the middle: a run that
publishes piece by piece then grows to several times what it holds. Two heaps, swept after each piece, stay as large as the pieces; with one the
threads that publish would wait for each other.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from typing import Any

M_ARENA_MAX = -8  # glibc, malloc.h
HEAPS = 2
ARROWS_ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL"


def keep_few_heaps() -> None:
    """Have all threads of this process, and Arrow, share two heaps, and Arrow in processes that this one starts. To be called before Arrow is
    loaded and before there are threads. Where the C library is no glibc, only Arrow's part of it is done."""
    os.environ.setdefault(ARROWS_ALLOCATOR, "system")
    with contextlib.suppress(AttributeError, OSError):
        _c_library().mallopt(M_ARENA_MAX, HEAPS)


def sweep() -> None:
    """Give back what is free: some milliseconds. Nothing where the C library is no glibc."""
    with contextlib.suppress(AttributeError, OSError):
        _c_library().malloc_trim(0)


def _c_library() -> Any:
    if not sys.platform.startswith("linux"):
        raise OSError("no glibc")
    return ctypes.CDLL(None)
