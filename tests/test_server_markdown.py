"""Text of others in hovers, pages and messages: whatever it holds, it is shown as text and does nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lsprotocol import types
from markdown_it import MarkdownIt
from markdown_it.token import Token
from tests.banks import lesson
from tests.test_server_offers import offer

from quickstudy.plain_text import harmless, one_line
from quickstudy_server import markdown
from quickstudy_server.arguments import answered
from quickstudy_server.messages import plain
from quickstudy_server.suggestions import Suggestion

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

TRICKS = [
    "[run](command:workbench.action.terminal.new)",
    "![x](http://evil.test/pixel.png)",
    "<img src=x onerror=alert(1)>",
    "<command:quickstudy.forget>",
    "<http://evil.test>",
    "http://evil.test",
    "www.evil.test",
    "someone@evil.test",
    "&lt;b&gt; &#8238; &amp;",
    "**bold** _em_ ~~gone~~ `code` ``",
    "a | b \\| c",
    "# heading",
    "- item",
    "+ item",
    "10. item",
    "1) item",
    "> quote",
    "===",
    "---",
    ": term",
    "```\nfence",
    "~~~",
    "[a]: http://evil.test",
    "\\",
    "\\\\",
    "$x$ $(icon)",
    "two\n\n    lines\r\n| a |\n|---|\n",
    "\x1b[31mred\x07\x9b2J",
    "\u202edesrever\u2066\u2069\u200b",
    "\ud800",
    "vim: set modelineexpr:",
    "",
    "x" * 5000,
]
PIECES = st.sampled_from([*TRICKS, *"`*_[]()<>!#|\\&;:/.@-+=~$ \n\t1aé🐎"])
TEXTS = st.lists(PIECES, max_size=8).map("".join)

CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
LINK = re.compile(r"\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^\)\s]+)", re.IGNORECASE)
"""What VS Code takes for a link in the text of a message."""


def cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= 1000 else line[:999] + "…"


def leaves(tokens: list[Token]) -> list[Token]:
    return [leaf for token in tokens for leaf in (leaves(token.children) if token.children else [token])]


def kinds(text: str) -> set[str]:
    return {token.type for token in leaves(READER.parse(text))}


@given(TEXTS)
def test_inline_text_is_text(text: str) -> None:
    """At the start of a paragraph and in a list: a reader of Markdown gets the very characters back."""
    shown = markdown.inline(text)
    for before, after, around in (
        ("", " end", {"paragraph_open", "paragraph_close"}),
        ("- ", " end", {"bullet_list_open", "list_item_open", "paragraph_open", "paragraph_close"}),
    ):
        found = leaves(READER.parse(f"{before}{shown}{after}"))
        assert {"text"} == {each.type for each in found} - around - {"list_item_close", "bullet_list_close"}
        assert f"{cut(text)}{after}".strip() == "".join(each.content for each in found)


@given(TEXTS)
def test_inline_text_is_no_link_of_its_own(text: str) -> None:
    """Nor for editors that make links of bare addresses; and Vim finds no settings in it."""
    shown = markdown.inline(text)
    assert not re.search(r"(?<!\\)://|\bwww\.|(?<!\\)@", shown)
    assert not re.search(r"(^|\s)(vim?|ex|Vim[<=>]?\d*):", shown)


@given(TEXTS, TEXTS)
def test_a_row_of_a_table_has_its_cells(one: str, two: str) -> None:
    """No text adds a cell or a row."""
    table = f"| a | b |\n|---|---|\n| {markdown.inline(one)} | {markdown.inline(two)} |"
    found = READER.parse(table)
    assert (1, 2) == tuple(sum(each.type == kind for each in found) for kind in ("tbody_open", "td_open"))
    cells = ["".join(leaf.content for leaf in leaves([each])) for each in found if each.type == "inline"]
    assert [cut(one), cut(two)] == cells[2:]


@given(TEXTS)
def test_code_is_one_span(text: str) -> None:
    """Whatever backticks it holds."""
    (paragraph,) = [each for each in READER.parse(f"{markdown.code(text)} end") if each.type == "inline"]
    span, after = paragraph.children or ()
    assert ("code_inline", cut(text), " end") == (span.type, span.content.strip(), after.content)


@given(TEXTS)
def test_a_block_is_one_block(text: str) -> None:
    """Whatever fences it holds; tabs and line ends stay."""
    block = READER.parse(f"{markdown.fenced(text, 'diff')}\n\nend")
    expected = harmless(text)
    assert ["fence", "paragraph_open", "inline", "paragraph_close"] == [each.type for each in block]
    assert expected if expected.endswith("\n") else f"{expected}\n" == block[0].content


@pytest.mark.parametrize("text", TRICKS)
def test_a_whole_hover_is_its_own_markup_only(text: str) -> None:
    """Every text that a model or a repository can have written, all at once."""
    candidate = dict.fromkeys(("id", "agent", "verdict", "reason"), text) | {"speedup": 2.0}
    report = {"candidates": [candidate], "lessons": [{"id": 1, "text": text}]}
    found = markdown.of_offer(offer(Path("/p"), qualname=text, agent=text, report=report), links=True)
    links = re.findall(r"\]\(([^)]*)\)", re.sub(r"\\.", "", found))
    assert ["command:quickstudy.pin", "command:quickstudy.forget"] == [link.split("?")[0] for link in links]
    made = lesson(text, path=text, qualname=text, agent=text)
    span = types.Range(types.Position(0, 0), types.Position(0, 1))
    hint = markdown.of_suggestion(Suggestion("file:///m.py", text, span, made, text), links=False)
    for shown in (found, hint):
        assert not {"html_inline", "html_block", "image", "hr", "fence", "s_open"} & kinds(shown)
        assert not CONTROL.search(shown)
    assert "link_open" not in kinds(hint)


@pytest.mark.parametrize("text", TRICKS)
def test_a_page_holds_the_diff_as_it_is(text: str) -> None:
    """In one block, and not where Vim would take a line for settings."""
    diff = f"--- {text}\n+++ {text}\n+# vim: set shell=evil:\n"
    shown = markdown.page(offer(Path("/p"), qualname=text, diff=diff))
    (block,) = [each for each in READER.parse(shown) if each.type == "fence"]
    assert harmless(diff) == block.content
    lines = shown.split("\n")
    assert not any("vim:" in line for line in (*lines[:5], *lines[-5:]))


@given(TEXTS)
@example("[run](command:x)" * 1000)
def test_a_message_is_plain(text: str) -> None:
    """One line, nothing that VS Code makes a link of, nothing that cannot be seen; a long one is cut."""
    shown = plain(text)
    assert not LINK.search(shown)
    assert not CONTROL.search(shown) and "\n" not in shown and len(shown) <= 1000
    assert cut(one_line(text).replace("](", "] (")) == shown


def test_a_link_that_appears_when_something_is_taken_out_is_none() -> None:
    """The order of the two steps matters."""
    assert "[x] (command:y)" == plain("[x]\u200b(command:y)") == plain("[x]\x00(command:y)")


def test_a_refusal_is_plain() -> None:
    """What a command answers is shown as a message."""
    from pygls.exceptions import JsonRpcException

    from quickstudy.errors import InputError

    with pytest.raises(JsonRpcException) as found, answered():
        raise InputError("\x1b[2Jno [x](command:y)")
    assert "[2Jno [x] (command:y)" == found.value.message
