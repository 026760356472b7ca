"""Loads the scripts that lie beside the one a child was started with.

Stdlib only, CPython 3.9 and newer.
"""

import builtins
import importlib.util
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def sibling(name):
    """The script of this name, where no text finds it: not in `sys.modules`, with builtins of its own."""
    spec = importlib.util.spec_from_file_location("_quickstudy_" + name, os.path.join(HERE, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    module.__dict__["__builtins__"] = dict(vars(builtins))
    module.sibling = sibling  # for one that needs another, when this is no longer on the path
    spec.loader.exec_module(module)
    return module
