"""Settings laid over each other, wrong ones named."""

from pathlib import Path

import pytest

from quickstudy.records import Agent
from quickstudy.settings import Settings
from quickstudy_server.settings import choose


def test_later_tables_win_and_the_project_has_its_own_facts(tmp_path: Path) -> None:
    """Defaults, options, the client's configuration, and `[tool.quickstudy]` for what a project shares."""
    (tmp_path / "pyproject.toml").write_text("[tool.quickstudy]\nleast-gain = 1.5\n", encoding="utf-8")
    options = {"rounds": 2, "lessons": 1, "leastGain": 1.2, "embedding": "openai/e"}
    chosen = choose(tmp_path, options, {"rounds": 3, "lessons": None})
    run = chosen.run
    assert (3, 1, 1.5, "openai/e") == (run.rounds, run.lessons, run.least_gain, run.embedding)
    assert (True, ()) == (chosen.trusted, chosen.problems)


def test_the_project_decides_nothing_that_is_the_user_s(tmp_path: Path) -> None:
    """Its team waits for the user's word, and what else is personal is named."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.quickstudy]\nrounds = 9\nteam = ["openai/x"]\n', encoding="utf-8"
    )
    chosen = choose(tmp_path)
    assert Settings() == chosen.run
    assert (Agent("openai/x", from_project=True),) == chosen.configuration.recommended
    assert 1 == len(chosen.problems)


def test_an_explicit_default_of_the_project_goes_before_the_editor(tmp_path: Path) -> None:
    """Equal to the default is not the same as not set: the project says it, so the editor does not decide."""
    (tmp_path / "pyproject.toml").write_text("[tool.quickstudy]\nleast-gain = 1.05\n", encoding="utf-8")
    chosen = choose(tmp_path, {"leastGain": 1.2, "floats": "ulp"})
    assert (1.05, "ulp") == (chosen.run.least_gain, chosen.run.floats)
    sources = chosen.configuration.sources
    assert ("project", "editor") == (sources["least_gain"], sources["floats"])


def test_an_explicit_default_of_a_later_table_goes_before_an_earlier_one(tmp_path: Path) -> None:
    """As where the editor's configuration takes back what its options say."""
    chosen = choose(tmp_path, {"rounds": 9}, {"rounds": 4})
    assert (4, "editor") == (chosen.run.rounds, chosen.configuration.sources["rounds"])


def test_a_team_is_named_as_editors_write_it(tmp_path: Path) -> None:
    """Tables in camelCase and bare names."""
    team = [{"model": "openai/x", "apiBase": "http://h"}, "local/qwen2.5-coder-0.5b"]
    expected = (Agent("openai/x", "http://h"), Agent("local/qwen2.5-coder-0.5b"))
    assert expected == choose(tmp_path, {"team": team}).run.team


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ({"rounds": "x"}, "quickstudy.rounds must be a number. The default is used."),
        ({"trusted": 1}, "quickstudy.trusted must be true or false. The default is used."),
        ({"team": [{"modle": "x"}]}, "quickstudy.team holds an agent with modle"),
        ({"colour": 1}, "There is no setting quickstudy.colour"),
        ([], "must be a table"),
        ("x", "must be a table"),
    ],
)
def test_a_wrong_setting_is_named_and_its_default_used(tmp_path: Path, layer: object, said: str) -> None:
    """One sentence each; the others hold."""
    chosen = choose(tmp_path, {"lessons": 1}, layer)
    (problem,) = chosen.problems
    assert said in problem
    assert (4, 1) == (chosen.run.rounds, chosen.run.lessons)
