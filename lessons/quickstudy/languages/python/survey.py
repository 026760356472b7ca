"""The functions of a text that is being typed in: after a change only what changed is read again.

The text is kept as blocks: statements of the module, and of the classes in it. A block that an edit did not
touch says the same as before, only further down; so a keystroke costs as much as the function it is in.
"""

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from operator import attrgetter

from quickstudy.languages.python import layout
from quickstudy.languages.python.outline import Outline, first_row, outline
from quickstudy.languages.python.sites import counting, found_sites, judged, source_of
from quickstudy.languages.site import Site, Span

_CLASS = "class _:\n"
"""Stands above a piece of a class's body, so that it parses."""

_INNER = re.compile(r"^_\.")
"""What it makes of the names within."""

_FIRST = re.compile(r"^([ \t\f]*)[^\s#]", re.MULTILINE)
"""The first row of code, and its indentation."""

_DEFINES = re.compile(r"(?:async\s+)?(?:def|class)\b")

_LINE_END = re.compile(r"[\r\n]")


@dataclass(frozen=True, slots=True)
class PythonBlock:
    """A piece of the text that begins with a statement, or with the text."""

    scope: str
    """The class whose body it is in, as `Outer.Inner.`; empty for the module's own."""
    size: int
    """Characters."""
    rows: int
    found: tuple[tuple[Site, bool], ...]
    """Its functions, rows counted from the block's own first, and whether each is more than a variant."""
    certain: bool
    """Whether it parses by itself. If not, an edit elsewhere may be what was missing."""


@dataclass(frozen=True)
class PythonSurvey:
    """The functions of one version of a text."""

    text: str
    blocks: tuple[PythonBlock, ...]
    sound: bool
    """Whether blocks may be read on their own; not while the text leaves a string open."""
    before: "PythonSurvey | None" = None
    """The last one that was sound, if a string was opened since."""

    @classmethod
    def of(cls, text: str) -> "PythonSurvey":
        """Read a text from scratch."""
        module = outline(text)
        blocks = _blocks(module, found_sites(module), [(0, ""), *_heads(module.body, "")], 0)
        return cls(text, tuple(blocks), module.complete or _is_sound(text))

    def after(self, text: str) -> "PythonSurvey":
        """The survey of a later version of the text."""
        if text == self.text:
            return self
        if self.before:
            return self.before.after(text)
        if not self.sound:
            return PythonSurvey.of(text)
        first, last = self._touched(text)
        # All below is in a string then; until that is closed it says what it said before. As the text does
        # not parse, whoever acts on that is told.
        is_open = _is_open(self._piece(text, first, last)) and _is_open(text[self._starts[first] :])
        for start, end in self._attempts(first, last):
            piece = self._piece(text, start, end)
            blocks = _reread(piece, self.blocks[start].scope, is_open=is_open, may_end=not self._scope(end))
            if blocks is not None:
                blocks = (*self.blocks[:start], *blocks, *self.blocks[end:])
                return PythonSurvey(text, blocks, not is_open, self if is_open else None)
        return PythonSurvey.of(text)

    def _piece(self, text: str, first: int, last: int) -> str:
        """What has become of these blocks in a later version of the text."""
        return text[self._starts[first] : len(text) - (len(self.text) - self._starts[last])]

    def _touched(self, text: str) -> tuple[int, int]:
        """The range of blocks that must be read again when the text has become another one."""
        starts = self._starts
        same = layout.common_prefix(self.text, text)
        rest = layout.common_suffix(self.text, text, min(len(self.text), len(text)) - same)
        first = max(0, bisect_right(starts, same) - 1)
        if not _LINE_END.search(self.text, starts[first], same):
            first = max(0, first - 1)  # what a statement begins with may make it a part of the one before
        end = len(self.text) - rest
        last = min(len(self.blocks), bisect_right(starts, end))
        if last - 1 > first and starts[last - 1] == end and text[len(text) - rest - 1] in "\r\n":
            last -= 1
        while first and not self.blocks[first - 1].certain:
            first -= 1
        while last < len(self.blocks) and not self.blocks[last].certain:
            last += 1
        return first, last

    def _attempts(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """These blocks, one more, as below a decorator; or else all of the classes that they are in."""
        for end in (last, min(last + 1, len(self.blocks))):
            if self._are_alike(first, end):
                yield first, end
        while first and self.blocks[first].scope:
            first -= 1
        while last < len(self.blocks) and self.blocks[last].scope:
            last += 1
        yield first, last

    def _are_alike(self, first: int, last: int) -> bool:
        """Whether these are of one body, or the end of a class and what is below; and none begins a class."""
        scopes = list(dict.fromkeys(block.scope for block in self.blocks[first:last]))
        return scopes[1:] in ([], [""]) and first < last and len(self._scope(last)) <= len(scopes[-1])

    def _scope(self, block: int) -> str:
        return self.blocks[block].scope if block < len(self.blocks) else ""

    @property
    def sites(self) -> list[Site]:
        """Every function, in order of appearance, with the reason where one is no target."""
        return [self.placed(site, row) for _, block, row in self.pieces() for site, _ in block.found]

    def pieces(self) -> Iterator[tuple[str, PythonBlock, int]]:
        """Of every block: its text, itself, and the row it begins on."""
        for block, (start, end), row in zip(self.blocks, pairwise(self._starts), self._rows, strict=False):
            yield self.text[start:end], block, row

    def placed(self, site: Site, row: int) -> Site:
        """A function of a block that begins on that row: where it is, and marked if it is overshadowed."""
        return _moved(judged(site, self._counting), row)

    def between(self, first: int, last: int) -> list[Site]:
        """The functions that reach over all of these rows."""
        which = bisect_right(self._rows, first) - 1
        row = self._rows[which]
        return [
            _moved(judged(site, self._standing_for(site.qualname)), row)
            for block in self.blocks[which : which + 1]
            for site, _ in block.found
            if row + site.whole.line <= first and last <= row + site.whole.end_line
        ]

    def function(self, qualname: str) -> tuple[Site, str] | None:
        """The function that a name stands for, where it is now, and its own text; None if none is whole."""
        site = self._standing_for(qualname).get(qualname)
        for block, (start, end), row in zip(self.blocks, pairwise(self._starts), self._rows, strict=False):
            if site is not None and any(each is site for each, _ in block.found):
                return _moved(site, row), source_of(self.text[start:end], site)
        return None

    @property
    def complete(self) -> bool:
        """Whether all of the text parses, so that what is not found is not there."""
        return self.sound and all(block.certain for block in self.blocks)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each block begins in the text, and where the last one ends."""
        return list(accumulate(map(attrgetter("size"), self.blocks), initial=0))

    @cached_property
    def _rows(self) -> list[int]:
        """The row that each block begins on, and the one after the last."""
        return list(accumulate(map(attrgetter("rows"), self.blocks), initial=0))

    @cached_property
    def _counting(self) -> dict[str, Site]:
        """By name, the function that it stands for, rows counted from its block's own first."""
        return counting([pair for block in self.blocks for pair in block.found])

    def _standing_for(self, qualname: str) -> dict[str, Site]:
        """The same for one name: what every keystroke asks, so without a look at all of them."""
        return counting(
            [pair for block in self.blocks for pair in block.found if pair[0].qualname == qualname]
        )


def _reread(text: str, scope: str, *, is_open: bool, may_end: bool) -> list[PythonBlock] | None:
    """The blocks of a piece; None if it cannot be read on its own.

    It may leave a string open, or have the end of its class in it and what is below that.
    """
    module = outline(_CLASS + text if scope else text)
    ends = may_end and scope.count(".") == 1
    if not (module.complete or is_open) and (
        _hangs(text, scope) or (ends and _hangs(text, "")) or _is_open(text) or not (scope or _is_sound(text))
    ):
        return None
    found = found_sites(module)
    if not scope:
        return _blocks(module, found, [(0, ""), *_heads(module.body, "")], 0)
    if not _is_body(text, ends=ends):
        return None
    body, *below = module.body
    assert isinstance(body, ast.ClassDef)
    found = [(_moved(site, 1), main) for site, main in _named(found, scope)]
    return _blocks(module, found, [(1, scope), *_heads(body.body, scope), *_heads(below, "")], 1)


def _blocks(
    module: Outline, found: Sequence[tuple[Site, bool]], heads: Sequence[tuple[int, str]], first: int
) -> list[PythonBlock]:
    """The rows of a module from `first` on, cut at the heads; of two heads in a row the first counts."""
    rows = module.rows
    scopes: dict[int, str] = {}
    for row, scope in heads:
        if row >= first:
            scopes.setdefault(row, scope)
    blocks: list[PythonBlock] = []
    for head, end in pairwise([*sorted(scopes), len(rows)]):
        text, scope = "".join(rows[head:end]), scopes[head]
        alone = module if module.complete else outline(_CLASS + text if scope else text)
        if alone is module or not alone.complete:
            within = [(_moved(site, -head), main) for site, main in found if head <= site.whole.line < end]
        else:
            within = _named(found_sites(alone), scope)
        blocks.append(PythonBlock(scope, len(text), end - head, tuple(within), alone.complete))
    return blocks


def _named(found: Sequence[tuple[Site, bool]], scope: str) -> list[tuple[Site, bool]]:
    """The functions of a piece of a class's body by their full names, rows counted without `_CLASS`."""
    if not scope:
        return list(found)
    return [
        (_moved(replace(site, qualname=_INNER.sub(scope, site.qualname)), -1), main) for site, main in found
    ]


def _heads(body: Sequence[ast.stmt], scope: str) -> Iterator[tuple[int, str]]:
    """The rows on which statements begin, in the module and in its classes, each with its scope."""
    for node in body:
        if node.col_offset != (body[0].col_offset if scope else 0):
            continue  # a rest of something that does not parse, and not where a statement begins
        yield first_row(node), scope
        if isinstance(node, ast.ClassDef):
            below = [each for each in node.body if first_row(each) >= node.lineno]
            yield from _heads(below, f"{scope}{node.name}.")


def _is_body(text: str, *, ends: bool) -> bool:
    """Whether no row is further left than the first, so that all belong to the same class; or it ends."""
    inside = layout.inside_strings(layout.plain(text))
    depths = [
        len(layout.prefix(row).expandtabs())
        for number, row in enumerate(layout.rows(text))
        if number not in inside and row.strip() and not row.lstrip().startswith("#")
    ]
    return bool(depths) and depths[0] > 0 and min(depths) in (depths[0], 0 if ends else depths[0])


def _hangs(text: str, scope: str) -> bool:
    """Whether a piece that does not parse may be waiting for what comes next, as a decorator does."""
    rows = layout.rows(text)
    margin = layout.prefix(rows[0]) if scope else ""
    waits = False
    for row in rows:
        begins = layout.prefix(row) == margin and row.strip()
        if begins and begins[0] == "@":
            waits = True
        elif begins and _DEFINES.match(begins):
            waits = False
    return waits or text.rstrip().endswith("\\")


def _is_sound(text: str) -> bool:
    """Whether a module that does not parse can be cut into statements at all."""
    begun = _FIRST.search(layout.plain(text).removeprefix(layout.BOM))
    return not (begun and begun[1]) and not _is_open(text)


def _is_open(text: str) -> bool:
    """Whether what follows the text would be inside a string of it."""
    return layout.ends_in_string(layout.plain(text))


def _moved(site: Site, rows: int) -> Site:
    """The site so many rows further down; not by `replace`, which is slow where a whole module moves."""
    if not rows:
        return site
    return Site(site.qualname, _lowered(site.name, rows), _lowered(site.whole, rows), site.problem)


def _lowered(span: Span, rows: int) -> Span:
    return Span(span.line + rows, span.column, span.end_line + rows, span.end_column)
