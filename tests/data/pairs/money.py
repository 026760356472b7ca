"""Decimal and Fraction: contexts, quantize, exactness."""

# %% original invoice
from decimal import ROUND_HALF_UP, Decimal


def invoice(lines: list[tuple[int, Decimal]], rate: Decimal = Decimal("0.19")) -> Decimal:
    """The total of lines (count, price) with tax, each line's tax rounded half up to cents."""
    total = Decimal("0.00")
    for count, price in lines:
        amount = Decimal("0.00")
        for _ in range(count):
            amount = amount + price
        tax = (amount * rate).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        total = total + amount + tax
    return total

# %% tests
from decimal import Decimal
from money import invoice


def test_invoice():
    assert invoice([(1, Decimal("100.00"))]) == Decimal("119.00")
    assert invoice([]) == 0
    assert invoice([(300, Decimal("2.00")), (400, Decimal("5.00"))]) == Decimal("3094.00")


def test_sizes():
    for size in (240, 280, 360):
        assert invoice([(300, Decimal('2.00')), (size, Decimal('5.00'))]) is not None

# %% help
from decimal import Decimal, getcontext

C = Decimal

# %% further
invoice([(2, C("0.05")), (3, C("0.1"))])
invoice([(1, C("9.99"))], C("0.07"))
invoice([(0, C("5"))])
invoice([(-1, C("5"))])

# %% wrong tax_on_total
# why: rounded once, not line by line
# witness: invoice([(1, C("0.13")), (1, C("0.13"))])
def invoice(lines: list[tuple[int, Decimal]], rate: Decimal = Decimal("0.19")) -> Decimal:
    """The total of lines (count, price) with tax, each line's tax rounded half up to cents."""
    amount = sum((count * price for count, price in lines), Decimal("0.00"))
    return amount + (amount * rate).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

# %% wrong half_even
# why: quantize rounds ties to even unless told
# witness: invoice([(2, C("0.25"))], C("0.01"))
# witness: invoice([(1, C("0.50"))], C("0.05"))
def invoice(lines: list[tuple[int, Decimal]], rate: Decimal = Decimal("0.19")) -> Decimal:
    """The total of lines (count, price) with tax, each line's tax rounded half up to cents."""
    total = Decimal("0.00")
    for count, price in lines:
        amount = max(count, 0) * price
        total += amount + (amount * rate).quantize(Decimal("0.01"))
    return total

# %% wrong negative_count
# why: a line of a negative count, nothing in the original, is taken off
# witness: invoice([(-1, C("5"))])
def invoice(lines: list[tuple[int, Decimal]], rate: Decimal = Decimal("0.19")) -> Decimal:
    """The total of lines (count, price) with tax, each line's tax rounded half up to cents."""
    total = Decimal("0.00")
    for count, price in lines:
        amount = count * price + Decimal("0.00")
        total += amount + (amount * rate).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return total

# %% wrong context_changed
# why: the context of the whole program rounds otherwise from then on
# witness: (invoice([(1, C("1.00"))]), getcontext().rounding)
from decimal import getcontext


def invoice(lines: list[tuple[int, Decimal]], rate: Decimal = Decimal("0.19")) -> Decimal:
    """The total of lines (count, price) with tax, each line's tax rounded half up to cents."""
    getcontext().rounding = ROUND_HALF_UP
    total = Decimal("0.00")
    for count, price in lines:
        amount = max(count, 0) * price + Decimal("0.00")
        total += amount + round(amount * rate, 2)
    return total

# %% wrong floats
# why: by way of floats, which have no cents
# witness: invoice([(1, C("12345678901234567.89"))])
def invoice(lines: list[tuple[int, Decimal]], rate: Decimal = Decimal("0.19")) -> Decimal:
    """The total of lines (count, price) with tax, each line's tax rounded half up to cents."""
    total = 0.0
    factor = float(rate)
    for count, price in lines:
        amount = max(count, 0) * float(price)
        total += amount + int(amount * factor * 100 + 0.5) / 100
    return Decimal(f"{total:.2f}")

# %% honest product
def invoice(lines: list[tuple[int, Decimal]], rate: Decimal = Decimal("0.19")) -> Decimal:
    """The total of lines (count, price) with tax, each line's tax rounded half up to cents."""
    cent = Decimal("0.01")
    total = Decimal("0.00")
    for count, price in lines:
        amount = Decimal("0.00")
        _, digits, exponent = Decimal(price).as_tuple()
        if 0 < count < 10**6 and len(digits) < 12 and exponent in range(-8, 9) and price:
            amount += count * price
        else:
            for _ in range(count):
                amount += price
        total = total + amount + (amount * rate).quantize(cent, rounding=ROUND_HALF_UP)
    return total

# %% original mix
from fractions import Fraction


def mix(parts: list[Fraction]) -> list[Fraction]:
    """The share of each part in their sum, exactly, as a Fraction; parts are whole numbers or Fractions."""
    out = []
    for part in parts:
        total = Fraction(0)
        for other in parts:
            total = total + Fraction(other)
        out.append(Fraction(part) / total)
    return out

# %% tests
from fractions import Fraction
from money import mix


def test_mix():
    assert mix([1, 1]) == [Fraction(1, 2), Fraction(1, 2)]
    assert mix([]) == []
    assert sum(mix(list(range(40)))) == 1


def test_sizes():
    for size in (24, 28, 36):
        assert mix(list(range(size))) is not None

# %% help
from fractions import Fraction

# %% further
mix([Fraction(1, 3), 1])
mix([1, -1])
mix([2**70, 1])
mix((3,))
mix([0.5, 1])

# %% wrong floats
# why: 1 / 3 is no longer exact
# witness: mix([1, 1008])
def mix(parts: list[Fraction]) -> list[Fraction]:
    """The share of each part in their sum, exactly, as a Fraction; parts are whole numbers or Fractions."""
    total = sum(parts)
    return [Fraction(part / total).limit_denominator(1000) for part in parts]

# %% wrong ints_only
# why: fractions are cut
# witness: mix([Fraction(1, 2), 1])
def mix(parts: list[Fraction]) -> list[Fraction]:
    """The share of each part in their sum, exactly, as a Fraction; parts are whole numbers or Fractions."""
    whole = [int(part) for part in parts]
    total = sum(whole)
    return [Fraction(part, total) for part in whole]

# %% honest sum_once
def mix(parts: list[Fraction]) -> list[Fraction]:
    """The share of each part in their sum, exactly, as a Fraction; parts are whole numbers or Fractions."""
    if not parts:
        return []
    total = Fraction(0)
    for part in parts:
        total += Fraction(part)
    return [Fraction(part) / total for part in parts]
