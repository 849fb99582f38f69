"""Memory handed back: what a run has freed must not look, to the machine, as if it were still in use.

The C library keeps a heap for every thread, Arrow's own allocator another, and neither gives back what is free in the middle: a run that
publishes piece by piece then grows to several times what it holds. One heap, swept after each piece, stays as large as the pieces.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from typing import Any

M_ARENA_MAX = -8  # glibc, malloc.h
ARROWS_ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL"


def keep_one_heap() -> None:
    """Have all threads of this process, and Arrow, share one heap, and Arrow in processes that this one starts. To be called before Arrow is
    loaded and before there are threads. Where the C library is no glibc, only Arrow's part of it is done."""
    os.environ.setdefault(ARROWS_ALLOCATOR, "system")
    with contextlib.suppress(AttributeError, OSError):
        _c_library().mallopt(M_ARENA_MAX, 1)


def sweep() -> None:
    """Give back what is free: some milliseconds. Nothing where the C library is no glibc."""
    with contextlib.suppress(AttributeError, OSError):
        _c_library().malloc_trim(0)


def _c_library() -> Any:
    if not sys.platform.startswith("linux"):
        raise OSError("no glibc")
    return ctypes.CDLL(None)
