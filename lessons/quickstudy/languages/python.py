"""Python: find functions in text that may be unfinished, and put rewrites in their place."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from quickstudy.errors import InputError
from quickstudy.languages import files, layout
from quickstudy.languages.names import Function
from quickstudy.languages.outline import Broken, Outline, outline
from quickstudy.languages.site import Site, Span, identity
from quickstudy.records import Splice, Target


class Python:
    """The first language of the house. It holds no state."""

    name: ClassVar[str] = "python"

    def read(self, path: Path) -> str:
        return files.read(path)

    def write(self, path: Path, text: str) -> None:
        files.write(path, text)

    def find(self, path: Path, text: str, qualname: str) -> Target:
        """The function of that name. Raises InputError, with a sentence for each thing it can be instead."""
        from quickstudy.languages.context import context

        module = outline(text)
        definition = module.definition(qualname)
        broken = [found for found in module.broken if found.qualname == qualname]
        if definition is None or any(found.row > definition.first_row for found in broken):
            raise InputError(_why_not(path, module, qualname))
        source = module.source(definition.node)
        return Target(
            path=path.absolute(),
            qualname=qualname,
            language=self.name,
            text=text,
            source=source,
            context=context(module, definition),
            sha256=identity(source),
        )

    def sites(self, text: str) -> list[Site]:
        """Every function in the text, with the reason where one is no target."""
        found = found_sites(outline(text))
        names = counting(found)
        return [judged(site, names) for site, _ in found]

    def splice(self, target: Target, replacement: str) -> Splice:
        from quickstudy.languages.splice import splice

        return splice(target, replacement)


def found_sites(module: Outline) -> list[tuple[Site, bool]]:
    """The functions of an outline in order, and whether each is more than an overload or a setter."""
    found = [
        (_site(module, each.qualname, each.node, each.first_row), each.is_primary)
        for each in module.definitions
    ]
    found += [(_broken_site(module, broken), False) for broken in module.broken]
    return sorted(found, key=lambda pair: pair[0].whole.line)


def counting(found: Sequence[tuple[Site, bool]]) -> dict[str, Site]:
    """By name, which of the functions of a module it stands for."""
    last = {site.qualname: site for site, _ in found if site.problem is None}
    return last | {site.qualname: site for site, primary in found if primary}


def judged(site: Site, counting: Mapping[str, Site]) -> Site:
    """A function, marked if its name stands for another definition."""
    if site.problem is not None or counting[site.qualname] is site:
        return site
    return replace(site, problem=f"Another definition of {site.qualname} is the one that counts.")


def _why_not(path: Path, module: Outline, qualname: str) -> str:
    """Why a name is no function that can be optimized, in one sentence that says what to name instead."""
    for broken in module.broken:
        if broken.qualname == qualname:
            return (
                f"{qualname} in {path.name} does not parse ({broken.problem}, near line {broken.row + 1}); "
                "finish it first."
            )
    names = list(dict.fromkeys(definition.qualname for definition in module.definitions))
    if qualname in module.classes:
        methods = [name for name in names if name.startswith(f"{qualname}.")]
        if not methods:
            return f"{qualname} is a class without methods; name a function."
        return f"{qualname} is a class; name one of its methods: {', '.join(methods[:8])}."
    parts = [part for part in qualname.split(".") if part != "<locals>"]
    for end in range(len(parts) - 1, 0, -1):
        outer = ".".join(parts[:end])
        if outer in names:
            return f"{qualname} is defined within a function; name the enclosing one, {outer}, instead."
    if not names:
        return f"{path.name} holds no function{'' if module.complete else ' that parses'}; name another file."
    last = parts[-1] if parts else ""
    near = [name for name in names if name.rpartition(".")[2] == last]
    near += difflib.get_close_matches(qualname, names, n=4, cutoff=0.5)
    near = list(dict.fromkeys(near))[:4]
    # Without a near name, the first few still show how names are written.
    others = f", and {len(names) - 4} more" if len(names) > 4 else ""
    hint = f"the nearest names are {', '.join(near)}" if near else f"it has {', '.join(names[:4])}{others}"
    return f"{path.name} has no function {qualname}; {hint}."


def _site(module: Outline, qualname: str, node: Function, first: int) -> Site:
    rows = module.rows
    row = rows[node.lineno - 1]
    found = re.search(r"def\s+(\w+)", row)
    start, end = found.span(1) if found else (0, 0)
    name = Span(node.lineno - 1, _bytes(row[:start]), node.lineno - 1, _bytes(row[:end]))
    last = (node.end_lineno or node.lineno) - 1
    before = len(rows[first]) - len(rows[first].lstrip(f"{layout.BOM} \t\f"))
    # A byte order mark shifts the columns of the first row, and no parser counts it.
    mark = _bytes(layout.BOM) if last == 0 and rows[0].startswith(layout.BOM) else 0
    whole = Span(first, _bytes(rows[first][:before]), last, (node.end_col_offset or 0) + mark)
    return Site(qualname, name, whole)


def _broken_site(module: Outline, broken: Broken) -> Site:
    row = module.rows[broken.row]
    name = broken.qualname.rpartition(".")[2]
    start = _bytes(row[: row.find(name)])
    span = Span(broken.row, start, broken.row, start + _bytes(name))
    last = broken.end_row - 1
    while last > broken.row and not module.rows[last].strip():
        last -= 1
    whole = Span(broken.row, 0, last, _bytes(module.rows[last].rstrip("\r\n")))
    return Site(broken.qualname, span, whole, f"It does not parse yet: {broken.problem}.")


def _bytes(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))
