"""The functions of a Python module as an editor sees them: where each stands, and why one is no target."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from quickstudy.languages.python import layout
from quickstudy.languages.python.names import Function
from quickstudy.languages.python.outline import Broken, Outline
from quickstudy.languages.site import Site, Span


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


def source_of(text: str, site: Site) -> str:
    """The function alone, as in its `Target`, out of the text that its site is counted in."""
    return layout.statement(layout.rows(text), site.whole.line, site.whole.end_line + 1)


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
