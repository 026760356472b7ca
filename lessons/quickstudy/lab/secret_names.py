"""The table of names by which a project's files are known to hold secrets. `secret_files.py` finds them.

Names are compared without regard to case, as they are and without what marks a copy (`.bak`, `~`). Python
modules and pages are never meant, whatever they are called: `secrets.py` may be needed to import the project,
and what is imported can be read in any case. A folder `secrets` is hidden but for those right in it.
"""

import fnmatch
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


ANYTHING = _words(
    # Settings with keys in them, of the project and of a person.
    ".env* .flaskenv .dev.vars* .direnv .secret* .credential* .creds* .token* .passw* .api[-_]key* .apikey*",
    ".private* .keys .config .profile .bashrc .bash_profile .zshrc .zshenv .*_history .ipython .jupyter",
    # Version control: the address of a remote may hold a password, the history what was taken out.
    ".git .hg .svn .bzr .jj .git-credentials* .gitconfig .hgrc",
    # Keys, and what keeps them.
    ".ssh .gnupg .vault* .sops* .age .password-store .authinfo* .netrc* _netrc .htpasswd .msmtprc",
    # Clouds, databases, registries and other services.
    ".aws .azure .gcloud .oci .kube .docker .dockercfg .terraform* .pulumi .s3cfg .boto .rclone.conf .mc",
    ".netlify .vercel .wrangler .supabase .fly .ngrok* .cloudflared .databrickscfg .snowsql .snowflake .dbt",
    ".pgpass .pg_service.conf .my.cnf .mylogin.cnf .mongorc.js .mongoshrc.js .npmrc .yarnrc* .pypirc .pip",
    ".m2 .gradle .bundle .gem .kaggle .huggingface .openai .anthropic .modal.toml .cdsapirc .ecmwfapirc",
    ".sentryclirc .twilio-cli .stripe",
    # Editors and assistants, and ourselves.
    ".idea .vscode .zed .cursor .claude* .aider* .codex .gemini .continue .mcp.json .quickstudy",
    # Bare repositories; and packages of another language, of no use to Python, by tens of thousands.
    "*.git node_modules",
)
"""Names of files and of folders."""

FILES = _words(
    # What says so itself; names that say it as a word of a longer one are below.
    "secrets.* credentials* *.secret *.secrets *.creds *.credentials *.password *.passwd *.env env.* shadow",
    "htpasswd pass.txt pw.txt key.json keys.json keyfile.json gcp*key*.json *[-_]key *[-_]key.txt",
    "private.json token token.json token.txt token.yml token.yaml token.pickle *.token *[-_]token",
    "*[-_]token.txt",
    # Keys, what holds them, and what opens accounts without one.
    "id_rsa* id_dsa* id_ecdsa* id_ed25519* id_*.pub *_rsa *_dsa *_ecdsa *_ed25519 ssh_host_* privkey*",
    "*.pem *.key *.p8 *.p12 *.pfx *.pkcs12 *.jks *.jceks *.keystore *.bks *.ppk *.pvk *.snk *.keytab",
    "*.agekey *.gpg *.pgp secring.* *.ovpn *.kdb *.kdbx *.1pux *.opvault *.agilekeychain bitwarden*.json",
    "lastpass*.csv key3.db key4.db logins.json wallet wallet.dat wallet.json *.wallet cwallet.sso utc--*",
    "*.session cookies.txt cookies.json storage_state.json",
    # Of clouds, databases and tools.
    "vault.yml vault.yaml vault.json vault.hcl kubeconfig* *.kubeconfig kube[-_.]config* *.tfstate",
    "*.tfstate.* *.tfvars *.tfvars.json gha-creds-*.json *adminsdk*.json google-services.json kaggle.json",
    "auth.json *[-_]auth.json oauth*.json client_id*.json mcp.json local.settings.json sftp.json",
    "sftp-config.json database.ini database.yml my.cnf pgpass.conf profiles.yml config.local ngrok.yml",
    "rclone.conf pip.conf pip.ini nuget.config",
)
"""Names of files; and `id_*` without a suffix, as keys of SSH are called, unlike `id_map.json`."""

WORDS = _words(
    "secrets? credentials? creds client_?secrets? passwords?(?!_(?:reset|change)) passwd passphrase",
    "(?:api|private|secret|access|signing|encryption|deploy|ssh)[-_]?keys?",
    "(?:access|auth|api|refresh|bearer|bot)[-_]?tokens? service[-_]?accounts?(?:[-_]?keys?)?",
    "mnemonic seed[-_]?phrase",
)
"""Words, as regular expressions, of a longer name: of a settings file, or of anything without a suffix."""
SETTINGS = "json|ya?ml|toml|ini|cfg|conf|config|properties|txt|xml|csv|pickle|plist"

COPIES = ("bak", "backup", "old", "orig", "save", "copy", "tmp", "swp", "swo", "enc", "asc", "1", "2")
"""Suffixes that a copy of a file has after its own."""

EMPTY = (".env*", "*.env", "env.*", ".flaskenv", ".dev.vars*")
"""Names of what a project can do without: who reads its lines finds none."""

Kind = Literal["no", "file", "part", "all"]
"""Not hidden; hidden if it is a file; hidden, but of a folder what `stays` right in it; hidden."""


class _Patterns:
    """Patterns of whole names, as sets where that is possible: a project may hold 100,000 names."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Of names in small letters."""
        self._whole: set[str] = set()
        self._suffixes: set[str] = set()
        starts: list[str] = []
        ends: list[str] = []
        for pattern in patterns:
            if not _WILD.search(pattern):
                self._whole.add(pattern)
            elif pattern.startswith("*.") and not _WILD.search(pattern, 2) and pattern.count(".") == 1:
                self._suffixes.add(pattern[2:])
            elif pattern.startswith("*"):
                ends.append(fnmatch.translate(pattern[1:]))
            else:
                starts.append(fnmatch.translate(pattern))
        self._starts = re.compile("|".join(starts) or "(?!)").match
        self._ends = re.compile("|".join(ends) or "(?!)").search

    def match(self, name: str) -> bool:
        """Whether a name has one of the patterns."""
        if name in self._whole or self._starts(name) or self._ends(name):
            return True
        dot = name.rfind(".")
        return dot >= 0 and name[dot + 1 :] in self._suffixes


@lru_cache(maxsize=1 << 16)
def kind_of(name: str, more: tuple[str, ...]) -> Kind:
    """What is hidden under a name; `more` are patterns that the user added to the table."""
    lower = name.lower()
    if more and _added(more).match(lower):
        return "all"
    if stays(name):
        return "no"
    kind = _kind(lower)
    if kind == "no" and _HUMPS(name):
        kind = _kind(_HUMP.sub("_", name).lower())
    if kind == "no" and (lower[-1] in "~#" or lower[lower.rfind(".") + 1 :] in COPIES):
        plain = _COPY.sub("", lower)
        kind = _kind(plain)
        if kind == "no":
            kind = _kind(plain.lstrip(".#"))
    return kind


def _kind(name: str) -> Kind:
    if _ANYTHING.match(name):
        return "all"
    if _HINT(name) and _WORDY(name):
        return "part"
    loose_key = name.startswith("id_") and "." not in name
    return "file" if loose_key or _FILES.match(name) else "no"


def stays(name: str) -> bool:
    """Whether it is the name of a module or of a page."""
    return name[name.rfind(".") + 1 :] in _SUFFIXES and bool(_STAYS(name))


def looks_empty(name: str) -> bool:
    """Whether a hidden file of this name reads as empty; any other one cannot be opened."""
    return _EMPTY.match(name.lower())


@lru_cache
def _added(more: tuple[str, ...]) -> _Patterns:
    return _Patterns(pattern.lower() for pattern in more)


_WILD = re.compile(r"[*?[]")
_ANYTHING, _FILES, _EMPTY = _Patterns(ANYTHING), _Patterns(FILES), _Patterns(EMPTY)
_WORD = rf"(?:{'|'.join(WORDS)})"
_WORDY = re.compile(
    rf"(?:.*[^a-z])?{_WORD}(?:[^a-z].*)?\.(?:{SETTINGS})|(?:[^.]*[^a-z.])?{_WORD}(?:[^a-z.][^.]*)?"
).fullmatch
_HINT = re.compile("secret|cred|pass|key|token|account|mnemonic|phrase").search  # each word holds one
_COPY = re.compile(rf"(?:[~#]|\.(?:{'|'.join(COPIES)}))+$")
_HUMPS = re.compile("[a-z0-9][A-Z]").search
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SUFFIXES = frozenset(("py", "pyi", "pyx", "pxd", "pyc", "so", "html", "css", "svg", "png"))
_STAYS = re.compile(
    r"[^\W\d]\w*(?:\.(?:py|pyi|pyx|pxd)|(?:\.[\w-]+)*\.(?:pyc|so))|\w[\w-]*\.(?:html|css|svg|png)"
).fullmatch
