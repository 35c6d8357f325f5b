"""How durations are kept so that they can be added up: the number of cases in each of fixed buckets of minutes.

Up to 100 minutes a bucket is one minute, from there on at most 1 % wide. Quantiles are read from buckets everywhere, so
sums of sums and a recomputation give the same number.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import numpy.typing as npt

#: Up to this many minutes every minute has a bucket of its own.
FINE = 100
#: About 57 years; what takes longer stands in the last bucket.
LONGEST = 30_000_000
#: A bucket and the number in it, as they are stored.
PAIR = np.dtype([("bucket", ">u2"), ("number", ">u4")])


def _bounds() -> list[int]:
    bounds = list(range(FINE))
    while bounds[-1] < LONGEST:
        bounds.append(max(bounds[-1] + 1, bounds[-1] * 101 // 100))
    return bounds


#: The first minute of each bucket.
BOUNDS = _bounds()
MIDDLES = np.array(
    [
        begin if end - begin == 1 else (begin + end) / 2
        for begin, end in zip(BOUNDS, [*BOUNDS[1:], BOUNDS[-1] + 1], strict=True)
    ]
)


def bucket(took: timedelta) -> int:
    """The bucket of a duration; what ended before it began took no time."""
    return bisect_right(BOUNDS, max(took // timedelta(minutes=1), 0)) - 1


def pack(numbers: Mapping[int, int]) -> bytes:
    """Numbers by bucket as they are stored; buckets with nothing in them are left out."""
    return np.array([(one, numbers[one]) for one in sorted(numbers) if numbers[one]], dtype=PAIR).tobytes()


def unpack(packed: bytes) -> dict[int, int]:
    """Numbers by bucket."""
    pairs = np.frombuffer(packed, dtype=PAIR)
    return dict(zip(pairs["bucket"].tolist(), pairs["number"].tolist(), strict=True))


def added(packed: bytes) -> npt.NDArray[np.int64]:
    """The sum of any number of packed buckets, written one behind the other."""
    pairs = np.frombuffer(packed, dtype=PAIR)
    return np.bincount(pairs["bucket"], weights=pairs["number"], minlength=len(BOUNDS)).astype(np.int64)


def quantile(up_to: npt.NDArray[np.int64], share: float) -> float | None:
    """The minutes `share` of the cases stayed below, between two neighbours in proportion; None for no case.

    `up_to` is how many cases there are in each bucket and those before it.
    """
    n = int(up_to[-1])
    if n == 0:
        return None
    place = share * (n - 1)
    low, high = MIDDLES[up_to.searchsorted([int(place), min(int(place) + 1, n - 1)], side="right")]
    return float(low + (high - low) * (place - int(place)))
