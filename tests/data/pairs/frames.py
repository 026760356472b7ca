"""pandas: missing values, types, indexes that repeat or are in no order, empty frames."""

# %% original totals_by
# needs: pandas
import pandas as pd


def totals_by(frame: pd.DataFrame, key: str, value: str) -> dict:
    """The sum of the values for each key, keys in order of first appearance; rows without a value are left out,
    a key that is missing is None."""
    out = {}
    for place in range(len(frame)):
        name = frame[key].tolist()[place]
        number = frame[value].tolist()[place]
        if pd.isna(name):
            name = None
        if not pd.isna(number):
            out[name] = out.get(name, 0) + number
    return {name: float(total) for name, total in out.items()}

# %% tests
import pandas as pd

from frames import totals_by


def test_totals():
    frame = pd.DataFrame({"city": ["Oslo", "Rome", "Oslo"], "sold": [1.0, 2.0, 4.0]})
    assert totals_by(frame, "city", "sold") == {"Oslo": 5.0, "Rome": 2.0}
    frame = pd.DataFrame({"city": [f"c{n // 40:02}" for n in range(200)], "sold": [0.5] * 200})
    assert totals_by(frame, "city", "sold") == {f"c{n:02}": 20.0 for n in range(5)}


def test_sizes():
    for size in (24, 28, 36):
        assert totals_by(pd.DataFrame({'city': [f'c{n // size:02}' for n in range(200)], 'sold': [0.5] * 200}), 'city', 'sold') is not None

# %% help
import pandas as pd


def frame(*rows, **more):
    return pd.DataFrame(list(rows), columns=["k", "v"], **more)


# %% further
totals_by(frame(), "k", "v")
totals_by(frame(("a", 1), ("a", 2), index=[5, 5]), "k", "v")
totals_by(frame(("b", 1), ("a", 2)), "k", "v")
totals_by(frame((1, 1.5), (2, 2.5)), "k", "v")

# %% wrong sorted_keys
# why: groupby sorts the keys
# witness: list(totals_by(frame(("b", 1.0), ("a", 2.0)), "k", "v"))
import pandas as pd


def totals_by(frame: pd.DataFrame, key: str, value: str) -> dict:
    """The sum of the values for each key, keys in order of first appearance."""
    return {name: float(total) for name, total in frame.groupby(key)[value].sum().items()}

# %% wrong missing_keys
# why: rows without a key are dropped
# witness: totals_by(frame(("b", 1.0), (None, 2.0)), "k", "v")
import pandas as pd


def totals_by(frame: pd.DataFrame, key: str, value: str) -> dict:
    """The sum of the values for each key, keys in order of first appearance."""
    kept = frame.dropna(subset=[value])
    return {name: float(total) for name, total in kept.groupby(key, sort=False)[value].sum().items()}

# %% wrong missing_values
# why: a key that has no value at all has a total of 0
# witness: totals_by(frame(("a", None), ("b", 1.0)), "k", "v")
import pandas as pd


def totals_by(frame: pd.DataFrame, key: str, value: str) -> dict:
    """The sum of the values for each key, keys in order of first appearance."""
    sums = frame.groupby(key, sort=False, dropna=False)[value].sum()
    return {None if pd.isna(name) else name: float(total) for name, total in sums.items()}

# %% wrong nan_total
# why: a missing value makes the total NaN
# witness: totals_by(frame(("a", 1.0), ("a", None)), "k", "v")
import pandas as pd


def totals_by(frame: pd.DataFrame, key: str, value: str) -> dict:
    """The sum of the values for each key, keys in order of first appearance."""
    out = {}
    for name, number in zip(frame[key].tolist(), frame[value].tolist()):
        name = None if pd.isna(name) else name
        out[name] = out.get(name, 0.0) + number
    return {name: float(total) for name, total in out.items()}

# %% honest columns
import pandas as pd


def totals_by(frame: pd.DataFrame, key: str, value: str) -> dict:
    """The sum of the values for each key, keys in order of first appearance."""
    out = {}
    for name, number in zip(frame[key].tolist(), frame[value].tolist()):
        if not pd.isna(number):
            name = None if pd.isna(name) else name
            out[name] = out.get(name, 0) + number
    return {name: float(total) for name, total in out.items()}

# %% original ranked
# needs: pandas
import pandas as pd


def ranked(series: pd.Series) -> pd.Series:
    """How many values are greater than each, as int64 with the index and the name of the series.

    A missing value has none greater, and is not greater than any.
    """
    values = list(series)
    out = []
    for value in values:
        count = 0
        for other in values:
            if other > value:
                count += 1
        out.append(count)
    return pd.Series(out, index=series.index, name=series.name, dtype="int64")

# %% tests
import pandas as pd

from frames import ranked


def test_ranked():
    assert ranked(pd.Series([3.0, 1.0, 2.0])).tolist() == [0, 2, 1]
    assert ranked(pd.Series([float(n * 7 % 200) for n in range(200)])).sum() == 19900


def test_sizes():
    for size in (120, 150, 180):
        assert ranked(pd.Series([float(n * 7 % 200) for n in range(size)])) is not None

# %% help
import pandas as pd

S = pd.Series

# %% further
ranked(S([2.0, 1.0], index=["x", "x"], name="y"))
ranked(S([], dtype=float))
ranked(S(["b", "a"]))
ranked(S([2**60 + 1, 2**60]))

# %% wrong rank
# why: of equal values each has another number; missing ones have none
# witness: ranked(S([2.0, 1.0, 1.0]))
# witness: ranked(S([1.0, float("nan")]))
import pandas as pd


def ranked(series: pd.Series) -> pd.Series:
    """How many values are greater than each, as int64 with the index and the name of the series."""
    return (series.rank(ascending=False, method="first") - 1).astype("int64")

# %% wrong float_rank
# why: float64 where int64 is told
# witness: ranked(S([1.0, 2.0]))
import pandas as pd


def ranked(series: pd.Series) -> pd.Series:
    """How many values are greater than each, as int64 with the index and the name of the series."""
    return series.rank(ascending=False, method="min").sub(1).fillna(0)

# %% wrong index_lost
# why: a new index, and no name
# witness: ranked(S([2.0, 1.0], index=[5, 7], name="n"))
import pandas as pd


def ranked(series: pd.Series) -> pd.Series:
    """How many values are greater than each, as int64 with the index and the name of the series."""
    places = series.rank(ascending=False, method="min").sub(1).fillna(0)
    return pd.Series(places.to_numpy().astype("int64"))

# %% honest bisect
from bisect import bisect_right

import pandas as pd


def ranked(series: pd.Series) -> pd.Series:
    """How many values are greater than each, as int64 with the index and the name of the series."""
    values = list(series)
    ordered = sorted([value for value in values if value == value])
    count = len(ordered)
    out = [count - bisect_right(ordered, value) if value == value else 0 for value in values]
    return pd.Series(out, index=series.index, name=series.name, dtype="int64")

# %% original joined
# needs: pandas
import pandas as pd


def joined(orders: pd.DataFrame, prices: pd.DataFrame) -> list:
    """For each order its count times the price of its item; of several prices the first; None without one."""
    out = []
    for _, order in orders.iterrows():
        found = None
        for _, price in prices.iterrows():
            if price["item"] == order["item"]:
                found = float(order["count"] * price["price"])
                break
        out.append(found)
    return out

# %% tests
import pandas as pd

from frames import joined

PRICES = pd.DataFrame({"item": ["a", "b"], "price": [1.5, 2.5]})


def test_joined():
    prices = pd.DataFrame({"item": ["nut", "bolt"], "price": [0.5, 2.0]})
    orders = pd.DataFrame({"item": ["bolt", "nut"] * 20, "count": [3, 4] * 20})
    assert joined(orders, prices) == [6.0, 2.0] * 20


def test_sizes():
    for size in (12, 15, 18):
        assert joined(pd.DataFrame({"item": ["a", "b"] * size, "count": [3, 4] * size}), PRICES) is not None

# %% help
import pandas as pd


def one(orders, prices):
    left_frame = pd.DataFrame(orders, columns=["item", "count"])
    return joined(left_frame, pd.DataFrame(prices, columns=["item", "price"]))


# %% further
one([], [])
one([("a", 1)], [("a", 2.5)])

# %% wrong merge
# why: an order comes out once for each price
# witness: one([("a", 1), ("b", 1)], [("a", 2.0), ("a", 3.0), ("b", 1.0)])
import pandas as pd


def joined(orders: pd.DataFrame, prices: pd.DataFrame) -> list:
    """For each order its count times the price of its item; of several prices the first; None without one."""
    merged = orders.merge(prices, on="item", how="left")
    return [None if pd.isna(total) else total for total in (merged["count"] * merged["price"]).tolist()]

# %% wrong last_price
# why: of several prices the last
# witness: one([("a", 1)], [("a", 2.0), ("a", 3.0)])
import pandas as pd


def joined(orders: pd.DataFrame, prices: pd.DataFrame) -> list:
    """For each order its count times the price of its item; of several prices the first; None without one."""
    known = dict(zip(prices["item"], prices["price"]))
    rows = zip(orders["item"], orders["count"])
    return [float(count * known[item]) if item in known else None for item, count in rows]

# %% wrong nan_for_none
# why: NaN where there is no price
# witness: one([("a", 1), ("b", 1)], [("a", 2.0)])
import pandas as pd


def joined(orders: pd.DataFrame, prices: pd.DataFrame) -> list:
    """For each order its count times the price of its item; of several prices the first; None without one."""
    known = prices.drop_duplicates("item").set_index("item")["price"]
    return (orders["count"] * orders["item"].map(known)).tolist()

# %% wrong missing_items
# why: an item that is missing equals none, but is found in a dict
# witness: one([(float("nan"), 1)], [(float("nan"), 2.0)])
import pandas as pd


def joined(orders: pd.DataFrame, prices: pd.DataFrame) -> list:
    """For each order its count times the price of its item; of several prices the first; None without one."""
    kept = prices.drop_duplicates("item")
    merged = orders.merge(kept, on="item", how="left")
    return [None if pd.isna(total) else float(total) for total in (merged["count"] * merged["price"])]

# %% honest first_price
import pandas as pd


def joined(orders: pd.DataFrame, prices: pd.DataFrame) -> list:
    """For each order its count times the price of its item; of several prices the first; None without one."""
    known = {}
    for item, price in zip(prices["item"], prices["price"]):
        if item == item:
            known.setdefault(item, price)
    rows = zip(orders["item"], orders["count"])
    return [float(count * known[item]) if item == item and item in known else None for item, count in rows]
