"""Where settings come from, and that a project decides nothing that is the user's."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from quickstudy import consent
from quickstudy.configuration import configure, origin, personal_file
from quickstudy.records import Agent, Limits
from quickstudy.settings import TABLE, Settings
from quickstudy.team.address import exposure

STRANGER = "http://gpu.example:8000/v1"
RECOMMENDATION = f"""
[tool.quickstudy]
team = [{{ model = "openai/coder", api_base = "{STRANGER}" }}]
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The user's own file, in a folder where nothing else is."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    file = personal_file()
    file.parent.mkdir(parents=True)
    yield file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def project(root: Path, text: str) -> Path:
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    return root


def test_without_any_file_the_defaults_hold(own: Path, root: Path) -> None:
    """And each says that it is one."""
    found = configure(root, {})
    assert (Settings(), (), {"default"}) == (found.settings, found.problems, set(found.sources.values()))


def test_a_pyproject_without_our_table_changes_nothing(own: Path, root: Path) -> None:
    """Other tools' tables are not ours to judge."""
    found = configure(project(root, "[tool.other]\nrounds = 9\n"), {})
    assert (Settings(), ()) == (found.settings, found.problems)


PERSONAL = {
    "embedding": '"ollama/e"',
    "rounds": "9",
    "lessons": "9",
    "budget": "9",
    "max-tokens": "9",
    "max-cost": "9",
    "sandbox": '"required"',
    "hidden": '["x"]',
}


def test_the_personal_settings_are_those_of_the_table() -> None:
    """All that a person chooses; of these only a team can be recommended."""
    assert PERSONAL.keys() | {"team"} == {setting.key for setting in TABLE if setting.scope == "person"}


@pytest.mark.parametrize(("key", "value"), PERSONAL.items())
def test_a_personal_setting_never_comes_from_the_project(own: Path, root: Path, key: str, value: str) -> None:
    """It is named in one sentence, which says where it can be set, and not used."""
    found = configure(project(root, f"[tool.quickstudy]\n{key} = {value}\n"), {})
    assert Settings() == found.settings
    (problem,) = found.problems
    assert f"does not decide {key}" in problem
    assert str(own) in problem


@pytest.mark.parametrize(("key", "value"), PERSONAL.items())
def test_a_personal_setting_comes_from_the_user_s_file(own: Path, root: Path, key: str, value: str) -> None:
    """As from a flag, which goes before it."""
    own.write_text(f"{key} = {value}\n")
    name = key.replace("-", "_")
    found = configure(root, {})
    assert ("personal", ()) == (found.sources[name], found.problems)
    assert getattr(Settings(), name) != getattr(found.settings, name)
    assert ("flag", 1) == (
        configure(root, {name: 1}).sources[name],
        getattr(configure(root, {name: 1}).settings, name),
    )


def test_what_a_project_shares_goes_before_editor_and_file(own: Path, root: Path) -> None:
    """A flag goes before all; an explicit default counts as chosen."""
    own.write_text("least-gain = 1.5\nrounds = 2\n")
    project(root, "[tool.quickstudy]\nleast-gain = 1.05\n")
    editor = {"least_gain": 1.4, "rounds": 3}
    found = configure(root, {}, editor)
    assert (1.05, "project", Limits(3, 4, None)) == (
        found.settings.least_gain,
        found.sources["least_gain"],
        found.settings.limits,
    )
    assert 1.1 == configure(root, {"least_gain": 1.1}, editor).settings.least_gain
    assert ("editor", "personal") == (found.sources["rounds"], configure(root, {}).sources["rounds"])


@pytest.mark.parametrize("key", ["python", "bank", "workload"])
@pytest.mark.parametrize("way", ["absolute", "dots", "home", "link"])
def test_no_path_of_a_project_leads_out_of_it(own: Path, root: Path, key: str, way: str) -> None:
    """However it is written; only an interpreter's own link is the lab's to judge."""
    outside = root.parent / "outside"
    outside.touch()
    (root / "link").symlink_to(outside)
    path = {
        "absolute": str(outside),
        "dots": "sub/../../outside",
        "home": f"~/../..{outside}",
        "link": "./link",
    }[way]
    found = configure(project(root, f'[tool.quickstudy]\n{key} = "{path}"\n'), {})
    if (key, way) == ("python", "link"):
        assert root / "link" == found.settings.python
    else:
        assert (None, True) == (
            getattr(found.settings, key),
            "leads out" in found.problems[0] or "names no file" in found.problems[0],
        )


@pytest.mark.parametrize(("place", "expected"), [("kept.db", None), (".quickstudy/a.db", ".quickstudy/a.db")])
def test_a_project_s_bank_lies_in_our_folder(own: Path, root: Path, place: str, expected: str | None) -> None:
    """Elsewhere an empty file of the project's, or a new one, would be made a bank."""
    found = configure(project(root, f'[tool.quickstudy]\nbank = "{place}"\n'), {})
    assert (expected and root / expected, expected is None) == (found.settings.bank, bool(found.problems))


def test_a_python_on_the_user_s_path_is_no_project_s_to_choose(own: Path, root: Path) -> None:
    """It may name only what lies in the project."""
    found = configure(project(root, '[tool.quickstudy]\npython = "python3"\n'), {})
    assert (None, 1) == (found.settings.python, len(found.problems))


def test_the_user_may_name_any_place(own: Path, root: Path) -> None:
    """In the file and by flag."""
    own.write_text(f'bank = "{root.parent}/elsewhere.db"\n')
    assert root.parent / "elsewhere.db" == configure(root, {}).settings.bank


def test_a_recommended_team_waits_for_the_user_s_word(own: Path, root: Path) -> None:
    """Without it the user's own is used; with it, theirs; a declined one is not asked about again."""
    project(root, RECOMMENDATION)
    team = (Agent("openai/coder", STRANGER, from_project=True),)
    asked = configure(root, {})
    assert (team, Settings().team) == (asked.recommended, asked.settings.team)
    consent.remember(root, team, True)
    agreed = configure(root, {})
    assert ((), team, "recommended") == (agreed.recommended, agreed.settings.team, agreed.sources["team"])
    consent.remember(root, team, False)
    declined = configure(root, {})
    assert ((), Settings().team) == (declined.recommended, declined.settings.team)


@pytest.mark.parametrize(
    "change",
    [
        ("openai/coder", "openai/other"),
        (STRANGER, "http://gpu.example:8001/v1"),
        (STRANGER, "http://evil.example:8000/v1"),
        ("[{", '["ollama/more", {'),
    ],
)
def test_a_changed_list_asks_again(own: Path, root: Path, change: tuple[str, str]) -> None:
    """The word was for exactly those models and hosts."""
    project(root, RECOMMENDATION)
    consent.remember(root, configure(root, {}).recommended, True)
    project(root, RECOMMENDATION.replace(*change))
    found = configure(root, {})
    assert (True, Settings().team) == (bool(found.recommended), found.settings.team)


def test_the_word_is_for_one_repository(own: Path, root: Path, tmp_path: Path) -> None:
    """Another one with the same list asks by itself."""
    consent.remember(root, configure(project(root, RECOMMENDATION), {}).recommended, True)
    other = tmp_path / "other"
    other.mkdir()
    assert configure(project(other, RECOMMENDATION), {}).recommended


def test_a_team_of_the_user_s_needs_no_question(own: Path, root: Path) -> None:
    """By flag, in the editor, or in the file."""
    project(root, RECOMMENDATION)
    mine = (Agent("ollama/mine"),)
    assert () == configure(root, {"team": mine}).recommended
    assert () == configure(root, {}, {"team": mine}).recommended
    own.write_text('team = "ollama/mine"\n')
    assert ((), mine) == (configure(root, {}).recommended, configure(root, {}).settings.team)


def test_a_project_cannot_vouch_for_a_host(own: Path, root: Path) -> None:
    """Whether what is sent somewhere stays in house only the user knows."""
    found = configure(project(root, RECOMMENDATION.replace(" }]", ", local = true }]")), {})
    assert ((), True) == (found.recommended, "cannot vouch" in found.problems[0])


@pytest.mark.parametrize("written", ["http://gpu.example:8000", "http://GPU.example:8000/v1"])
def test_a_host_s_key_goes_to_that_host_only(own: Path, root: Path, written: str) -> None:
    """Also where the project named it: the user put the key there for it."""
    own.write_text(f'[hosts."{written}"]\nkey = "k"\nlocal = true\n')
    project(root, RECOMMENDATION)
    (agent,) = configure(root, {}).recommended
    consent.remember(root, (agent,), True)
    (agent,) = configure(root, {}).settings.team
    assert ("k", True, True) == (agent.key, agent.local, agent.from_project)
    other = replace(agent, api_base="http://gpu.example:8001/v1", key=None, local=False)
    assert (other,) == configure(root, {"team": (other,)}).settings.team


@pytest.mark.parametrize("variable", ["OPENAI_API_BASE", "OPENAI_BASE_URL"])
def test_what_is_said_of_a_host_holds_for_an_address_of_the_environment(
    own: Path, root: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Who sets a variable in the place of api_base has the same key sent, and the same word counts."""
    for name in ("OPENAI_API_BASE", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    own.write_text('[hosts."http://gpu.example:8000"]\nkey = "k"\nlocal = true\n')
    flags = {"team": (Agent("openai/coder"),)}
    assert (Agent("openai/coder"),) == configure(root, flags).settings.team
    monkeypatch.setenv(variable, STRANGER)
    (agent,) = configure(root, flags).settings.team
    assert (("k", True), "stays") == ((agent.key, agent.local), exposure(agent))


def test_what_is_said_of_a_host_holds_for_the_address_of_a_provider(
    own: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody names one, and a server on this machine has its usual."""
    monkeypatch.delenv("OLLAMA_API_BASE", raising=False)
    own.write_text('[hosts."http://localhost:11434"]\nkey = "k"\n')
    (agent,) = configure(root, {"team": (Agent("ollama/x"),)}).settings.team
    assert ("k", False) == (agent.key, agent.local)


def test_a_key_is_never_shown(own: Path, root: Path) -> None:
    """Neither in the report nor where an agent is printed."""
    own.write_text(f'[hosts."{STRANGER}"]\nkey = "sk-secret"\n')
    found = configure(root, {"team": (Agent("openai/coder", STRANGER),)})
    assert "sk-secret" == found.settings.team[0].key
    assert "sk-secret" not in repr(found) + repr(found.described())


def test_the_report_says_where_each_setting_comes_from(own: Path, root: Path) -> None:
    """By key, as JSON."""
    own.write_text("max-tokens = 10\n")
    described = configure(project(root, '[tool.quickstudy]\nfloats = "exact"\n'), {"rounds": 1}).described()
    assert {"value": 1, "from": "flag"} == described["rounds"]
    assert {"value": 10, "from": "personal"} == described["max-tokens"]
    assert {"value": "exact", "from": "project"} == described["floats"]
    assert {"value": None, "from": "default"} == described["bank"]
    assert {setting.key for setting in TABLE} == described.keys()


@pytest.mark.parametrize(
    "text",
    [
        "hosts = 3",
        '[hosts."gpu"]',
        '[hosts."http://h:1"]\nkey = 3',
        '[hosts."http://h:1"]\nkeys = "x"',
        "round = 3",
        "rounds = 0",
        "= 3",
        "x = " + "[" * 5000,
    ],
)
def test_a_wrong_line_of_the_user_s_file_is_named(own: Path, root: Path, text: str) -> None:
    """One sentence that names the file; the rest holds."""
    own.write_text(text)
    found = configure(root, {})
    assert (Settings(), [True]) == (found.settings, [str(own) in each for each in found.problems])


@pytest.mark.parametrize("text", ["[tool.quickstudy", "tool = 1", "[tool]\nquickstudy = 3", "\0", "\xff"])
def test_a_broken_pyproject_leaves_the_defaults(own: Path, root: Path, text: str) -> None:
    """A file that is not TOML, or holds no table there, never stops anyone."""
    (root / "pyproject.toml").write_bytes(text.encode("latin-1"))
    assert Settings() == configure(root, {}).settings


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_a_pyproject_that_is_no_file_keeps_nobody_waiting(own: Path, root: Path, kind: str) -> None:
    """A repository may bring a link to an endless device."""
    file = root / "pyproject.toml"
    match kind:
        case "pipe":
            os.mkfifo(file)
        case "device":
            file.symlink_to("/dev/zero")
        case _:
            file.mkdir()
    found = configure(root, {})
    assert (Settings(), 1) == (found.settings, len(found.problems))


def test_one_wrong_setting_leaves_the_others(own: Path, root: Path) -> None:
    """The right ones beside a wrong one are used."""
    found = configure(project(root, "[tool.quickstudy]\nleast-gain = 0\nfloats = 'ulp'\nround = 1\n"), {})
    assert (Settings(floats="ulp"), 2) == (found.settings, len(found.problems))


def test_an_origin_is_the_same_however_it_is_written() -> None:
    """Case, default ports and paths do not make another host."""
    assert origin("http://h/v1") == origin("HTTP://H:80") == "http://h:80"
    assert (None, None, None) == (origin("h:80"), origin("ftp://h"), origin("http://h:x"))
