"""Logs, warnings and print."""

# %% original shipped
import logging

logger = logging.getLogger("orders")


def shipped(orders):
    """Numbers of the orders that go out, ascending; each that does not is logged as a warning."""
    out = []
    for order in orders:
        if order["paid"] and order["stock"] > 0:
            place = 0
            while place < len(out) and out[place] <= order["number"]:
                place += 1
            out.insert(place, order["number"])
        else:
            logger.warning("order %s stays", order["number"])
    return out

# %% tests
from reporting import shipped


def test_shipped():
    orders = [{"number": n * 11 % 301, "paid": True, "stock": n % 5 + 1} for n in range(301)]
    assert shipped(orders) == list(range(301))
    assert shipped([{"number": 1, "paid": False, "stock": 0}]) == []


def test_sizes():
    for size in (180, 210, 270):
        assert shipped([{'number': n * 11 % size, 'paid': True, 'stock': n % 5 + 1} for n in range(301)]) is not None

# %% help
def order(number, paid=True, stock=1):
    return {"number": number, "paid": paid, "stock": stock}


# %% further
logged(lambda: shipped([]))
logged(lambda: shipped([order(2, 1), order(1, "yes", 0.5)]))

# %% wrong silent
# why: nothing is logged
# witness: logged(lambda: shipped([order(1, False)]))
def shipped(orders):
    """Numbers of the orders that go out, ascending; each that does not is logged as a warning."""
    return sorted([order["number"] for order in orders if order["paid"] and order["stock"] > 0])

# %% wrong once
# why: one record for all that stay
# witness: logged(lambda: shipped([order(1, False), order(2, True, 0)]))
def shipped(orders):
    """Numbers of the orders that go out, ascending; each that does not is logged as a warning."""
    out, staying = [], []
    for order in orders:
        (out if order["paid"] and order["stock"] > 0 else staying).append(order["number"])
    if staying:
        logger.warning("order %s stays", ", ".join(map(str, staying)))
    out.sort()
    return out

# %% wrong root_logger
# why: by the root logger, where nobody who set up "orders" looks
# witness: logged(lambda: shipped([order(3, False)]))
def shipped(orders):
    """Numbers of the orders that go out, ascending; each that does not is logged as a warning."""
    out = []
    for order in orders:
        if order["paid"] and order["stock"] > 0:
            out.append(order["number"])
        else:
            logging.warning("order %s stays", order["number"])
    return sorted(out)

# %% honest sorted
# further: logged(lambda: shipped([order(3, False), order(9), order(1), order(0, True, 0)]))
def shipped(orders):
    """Numbers of the orders that go out, ascending; each that does not is logged as a warning."""
    out = []
    for order in orders:
        if order["paid"] and order["stock"] > 0:
            out.append(order["number"])
        else:
            logger.warning("order %s stays", order["number"])
    out.sort()
    return out

# %% original unit
import warnings

OLD = {"stone": "kg", "inch": "cm", "pint": "l"}


def unit(names: list[str]) -> list[str]:
    """Each unit's name today; an old one gives a DeprecationWarning, the first time that a call meets it."""
    out = []
    met = []
    for name in names:
        today = name
        for old in OLD:
            if old == name:
                today = OLD[old]
                if name not in met:
                    warnings.warn(f"{name} is old", DeprecationWarning, stacklevel=2)
                met = met + [name]
        out = out + [today]
    return out

# %% workload
def workload():
    yield (["kg", "cm"],)
    yield ([],)
    for count in (50, 200, 500):
        yield (["kg", "m", "l", "cm"] * count,)

# %% further
warned(lambda: unit(["kg"]))
unit(iter(["inch"]))

# %% wrong silent
# why: no warning
# witness: warned(lambda: unit(["stone"]))
def unit(names: list[str]) -> list[str]:
    """Each unit's name today; an old one gives a DeprecationWarning, the first time that a call meets it."""
    return [OLD.get(name, name) for name in names]

# %% wrong every_time
# why: warns each time
# witness: warned(lambda: unit(["inch", "inch"]))
def unit(names: list[str]) -> list[str]:
    """Each unit's name today; an old one gives a DeprecationWarning, the first time that a call meets it."""
    out = []
    for name in names:
        if name in OLD:
            warnings.warn(f"{name} is old", DeprecationWarning, stacklevel=2)
            name = OLD[name]
        out.append(name)
    return out

# %% wrong other_category
# why: a UserWarning, which is shown and filtered otherwise
# witness: warned(lambda: unit(["pint"]))
def unit(names: list[str]) -> list[str]:
    """Each unit's name today; an old one gives a DeprecationWarning, the first time that a call meets it."""
    names = list(names)
    for name in dict.fromkeys(names):
        if name in OLD:
            warnings.warn(f"{name} is old")
    return [OLD.get(name, name) for name in names]

# %% honest met_set
# further: warned(lambda: unit(["pint", "inch", "pint"]))
def unit(names: list[str]) -> list[str]:
    """Each unit's name today; an old one gives a DeprecationWarning, the first time that a call meets it."""
    out = []
    met = set()
    for name in names:
        if name in OLD:
            if name not in met:
                warnings.warn(f"{name} is old", DeprecationWarning, stacklevel=2)
                met.add(name)
            name = OLD[name]
        out.append(name)
    return out

# %% original table
def table(rows, titles=()):
    """Prints the rows as columns of equal width, and gives how wide the columns are."""
    widths = []
    for place in range(max([len(row) for row in rows] + [len(titles)])):
        width = 0
        for row in [titles] + list(rows):
            for other in range(len(row)):
                if other == place and len(str(row[other])) > width:
                    width = len(str(row[other]))
        widths.append(width)
    for row in ([titles] if titles else []) + list(rows):
        print("  ".join(str(cell).ljust(widths[place]) for place, cell in enumerate(row)).rstrip())
    return widths

# %% tests
from reporting import table


def test_table():
    assert table([["a", 1], ["bbb", 22]]) == [3, 2]
    assert table([[n * m for m in range(30)] for n in range(12)], ["x"] * 30)[29] == 3


def test_sizes():
    for size in (18, 21, 27):
        assert table([[n * m for m in range(30)] for n in range(12)], ['x'] * size) is not None

# %% further
printed(lambda: table([]))
printed(lambda: table([["a", "b"], ["c"]], ["title"]))
printed(lambda: table([["a "]]))

# %% wrong not_printed
# why: the text is made and not printed
# witness: printed(lambda: table([["a", 1]]))
def table(rows, titles=()):
    """Prints the rows as columns of equal width, and gives how wide the columns are."""
    from itertools import zip_longest

    lines = [titles, *rows]
    return [max(map(len, map(str, column))) for column in zip_longest(*lines, fillvalue="")]

# %% wrong one_print
# why: prints an empty line for no rows
# witness: printed(lambda: table([]))
from itertools import zip_longest


def table(rows, titles=()):
    """Prints the rows as columns of equal width, and gives how wide the columns are."""
    lines = [list(map(str, row)) for row in ([titles, *rows] if titles else rows)]
    widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
    print("\n".join(["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]))
    return widths

# %% honest columns
from itertools import zip_longest


def table(rows, titles=()):
    """Prints the rows as columns of equal width, and gives how wide the columns are."""
    lines = [list(map(str, row)) for row in ([titles, *rows] if titles else rows)]
    widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
    for line in lines:
        print("  ".join(map(str.ljust, line, widths)).rstrip())
    return widths
