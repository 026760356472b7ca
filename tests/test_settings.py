"""The table of settings: how a value is read, and what is said of a wrong one."""

from pathlib import Path

import pytest

from quickstudy.records import Agent
from quickstudy.settings import TABLE

SETTINGS = {setting.key: setting for setting in TABLE}


def test_every_kind_of_value_is_read(tmp_path: Path) -> None:
    """One value for each setting."""
    (tmp_path / "calls.py").touch()
    (tmp_path / "python").touch()
    values: dict[str, tuple[object, object]] = {
        "team": (
            ["ollama/a", {"model": "openai/b", "api_base": "http://127.0.0.1:1/v1", "temperature": 1}],
            (Agent("ollama/a"), Agent("openai/b", "http://127.0.0.1:1/v1", 1.0)),
        ),
        "rounds": (2, 2),
        "lessons": (0, 0),
        "budget": (30, 30),
        "max-tokens": (1000, 1000),
        "max-cost": (0.5, 0.5),
        "workload": ("calls.py", tmp_path / "calls.py"),
        "python": ("./python", tmp_path / "python"),
        "sandbox": ("required", "required"),
        "least-gain": (1.2, 1.2),
        "floats": ("ulp", "ulp"),
        "exceptions": ("type", "type"),
        "embedding": ("ollama/e", "ollama/e"),
        "bank": ("kept/lessons.db", tmp_path / "kept/lessons.db"),
        "hidden": (["*.lic"], ("*.lic",)),
    }
    assert SETTINGS.keys() == values.keys()
    read = {key: SETTINGS[key].read(value, tmp_path) for key, (value, _) in values.items()}
    assert {key: expected for key, (_, expected) in values.items()} == read


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("rounds", 0, "must be at least 1"),
        ("rounds", "4", "must be a number"),
        ("rounds", 1.5, "must be a whole number"),
        ("rounds", True, "must be a number"),
        ("budget", float("nan"), "must be a number"),
        ("workload", "gone.py", "names no file"),
        ("python", "no-such-python", "names no program on PATH"),
        ("sandbox", "maybe", "must be one of auto, required, off"),
        ("team", [], "must name at least one model"),
        ("team", "gpt-4o", "must name models as provider/model"),
        ("team", [{"model": "a/b", "key": "x"}], "holds an agent with key"),
        ("team", [{"model": "a/b", "temperature": 9}], "needs a temperature from 0 to 2"),
        ("team", [{"model": "a/b", "local": "yes"}], "needs true or false as local"),
        ("team", ["openai/x\x1b[2K"], "control characters"),
        ("team", ["openai/x y"], "blanks"),
        ("team", ["openai/ｇpt"], "control characters"),
        ("bank", "", "must be a text that is not empty"),
        ("hidden", [], "must hold at least one name"),
        ("hidden", ["a/b"], "must be names without slashes"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, key: str, value: object, problem: str) -> None:
    """Half a sentence that begins with the setting's name."""
    with pytest.raises(ValueError, match=problem):
        SETTINGS[key].read(value, tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "file:///x",
        "http://",
        "http://:80",
        "http://a b/",
        "http://h\x1b[8m:9/v1",
        "http://api.openai.com@evil.example/v1",
        "http://h\\@evil.example/",
        "http://h:0/",
        "http://h:99999/",
        "http://[::1/",
        "http://ⓔvil.example/",
    ],
)
def test_an_address_reads_for_a_person_as_for_a_program(tmp_path: Path, address: str) -> None:
    """Anything that could be taken for another host is refused."""
    with pytest.raises(ValueError, match="needs an api_base"):
        SETTINGS["team"].read([{"model": "openai/b", "api_base": address}], tmp_path)


def test_keys_are_kebab_case_and_camel_case() -> None:
    """TOML and editors spell the same row their own way."""
    names = {setting.name: (setting.key, setting.camel) for setting in TABLE}
    assert names["max_tokens"] == ("max-tokens", "maxTokens")
    assert names["team"] == ("team", "team")


def test_every_setting_has_a_sentence() -> None:
    """The table is documentation: each meaning is a sentence."""
    assert [setting.name for setting in TABLE if not setting.meaning.endswith(".")] == []
