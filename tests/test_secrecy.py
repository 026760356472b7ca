"""A model learns no secret: not from what a variant read in the project, in whatever way it lets that out.

The project keeps a key in each of forty places. Every variant reads all of them that it can, and raises,
returns, prints or names something by what it found. The agent repeats in its lessons all that it was asked.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.openai_server import Behaviour, OpenAIServer, Request, ok

from quickstudy.lab import Lab
from quickstudy.languages import language_for
from quickstudy.records import Candidate, Verdict
from quickstudy.team.prompts import explain

MODULE = """
from keys import LIMIT


def common(a, b):
    return [x for x in a if x in b][:LIMIT]
"""
TESTS = """
from app import common

def test_common():
    assert common([1, 2, 3, 4], [2, 4, 6]) == [2, 4]
    assert common(list("abcab"), list("cab")) == list("abcab")
"""
_PLACES = """
    .env .env.local .env.production backend/.env deploy/prod.env .envrc secrets.toml .streamlit/secrets.toml
    config/secrets.yml config/credentials.yml credentials.json service-account.json .npmrc .pypirc .netrc
    .git/config lib/sub/.git/config .gitlab-ci.yml .github/workflows/deploy.yml .aws/credentials .ssh/id_rsa
    deploy/id_ed25519 certs/server.key certs/server.pem .docker/config.json docker-compose.yml .htpasswd
    terraform.tfvars terraform.tfstate ansible/vault.yml settings.ini setup.cfg app.cfg conf/local.json
    keys.py conftest.py notes.txt README.md data/dump.sql logs/app.log .idea/dataSources.xml
"""
PLACES = _PLACES.split()
MARK = re.compile(r"sesame\d\dq")

FIND = """
def _found():
    import os
    import re

    found = []
    for folder, _, files in os.walk("."):
        for name in sorted(files):
            try:
                with open(os.path.join(folder, name), errors="replace") as file:
                    found += re.findall(r"sesame\\d\\dq", file.read())
            except OSError:
                pass
    return found


def _let_out(found):
    first, text = (found or ["nothing"])[0], " ".join(found)
"""
WAYS = {
    "a message": "raise RuntimeError(text)",
    "a type's name": "raise type(first, (Exception,), {})(text)",
    "a type's module": "raise type('Error', (Exception,), {'__module__': first})",
    "a type that passes for one of Python's": "raise type(first, (ValueError,), {'__module__': 'builtins'})",
    "how a process ends": "raise SystemExit(text)",
    "an error in telling an error": """
        class Silent(Exception):
            def __str__(self):
                raise SystemExit(text)
        raise Silent
    """,
    "the name of a module": "__import__(first)",
    "the name of what is imported": "raise ImportError(text, name=first, path=text)",
    "the name of an attribute": "getattr(found, first)",
    "a name that is not there": "raise NameError(text, name=first)",
    "a key": "return {}[first]",
    "bytes that are no text": "return (text.encode() + bytes([255])).decode()",
    "the file and text of a syntax error": "raise SyntaxError(text, (__file__, 3, 1, text))",
    "the cause of an error": "raise KeyError from RuntimeError(text)",
    "notes on an error": "raise type('E', (Exception,), {'__notes__': found})(found)",
    "a group of errors": "raise BaseExceptionGroup(text, [KeyError(text)])",
    "a line of its own": "exec(compile('\\n' * 7 + 'raise KeyError(' + repr(first) + ')', __file__, 'exec'))",
    "the result": "return found",
    "the type of the result": "return type(first, (list,), {})(found)",
    "an attribute's name": "return type('R', (), {first: found})()",
    "standard output": "print(text)",
    "a warning": "import warnings; warnings.warn(text)",
    "the name of a global": "import app; setattr(app, first, found)",
    "the code of what is called": "import app; setattr(app, 'common', type(first, (), {}))",
}
"""How a variant may let out what it found, by the channel."""


@dataclass(frozen=True)
class Variant:
    """One way to let it out, when the module is imported or in a call."""

    way: str
    source: str


def variants(before: str, within: str) -> list[Variant]:
    """One for each way, with a statement before the function and one within it."""
    work = "    return [x for x in a if x in set(b)]\n"
    tail = f"\n\n{before}\n\n\ndef common(a, b):\n    {within}\n{work}"
    ways = {name: textwrap.indent(textwrap.dedent(way).strip(), "    ") for name, way in WAYS.items()}
    return [Variant(name, f"{FIND}{way}{tail}") for name, way in ways.items()]


IN_A_CALL = variants("", "_let_out(_found())")
AT_IMPORT = variants("_seen = _let_out(_found())", "_seen")
VARIANTS = [*IN_A_CALL, *AT_IMPORT]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a key in each of the places."""
    for number, place in enumerate(PLACES):
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        text = f"KEY = 'sesame{number:02}q'\n"
        file.write_text(text + "LIMIT = 9\n" if place == "keys.py" else text, encoding="utf-8")
    (tmp_path / "app.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "test_app.py").write_text(TESTS, encoding="utf-8")
    return tmp_path


def test_the_places_are_forty() -> None:
    """The bar is forty places, and none of the variants knows a key by itself."""
    assert 40 <= len(set(PLACES))
    assert [] == [one.way for one in VARIANTS if MARK.search(one.source)]


def test_no_key_gets_into_a_prompt_a_lesson_or_the_bank(project: Path) -> None:
    """The whole way, with a hosted model and one round for each variant."""
    waiting = [one.source for one in VARIANTS]

    def choose(request: Request) -> Behaviour:
        if not request.prompt.endswith("helps with other functions too."):
            return ok(f"```python\n{waiting.pop(0) if waiting else 'pass'}\n```")
        told = " ".join(request.prompt.rpartition("```\n\n")[2].split())
        return ok(f"I was told this: {told[-600:]}.")

    with OpenAIServer(choose=choose) as server:
        env = {**os.environ, "OPENAI_API_KEY": "sk-test", "OPENAI_API_BASE": server.url}
        command = [sys.executable, "-m", "quickstudy.cli", "optimize", "app.py::common", "--json"]
        team = ["--team", "openai/scripted", "--rounds", str(len(VARIANTS))]
        done = subprocess.run([*command, *team], cwd=project, env=env, capture_output=True, check=False)
    report = json.loads(done.stdout)
    assert len(VARIANTS) == len(report["candidates"]) == len(report["lessons"]), done.stderr
    assert [] == [request.path for request in server.requests if MARK.search(json.dumps(request.body))]
    assert set() == set(MARK.findall(json.dumps(report["lessons"])))
    bank = b"".join(file.read_bytes() for file in (project / ".quickstudy").rglob("*") if file.is_file())
    assert b"I was told this" in bank
    assert [] == re.findall(MARK.pattern.encode(), bank)


def test_no_key_gets_past_the_lab(project: Path) -> None:
    """Whatever the screen may miss: the reason is free of it, and the user reads whose words the rest are."""
    text = (project / "app.py").read_text("utf-8")
    language = language_for(project / "app.py")
    target = language.find(project / "app.py", text, "common")

    async def judged() -> list[tuple[Candidate, Verdict]]:
        trial = await Lab(project).prepare(target)
        module = text.partition("def common")[0]
        tried = [Candidate(one.way, "a", 1, one.source, module + one.source) for one in AT_IMPORT]
        return [(one, (await trial.judge(one)).verdict) for one in tried]

    found = asyncio.run(judged())
    leaks = [one.id for one, verdict in found if MARK.search(str(explain(target, one, verdict, language)))]
    assert [] == leaks
    for _, verdict in found:
        ours, _, theirs = verdict.reason.partition(" In its own words: ")
        assert not MARK.search(ours) and theirs == (verdict.why.words if verdict.why else ""), verdict
    # Or nothing was there to leak.
    raised = [verdict for _, verdict in found if verdict.why and MARK.search(verdict.why.words)]
    assert len(raised) > len(AT_IMPORT) / 2
