"""What any language must do to live in this house: held by Python, and by one of a few lines."""

import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conformance.samples import ALL, PYTHON, TOY, Samples
from tests.test_loop import of, speedup

from quickstudy import events
from quickstudy.bank import Bank, precedent, resembled
from quickstudy.errors import InputError
from quickstudy.languages import Language, Site, identity
from quickstudy.loop import optimize
from quickstudy.records import Agent, Candidate, Judgement, Lesson, Limits, Splice, Target, Verdict, Workload
from quickstudy.team import ScriptedModel, Team
from quickstudy.team.prompts import explain, propose
from quickstudy.team.reply import read

each_language = pytest.mark.parametrize("samples", ALL, ids=lambda samples: samples.language.name)


def pick(samples: Samples, text: str | None = None) -> Target:
    return samples.language.find(samples.path, samples.text if text is None else text, "pick")


def is_sentence(text: str | None) -> bool:
    return bool(text) and text[0].isupper() and text[-1] in ".`" and "\n" not in text


# Text


@each_language
def test_every_function_is_found_by_its_name(samples: Samples) -> None:
    """A site and a target are two views of one function, and its identity is that of its text."""
    language = samples.language
    found = language.sites(samples.text)
    assert {"pick"} < {site.qualname for site in found if site.problem is None}
    for site in found:
        target = language.find(samples.path, samples.text, site.qualname)
        source = language.source(samples.text, site)
        assert (source, identity(source)) == (target.source, target.sha256)
        assert (language.name, samples.text, samples.path) == (target.language, target.text, target.path)
        row = samples.text.split("\n")[site.name.line].encode()
        assert target.name.encode() == row[site.name.column : site.name.end_column]


@each_language
def test_a_function_is_found_while_another_is_being_typed(samples: Samples) -> None:
    """What does not parse keeps nobody from the rest, and has its own sentence."""
    assert "pick" == pick(samples, samples.unfinished).qualname
    problems = {site.qualname: site.problem for site in samples.language.sites(samples.broken)}
    assert is_sentence(problems["pick"])
    with pytest.raises(InputError):
        pick(samples, samples.broken)


@each_language
@pytest.mark.parametrize("name", ["", "no_such", "pick.pick", "Pick", ".", "\0", "pick "])
def test_a_name_that_is_none_is_refused_in_one_sentence(samples: Samples, name: str) -> None:
    """It is the user's error, and no more than a line."""
    with pytest.raises(InputError) as caught:
        samples.language.find(samples.path, samples.text, name)
    assert (".", False) == (str(caught.value)[-1], "\n" in str(caught.value))


@each_language
def test_a_survey_says_the_same_as_reading_anew(samples: Samples) -> None:
    """From scratch and after edits; its pieces are the text, and place each function where it is."""
    language, survey = samples.language, samples.language.survey(samples.text)
    for text in (samples.text, "\n\n" + samples.text, samples.text + samples.rewrite, "", samples.text):
        survey = survey.after(text)
        assert language.sites(text) == survey.sites
        assert text == "".join(piece for piece, _, _ in survey.pieces())
        placed: list[Site] = []
        for piece, block, row in survey.pieces():
            for site, _ in block.found:
                placed.append(survey.placed(site, row))
                assert language.source(piece, site) == language.source(text, placed[-1])
        assert survey.sites == placed
        for site in survey.sites:
            assert site in survey.between(site.name.line, site.name.line)


@each_language
def test_a_rewrite_goes_in_and_out_again(samples: Samples) -> None:
    """The original in its own place changes nothing, and no byte besides the function ever changes."""
    target = pick(samples)
    assert Splice(target.text) == samples.language.splice(target, target.source)
    spliced = samples.language.splice(target, samples.rewrite)
    assert spliced.text is not None
    changed = pick(samples, spliced.text)
    assert samples.rewrite.strip() == changed.source
    assert Splice(target.text) == samples.language.splice(changed, target.source)


@each_language
def test_a_rewrite_that_does_not_fit_is_a_sentence(samples: Samples) -> None:
    """As is one that reaches beyond its function, which is told from the others."""
    target = pick(samples)
    for replacement in samples.misfits:
        found = samples.language.splice(target, replacement)
        assert (None, False, True) == (found.text, found.rejected, is_sentence(found.problem)), replacement
    found = samples.language.splice(target, samples.unfair)
    assert (None, True, True) == (found.text, found.rejected, is_sentence(found.problem))


@each_language
def test_a_file_comes_back_as_it_was(samples: Samples, tmp_path: Path) -> None:
    """Line ends and all; what cannot be read is an error of the user's."""
    file = tmp_path / samples.path.name
    for text in ("", samples.text, samples.text.replace("\n", "\r\n"), samples.unfinished):
        samples.language.write(file, text)
        assert (text, text.encode()) == (samples.language.read(file), file.read_bytes())
    for place in (tmp_path, tmp_path / "gone"):
        with pytest.raises(InputError):
            samples.language.read(place)


@each_language
@given(st.text(max_size=80), st.integers(0, 200))
@settings(max_examples=60, deadline=None)
def test_no_text_is_an_exception(samples: Samples, piece: str, at: int) -> None:
    """Whatever is typed or written by a model: there are functions and features in it, or there are none."""
    language, target = samples.language, pick(samples)
    text = samples.text[:at] + piece + samples.text[at:]
    for code in (piece, text):
        for site in language.sites(code):
            language.source(code, site)
        assert language.survey(samples.text).after(code).after(samples.text).sites == (
            language.sites(samples.text)
        )
        assert language.features(code) <= language.vocabulary.keys()
        spliced = language.splice(target, code)
        assert (spliced.text is None) == bool(spliced.problem)
        source, problem = read(code, "pick", language)
        assert (problem is None) == language.defines(source, "pick")
        assert not (language.only_imports(code) and language.syntax_error(code))


# Models


@each_language
def test_a_prompt_speaks_of_the_language(samples: Samples) -> None:
    """By its title, with its rules, and with its name behind the fence."""
    target = pick(samples)
    candidate = Candidate("r1a1", "a", 1, samples.rewrite, None)
    for messages in (
        propose(target, [], samples.language),
        explain(target, candidate, Verdict("crashed"), samples.language),
    ):
        text = "\n".join(message["content"] for message in messages)
        assert f"{samples.language.title} " in text
        assert samples.language.rules(target) in text
        assert f"```{samples.language.name}\n{target.source}\n```" in text
    others = {one.language.title for one in ALL} - {samples.language.title}
    assert not any(other in text for other in others)
    assert all(rule.startswith("- ") for rule in samples.language.rules(target).splitlines())


@each_language
def test_the_function_is_found_in_a_reply(samples: Samples) -> None:
    """Behind a fence of any kind, without one, in JSON; with its imports, if these are apart."""
    code, name = samples.rewrite, samples.language.name
    for reply in (
        f"Sure!\n```{name}\n{code}```\nDone.",
        f"~~~\n{code}~~~",
        f"Here it is:\n\n{code}",
        json.dumps({"code": code}),
        f"<think>\n```\n{samples.source}```\n</think>\n```{name}\n{code}```",
    ):
        assert (code, None) == read(reply, "pick", samples.language), reply
    apart = f"```\n{samples.imports}```\nand\n```\n{code}```"
    assert (samples.imports + code, None) == read(apart, "pick", samples.language)


@each_language
def test_a_reply_without_the_function_says_what_is_wrong(samples: Samples) -> None:
    """Nothing, another function, half of it, or what does not parse."""
    half = samples.broken[samples.broken.index("pick") - 4 :].strip("\n ")
    for reply, words in {
        "I cannot.": "holds no code",
        f"```\n{samples.renamed}```": "holds no function named `pick`",
        f"```\n{half}": "breaks off before its code ends",
        f"```\n{half}\n```": "does not parse: ",
    }.items():
        _, problem = read(reply, "pick", samples.language)
        assert problem and words in problem and is_sentence(problem), (reply, problem)


# Lessons


@each_language
def test_features_are_how_code_works_and_not_how_it_looks(samples: Samples) -> None:
    """Neither names nor white space nor comments change them; a rewrite that works otherwise does."""
    language = samples.language
    found = language.features(samples.source)
    assert found
    assert found == language.features(samples.renamed) == language.features(samples.reformatted)
    assert found != language.features(samples.rewrite)
    assert frozenset() == language.features(samples.broken)


@each_language
def test_a_vocabulary_can_be_indexed(samples: Samples) -> None:
    """Names are words to full-text search, keywords too; and what is a waste weighs enough to be one."""
    for name, feature in samples.language.vocabulary.items():
        assert re.fullmatch("[a-z]+", name)
        assert feature.weight > 0
        assert all(re.fullmatch("[a-z]+", word) for word in feature.keywords)
        assert feature.waste is None or (feature.weight > 1 and feature.waste[0].islower())


def lesson(samples: Samples, text: str = "Use a set.") -> Lesson:
    target = pick(samples, samples.source)
    return Lesson(
        *(0, text, "faster", 9.0, 8.0, 10.0, "a", 1, "m", "pick", target.language, target.sha256),
        *(target.source, samples.rewrite, "run", f"{target.language} 1.0", "Linux", "2026-01-01T00:00:00"),
    )


@each_language
def test_a_gain_is_a_precedent_for_what_is_alike(samples: Samples) -> None:
    """Not for what is fast already, nor for a function of another language."""
    found = precedent(lesson(samples), samples.language)
    assert found
    assert [found] == list(resembled(samples.renamed, samples.language, [found]))
    assert [] == list(resembled(samples.rewrite, samples.language, [found]))
    for other in ALL:
        if other is not samples:
            assert [] == list(resembled(other.source, other.language, [found]))


def known(name: str) -> Language | None:
    return next((samples.language for samples in ALL if samples.language.name == name), None)


def in_a_bank(file: Path, ask: Target, *lessons: Lesson) -> Sequence[str]:
    """The texts of the lessons that are selected for a function from a bank with these."""

    async def selected() -> Sequence[str]:
        with Bank.open(file, known) as bank:
            for each in lessons:
                await bank.add(each)
            return [each.text for each in await bank.select(ask, "", "a new run", 4)]

    return asyncio.run(selected())


@each_language
def test_lessons_are_selected_within_a_language(samples: Samples, tmp_path: Path) -> None:
    """Whatever else is in the bank, be it newer, pinned or about a function of the same text."""
    lessons = [lesson(each, f"About {each.language.title}.") for each in (PYTHON, TOY)]
    assert [f"About {samples.language.title}."] == in_a_bank(
        tmp_path / "lessons.db", pick(samples, samples.source), *lessons
    )


class Lab:
    """Finds every candidate three times as fast. It is its own trial."""

    workload = Workload((), (), 0)

    async def prepare(self, target: Target) -> Self:
        self.workload = Workload((), (), 0, f"{target.language} 1.0")
        return self

    async def judge(self, candidate: Candidate) -> Judgement:
        return Judgement(speedup(3.0), 0.0, 0.0)


@each_language
async def test_a_whole_run_is_made_in_it(samples: Samples, tmp_path: Path) -> None:
    """Asked, read, spliced, judged and learnt; the next function like it begins with the lesson."""
    replies = [f"```\n{samples.rewrite}```", "Use a set."]
    prompts: list[str] = []
    for source in (samples.source, samples.source + "\n"):
        model = ScriptedModel({"x/a": replies})
        team = Team([Agent("x/a")], samples.language, model=model)
        with Bank.open(tmp_path / "lessons.db", known) as bank:
            stream = optimize(pick(samples, source), samples.language, team, Lab(), bank, Limits(rounds=1))
            seen = [event async for event in stream]
        assert events.Finished("faster", None) == seen[-1]
        (learnt,) = of(events.Learnt, seen)
        assert (samples.language.name, f"{samples.language.name} 1.0") == (
            learnt.lesson.language,
            learnt.lesson.toolchain,
        )
        prompts.append(model.asked[0].prompt)
    assert [False, True] == ["Use a set." in prompt for prompt in prompts]
