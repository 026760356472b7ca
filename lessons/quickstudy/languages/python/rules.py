"""What a rewrite of a Python function must keep to, as models are told."""

from quickstudy.records import Target

_RULES = """\
- First look for a better algorithm or data structure; then for built-in functions and less work in loops.
- Same name, same parameters. Same results of the same types in the same order, same exceptions. \
(Sets have no order: use them to look things up; `dict.fromkeys` keeps order.) \
Do not change arguments that the original leaves alone.
- Use the standard library and what the module already imports, nothing else. \
Keep nothing between calls: no cache, no global.
- No prints, no tests, no example calls.
"""

_FUNCTION = """\
- Return the whole function in one ```python block, with the imports and helpers it needs."""

_METHOD = """\
- Return the whole method in one ```python block, as a bare `def {name}` without its class, \
with the imports and helpers it needs."""


def rules(target: Target) -> str:
    """The list, in Markdown; the last rule says in what shape to return it."""
    return _RULES + (_METHOD.format(name=target.name) if target.owner else _FUNCTION)
