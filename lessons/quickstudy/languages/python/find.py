"""A function of a Python module by its name; where there is none, what to name instead."""

import difflib
from pathlib import Path

from quickstudy.errors import InputError
from quickstudy.languages.python.context import context
from quickstudy.languages.python.outline import Outline, outline
from quickstudy.languages.site import identity
from quickstudy.records import Target


def find(path: Path, text: str, qualname: str, language: str) -> Target:
    """The function of that name. Raises InputError, with a sentence for each thing it can be instead."""
    module = outline(text)
    definition = module.definition(qualname)
    broken = [found for found in module.broken if found.qualname == qualname]
    if definition is None or any(found.row > definition.first_row for found in broken):
        raise InputError(_why_not(path, module, qualname))
    source = module.source(definition.node)
    return Target(
        path=path.absolute(),
        qualname=qualname,
        language=language,
        text=text,
        source=source,
        context=context(module, definition),
        sha256=identity(source),
    )


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
