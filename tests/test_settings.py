"""The table of settings: what a project may say, and what becomes of it when it is wrong."""

from pathlib import Path

import pytest

from quickstudy.records import Agent, Limits
from quickstudy.settings import TABLE, Settings, load_settings


def project(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_pyproject_the_defaults_hold(tmp_path: Path) -> None:
    """A folder without pyproject.toml has the defaults and no problems."""
    assert (Settings(), ()) == load_settings(tmp_path, {})


def test_a_pyproject_without_our_table_changes_nothing(tmp_path: Path) -> None:
    """Other tools' tables are not ours to judge."""
    assert (Settings(), ()) == load_settings(project(tmp_path, "[tool.other]\nrounds = 9\n"), {})


def test_every_setting_can_be_read_from_toml(tmp_path: Path) -> None:
    """One table with every key is read completely."""
    (tmp_path / "calls.py").touch()
    (tmp_path / "python").touch()
    text = """
    [tool.quickstudy]
    team = ["ollama/a", { model = "openai/b", api_base = "http://127.0.0.1:1/v1", temperature = 1 }]
    rounds = 2
    lessons = 0
    budget = 30
    max-tokens = 1000
    max-cost = 0.5
    workload = "calls.py"
    python = "./python"
    sandbox = "required"
    least-gain = 1.2
    embedding = "ollama/e"
    bank = "kept/lessons.db"
    """
    expected = Settings(
        team=(Agent("ollama/a"), Agent("openai/b", "http://127.0.0.1:1/v1", 1.0)),
        rounds=2,
        lessons=0,
        budget=30,
        max_tokens=1000,
        max_cost=0.5,
        workload=tmp_path / "calls.py",
        python=tmp_path / "python",
        sandbox="required",
        least_gain=1.2,
        embedding="ollama/e",
        bank=tmp_path / "kept/lessons.db",
    )
    assert (expected, ()) == load_settings(project(tmp_path, text), {})


def test_a_flag_goes_before_the_project_and_that_before_the_default(tmp_path: Path) -> None:
    """Precedence: flags, pyproject.toml, defaults."""
    root = project(tmp_path, "[tool.quickstudy]\nrounds = 2\nlessons = 1\n")
    settings, _ = load_settings(root, {"rounds": 7})
    assert Limits(7, 1, None) == settings.limits


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rounds = 0", "rounds must be at least 1"),
        ('rounds = "4"', "rounds must be a number"),
        ("rounds = 1.5", "rounds must be a whole number"),
        ("rounds = true", "rounds must be a number"),
        ("budget = nan", "budget must be a number"),
        ('workload = "gone.py"', "workload names no file"),
        ('python = "no-such-python"', "python names no program on PATH"),
        ('sandbox = "maybe"', "sandbox must be one of auto, required, off"),
        ('sandbox = "off"', "sandbox cannot be off for a whole project"),
        ("team = []", "team must name at least one model"),
        ('team = "gpt-4o"', "team must name models as provider/model"),
        ('team = [{ model = "a/b", key = "x" }]', "team holds an agent with key"),
        ('team = [{ model = "a/b", temperature = 9 }]', "team needs a temperature from 0 to 2"),
        (
            'team = [{ model = "a/b", api_base = "file:///x" }]',
            "team needs an api_base that begins with http",
        ),
        ('bank = ""', "bank must be a text that is not empty"),
        ("round = 3", "there is no setting round"),
    ],
)
def test_a_wrong_setting_is_named_and_its_default_used(tmp_path: Path, line: str, said: str) -> None:
    """Each wrong setting is one sentence, and the run goes on with the default."""
    settings, problems = load_settings(project(tmp_path, f"[tool.quickstudy]\n{line}\n"), {})
    assert Settings() == settings
    assert [said in problem for problem in problems] == [True]


@pytest.mark.parametrize("text", ["[tool.quickstudy", "tool = 1", "[tool]\nquickstudy = 3", "\0"])
def test_a_broken_pyproject_leaves_the_defaults(tmp_path: Path, text: str) -> None:
    """A file that is not TOML, or holds no table there, never stops anyone."""
    settings, _ = load_settings(project(tmp_path, text), {})
    assert Settings() == settings


def test_one_wrong_setting_leaves_the_others(tmp_path: Path) -> None:
    """The right ones beside a wrong one are used."""
    settings, problems = load_settings(project(tmp_path, "[tool.quickstudy]\nrounds = -1\nlessons = 2\n"), {})
    assert (Settings(lessons=2), 1) == (settings, len(problems))


def test_keys_are_kebab_case_and_camel_case() -> None:
    """TOML and editors spell the same row their own way."""
    names = {setting.name: (setting.key, setting.camel) for setting in TABLE}
    assert names["max_tokens"] == ("max-tokens", "maxTokens")
    assert names["team"] == ("team", "team")


def test_every_setting_has_a_sentence() -> None:
    """The table is documentation: each meaning is a sentence."""
    assert [setting.name for setting in TABLE if not setting.meaning.endswith(".")] == []
