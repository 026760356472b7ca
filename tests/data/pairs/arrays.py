"""numpy: types, shapes, views, whole numbers of 64 bits."""

# %% original cumulated
# needs: numpy
def cumulated(values):
    """Running sums of a list of whole numbers, as a list."""
    out = []
    for end in range(1, len(values) + 1):
        total = 0
        for value in values[:end]:
            total = total + value
        out.append(total)
    return out

# %% tests
from arrays import cumulated


def test_sums():
    assert cumulated([1, 2, 3]) == [1, 3, 6]
    assert cumulated([]) == []
    assert cumulated(list(range(300)))[-1] == 44850


def test_sizes():
    for size in (180, 210, 270):
        assert cumulated(list(range(size))) is not None

# %% further
cumulated([True, True])
cumulated([-1, 1])

# %% wrong cumsum
# why: wraps at 64 bits
# witness: cumulated([2**62, 2**62, 2**62])
import numpy as np


def cumulated(values):
    """Running sums of a list of whole numbers, as a list."""
    return np.cumsum(values, dtype=np.int64).tolist()

# %% wrong guessed_type
# why: nothing is float64, and beyond 64 bits the type is guessed
# witness: cumulated([2**63, -1])
import numpy as np


def cumulated(values):
    """Running sums of a list of whole numbers, as a list."""
    return np.cumsum(np.asarray(values)).tolist()

# %% wrong int32
# why: wraps at 32 bits
# witness: cumulated([2**31 - 1, 1])
import numpy as np


def cumulated(values):
    """Running sums of a list of whole numbers, as a list."""
    return np.cumsum(values, dtype=np.int32).tolist()

# %% honest accumulate
from itertools import accumulate


def cumulated(values):
    """Running sums of a list of whole numbers, as a list."""
    return list(accumulate(values, initial=0))[1:]

# %% original normalised
# needs: numpy
import numpy as np


def normalised(table: np.ndarray) -> np.ndarray:
    """A new float64 array in which each row is divided by its greatest absolute value; rows of zeros stay zero."""
    out = np.zeros(table.shape, dtype=np.float64)
    for row in range(table.shape[0]):
        greatest = 0.0
        for column in range(table.shape[1]):
            if abs(float(table[row, column])) > greatest:
                greatest = abs(float(table[row, column]))
        for column in range(table.shape[1]):
            if greatest > 0:
                out[row, column] = float(table[row, column]) / greatest
    return out

# %% tests
import numpy as np

from arrays import normalised


def test_normalised():
    table = np.array([[1.0, 2.0], [4.0, -8.0]])
    assert normalised(table).tolist() == [[0.5, 1.0], [0.5, -1.0]]
    assert normalised(np.arange(1.0, 1201.0).reshape(30, 40)).max() == 1.0


def test_sizes():
    for size in (20, 25, 28):
        assert normalised(np.arange(1.0, size * 40.0 + 1).reshape(size, 40)) is not None

# %% help
import numpy as np

# %% further
normalised(np.zeros((2, 3)) + 1)
normalised(np.array([[3, -6]]))
normalised(np.ones((1, 1)))

# %% wrong zeros
# why: 0 / 0 is NaN
# witness: normalised(np.array([[0.0, 0.0], [1.0, 2.0]]))
import numpy as np


def normalised(table: np.ndarray) -> np.ndarray:
    """A new float64 array in which each row is divided by its greatest absolute value; rows of zeros stay zero."""
    return table / np.abs(table).max(axis=1, keepdims=True)

# %% wrong float32
# why: keeps the type of the table, and what that rounds
# witness: normalised(np.array([[1, 3]], dtype=np.float32))
# witness: normalised(np.array([[1, 3]], dtype=np.int64))
import numpy as np


def normalised(table: np.ndarray) -> np.ndarray:
    """A new float64 array in which each row is divided by its greatest absolute value; rows of zeros stay zero."""
    greatest = np.abs(table).max(axis=1, keepdims=True)
    return np.divide(table, greatest, out=np.zeros_like(table), where=greatest > 0)

# %% wrong in_place
# why: the caller's table is changed
# witness: left(normalised, np.array([[1.0, 2.0]]))
import numpy as np


def normalised(table: np.ndarray) -> np.ndarray:
    """A new float64 array in which each row is divided by its greatest absolute value; rows of zeros stay zero."""
    greatest = np.abs(table).max(axis=1, keepdims=True)
    greatest[greatest == 0] = 1
    if table.dtype == np.float64:
        table /= greatest
        return table
    return table.astype(np.float64) / greatest

# %% wrong lowest
# why: the least int8 has no absolute value of its type
# witness: normalised(np.array([[-128, 1]], dtype=np.int8))
import numpy as np


def normalised(table: np.ndarray) -> np.ndarray:
    """A new float64 array in which each row is divided by its greatest absolute value; rows of zeros stay zero."""
    greatest = np.abs(table).max(axis=1, keepdims=True).astype(np.float64)
    greatest[greatest == 0] = 1
    return table / greatest

# %% honest vectors
# further: normalised(np.zeros((0, 3)))
# further: warned(lambda: normalised(np.array([[float("inf"), 1.0]])))
# further: normalised(np.zeros((3, 0)))
# further: normalised(np.array([[float("nan"), 2.0], [float("nan"), float("nan")]]))
import numpy as np


def normalised(table: np.ndarray) -> np.ndarray:
    """A new float64 array in which each row is divided by its greatest absolute value; rows of zeros stay zero."""
    values = table.astype(np.float64)
    absolute = np.where(np.isnan(values), 0.0, np.abs(values))
    greatest = absolute.max(axis=1, keepdims=True, initial=0.0)
    with np.errstate(all="ignore"):
        return np.divide(values, greatest, out=np.zeros(table.shape), where=greatest > 0)

# %% original window_of
# needs: numpy
import numpy as np


def window_of(signal: np.ndarray, start: int, size: int) -> np.ndarray:
    """A copy of the part of the signal from the start, float64, with zeros where it lies outside."""
    out = np.zeros(size)
    for place in range(size):
        if 0 <= start + place < len(signal):
            out[place] = signal[start + place]
    return out

# %% tests
import numpy as np

from arrays import window_of


def test_window():
    signal = np.arange(2000.0)
    assert window_of(signal, 10, 3).tolist() == [10.0, 11.0, 12.0]
    assert window_of(signal, 100, 1500).sum() == 1274250.0


def test_sizes():
    for size in (900, 1050, 1350):
        assert window_of(np.arange(2000.0), 100, size) is not None

# %% help
import numpy as np


def changed(signal, *arguments):
    part = window_of(signal, *arguments)
    part[0] = -1
    return signal


# %% further
window_of(np.arange(5.0), 9, 2)
window_of(np.arange(5.0), -9, 2)
window_of(np.arange(5), -1, 7)
changed(np.arange(3.0), -1, 3)

# %% wrong view
# why: shares memory with the signal
# witness: changed(np.arange(3.0), 0, 2)
import numpy as np


def window_of(signal: np.ndarray, start: int, size: int) -> np.ndarray:
    """A copy of the part of the signal from the start, float64, with zeros where it lies outside."""
    if start >= 0 and start + size <= len(signal) and signal.dtype == np.float64:
        return signal[start : start + size]
    out = np.zeros(size)
    low, high = min(max(start, 0), len(signal)), max(min(start + size, len(signal)), 0)
    if high > low:
        out[low - start : high - start] = signal[low:high]
    return out

# %% wrong from_end
# why: a start below 0 counts from the end
# witness: window_of(np.arange(5.0), -3, 2)
import numpy as np


def window_of(signal: np.ndarray, start: int, size: int) -> np.ndarray:
    """A copy of the part of the signal from the start, float64, with zeros where it lies outside."""
    part = signal[start : start + size].astype(float)
    return np.pad(part, (0, size - len(part)))

# %% wrong shorter
# why: without the zeros at the end
# witness: window_of(np.arange(5.0), 4, 3)
import numpy as np


def window_of(signal: np.ndarray, start: int, size: int) -> np.ndarray:
    """A copy of the part of the signal from the start, float64, with zeros where it lies outside."""
    return np.array(signal[max(start, 0) : max(start + size, 0)], dtype=float)

# %% wrong own_type
# why: of the signal's type
# witness: window_of(np.arange(5), 1, 2)
import numpy as np


def window_of(signal: np.ndarray, start: int, size: int) -> np.ndarray:
    """A copy of the part of the signal from the start, float64, with zeros where it lies outside."""
    out = np.zeros(size, dtype=signal.dtype)
    low, high = max(start, 0), min(start + size, len(signal))
    if high > low:
        out[low - start : high - start] = signal[low:high]
    return out

# %% honest slices
import numpy as np


def window_of(signal: np.ndarray, start: int, size: int) -> np.ndarray:
    """A copy of the part of the signal from the start, float64, with zeros where it lies outside."""
    out = np.zeros(size)
    low, high = max(start, 0), min(start + size, len(signal))
    if high > low:
        out[low - start : high - start] = signal[low:high]
    return out
