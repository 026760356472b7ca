"""Separated values, queries, escapes."""

# %% original row
def row(line: str) -> list[str]:
    """The fields of a line of CSV. A field in double quotes may hold commas, and "" for a quote."""
    out: list[str] = []
    field = ""
    quoted = False
    place = 0
    while place < len(line):
        sign = line[place : place + 1]
        if quoted:
            if line[place : place + 2] == '""':
                field = field + '"'
                place += 1
            elif sign == '"':
                quoted = False
            else:
                field = field + sign
        elif sign == '"' and field == "":
            quoted = True
        elif sign == ",":
            out = out + [field]
            field = ""
        else:
            field = field + sign
        place += 1
    return out + [field]

# %% tests
from quoting import row


def test_row():
    assert row("a,b,c") == ["a", "b", "c"]
    assert row('"a",b') == ["a", "b"]
    assert row("")  == [""]
    assert row(",".join(map(str, range(300))))[-1] == "299"


def test_sizes():
    for size in (180, 210, 270):
        assert row(','.join(map(str, range(size)))) is not None

# %% further
row('a"b,c')
row('"",x')
row("a b , c")
row("a,,b,")

# %% wrong split
# why: commas in quotes part, and a "" in them stays
# witness: row('"a,b",c')
# witness: row('"say ""hi"""')
def row(line: str) -> list[str]:
    """The fields of a line of CSV. A field in double quotes may hold commas, and "" for a quote."""
    return [field.strip('"') for field in line.split(",")]

# %% wrong csv_reader
# why: csv ends a row at a line end outside quotes, and an empty line is no row
# witness: row("a\nb,c")
import csv


def row(line: str) -> list[str]:
    """The fields of a line of CSV. A field in double quotes may hold commas, and "" for a quote."""
    return next(csv.reader([line]), [""]) or [""]

# %% wrong no_escape
# why: "" in quotes ends and begins, and is lost
# witness: row('"say ""hi"""')
import re

_FIELD = re.compile(r'(?:^|,)(?:"([^"]*)"|([^,]*))')


def row(line: str) -> list[str]:
    """The fields of a line of CSV. A field in double quotes may hold commas, and "" for a quote."""
    return [match[1] if match[1] is not None else match[2] for match in _FIELD.finditer(line)]

# %% honest split_plain
def row(line: str) -> list[str]:
    """The fields of a line of CSV. A field in double quotes may hold commas, and "" for a quote."""
    if '"' not in line:
        return line.split(",")
    out = []
    field = ""
    quoted = False
    place = 0
    while place < len(line):
        sign = line[place]
        if quoted:
            if line.startswith('""', place):
                field += '"'
                place += 1
            elif sign == '"':
                quoted = False
            else:
                field += sign
        elif sign == '"' and field == "":
            quoted = True
        elif sign == ",":
            out.append(field)
            field = ""
        else:
            field += sign
        place += 1
    out.append(field)
    return out

# %% original to_csv
def to_csv(rows):
    """Rows as CSV with line feeds; a field with a comma, a quote or a line feed is quoted, None is empty."""
    text = ""
    for row in rows:
        line = ""
        for value in row:
            field = "" if value is None else str(value)
            if "," in field or '"' in field or "\n" in field:
                escaped = ""
                for sign in field:
                    escaped = escaped + ('""' if sign == '"' else sign)
                field = '"' + escaped + '"'
            line = line + "," + field
        text = text + line[1:] + "\n"
    return text

# %% tests
from quoting import to_csv


def test_csv():
    assert to_csv([["a", 1], ["b", None]]) == "a,1\nb,\n"
    assert to_csv([]) == ""
    rows = [["a long, quoted text with some words in it" * 3] * 3] * 60
    assert to_csv(rows).count("\n") == 60


def test_sizes():
    for size in (36, 42, 54):
        assert to_csv([['a long, quoted text with some words in it' * 3] * 3] * size) is not None

# %% further
to_csv([[]])
to_csv([["say \"hi\"", "x,y", "a\nb"]])
to_csv([[1.5, True]])
to_csv([(1,), {2: 3}])

# %% wrong csv_writer
# why: csv quotes the only field of a row if it is empty
# witness: to_csv([[None]])
import csv
import io


def to_csv(rows):
    """Rows as CSV with line feeds; a field with a comma, a quote or a line feed is quoted, None is empty."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()

# %% wrong never_escaped
# why: a quote in a quoted field is not doubled
# witness: to_csv([['say "hi", Bob']])
def to_csv(rows):
    """Rows as CSV with line feeds; a field with a comma, a quote or a line feed is quoted, None is empty."""
    lines = []
    for row in rows:
        fields = ["" if value is None else str(value) for value in row]
        lines.append(",".join([f'"{field}"' if "," in field or "\n" in field else field for field in fields]))
    return "\n".join([*lines, ""])

# %% wrong falsy_empty
# why: 0 and False are empty too
# witness: to_csv([[0, False]])
def to_csv(rows):
    """Rows as CSV with line feeds; a field with a comma, a quote or a line feed is quoted, None is empty."""

    def quoted(value):
        field = str(value or "")
        if "," in field or '"' in field or "\n" in field:
            return '"' + field.replace('"', '""') + '"'
        return field

    return "".join([",".join(map(quoted, row)) + "\n" for row in rows])

# %% honest replace
def to_csv(rows):
    """Rows as CSV with line feeds; a field with a comma, a quote or a line feed is quoted, None is empty."""

    def quoted(value):
        field = "" if value is None else str(value)
        if "," in field or '"' in field or "\n" in field:
            return '"' + field.replace('"', '""') + '"'
        return field

    return "".join([",".join([quoted(value) for value in row]) + "\n" for row in rows])

# %% original query
def query(text: str) -> dict[str, list[str]]:
    """The values of each name in a query such as a=1&b=2&a=3; a name without = has "", + is a space."""
    out: dict[str, list[str]] = {}
    for part in text.split("&"):
        if part == "":
            continue
        name, value, after = "", "", False
        for sign in part:
            if sign == "=" and not after:
                after = True
                continue
            sign = " " if sign == "+" else sign
            if after:
                value = value + sign
            else:
                name = name + sign
        out[name] = out.get(name, []) + [value]
    return out

# %% tests
from quoting import query


def test_query():
    assert query("a=1&b=2&a=3") == {"a": ["1", "3"], "b": ["2"]}
    assert query("") == {}
    assert len(query("&".join(f"name{n}=some+long+value" for n in range(80)))) == 80


def test_sizes():
    for size in (48, 56, 72):
        assert query('&'.join((f'name{n}=some+long+value' for n in range(size)))) is not None

# %% further
query("a==b")
query("=x&&=")
query("a+b=c")

# %% wrong parse_qs
# why: empty values are dropped, and %xx is decoded
# witness: query("a=&b")
# witness: query("a=%41")
import urllib.parse


def query(text: str) -> dict[str, list[str]]:
    """The values of each name in a query such as a=1&b=2&a=3; a name without = has "", + is a space."""
    return urllib.parse.parse_qs(text, max_num_fields=9999)

# %% wrong parse_qs_blank
# why: %xx is decoded, which the original leaves as it is
# witness: query("a=100%25")
import urllib.parse


def query(text: str) -> dict[str, list[str]]:
    """The values of each name in a query such as a=1&b=2&a=3; a name without = has "", + is a space."""
    return urllib.parse.parse_qs(text, keep_blank_values=True)

# %% wrong split
# why: a second = is one too many
# witness: query("a=b=c")
def query(text: str) -> dict[str, list[str]]:
    """The values of each name in a query such as a=1&b=2&a=3; a name without = has "", + is a space."""
    out: dict[str, list[str]] = {}
    for part in text.replace("+", " ").split("&"):
        if part:
            name, value, *_ = [*part.split("="), ""]
            out.setdefault(name, []).append(value)
    return out

# %% honest partition
def query(text: str) -> dict[str, list[str]]:
    """The values of each name in a query such as a=1&b=2&a=3; a name without = has "", + is a space."""
    out: dict[str, list[str]] = {}
    for part in text.replace("+", " ").split("&"):
        if part:
            name, _, value = part.partition("=")
            out.setdefault(name, []).append(value)
    return out
