"""Credentials in a module are taken out of what a model is shown of it; everything else stays."""

import ast
from pathlib import Path

import pytest

from quickstudy.languages import language_for
from quickstudy.languages.python.masking import masked

PATH = Path("module.py")
PYTHON = language_for(PATH)
RANDOM = "q8Zr3vT0mXk2Lp9bWc5Y"

MASKED = [
    ("PASSWORD = 'hunter two'", 'PASSWORD = "..."'),
    ("self.db_password = 'x'", 'self.db_password = "..."'),
    ("CLIENT_SECRET: str = 'x'", 'CLIENT_SECRET: str = "..."'),
    ("API_KEY = os.environ.get('KEY_VARIABLE', 'x')", 'API_KEY = os.environ.get("...", "...")'),
    ("APIKEY = b'x'", 'APIKEY = b"..."'),
    ("TOKEN = 'abc-123'", 'TOKEN = "..."'),
    ("ACCESS_KEYS = ['x', 'y']", 'ACCESS_KEYS = ["...", "..."]'),
    ("AUTH = f'{user}:abc-123'", 'AUTH = "..."'),
    ("x = connect('host', password='x')", "x = connect('host', password=\"...\")"),
    ("x = {'api_key': 'x', 'host': 'y'}", "x = {'api_key': \"...\", 'host': 'y'}"),
    ("CREDENTIALS = {'user': 'x'}", "CREDENTIALS = {'user': \"...\"}"),
    ("x['secret'] = 'y'", "x['secret'] = \"...\""),
    (
        "def f(a, password='x', *, token='y', api_token='z'): pass",
        'def f(a, password="...", *, token=\'y\', api_token="..."): pass',
    ),
    ("x = password == 'y'", 'x = password == "..."'),
    ("x = (secret := 'y')", 'x = (secret := "...")'),
    ("x = 'sk-proj-12345678abcdef'", 'x = "..."'),
    ("x = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'", 'x = "..."'),
    ("x = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'", 'x = "..."'),
    ("x = 'AKIAIOSFODNN7EXAMPLE'", 'x = "..."'),
    ("x = 'xoxb-1-2-abc'", 'x = "..."'),
    ("x = 'eyJhbGciOiJIUzI1NiJ9.e30.abc'", 'x = "..."'),
    ("x = '''-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----'''", 'x = "..."'),
    ("x = 'postgres://me:pass@host/db'", 'x = "..."'),
    ("x = {'Authorization': 'Bearer abcdefg1'}", "x = {'Authorization': \"...\"}"),
    (f"x = '{RANDOM}'", 'x = "..."'),
    (f"x = 'a' '{RANDOM}'", 'x = "..."'),
    ("x = f'{a} sk-proj-12345678 {b}', 'c'", "x = \"...\", 'c'"),
    ("x = f\"{a('sk-proj-12345678')} {b}\", 'c'", "x = \"...\", 'c'"),
    ("x = '5f4dcc3b5aa765d61d8327deb882cf99'", 'x = "..."'),
    (f"é = 'ü'; x = '{RANDOM}'; y = 'ß'", "é = 'ü'; x = \"...\"; y = 'ß'"),
]
"""Forms that need no name are met in any place."""


@pytest.mark.parametrize(("source", "expected"), MASKED)
def test_a_credential_is_taken_out(source: str, expected: str) -> None:
    """By its name, its form or its randomness, wherever it stands; the code around it stays."""
    assert expected == masked(source, ast.parse(source).body)
    for end in ("\n", "\r\n"):
        text = f"\ufeffx = 1{end}if x:{end}    pass{end}{source}{end}y = 2{end}"
        shown = f"\ufeffx = 1{end}if x:{end}    pass{end}{expected}{end}y = 2{end}"
        assert shown == masked(text, ast.parse(text.removeprefix("\ufeff")).body)


@pytest.mark.parametrize(
    "source",
    [
        "TOKEN_RE = re.compile(r'\\w+|[0-9]{2}')",
        "TOKENS = ('(', ')', '==', 'while1')",
        "KEY = 'name'",
        "KEYWORDS = frozenset(('if', 'else', 'for2each'))",
        "PASSWORD_FIELD = 'password'",
        "API_KEY_HEADER = 'X-Api-Key'",
        "key = 'column_1'",
        "SORT_KEYS = {'first': 1, 'second': 2}",
        "PASSWORD_LENGTH = 12",
        "PASSWORD = ''",
        "DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'",
        "HEX = '0123456789abcdef0123456789ABCDEF'",
        "WORDS = 'thequickbrownfoxjumpsoverthelazydog'",
        "NAME = 'InternationalizationOfEverything2024'",
        "ONES = '11111111111111111111111'",
        "TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'",
        "URL = 'https://host:8080/path@2/x?a=b'",
        "ID = '550e8400-e29b-41d4-a716-446655440000'",
        "x = f'{a}:{b}@{c}'",
        "skill = 'sk'; task = 'risk-averse-behaviour'",
    ],
)
def test_everything_else_stays(source: str) -> None:
    """Alphabets, patterns and names of fields are what a function is about."""
    assert source == masked(source, ast.parse(source).body)


def test_a_function_s_context_is_masked_and_its_source_is_not() -> None:
    """Only what stands around a function: the function itself is what the model works on."""
    text = (
        f"import re\nTOKEN = '''\n{RANDOM}\n'''\nLIMIT = 3\n\n\n"
        f"class Client:\n    password = 'x'\n\n"
        f"    def __init__(self, key='{RANDOM}'):\n        self.key = key\n\n"
        f"    def f(self):\n        return TOKEN, LIMIT, self.key, self.password, 'sk-proj-12345678'\n"
    )
    target = PYTHON.find(PATH, text, "Client.f")
    assert (False, True) == (RANDOM in target.context, 'TOKEN = "..."' in target.context)
    assert ("LIMIT = 3" in target.context, 'password = "..."' in target.context) == (True, True)
    assert "sk-proj-12345678" in target.source
    assert text == target.text


def test_a_module_that_is_being_typed_is_masked_as_well() -> None:
    """What parses of it."""
    text = f"TOKEN = '{RANDOM}'\n\ndef f():\n    return TOKEN\n\ndef g(:\n"
    assert 'TOKEN = "..."' == PYTHON.find(PATH, text, "f").context
