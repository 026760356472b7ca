"""Code that reaches beyond its function: what an honest rewrite never needs, as one table.

Everything here is found by name, before anything runs, to tell cheating from crashing. It is not what
keeps the machine safe: that is the sandbox. What the original module does itself, a rewrite may do too.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator, Sequence

from quickstudy.languages.python.import_time import running
from quickstudy.languages.python.names import bindings, bound_by, free

FORBIDDEN_CONSTRUCTS: tuple[tuple[str, str], ...] = (
    (
        "It reads the frames of its callers.",
        "sys._getframe sys._getframemodulename sys._current_frames inspect.stack inspect.currentframe "
        "inspect.trace inspect.getouterframes .f_back .f_locals .f_globals .f_builtins .gi_frame .cr_frame "
        ".ag_frame .tb_frame",
    ),
    (
        "It steers or searches the garbage collector.",
        "gc.disable gc.freeze gc.set_threshold gc.get_objects gc.get_referrers gc.get_referents gc.callbacks",
    ),
    ("It goes around Python into raw memory.", "ctypes cffi mmap"),
    (
        "It runs text as code, which cannot be checked beforehand.",
        "eval exec compile runpy code.interact",
    ),
    (
        "It reaches into namespaces that are not its own.",
        "globals builtins __builtins__ sys.modules .__globals__ .__code__ .__closure__ .__subclasses__ "
        ".__builtins__ =.__class__",
    ),
    (
        "It hooks into the interpreter.",
        "sys.settrace sys.setprofile sys.monitoring sys.setswitchinterval sys.addaudithook sys.meta_path "
        "sys.path_hooks sys.excepthook sys.unraisablehook threading.settrace threading.setprofile atexit",
    ),
    (
        "It ends, forks or signals processes.",
        "os._exit os.abort os.fork os.forkpty os.kill os.killpg os.nice os.sched_setaffinity signal resource",
    ),
    (
        "It starts other processes.",
        "subprocess multiprocessing concurrent.futures.ProcessPoolExecutor os.system os.popen "
        "os.posix_spawn os.posix_spawnp os.execv os.execve os.execvp os.execl os.spawnv os.spawnl pty",
    ),
    (
        "It uses the network.",
        "socket socketserver ssl http urllib.request requests httpx aiohttp urllib3 ftplib smtplib "
        "asyncio.open_connection",
    ),
    (
        "It writes to files.",
        "open:write os.open os.write os.remove os.unlink os.rename os.replace os.truncate shutil tempfile "
        "shelve dbm sqlite3 .write_text .write_bytes",
    ),
    ("It reads the environment of the process.", "os.environ os.environb os.getenv"),
)
"""Reasons and the constructs they stand for: `a.b` a dotted name after its imports are resolved, `.a` an
attribute of anything, `=.a` an attribute assigned to, `open:write` an open that can write. Those that need
no row: `=a.b` assigns to what an import brought, `global=a` rebinds a name of the module."""

AT_IMPORT: tuple[str, str] = (
    "It reads files when it is imported.",
    "open io.open io.open_code io.FileIO _io posix codecs.open tokenize.open fileinput linecache glob "
    "os.open os.listdir os.scandir os.walk os.fwalk os.readlink .open .read_text .read_bytes .iterdir .glob "
    ".rglob .get_data pkgutil.get_data importlib.resources importlib.machinery zipimport configparser netrc "
    "importlib.util.spec_from_file_location inspect.getsource inspect.getsourcelines inspect.findsource "
    "argparse.FileType mailbox dotenv zipfile tarfile gzip.GzipFile bz2.BZ2File lzma.LZMAFile "
    "xml.etree.ElementTree.parse xml.dom.minidom.parse xml.sax.parse numpy.load numpy.loadtxt "
    "numpy.genfromtxt numpy.fromfile numpy.memmap pandas.read_csv pandas.read_table pandas.read_json "
    "pandas.read_excel pandas.read_pickle pandas.read_parquet",
)
"""As a row of the table, for code that runs at import: in a call, what a function reads is its own matter."""

_REASONS = {each: reason for reason, constructs in FORBIDDEN_CONSTRUCTS for each in constructs.split()}
_READING = frozenset(AT_IMPORT[1].split())


def screen(
    original: Sequence[ast.stmt], added: Sequence[ast.stmt], imports: Sequence[ast.stmt]
) -> str | None:
    """Why the added statements reach beyond the function, in one sentence; None if they do not.

    `imports` are the replacement's own. Raises SyntaxError for scopes that contradict themselves.
    """
    names = {name: name for name in dir(builtins)} | _imported([*original, *imports])
    return _reaches(original, added, imports, names) or _reads(original, added, names)


def _reads(original: Sequence[ast.stmt], added: Sequence[ast.stmt], names: dict[str, str]) -> str | None:
    """Whether importing the added statements reads files in a way that importing the original does not."""
    outer: dict[ast.stmt, dict[str, str]] = {}

    def constructs(body: Sequence[ast.stmt]) -> set[str]:
        found = set[str]()
        for statement, part in running(body, [*original, *added]):
            if statement not in outer:
                outer[statement] = _outer(statement, names)
            found |= _READING.intersection(_constructs(part, outer[statement]))
        return found

    new = constructs(added)
    return AT_IMPORT[0] if new and new - constructs(original) else None


def _reaches(
    original: Sequence[ast.stmt],
    added: Sequence[ast.stmt],
    imports: Sequence[ast.stmt],
    names: dict[str, str],
) -> str | None:
    """The reason of the first construct of the added statements that the original does not have."""
    known = set[str]()
    new = {construct: None for statement in imports for construct in _import_constructs(statement)}
    for statement in added:
        new |= dict.fromkeys(_constructs(statement, _outer(statement, names)))
    there = bindings(original)
    new = {
        construct: None for construct in new if not construct.startswith("global=") or construct[7:] in there
    }
    if not any(map(_reason, new)):
        return None
    for statement in original:
        known.update(_constructs(statement, names))
    # A row of the table says more than that something was changed.
    constructs = sorted(new, key=lambda construct: construct not in _REASONS)
    return next(
        (reason for construct in constructs if construct not in known and (reason := _reason(construct))),
        None,
    )


def _outer(statement: ast.stmt, names: dict[str, str]) -> dict[str, str]:
    """What names in a statement stand for. A local variable may have the name of a module."""
    return {name: names[name] for name in free(statement) if name in names} | _imported([statement])


def _reason(construct: str) -> str | None:
    kind, _, name = construct.partition("=")
    if construct in _REASONS or not name or name.startswith("."):
        return _REASONS.get(construct)
    owner = "the module and not to the function" if kind == "global" else "another module"
    return f"It changes {name}, which belongs to {owner}."


def _imported(body: Iterable[ast.stmt]) -> dict[str, str]:
    """What names that imports bind stand for, as dotted names."""
    found: dict[str, str] = {}
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[bound_by(alias)] = alias.name if alias.asname else bound_by(alias)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {bound_by(alias): f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _import_constructs(statement: ast.AST) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _prefixes(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield from _prefixes(f"{node.module}.{alias.name}")


def _constructs(statement: ast.AST, names: dict[str, str]) -> Iterator[str]:
    """The constructs of everything in a statement or a part of one, those no table knows included."""
    yield from _import_constructs(statement)
    for node in ast.walk(statement):
        match node:
            case ast.Attribute(attr=attr, ctx=ctx):
                yield f".{attr}"
                dotted = _dotted(node, names)
                if not isinstance(ctx, ast.Load):
                    yield f"=.{attr}"
                    if dotted:
                        yield f"={dotted}"
                elif dotted:
                    yield from _prefixes(dotted)
            case ast.Name(id=name):
                yield from _prefixes(names.get(name, ""))
            case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
                if dotted := _dotted(value, names):
                    yield f"={dotted}"
            case ast.Subscript(value=value, slice=ast.Constant(value=str(attr))):
                if (owner := _namespace_of(value)) is not None:
                    yield from _attribute(owner, attr, names)
            case ast.Global(names=shared):
                yield from (f"global={name}" for name in shared)
            case ast.Call():
                yield from _call_constructs(node, names)
            case _:
                pass


def _call_constructs(call: ast.Call, names: dict[str, str]) -> Iterator[str]:
    """Constructs that stand in the arguments: names spelt as strings, and modes of `open`."""
    function = _dotted(call.func, names)
    spelt = [argument.value for argument in call.args[:2] if isinstance(argument, ast.Constant)]
    match function, spelt:
        case ("getattr" | "setattr" | "delattr", [str(attr)]):
            base = _dotted(call.args[0], names)
            yield from _attribute(call.args[0], attr, names)
            if function != "getattr":
                yield f"=.{attr}"
                if base:
                    yield f"={base}.{attr}"
        case ("operator.attrgetter" | "operator.methodcaller", [str(path), *_]):
            yield from (f".{attr}" for attr in path.split("."))
        case ("__import__" | "importlib.import_module", [str(module), *_]):
            yield from _prefixes(module)
        case _:
            pass
    if function == "open" or (isinstance(call.func, ast.Attribute) and call.func.attr == "open"):
        # A method may be `Path.open(mode)` or `gzip.open(name, mode)`.
        places = call.args[1:2] if function in ("open", "io.open") else call.args[:2]
        modes = [*places, *(word.value for word in call.keywords if word.arg == "mode")]
        if any(isinstance(mode, ast.Constant) and _writes(mode.value) for mode in modes):
            yield "open:write"


def _namespace_of(node: ast.expr) -> ast.expr | None:
    """What `vars(it)` or `it.__dict__` is the namespace of."""
    match node:
        case ast.Call(func=ast.Name(id="vars"), args=[owner]) | ast.Attribute(value=owner, attr="__dict__"):
            return owner
        case _:
            return None


def _attribute(owner: ast.expr, attr: str, names: dict[str, str]) -> Iterator[str]:
    """The constructs of an attribute whose name is spelt as a string."""
    yield f".{attr}"
    if base := _dotted(owner, names):
        yield from _prefixes(f"{base}.{attr}")


def _writes(mode: object) -> bool:
    return isinstance(mode, str) and set(mode) <= set("rwaxbt+") and bool(set(mode) & set("wax+"))


def _dotted(node: ast.expr, names: dict[str, str]) -> str | None:
    """An imported name or an attribute of one, as a dotted name."""
    match node:
        case ast.Attribute(value=value, attr=attr):
            base = _dotted(value, names)
            return f"{base}.{attr}" if base else None
        case ast.Call(func=function, args=[ast.Constant(value=str(module)), *_]):
            imports = _dotted(function, names) in ("__import__", "importlib.import_module")
            return module if imports else None
        case ast.Name(id=name):
            return names.get(name)
        case _:
            return None


def _prefixes(dotted: str) -> Iterator[str]:
    parts = dotted.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])
