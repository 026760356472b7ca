"""None, 0, "" and absent: `or`, `get`, truth."""

# %% original merged
def merged(settings, defaults):
    """The settings, where one that is absent or None is that of the defaults. Other keys are kept."""
    out = {}
    for key in list(settings) + [key for key in list(defaults) if key not in list(settings)]:
        if key in settings and settings[key] is not None:
            out[key] = settings[key]
        elif key in defaults:
            out[key] = defaults[key]
        else:
            out[key] = None
    return out

# %% tests
from falsy import merged


def test_merged():
    assert merged({"a": 1, "b": None}, {"b": 2, "c": 3}) == {"a": 1, "b": 2, "c": 3}
    assert merged({}, {}) == {}


def test_many():
    out = merged({f"k{n}": n + 1 for n in range(120)}, {f"k{n}": -n - 1 for n in range(60, 200)})
    assert len(out) == 200 and out["k199"] == -200


def test_sizes():
    for size in (120, 140, 180):
        assert merged({f'k{n}': n + 1 for n in range(120)}, {f'k{n}': -n - 1 for n in range(60, size)}) is not None

# %% further
merged({"b": 1, "a": 2}, {"a": 3, "c": 0})
merged({"x": None}, {"x": None})

# %% wrong or
# why: 0, "" and False give way to the defaults
# witness: merged({"a": 0}, {"a": 5})
def merged(settings, defaults):
    """The settings, where one that is absent or None is that of the defaults. Other keys are kept."""
    out = {key: value or defaults.get(key) for key, value in settings.items()}
    for key, value in defaults.items():
        out.setdefault(key, value)
    return out

# %% wrong union
# why: the keys come in the order of the defaults
# witness: list(merged({"b": 1}, {"a": 2, "b": 3}))
def merged(settings, defaults):
    """The settings, where one that is absent or None is that of the defaults. Other keys are kept."""
    out = dict(defaults)
    for key, value in settings.items():
        if value is not None or key not in out:
            out[key] = value
    return out

# %% wrong nones_dropped
# why: a setting that is None and has no default is gone
# witness: merged({"z": None}, {})
def merged(settings, defaults):
    """The settings, where one that is absent or None is that of the defaults. Other keys are kept."""
    out = {key: value for key, value in settings.items() if value is not None}
    return out | {key: value for key, value in defaults.items() if key not in out}

# %% honest comprehension
def merged(settings, defaults):
    """The settings, where one that is absent or None is that of the defaults. Other keys are kept."""
    out = {key: defaults.get(key) if value is None else value for key, value in settings.items()}
    for key, value in defaults.items():
        if key not in out:
            out[key] = value
    return out

# %% original first_set
def first_set(rows, names: list[str], default=None):
    """For each row the first of the named fields that is there and not None, else the default."""
    out = []
    for row in rows:
        found = [row[name] for name in names if name in list(row.keys()) and row[name] is not None]
        if len(found) > 0:
            out.append(found[0])
        else:
            out.append(default)
    return out

# %% tests
from falsy import first_set


def test_first():
    rows = [{"mobile": "1", "home": "2"}, {"home": "3"}, {}]
    assert first_set(rows, ["mobile", "home"]) == ["1", "3", None]


def test_many():
    rows = [{"a": None, "b": n + 1, "c": 1, "d": 2, "e": 3} for n in range(150)]
    assert first_set(rows, ["a", "b", "c", "d"])[-1] == 150


def test_sizes():
    for size in (90, 105, 135):
        assert first_set([{'a': None, 'b': n + 1, 'c': 1, 'd': 2, 'e': 3} for n in range(size)], ['a', 'b', 'c', 'd']) is not None

# %% further
first_set([{"a": None}], ["a"], "none")
first_set([{"a": 1}], [])
first_set(iter([{"a": 1}]), ("b", "a"))

# %% wrong truthy
# why: 0 and "" are passed over
# witness: first_set([{"a": 0, "b": 2}], ["a", "b"])
def first_set(rows, names: list[str], default=None):
    """For each row the first of the named fields that is there and not None, else the default."""
    return [next((row[name] for name in names if row.get(name)), default) for row in rows]

# %% wrong default_forgotten
# why: None instead of the default
# witness: first_set([{}], ["a"], "n/a")
def first_set(rows, names: list[str], default=None):
    """For each row the first of the named fields that is there and not None, else the default."""
    out = []
    for row in rows:
        for name in names:
            value = row.get(name)
            if value is not None:
                break
        else:
            value = None
        out.append(value)
    return out

# %% wrong stale
# why: without any name to look for, fails or gives what was before
# witness: first_set([{"a": 1}], [])
def first_set(rows, names: list[str], default=None):
    """For each row the first of the named fields that is there and not None, else the default."""
    out = []
    for row in rows:
        for name in names:
            value = row.get(name)
            if value is not None:
                break
        out.append(default if value is None else value)
    return out

# %% wrong none_is_there
# why: a default in get() does not help where None is the value
# witness: first_set([{"a": None, "b": 5}], ["a", "b"], 9)
def first_set(rows, names: list[str], default=None):
    """For each row the first of the named fields that is there and not None, else the default."""
    out = []
    for row in rows:
        found = default
        for name in names:
            found = row.get(name, default)
            if found is not default:
                break
        out.append(found)
    return out

# %% honest inner_loop
def first_set(rows, names: list[str], default=None):
    """For each row the first of the named fields that is there and not None, else the default."""
    out = []
    for row in rows:
        for name in names:
            if name in row and row[name] is not None:
                out.append(row[name])
                break
        else:
            out.append(default)
    return out
