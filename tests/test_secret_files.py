"""Files with secrets: which they are by their names, where they are found, and that no child sees them."""

import asyncio
import ctypes
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from tests.labs import COMMON, TESTS, prepared
from tests.labs import project as write
from tests.sandboxes import command, refused
from tests.sandboxes import project as project
from tests.sandboxes import sandbox as sandbox
from tests.test_workload import bench_in

from quickstudy.errors import InputError, Unmeasurable
from quickstudy.lab import secret_files
from quickstudy.lab.python.workload import declared
from quickstudy.lab.sandbox import Sandbox
from quickstudy.lab.secret_files import Secrets, Shown, find_secrets
from quickstudy.lab.secret_names import kind_of

SECRET = """
    .env .env.local .ENV prod.env .envrc .direnv/cache .flaskenv backend/.env a/b/c/d/.env.production
    .npmrc web/.npmrc .pypirc .netrc _netrc .git/config lib/sub/.git/config vendor/.git mirror.git/config
    .ssh/known_hosts deploy/.ssh/key .aws/credentials .kube/config .docker/config.json .dockercfg
    .git-credentials .htpasswd .my.cnf .pgpass .vault_pass .vault/token .terraform/state
    id_rsa keys/id_ed25519 keys/id_deploy id_rsa.bak server.pem tls/server.key server.key.old store.p12
    store.pfx store.jks store.keystore AuthKey_AB12.p8 user.kdbx login.keytab client.ovpn
    secrets.toml .streamlit/secrets.toml config/Secrets.json app/secrets.prod.yaml secrets/db.txt
    config/secrets/deep/er.json .secrets.toml my_secrets.yaml app.secret.yml secret_key.txt
    client_secret_9.json credentials credentials.json config/credentials.yml.enc aws-credentials.csv
    .credentials/user clientSecret.json
    gha-creds-12ab.json service-account.json my-service-account-prod.json serviceAccountKey.json
    api_keys.toml apiKeys.json token.json github_token .token deploy_key db_password passwords.txt
    kubeconfig prod.kubeconfig terraform.tfstate terraform.tfstate.backup prod.tfvars wallet.dat auth.json
    .prod.env.swp #secrets.json# secrets.json~ .idea/dataSources.xml .vscode/sftp.json .claude/settings.json
    env.production openai_key.txt github_rsa ssh_host_rsa_key privkey.pem1 bot.session cookies.txt key.json
    seed_phrase.txt database.ini oauth2.json keys/UTC--2024 auth/storage_state.json .mc/config.json
    .quickstudy/lessons.db packages/one/.quickstudy/recorded/1.calls local.settings.json dbt/profiles.yml
""".split()  # noqa: SIM905 a table is read more easily

PLAIN = """
    app.py secrets.py credentials.py id_map.py app/secrets/__init__.py app/secrets/vault.py
    __pycache__/secrets.cpython-312.pyc key.so alembic/env.py id_map.json ids.txt data.csv README.md
    tokenizer.json tokens.json
    templates/password_reset_form.html registration/password_reset_subject.txt secretary.txt monkey.txt
    keyboard.json environment.yml settings.toml .gitignore .gitattributes .coveragerc .github/workflows/ci.yml
    app/secrets/templates/form.txt id_provider/__init__.py static/token.js public.crt
""".split()  # noqa: SIM905 a table is read more easily


def place(folder: Path, name: str, text: str = "x") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def hidden_in(folder: Path, **more: object) -> set[str]:
    """The names below a folder that are hidden, of files and of folders."""
    secrets = find_secrets(Shown((folder,), **more))  # type: ignore[arg-type]
    return {path.relative_to(folder).as_posix() for path in (*secrets.empty, *secrets.refused)}


def covers(hidden: set[str], name: str) -> bool:
    return any(each.as_posix() in hidden for each in (Path(name), *Path(name).parents))


@pytest.fixture(autouse=True)
def always_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_files, "REUSED", 0)


# By their names


def test_places_where_projects_keep_keys(tmp_path: Path) -> None:
    """At any depth, in any case, copies of them as well; and nothing that code needs."""
    for name in (*SECRET, *PLAIN):
        place(tmp_path, name)
    hidden = hidden_in(tmp_path)
    assert [] == [name for name in SECRET if not covers(hidden, name)]
    assert [] == [name for name in PLAIN if covers(hidden, name)]


def test_names_that_the_user_adds(tmp_path: Path) -> None:
    """By patterns, of modules too."""
    for name in ("plant.lic", "a/Plant.LIC", "local_settings.py", "plan.txt"):
        place(tmp_path, name)
    assert set() == hidden_in(tmp_path)
    assert {"plant.lic", "a/Plant.LIC", "local_settings.py"} == hidden_in(
        tmp_path, names=("*.lic", "local_settings.py")
    )


def test_a_folder_of_secrets_with_modules_is_shown_with_these(tmp_path: Path) -> None:
    """A package may be called so."""
    for name in ("__init__.py", "vault.py", "prod.yaml", "part/form.txt", "part/.env"):
        place(tmp_path / "app" / "secrets", name)
    assert {"app/secrets/prod.yaml", "app/secrets/part/.env"} == hidden_in(tmp_path)


def test_no_name_is_slow() -> None:
    """However long, and whatever it repeats."""
    for name in ("secret" * 40, "a_" * 120, ".bak" * 60, "_api_key" * 30 + "!", "x" * 255):
        assert kind_of(name, ()) in ("no", "file", "part", "all")


# Where they are


def test_links_hide_what_they_lead_to(tmp_path: Path) -> None:
    """And a second name of a file with secrets is one as well; a link to the project hides nothing."""
    plain = place(tmp_path, "config/plain.txt")
    (tmp_path / ".env").symlink_to("config/plain.txt")
    (tmp_path / "harmless.txt").symlink_to(".npmrc")
    (tmp_path / ".config").symlink_to(".")
    os.link(place(tmp_path, ".npmrc"), tmp_path / "config" / "notes.txt")
    assert {".env", ".npmrc", "config/notes.txt"} == hidden_in(tmp_path)
    assert plain.exists()


def test_a_home_whose_settings_are_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As tools for dot files make them; the plain ones the sandbox hides in any case."""
    monkeypatch.setenv("HOME", str(tmp_path))
    place(tmp_path, "dotfiles/aws/config")
    place(tmp_path, ".ssh/config")
    (tmp_path / ".aws").symlink_to("dotfiles/aws")
    assert {".aws"} == hidden_in(tmp_path)


def test_packages_of_the_interpreter_are_not_searched(tmp_path: Path) -> None:
    """Those of any other environment are, and what lies around them."""
    packages = "lib/python3.12/site-packages/certifi/cacert.pem"
    for name in (".venv/", "other/"):
        place(tmp_path, name + packages)
        place(tmp_path, name + ".npmrc")
    hidden = hidden_in(tmp_path, interpreter=(tmp_path / ".venv" / "lib",))
    assert {".venv/.npmrc", "other/.npmrc", "other/" + packages} == hidden


def test_what_is_needed_stays_in_view(tmp_path: Path) -> None:
    """An environment, or the folder of the target, may lie under such a name."""
    place(tmp_path, ".env/lib/python3.12/os.py")
    place(tmp_path, ".config/tools/.env")
    place(tmp_path, ".config/tools/tool.py")
    shown = Shown((tmp_path, tmp_path / ".config" / "tools"), (tmp_path / ".env" / "lib",))
    assert Secrets((tmp_path / ".config" / "tools" / ".env",)) == find_secrets(shown)


def test_a_name_that_comes_later_is_hidden_from_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search is reused only for as long as it is young."""
    assert set() == hidden_in(tmp_path)
    place(tmp_path, ".env")
    assert {".env"} == hidden_in(tmp_path)
    monkeypatch.setattr(secret_files, "REUSED", 1e9)
    assert {".env"} == hidden_in(tmp_path)
    (tmp_path / ".env").unlink()
    assert {".env"} == hidden_in(tmp_path)


def test_many_are_hidden_with_their_folders(tmp_path: Path) -> None:
    """Folders without code; where there is code, that there are too many is said."""
    for number in range(300):
        place(tmp_path, f"certificates/{number % 3}/{number}.pem")
        place(tmp_path, f"packages/{number}/.npmrc")
    place(tmp_path, "src/app.py")
    place(tmp_path, "src/.env")
    hidden = hidden_in(tmp_path)
    assert len(hidden) <= secret_files.MANY
    assert "src/.env" in hidden
    assert covers(hidden, "certificates/1/1.pem")
    assert covers(hidden, "packages/299/.npmrc")
    for number in range(secret_files.MOST + 1):
        place(tmp_path, f"src/{number}.pem")
    with pytest.raises(InputError, match="are called like files with secrets, and at most 600"):
        hidden_in(tmp_path)


def test_too_much_to_look_through_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Better no run than one that may show a secret."""
    monkeypatch.setattr(secret_files, "MOST_ENTRIES", 10)
    for number in range(11):
        place(tmp_path, f"{number}")
    with pytest.raises(InputError, match="too many to look for secrets"):
        hidden_in(tmp_path)


def test_what_is_too_deep_for_a_mount_is_hidden_from_above(tmp_path: Path) -> None:
    """Code could get there step by step."""
    deep = Path("x" * 200)
    descriptor = os.open(tmp_path, os.O_RDONLY)
    for _ in range(25):
        os.mkdir(deep, dir_fd=descriptor)
        above, descriptor = descriptor, os.open(deep, os.O_RDONLY, dir_fd=descriptor)
        os.close(above)
    os.close(os.open(".env", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    os.close(descriptor)
    [hidden] = hidden_in(tmp_path)
    assert 2800 < len(hidden) < 3500


# From inside

READ = """
    import os
    def contents(top):
        for folder, folders, files in os.walk(top):
            for name in files:
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        yield file.read()
                except OSError:
                    pass
"""


def test_no_child_reads_them(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in the project, nor beside a workload file that lies elsewhere; whichever sandbox there is."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    for number, name in enumerate(SECRET):
        place(folder, name, f"leak-{number}")
        place(elsewhere, name, f"leak-{number}")
    write(folder, shop=COMMON)
    place(folder, "plain.txt", "seen-1")
    (folder / "harmless.txt").symlink_to("keys/id_ed25519")
    text = f"""{textwrap.dedent(READ)}
def workload():
    for each in (*contents({str(folder)!r}), *contents({str(elsewhere)!r})):
        yield [each], [each]
"""
    place(elsewhere, "load.py", text)

    async def found() -> bytes:
        bench = replace(await bench_in(folder), sandbox=sandbox)
        return b"".join(call.payload for call in (await declared(bench, elsewhere / "load.py")).calls)

    payloads = asyncio.run(found())
    assert (False, True) == (b"leak-" in payloads, b"seen-1" in payloads)


def test_how_they_look(sandbox: Sandbox, project: Path) -> None:
    """What a project can do without is empty, all else refused, to everybody; a folder is empty."""
    for name in (".env", "server.pem", ".git/config"):
        place(project, name, "secret")
    secrets = find_secrets(Shown((project,)))
    shown = {"readable": [project], "hidden": secrets.empty, "refuse": secrets.refused}
    code = """
        import os, sys
        os.chdir(sys.argv[1])
        print(repr(open(".env").read()), os.listdir(".git"), os.path.isfile("server.pem"))
    """
    line = command(sandbox, code, project, **shown)  # type: ignore[arg-type]
    done = subprocess.run(line, env=sandbox.environment({}), capture_output=True, text=True, timeout=60)
    assert ("'' [] False\n", "") == (done.stdout, done.stderr)
    for way in ("open('server.pem')", "os.open('server.pem', os.O_RDWR)", "os.rename('server.pem', 'x')"):
        assert refused(sandbox, f"os.chdir(sys.argv[1]); {way}", project, **shown) != "allowed"


def test_no_number_leads_to_them(sandbox: Sandbox, project: Path) -> None:
    """A file's handle, taken outside, opens nothing inside: it would go past every mount."""
    libc, handle = ctypes.CDLL(None, use_errno=True), ctypes.create_string_buffer(136)
    ctypes.memmove(handle, (128).to_bytes(4, sys.byteorder), 4)
    file = os.fsencode(place(project, ".env", "secret"))
    assert 0 == libc.name_to_handle_at(-100, file, handle, ctypes.byref(ctypes.c_int()), 0)
    attempt = f"""
        import ctypes
        folder = os.open(sys.argv[1], os.O_RDONLY)
        handle = ctypes.create_string_buffer({handle.raw!r})
        if ctypes.CDLL(None).open_by_handle_at(folder, handle, 0) < 0:
            raise PermissionError
    """
    shown = {"readable": [project], "hidden": [project / ".env"]}
    assert "PermissionError" == refused(sandbox, attempt, project, **shown)


# What is said

NEEDS = {
    "a key": ("server.pem", "open(folder / 'server.pem')"),
    "settings": (".env", "dict(line.split('=') for line in open(folder / '.env'))['KEY']"),
    "a key, by a library": ("a.pem", "ssl.create_default_context().load_cert_chain(folder / 'a.pem')"),
}


@pytest.mark.parametrize("what", NEEDS)
async def test_a_test_that_needs_one_is_left_out(what: str, tmp_path: Path) -> None:
    """With its calls; if there is no other, what the sandbox hides is said."""
    name, use = NEEDS[what]
    place(tmp_path, name, "KEY=1")
    test = f"""
        import pathlib, ssl
        from shop import common
        folder = pathlib.Path(__file__).parent
        def test_key():
            common([1], [1])
            {use}
    """
    write(tmp_path, shop=COMMON.replace(">>>", "..."), test_key=test)
    with pytest.raises(Unmeasurable, match="refuses it files outside the project, files with secrets"):
        await prepared(tmp_path, "common")
    write(tmp_path, test_shop=TESTS)
    assert "tests" in (await prepared(tmp_path, "common")).origins


async def test_a_module_that_needs_one_says_so(tmp_path: Path) -> None:
    """The exception alone would not: it comes later, and speaks of something else."""
    place(tmp_path, "config/.env.local", "KEY=1")
    read = "dict(line.split('=') for line in open(__file__.replace('shop.py', 'config/.env.local')))"
    write(tmp_path, shop=f"KEY = {read}['KEY']\n{textwrap.dedent(COMMON)}")
    with pytest.raises(Unmeasurable, match=r"KeyError: 'KEY'.* The sandbox hides .env.local"):
        await prepared(tmp_path, "common")
