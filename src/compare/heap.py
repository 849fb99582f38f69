"""Memory handed back: what a rule or a part of the panel has freed must not stay with the process until its end.

The C library keeps a heap for every thread, Arrow an allocator of its own, and neither gives back what is free in the middle. With one heap that
is swept after each step, a process is as large as its largest step, not as all of them. For the same reason `extract` has such a module; the wall
between the two packages lets neither use the other's.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import sys
from pathlib import Path
from typing import Any

M_ARENA_MAX = -8  # glibc, malloc.h
ARROWS_ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL"

_swept = 0  # bytes resident after the last sweep


def keep_one_heap() -> None:
    """Have all threads of this process and Arrow share one heap, and Arrow in processes that this one starts. To be called before Arrow is loaded and
    before there are threads. Where the C library is no glibc, only Arrow's part of it is done."""
    os.environ.setdefault(ARROWS_ALLOCATOR, "system")
    with contextlib.suppress(AttributeError, OSError):
        _c_library().mallopt(M_ARENA_MAX, 1)


def sweep(beyond: int = 0) -> None:
    """Give back what is free: some milliseconds. Only where the process has grown by so many bytes since it was last done. Nothing where the C
    library is no glibc."""
    global _swept
    with contextlib.suppress(AttributeError, OSError):
        if not beyond or _resident() > _swept + beyond:
            _c_library().malloc_trim(0)
            _swept = _resident()


def _resident() -> int:
    """Bytes of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_bytes().split()[1]) * mmap.PAGESIZE


def _c_library() -> Any:
    if not sys.platform.startswith("linux"):
        raise OSError("no glibc")
    return ctypes.CDLL(None)
