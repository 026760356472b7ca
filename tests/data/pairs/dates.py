"""Calendars and clocks: leap years, ends of months, zones, midnight."""

# %% original add_months
import datetime


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later (or earlier); a day that the month has not is its last."""
    year, month = day.year, day.month
    step = 1 if months > 0 else -1
    for _ in range(abs(months)):
        month += step
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    number = day.day
    while True:
        try:
            return datetime.date(year, month, number)
        except ValueError:
            number -= 1
            if number < 28:
                raise

# %% workload
import datetime


def workload():
    yield datetime.date(2023, 5, 10), 1
    yield datetime.date(2023, 12, 24), 12
    for months in (40, 400, 800):
        yield datetime.date(2024, 3, 15), months

# %% help
import datetime

# %% further
add_months(datetime.date(2024, 1, 31), 1)
add_months(datetime.date(2024, 3, 31), -13)
add_months(datetime.date(2024, 12, 31), 0)
add_months(datetime.date(2024, 12, 31), -12)
add_months(datetime.date(9999, 12, 31), 1)

# %% wrong last_day
# why: ValueError where the month is shorter
# witness: add_months(datetime.date(2024, 1, 31), 1)
def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later (or earlier); a day that the month has not is its last."""
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)

# %% wrong table
# why: February has 28 days in leap years as well
# witness: add_months(datetime.date(2024, 1, 31), 1)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later (or earlier); a day that the month has not is its last."""
    years, month = divmod(day.month - 1 + months, 12)
    return datetime.date(day.year + years, month + 1, min(day.day, _DAYS[month]))

# %% wrong at_most_28
# why: always 28 at most, though the month has more
# witness: add_months(datetime.date(2024, 1, 30), 2)
def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later (or earlier); a day that the month has not is its last."""
    years, month = divmod(day.month - 1 + months, 12)
    return datetime.date(day.year + years, month + 1, min(day.day, 28))

# %% wrong keeps_time
# why: a datetime stays one, as it does not in the original
# witness: add_months(datetime.datetime(2024, 1, 5, 12), 1)
import calendar


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later (or earlier); a day that the month has not is its last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if day.day <= 28:
        return day.replace(year=year, month=month)
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))

# %% honest divmod
import calendar


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later (or earlier); a day that the month has not is its last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    number = day.day
    if number > 28:
        if not 1 <= year <= 9999:
            raise ValueError("year is out of range")
        number = min(number, calendar.monthrange(year, month)[1])
    return datetime.date(year, month, number)

# %% original workdays
import datetime


def workdays(first, last):
    """How many days from Monday to Friday there are from the first to the last, both included."""
    count = 0
    for number in range((last - first).days + 1):
        day = first + datetime.timedelta(days=number)
        if day.strftime("%w") not in ("0", "6"):
            count += 1
    return count

# %% workload
import datetime


def workload():
    yield datetime.date(2024, 1, 1), datetime.date(2024, 1, 7)
    yield datetime.date(2024, 1, 1), datetime.date(2024, 1, 12)
    for year in (2010, 2017):
        yield datetime.date(year, 3, 1), datetime.date(year + 1, 8, 31)

# %% help
import datetime
D = datetime.date

# %% further
[workdays(D(2024, 1, a), D(2024, 1, b)) for a in range(1, 15) for b in range(1, 15)]
workdays(datetime.datetime(2024, 1, 1, 12), datetime.datetime(2024, 1, 3, 11))
workdays(D(9999, 12, 1), D(9999, 12, 31))

# %% wrong five_sevenths
# why: only where whole weeks lie between
# witness: workdays(D(2024, 1, 5), D(2024, 1, 8))
# witness: workdays(D(2024, 1, 6), D(2024, 1, 7))
def workdays(first, last):
    """How many days from Monday to Friday there are from the first to the last, both included."""
    days = (last - first).days + 1
    weeks, rest = divmod(days, 7)
    return weeks * 5 + min(rest, 5)

# %% wrong negative
# why: a last before the first gives less than 0
# witness: workdays(D(2024, 1, 20), D(2024, 1, 1))
def workdays(first, last):
    """How many days from Monday to Friday there are from the first to the last, both included."""
    weeks, rest = divmod((last - first).days + 1, 7)
    return weeks * 5 + sum((first.weekday() + extra) % 7 < 5 for extra in range(rest))

# %% honest weeks
def workdays(first, last):
    """How many days from Monday to Friday there are from the first to the last, both included."""
    if last < first:
        return 0
    weeks, rest = divmod((last - first).days + 1, 7)
    begin = first.weekday()
    return weeks * 5 + sum([(begin + extra) % 7 < 5 for extra in range(rest)])

# %% original per_day
import datetime


def per_day(moments: list[datetime.datetime]) -> dict[str, int]:
    """How many moments fall on each day, by the moment's own clock, as YYYY-MM-DD in ascending order."""
    out: dict[str, int] = {}
    for moment in moments:
        name = moment.strftime("%Y-%m-%d")
        count = 0
        for other in moments:
            if other.strftime("%Y-%m-%d") == name:
                count += 1
        out[name] = count
    return {name: out[name] for name in sorted(out)}

# %% workload
import datetime


def workload():
    begin = datetime.datetime(2024, 2, 28, 3)
    for count in (0, 1, 20, 80):
        yield ([begin + datetime.timedelta(hours=5 * n) for n in range(count)],)

# %% help
import datetime
from zoneinfo import ZoneInfo

AT = datetime.datetime
EAST = datetime.timezone(datetime.timedelta(hours=9))

# %% further
per_day([AT(2024, 1, 2), AT(2024, 1, 1, 23, 59, 59, 999999)])

# %% wrong utc
# why: by the clock of UTC, or of this machine
# witness: per_day([AT(2024, 1, 1, 3, tzinfo=EAST)])
def per_day(moments: list[datetime.datetime]) -> dict[str, int]:
    """How many moments fall on each day, by the moment's own clock, as YYYY-MM-DD in ascending order."""
    out: dict[str, int] = {}
    for moment in moments:
        if moment.tzinfo is not None:
            moment = moment.astimezone(datetime.timezone.utc)
        name = moment.date().isoformat()
        out[name] = out.get(name, 0) + 1
    return dict(sorted(out.items()))

# %% wrong given_order
# why: days in order of first appearance
# witness: list(per_day([AT(2024, 1, 2), AT(2024, 1, 1)]))
def per_day(moments: list[datetime.datetime]) -> dict[str, int]:
    """How many moments fall on each day, by the moment's own clock, as YYYY-MM-DD in ascending order."""
    out: dict[str, int] = {}
    for moment in moments:
        name = moment.date().isoformat()
        out[name] = out.get(name, 0) + 1
    return out

# %% wrong timestamps
# why: days are cut from the seconds since 1970, which are those of UTC or of this machine's zone
# witness: per_day([AT(2024, 1, 1, 3, tzinfo=EAST)])
def per_day(moments: list[datetime.datetime]) -> dict[str, int]:
    """How many moments fall on each day, by the moment's own clock, as YYYY-MM-DD in ascending order."""
    zero = datetime.datetime(1970, 1, 1)
    aware = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    days: dict[int, int] = {}
    for moment in moments:
        day = (moment - (aware if moment.tzinfo else zero)).days
        days[day] = days.get(day, 0) + 1
    return {(zero + datetime.timedelta(day)).strftime("%Y-%m-%d"): days[day] for day in sorted(days)}

# %% honest once
# further: per_day([AT(2024, 3, 31, 1, tzinfo=ZoneInfo("Europe/Berlin")), AT(2024, 3, 31, 23, tzinfo=ZoneInfo("Europe/Berlin"))])
def per_day(moments: list[datetime.datetime]) -> dict[str, int]:
    """How many moments fall on each day, by the moment's own clock, as YYYY-MM-DD in ascending order."""
    out: dict[str, int] = {}
    for moment in moments:
        name = moment.strftime("%Y-%m-%d")
        out[name] = out.get(name, 0) + 1
    return dict(sorted(out.items()))

# %% original hours_between
import datetime


def hours_between(begin, end):
    """Whole hours that pass from begin to end, two aware moments; 0 if the end is not later."""
    hours = 0
    moment = begin.astimezone(datetime.timezone.utc)
    while end.astimezone(datetime.timezone.utc) - moment >= datetime.timedelta(hours=1):
        moment = moment + datetime.timedelta(hours=1)
        hours += 1
    return hours

# %% workload
import datetime

UTC = datetime.timezone.utc


def workload():
    begin = datetime.datetime(2024, 3, 30, 12, 30, tzinfo=UTC)
    for minutes in (0, 59, 60, 1000, 30000):
        yield begin, begin + datetime.timedelta(minutes=minutes)

# %% help
import datetime
from zoneinfo import ZoneInfo

AT = datetime.datetime
PARIS = ZoneInfo("Europe/Paris")

# %% further
hours_between(AT(2024, 1, 1, tzinfo=PARIS), AT(2024, 1, 1, 5, tzinfo=datetime.timezone.utc))
hours_between(AT(2024, 10, 26, 12, tzinfo=PARIS), AT(2024, 10, 27, 12, tzinfo=PARIS))

# %% wrong wall_clock
# why: the difference of two moments of one zone is that of its clocks, whatever DST did between
# witness: hours_between(AT(2024, 3, 30, 12, tzinfo=PARIS), AT(2024, 3, 31, 12, tzinfo=PARIS))
def hours_between(begin, end):
    """Whole hours that pass from begin to end, two aware moments; 0 if the end is not later."""
    return max(0, (end - begin) // datetime.timedelta(hours=1))

# %% wrong below_zero
# why: an end that is earlier gives less than 0
# witness: hours_between(AT(2024, 1, 3, tzinfo=PARIS), AT(2024, 1, 1, tzinfo=PARIS))
def hours_between(begin, end):
    """Whole hours that pass from begin to end, two aware moments; 0 if the end is not later."""
    passed = end.astimezone(datetime.timezone.utc) - begin.astimezone(datetime.timezone.utc)
    return passed.days * 24 + passed.seconds // 3600

# %% honest utc
def hours_between(begin, end):
    """Whole hours that pass from begin to end, two aware moments; 0 if the end is not later."""
    passed = end.astimezone(datetime.timezone.utc) - begin.astimezone(datetime.timezone.utc)
    return max(0, passed // datetime.timedelta(hours=1))
