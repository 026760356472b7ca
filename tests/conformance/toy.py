"""A language in few lines, to see that the house knows none by heart: `fn name(args) = expression` a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quickstudy.errors import InputError
from quickstudy.languages import Block, Site, Span, files, identity
from quickstudy.records import Feature, Splice, Target

_BEGUN = re.compile(r"fn ([a-z]+)")
_FUNCTION = re.compile(r"fn ([a-z]+)\(([a-z, ]*)\) = \S")
_FEATURES = {"each": "loop", "within": "scan"}
_OTHER = re.compile(r"use [a-z]+$|#|\s*$")
_VOCABULARY = {"scan": Feature(2.5, frozenset({"set"}), "looking through a list"), "loop": Feature(0.5)}


class Toy:
    name, title = "toy", "Toy"
    stop_words = frozenset({"fn", "use", "each", "within"})
    vocabulary = _VOCABULARY

    def read(self, path: Path) -> str:
        return files.read(path, self.title, lambda data: "utf-8")

    def write(self, path: Path, text: str) -> None:
        files.write(path, text, lambda data: "utf-8")

    def find(self, path: Path, text: str, qualname: str) -> Target:
        site = next((each for each in self.sites(text) if each.qualname == qualname), None)
        if site is None or site.problem:
            raise InputError(f"{path.name} has no function of this name that can be read; name another.")
        source = self.source(text, site)
        return Target(path.absolute(), qualname, self.name, text, source, "", identity(source))

    def sites(self, text: str) -> list[Site]:
        return [_site(row, line) for row, line in enumerate(text.split("\n")) if _BEGUN.match(line)]

    def survey(self, text: str) -> "ToySurvey":
        return ToySurvey(text, self.sites(text))

    def source(self, text: str, site: Site) -> str:
        return text.split("\n")[site.whole.line]

    def splice(self, target: Target, replacement: str) -> Splice:
        old = _FUNCTION.match(target.source)
        new = next(filter(None, map(_FUNCTION.match, replacement.split("\n"))), None)
        if not old or not new or new.groups() != old.groups():
            return Splice(None, f"It is no `fn {target.name}` with the same arguments.")
        if "peek" in new.string:
            return Splice(None, "It reads its callers.", rejected=True)
        return Splice(target.text.replace(target.source, new.string))

    def rules(self, target: Target) -> str:
        return f"- One line that begins with `fn {target.name}`."

    def defines(self, code: str, name: str) -> bool:
        found = filter(None, map(_FUNCTION.match, code.split("\n")))
        return self.syntax_error(code) is None and name in [each[1] for each in found]

    def seems_to_define(self, text: str, name: str) -> bool:
        return f"fn {name}" in text

    def only_imports(self, code: str) -> bool:
        return self.syntax_error(code) is None and "use " in code and "fn " not in code

    def syntax_error(self, code: str) -> str | None:
        bad = [line for line in code.split("\n") if not (_FUNCTION.match(line) or _OTHER.match(line))]
        return f"no statement in {bad[0]!r:.40}" if bad else None

    def code_in(self, text: str, name: str) -> str:
        return "".join(f"{line}\n" for line in text.split("\n") if _FUNCTION.match(line))

    def features(self, code: str) -> frozenset[str]:
        words = re.findall(r"\w+", code) if self.syntax_error(code) is None else []
        return frozenset(_FEATURES[word] for word in words if word in _FEATURES)


@dataclass(frozen=True)
class ToySurvey:
    """A text as a single block, read anew after each change."""

    text: str
    sites: list[Site]
    certain = True

    @property
    def found(self) -> list[tuple[Site, bool]]:
        return [(site, True) for site in self.sites]

    def after(self, text: str) -> "ToySurvey":
        return Toy().survey(text)

    @property
    def complete(self) -> bool:
        return not Toy().syntax_error(self.text)

    def function(self, qualname: str) -> tuple[Site, str] | None:
        site = next((each for each in self.sites if each.qualname == qualname and not each.problem), None)
        return site and (site, Toy().source(self.text, site))

    def between(self, first: int, last: int) -> list[Site]:
        return [site for site in self.sites if first == last == site.whole.line]

    def pieces(self) -> Iterator[tuple[str, Block, int]]:
        yield self.text, self, 0

    def placed(self, site: Site, row: int) -> Site:
        return site


def _site(row: int, line: str) -> Site:
    end = next(_BEGUN.finditer(line)).end()
    whole = Span(row, 0, row, len(line.encode(errors="surrogatepass")))
    problem = None if _FUNCTION.match(line) else "It does not parse yet."
    return Site(line[3:end], Span(row, 3, row, end), whole, problem)
