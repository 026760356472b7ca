"""The table of names by which a project's files are known to hold secrets. `secret_files.py` finds them.

Names are compared without regard to case, as they are and without what marks a copy (`.bak`, `~`). Python
modules and pages are never meant, whatever they are called: `secrets.py` may be needed to import the project,
and what is imported can be read in any case. A folder `secrets` is hidden but for those right in it.
"""

import fnmatch
import re
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
    ".aws .azure .gcloud .oci .kube .docker .dockercfg .terraform* .pulumi .s3cfg .boto .rclone.conf",
    ".netlify .vercel .wrangler .databrickscfg .snowsql .snowflake .dbt .pgpass .pg_service.conf .my.cnf",
    ".mylogin.cnf .npmrc .yarnrc* .pypirc .pip .m2 .gradle .bundle .gem .kaggle .huggingface .openai",
    ".anthropic .modal.toml .cdsapirc .ecmwfapirc",
    # Editors and assistants, and ourselves.
    ".idea .vscode .zed .cursor .claude* .aider* .codex .gemini .continue .mcp.json .quickstudy",
    # Bare repositories; and packages of another language, of no use to Python, by tens of thousands.
    "*.git node_modules",
)
"""Names of files and of folders."""

FILES = _words(
    "secrets.* credentials* *.secret *.secrets *.creds *.credentials *.password *.passwd *.env shadow",
    "htpasswd token token.json token.txt token.yml token.yaml token.pickle *.token *[-_]token",
    "*[-_]token.txt private.json",
    "id_rsa* id_dsa* id_ecdsa* id_ed25519* *.pem *.key *.p8 *.p12 *.pfx *.pkcs12 *.jks *.jceks *.keystore",
    "*.bks *.kdb *.kdbx *.ppk *.pvk *.snk *.keytab *.agekey *.gpg *.ovpn wallet wallet.dat wallet.json",
    "*.wallet cwallet.sso vault.yml vault.yaml vault.json kubeconfig* *.kubeconfig *.tfstate *.tfstate.*",
    "*.tfvars *.tfvars.json gha-creds-*.json *adminsdk*.json google-services.json kaggle.json auth.json",
    "mcp.json local.settings.json sftp.json sftp-config.json profiles.yml config.local ngrok.yml rclone.conf",
    "pip.conf pip.ini nuget.config pgpass.conf",
)
"""Names of files."""

WORDS = _words(
    "secrets? credentials? creds client_?secrets? passwords?(?!_(?:reset|change)) passwd passphrase",
    "(?:api|private|secret|access|signing|encryption|deploy|ssh)[-_]?keys?",
    "(?:access|auth|api|refresh|bearer|bot)[-_]?tokens? service[-_]?accounts?(?:[-_]?keys?)?",
)
"""Words, as regular expressions, of a longer name: of a settings file, or of anything without a suffix."""
SETTINGS = "json|ya?ml|toml|ini|cfg|conf|config|properties|txt|xml|csv|pickle|plist"

COPIES = ("bak", "backup", "old", "orig", "save", "copy", "tmp", "swp", "swo", "enc", "asc", "1", "2")
"""Suffixes that a copy of a file has after its own."""

EMPTY = (".env*", "*.env", ".flaskenv", ".dev.vars*")
"""Names of what a project can do without: who reads its lines finds none."""

Kind = Literal["no", "file", "part", "all"]
"""Not hidden; hidden if it is a file; hidden, but of a folder what `stays` right in it; hidden."""


@lru_cache(maxsize=1 << 16)
def kind_of(name: str, more: tuple[str, ...]) -> Kind:
    """What is hidden under a name; `more` are patterns that the user added to the table."""
    lower = name.lower()
    if more and _pattern(more).fullmatch(lower):
        return "all"
    if stays(name):
        return "no"
    names = {lower}
    if lower[-1] in "~#" or lower.rpartition(".")[2] in COPIES:
        plain = _COPY.sub("", lower)
        names |= {plain, plain.lstrip(".#")}
    if any(map(_ANYTHING.fullmatch, names)):
        return "all"
    words = {*names, _HUMP.sub("_", name).lower()}
    if any(map(_WORDY.fullmatch, words)):
        return "part"
    return "file" if any(map(_FILES.fullmatch, names)) or _LOOSE_KEY.fullmatch(lower) else "no"


@lru_cache(maxsize=1 << 16)
def stays(name: str) -> bool:
    """Whether it is the name of a module or of a page."""
    return bool(_STAYS.fullmatch(name))


def looks_empty(name: str) -> bool:
    """Whether a hidden file of this name reads as empty; any other one cannot be opened."""
    return bool(_EMPTY.fullmatch(name.lower()))


@lru_cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(fnmatch.translate(name.lower()) for name in names))


_ANYTHING, _FILES, _EMPTY = map(_pattern, (ANYTHING, (*FILES, "id_*.pub"), EMPTY))
_WORD = rf"(?:{'|'.join(WORDS)})"
_WORDY = re.compile(
    rf"(?:.*[^a-z])?{_WORD}(?:[^a-z].*)?\.(?:{SETTINGS})|(?:[^.]*[^a-z.])?{_WORD}(?:[^a-z.][^.]*)?"
)
_LOOSE_KEY = re.compile(r"id_[^.]+")  # of SSH; id_map.json is none
_COPY = re.compile(rf"(?:[~#]|\.(?:{'|'.join(COPIES)}))+$")
_STAYS = re.compile(
    r"[^\W\d]\w*(?:\.(?:py|pyi|pyx|pxd)|(?:\.[\w-]+)*\.(?:pyc|so))|\w[\w-]*\.(?:html|css|svg|png)"
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
