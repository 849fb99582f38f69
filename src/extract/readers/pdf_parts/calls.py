"""The functions of PDFium that this reader calls, bound with plain integers for handles.

A call then costs a third of what it costs through the generated bindings, and a page takes thousands of calls. The functions that are asked of
every letter or object take what `ready` and `slots` have made ready, and numbers as they are: half as much again.
The buffers below are shared by all calls: PDFium is not thread-safe anyway, use processes.
"""

from __future__ import annotations

import ctypes
import struct
from ctypes import c_float, c_int, c_uint, c_ushort, c_void_p
from typing import Any

import pypdfium2.raw as raw

MAX_CHARACTERS = 60_000  # of one page; a dense page of a report has 2,000


def _bind(name: str, result: Any, *arguments: Any, long: bool = False) -> Any:
    """The PDFium function of that name, with cheap argument types; a long one lets other threads run."""
    address = ctypes.cast(getattr(raw, name), c_void_p).value
    kind = ctypes.CFUNCTYPE if long else ctypes.PYFUNCTYPE
    return kind(result, *arguments)(address or 0)


def _bind_bare(name: str, result: Any) -> Any:
    """The PDFium function of that name, whose arguments ctypes takes as they come: for handles and addresses made ready, and for C's int."""
    return _bind(name, result)


ready = c_void_p.from_param  # a handle or an address made ready for any number of calls


raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2))  # PDFium ignores a second initialisation

load_document = _bind("FPDF_LoadMemDocument64", c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, long=True)
close_document = _bind("FPDF_CloseDocument", None, c_void_p)
last_error = _bind("FPDF_GetLastError", ctypes.c_ulong)
count_pages = _bind("FPDF_GetPageCount", c_int, c_void_p)
meta_text = _bind("FPDF_GetMetaText", ctypes.c_ulong, c_void_p, ctypes.c_char_p, c_void_p, ctypes.c_ulong)
load_page = _bind("FPDF_LoadPage", c_void_p, c_void_p, c_int, long=True)
close_page = _bind("FPDF_ClosePage", None, c_void_p)
page_box = _bind("FPDF_GetPageBoundingBox", c_int, c_void_p, c_void_p)
page_rotation = _bind("FPDFPage_GetRotation", c_int, c_void_p)
count_objects = _bind("FPDFPage_CountObjects", c_int, c_void_p)
page_object = _bind_bare("FPDFPage_GetObject", c_void_p)
count_form_objects = _bind("FPDFFormObj_CountObjects", c_int, c_void_p)
form_object = _bind("FPDFFormObj_GetObject", c_void_p, c_void_p, ctypes.c_ulong)
object_type = _bind_bare("FPDFPageObj_GetType", c_int)
object_bounds = _bind_bare("FPDFPageObj_GetBounds", c_int)
object_matrix = _bind("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)
object_fill = _bind_bare("FPDFPageObj_GetFillColor", c_int)
is_transparent = _bind("FPDFPageObj_HasTransparency", c_int, c_void_p)
count_annotations = _bind("FPDFPage_GetAnnotCount", c_int, c_void_p)
load_annotation = _bind("FPDFPage_GetAnnot", c_void_p, c_void_p, c_int)
close_annotation = _bind("FPDFPage_CloseAnnot", None, c_void_p)
annotation_kind = _bind("FPDFAnnot_GetSubtype", c_int, c_void_p)
annotation_has = _bind("FPDFAnnot_HasKey", c_int, c_void_p, ctypes.c_char_p)
flatten_page = _bind("FPDFPage_Flatten", c_int, c_void_p, c_int, long=True)
text_mode = _bind_bare("FPDFTextObj_GetTextRenderMode", c_int)
count_segments = _bind("FPDFPath_CountSegments", c_int, c_void_p)
path_segment = _bind("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
path_mode = _bind("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
segment_point = _bind("FPDFPathSegment_GetPoint", c_int, c_void_p, c_void_p, c_void_p)
segment_type = _bind("FPDFPathSegment_GetType", c_int, c_void_p)
segment_closes = _bind("FPDFPathSegment_GetClose", c_int, c_void_p)
load_text = _bind("FPDFText_LoadPage", c_void_p, c_void_p, long=True)
close_text = _bind("FPDFText_ClosePage", None, c_void_p)
count_chars = _bind("FPDFText_CountChars", c_int, c_void_p)
get_text = _bind("FPDFText_GetText", c_int, c_void_p, c_int, c_int, c_void_p)
char_unicode = _bind("FPDFText_GetUnicode", c_uint, c_void_p, c_int)
char_box = _bind_bare("FPDFText_GetLooseCharBox", c_int)
char_ink_box = _bind("FPDFText_GetCharBox", c_int, c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p)
char_origin = _bind("FPDFText_GetCharOrigin", c_int, c_void_p, c_int, c_void_p, c_void_p)
char_angle = _bind_bare("FPDFText_GetCharAngle", c_float)
char_object = _bind_bare("FPDFText_GetTextObject", c_void_p)
char_unmapped = _bind_bare("FPDFText_HasUnicodeMapError", c_int)

units = (c_ushort * (MAX_CHARACTERS + 2))()
box_floats = (c_float * (4 * MAX_CHARACTERS))()
numbers = (c_float * 6)()
colours = (c_uint * 4)()
doubles = (ctypes.c_double * 4)()
units_at = ctypes.addressof(units)
box_floats_at = ctypes.addressof(box_floats)
numbers_at = ctypes.addressof(numbers)
colours_at = ctypes.addressof(colours)
four_floats = struct.Struct("4f").unpack_from
doubles_at = ctypes.addressof(doubles)
colour_slots = tuple(ctypes.byref(colours, shift) for shift in (0, 4, 8, 12))
number_slots = tuple(ctypes.byref(numbers, shift) for shift in (0, 4, 8, 12))
_box_slots: tuple[list[Any], ...] = ([], [], [], [])


def slots(count: int) -> tuple[list[Any], ...]:
    """The places in `box_floats` of the four numbers of so many boxes or more, one list for each of the four, made ready."""
    for at in range(len(_box_slots[0]), count):
        for column, shift in zip(_box_slots, (0, 4, 8, 12), strict=True):
            column.append(ctypes.byref(box_floats, 16 * at + shift))
    return _box_slots
