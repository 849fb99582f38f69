"""How alike two texts are: exact Jaccard index and containment of character 5-grams, and the longest common run.

Source of the index: A. Z. Broder, On the resemblance and containment of documents (1997). Characters need no
segmentation of Chinese words, and five of them are about three words.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np

GRAM = 5
NOT_WORDS = re.compile(r"[\W_]+")
DIGITS = re.compile(r"\d+")
# Anything but ASCII, Chinese characters and the usual punctuation and full-width forms.
UNUSUAL = re.compile(r"[^\x00-\x7f\u4e00-\u9fff\u3000-\u3029\uff01-\uff5e\u2010-\u2016\u2018-\u2027\u2460-\u2473·]")
# Odd, so that multiplication is a permutation of 64 bits.
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))


def normalised(text: str) -> str:
    """NFKC, every number one 0, without punctuation and space: what remains when last year's figures are replaced."""
    if not UNUSUAL.search(text):  # then NFKC changes each character by itself, and none from a mark into a word
        text = NOT_WORDS.sub("", text)
    return DIGITS.sub("0", NOT_WORDS.sub("", unicodedata.normalize("NFKC", text)))


def gram_hashes(text: str, length: int = GRAM) -> np.ndarray:
    """A hash, uint64, of each run of `length` characters, in order; empty for shorter texts."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = len(codes) - length + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    hashes = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for at in range(length):
            hashes = (hashes ^ codes[at : at + count]) * MULTIPLIER
            hashes ^= hashes >> np.uint64(29)
    return hashes


def grams(text: str) -> np.ndarray:
    """The set of a text's 5-grams as sorted unique hashes, uint64."""
    return held_by(np.sort(gram_hashes(text)), 1)


def held_by(ordered: np.ndarray, least: int) -> np.ndarray:
    """The values that stand in sorted ones at least so many times (1 or more), each once, sorted."""
    repeated = ordered[: max(len(ordered) - least + 1, 0)]
    if least > 1:
        repeated = repeated[repeated == ordered[least - 1 :]]
    new = np.ones(len(repeated), dtype=bool)
    np.not_equal(repeated[1:], repeated[:-1], out=new[1:])
    return repeated[new]


def among(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which of the values stand among the known ones, bool; both sorted and without repetition."""
    if not len(known):
        return np.zeros(len(values), dtype=bool)
    found: np.ndarray = known[np.minimum(known.searchsorted(values), len(known) - 1)] == values
    return found


def in_common(a: np.ndarray, b: np.ndarray) -> int:
    """|A ∩ B| of two sets of grams."""
    both = np.concatenate((a, b))
    both.sort()
    return int(np.count_nonzero(both[1:] == both[:-1]))


def jaccard(a: np.ndarray, b: np.ndarray) -> float:
    """|A ∩ B| / |A ∪ B| of two sets of grams; 0 where both are empty."""
    common = in_common(a, b)
    either = len(a) + len(b) - common
    return common / either if either else 0.0


def containment(a: np.ndarray, b: np.ndarray) -> float:
    """|A ∩ B| / min(|A|, |B|): 1 where the shorter text stands whole in the longer one."""
    least = min(len(a), len(b))
    return in_common(a, b) / least if least else 0.0


class Runs:
    """Hashes of all runs of any one length of a text, in one pass each: differences of prefix sums Σ cᵢ·Bⁱ, brought to
    the same power of B (modulo 2⁶⁴, where the odd B has an inverse)."""

    def __init__(self, text: str) -> None:
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        with np.errstate(over="ignore"):
            powers = np.cumprod(np.full(len(codes) + 1, MULTIPLIER, dtype=np.uint64))
            self.sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(codes * powers[:-1], dtype=np.uint64)])
            self.back = np.cumprod(np.full(len(codes) + 1, INVERSE, dtype=np.uint64))

    def hashes(self, length: int) -> np.ndarray:
        """uint64, one per run of `length` characters, in order."""
        with np.errstate(over="ignore"):
            return (self.sums[length:] - self.sums[:-length]) * self.back[: len(self.sums) - length]


def longest_common_run(a: str, b: str) -> str:
    """The longest run of characters that both texts hold, "" where none; found by halving its length."""
    shorter, longer = sorted((a, b), key=len)
    if shorter in longer:
        return shorter
    low, high, best = 0, min(len(a), len(b)), ""
    left, right = Runs(a), Runs(b)
    while low < high:
        length = (low + high + 1) // 2
        run = common_run(a, b, length, left, right)
        if run:
            low, best = length, run
        else:
            high = length - 1
    return best


def common_run(a: str, b: str, length: int, left: Runs, right: Runs) -> str:
    """A run of exactly `length` characters that both hold; "" where none does. Hashes propose, the texts decide."""
    for at in np.flatnonzero(np.isin(left.hashes(length), right.hashes(length))):
        run = a[int(at) : int(at) + length]
        if run in b:
            return run
    return ""
