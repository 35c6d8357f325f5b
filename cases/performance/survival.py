"""How long something takes, learned also from what is not over yet: the estimator of Kaplan and Meier, in the buckets of figures.

Pure. Leaving out what is still open would say that things are quick: the slow ones are the ones still open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cases.performance.buckets import BOUNDS, MIDDLES

Minutes = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
#: A bucket and the share still without a result after it, as they are stored.
STEP = np.dtype([("bucket", ">u2"), ("surviving", ">f4")])
_EDGES = np.array(BOUNDS, np.float64)


@dataclass(frozen=True)
class Curve:
    """The share of cases still without a result, by their age; `results` is how many results it rests on."""

    buckets: npt.NDArray[np.int64]
    surviving: npt.NDArray[np.float64]
    results: int

    def within(self, share: float) -> float | None:
        """The minutes within which `share` of the cases have a result; None where so many never had one."""
        reached = np.flatnonzero(self.surviving <= 1 - share + 1e-6)
        return float(MIDDLES[self.buckets[reached[0]]]) if len(reached) else None

    def after(self, minutes: Minutes) -> npt.NDArray[np.float64]:
        """The share still without a result at each age."""
        place = np.searchsorted(self.buckets, bucket(minutes), side="right") - 1
        return np.where(place < 0, 1.0, self.surviving[np.maximum(place, 0)])

    def pack(self) -> bytes:
        """The curve as it is stored."""
        return np.array(list(zip(self.buckets, self.surviving, strict=True)), dtype=STEP).tobytes()


def unpack(packed: bytes, results: int) -> Curve:
    """A stored curve."""
    steps = np.frombuffer(packed, dtype=STEP)
    return Curve(steps["bucket"].astype(np.int64), steps["surviving"].astype(np.float64), results)


def estimate(seen_from: Minutes, seen_to: Minutes, has_result: Flags) -> Curve | None:
    """The curve of cases seen from one age to another, and whether that is when they had their result.

    Whatever was there already when one began to look is seen from the age it had then. None without a single result.
    Source: Kaplan and Meier, 1958; for late entry Andersen et al., Statistical Models Based on Counting Processes, IV.1.
    """
    results = int(has_result.sum())
    if not results:
        return None
    size = len(BOUNDS) + 2
    enters = np.where(seen_from <= 0, 0, bucket(seen_from) + 1)
    leaves = np.maximum(bucket(seen_to), enters)
    ended = np.bincount(leaves[has_result], minlength=size)
    entered, left = np.bincount(enters, minlength=size).cumsum(), np.bincount(leaves, minlength=size).cumsum()
    at_risk = entered - (left - np.bincount(leaves, minlength=size))
    steps = np.flatnonzero(ended)
    surviving = np.cumprod(1 - ended[steps] / at_risk[steps], dtype=np.float64)
    return Curve(np.minimum(steps, len(BOUNDS) - 1), surviving, results)


def bucket(minutes: Minutes) -> npt.NDArray[np.int64]:
    """The bucket of each duration."""
    return np.maximum(np.searchsorted(_EDGES, minutes, side="right") - 1, 0)
