"""Python, the first language of the house: all that parses it or knows its ways is in this package."""

from collections.abc import Mapping
from pathlib import Path

from quickstudy.languages import files
from quickstudy.languages.python import layout
from quickstudy.languages.python.outline import outline
from quickstudy.languages.python.sites import counting, found_sites, judged, source_of
from quickstudy.languages.site import Site, Survey
from quickstudy.records import Feature, Splice, Target


class Python:
    """Holds no state. What only a run needs is loaded when it is used: an editor's server starts without."""

    name = "python"
    title = "Python"

    # Text

    def read(self, path: Path) -> str:
        return files.read(path, self.title, layout.encoding)

    def write(self, path: Path, text: str) -> None:
        files.write(path, text, layout.encoding)

    def find(self, path: Path, text: str, qualname: str) -> Target:
        from quickstudy.languages.python.find import find

        return find(path, text, qualname, self.name)

    def sites(self, text: str) -> list[Site]:
        found = found_sites(outline(text))
        names = counting(found)
        return [judged(site, names) for site, _ in found]

    def survey(self, text: str) -> Survey:
        from quickstudy.languages.python.survey import PythonSurvey

        return PythonSurvey.of(text)

    def source(self, text: str, site: Site) -> str:
        return source_of(text, site)

    def splice(self, target: Target, replacement: str) -> Splice:
        from quickstudy.languages.python.splice import splice

        return splice(target, replacement)

    # Models

    def rules(self, target: Target) -> str:
        from quickstudy.languages.python.rules import rules

        return rules(target)

    def defines(self, code: str, name: str) -> bool:
        from quickstudy.languages.python.reply import defines

        return defines(code, name)

    def seems_to_define(self, text: str, name: str) -> bool:
        return f"def {name}" in text

    def only_imports(self, code: str) -> bool:
        from quickstudy.languages.python.reply import only_imports

        return only_imports(code)

    def syntax_error(self, code: str) -> str | None:
        from quickstudy.languages.python.reply import syntax_error

        return syntax_error(code)

    def code_in(self, text: str, name: str) -> str:
        from quickstudy.languages.python.reply import code_in

        return code_in(text, name)

    # Lessons

    @property
    def vocabulary(self) -> Mapping[str, Feature]:
        from quickstudy.languages.python.vocabulary import FEATURES

        return FEATURES

    @property
    def stop_words(self) -> frozenset[str]:
        from quickstudy.languages.python.vocabulary import STOP_WORDS

        return STOP_WORDS

    def features(self, code: str) -> frozenset[str]:
        from quickstudy.languages.python.features import features

        return features(code)
