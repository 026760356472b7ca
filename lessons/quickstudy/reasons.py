"""Reasons for verdicts: data, a code with fields, until `sentence` words them, the one place that does.

To add a reason, add a line to `Code` and raise or return it where it is found.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, unique
from typing import Literal, Self

from quickstudy.verdicts import VerdictKind


@unique
class Code(Enum):
    """Each reason: the verdict that it is for, and its sentence, with `{name}` for a field.

    `{cause}` is the reason behind it, in words. A part in brackets is left out if one of its fields is not
    there, or is what follows `|` then.
    """

    # A call does something else than the original's.
    RAISES = "wrong", "It raises {exception} where the original returns a value."
    RETURNS = "wrong", "It returns a value where the original raises {exception}."
    OTHER_EXCEPTION = "wrong", "It raises another exception: {cause}."
    OTHER_VALUE = "wrong", "It returns another value: {cause}."
    OTHER_ARGUMENTS = "wrong", "It leaves its arguments changed in another way: {cause}."
    OTHER_GLOBAL = "wrong", "It leaves the global {name} of its module with another content: {cause}."
    OTHER_CODE = "wrong", "It puts other code in the place of {names} than the original."
    OTHER_REFERENCES = (
        "wrong",
        "It keeps other objects than the original of those that it returns or was given.",
    )
    OTHER_SETTINGS = "wrong", "It changes other settings of the interpreter than the original: {names}."
    OTHER_OUTPUT = "wrong", "It prints something else on {stream}."
    OTHER_WARNINGS = "wrong", "It warns in another way."
    EAGER = (
        "wrong",
        "It does work when it is called that the original does only when its items are asked for.",
    )
    EAGER_CALL = (
        "wrong",
        "It does {share} of its work when it is called, which the original does when its items are asked "
        "for.",
    )
    EAGER_FIRST_ITEM = (
        "wrong",
        "It does {share} of its work for its first item, which the original does when the others are asked "
        "for.",
    )
    # A pass over calls does.
    PASS_UNREADABLE = "wrong", "It gave no readable result in a timed call."
    ORIGINAL_UNREADABLE = "wrong", "The original gave no readable result in a timed call."
    PASS_RESULT = "wrong", "When its calls follow each other, it gives another result: {cause}."
    PASS_GLOBAL = (
        "wrong",
        "When its calls follow each other, it leaves the global {name} of its module with another content: "
        "{cause}.",
    )
    PASS_OUTPUT = "wrong", "When its calls follow each other, it prints something else."
    PASS_WARNINGS = "wrong", "When its calls follow each other, it warns in another way."
    PASS_SETTINGS = (
        "wrong",
        "When its calls follow each other, it changes other settings of the interpreter.",
    )
    # Its import does, or the project's tests see a difference.
    IMPORT_SETTINGS = "wrong", "When it is imported, it changes other settings than the original: {names}."
    FAILS_TEST = "wrong", "It fails the project's own test {test}."
    FAILS_TESTS = "wrong", "It fails one of the project's own tests."
    UNFINISHED_TEST = "wrong", "The project's own test {test} does not finish with it."
    NO_TESTS = "wrong", "The tests could not be run in the sandbox. {cause}"
    # Its process cannot answer.
    UNIMPORTABLE = "unloadable", "Its module does not import: {cause}."
    IMPORT_ENDS = "unloadable", "Its module ends the interpreter when imported."
    CALL_FAILS = "crashed", "A call of it fails: {cause}."
    PASS_FAILS = "crashed", "A pass over its calls fails: {cause}."
    LOST_ARGUMENTS = "crashed", "The arguments of a call cannot be made again."
    NO_ANSWER = "crashed", "Its process ended without an answer."
    ENDED_ITSELF = "crashed", "Its process ended itself in the middle of a call."
    ENDED_BEFORE_CALL = "crashed", "Its process ended before the first call."
    ENDED_BY_SIGNAL = "crashed", "Its process was ended by [{signal}|a signal]."
    UNFINISHED_PASS = "crashed", "It did not finish its timed calls."
    TOO_MUCH_MEMORY = "crashed", "Its processes together take more than 4 GB of memory."
    TOO_LARGE_RESULTS = "crashed", "Its results take more than 256 MB."
    TIMED_OUT = "timed_out", "It did not finish within {seconds} s."
    # It tries to fool the lab.
    FORGED = "rejected", "It wrote to the lab's channel."
    LEAVES_THREADS = "rejected", "It leaves threads behind that are still at work."
    LEAVES_THREAD = "rejected", "It leaves a thread running behind a call."
    LEAVES_CHILDREN = "rejected", "It leaves children behind that are still at work."
    LEAVES_OTHER = "rejected", "It leaves other {what} behind than the original."
    CHANGES_CORE = "rejected", "It changes on which core or how urgently it is run."
    IMPORT_STARTS_THREAD = "rejected", "It starts a thread when it is imported."
    IMPORT_STARTS_PROCESS = "rejected", "It starts a process when it is imported."
    REACHES_FRAMES = "rejected", "It reads the frames of its callers."
    REACHES_GARBAGE = "rejected", "It searches what the garbage collector knows."
    REACHES_HOOKS = "rejected", "It hooks into the interpreter."
    REACHES_MEMORY = "rejected", "It goes around Python into raw memory."
    REACHES_CODE = "rejected", "It runs text as code, which cannot be checked beforehand."
    REACHES_NAMESPACES = "rejected", "It reaches into namespaces that are not its own."
    REACHES_FILES = "rejected", "It reads files of the project when it is imported."
    # It never got to the lab.
    FORBIDDEN = "rejected", "{problem}"
    UNUSABLE = "unloadable", "{problem}"
    UNCHANGED = "same", "It is the original, unchanged."
    # It was timed.
    STATE_NOT_COUNTED = "faster", "What it keeps from one call for the next does not count."
    ONLY_STATE = "same", "What it keeps from one call for the next does not count."
    EARLIER_PROCESS = (
        "same",
        "Its gain is there only where its calls were made before, by an earlier process.",
    )
    UNCONFIRMED = (
        "same",
        "A first timing said {speedup}x; a second one on held-out inputs did not confirm it.",
    )
    TOO_SHORT = (
        "same",
        "Its timed calls take less than {microseconds} us together, too little to tell: more or longer ones "
        "would.",
    )
    TOO_BUSY = (
        "same",
        "It may be faster or slower; this machine is too busy to tell: the original against itself differs "
        "by up to {noise}.",
    )
    WITHIN_NOISE = (
        "same",
        "It may be faster, but not by more than the noise: the original against itself differs by up to "
        "{noise}.",
    )

    # What a cause may be: a phrase.
    EXCEPTION = None, "[{type}|an exception][ for `{name}`][ in line {line}][ (`{row}`)]"
    DIFFERS = None, "{what} that differs"
    OTHER_KIND = None, "{found} where the original gives {expected}"
    OTHER_PARTS = None, "other parts"
    OTHER_NUMBER = None, "another number"
    OTHER_TEXT = None, "another text"
    OTHER_SHARING = None, "it shares parts where the original copies, or copies where it shares"
    OTHER_SHARED_PARTS = None, "it shares other parts"
    OTHER_ATTRIBUTES = None, "it holds other attributes"

    def __init__(self, kind: VerdictKind | None, template: str) -> None:
        self.kind: VerdictKind | None = kind
        self.template = template

    @property
    def key(self) -> str:
        """How the report's JSON names it."""
        return self.name.lower()


Circumstance = Literal["drawn", "refused"]
"""When it happened: on an input drawn for checking; where the sandbox refuses files and the network."""

OURS = frozenset({"problem", "signal"})
"""Fields in our own words: they say nothing about a run."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is."""

    code: Code
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    """What was seen of the candidate's run, which it had a say in: names, figures, rows of code."""
    cause: "Reason | None" = None
    circumstances: tuple[Circumstance, ...] = ()
    words: str = ""
    """What the candidate itself said, as the message of an exception: for the user's eyes only."""

    @property
    def kind(self) -> VerdictKind:
        """The verdict on a candidate for which this is the reason."""
        assert self.code.kind is not None, "a phrase is no reason by itself"
        return self.code.kind

    def under(self, *circumstances: Circumstance) -> Self:
        return replace(self, circumstances=circumstances)


def reason(code: Code, cause: Reason | None = None, /, *, words: str = "", **fields: str) -> Reason:
    """A reason with these fields; the candidate's own words come with the cause, if there is one."""
    return Reason(code, fields, cause, words=words or (cause.words if cause else ""))


def sentence(why: Reason, disclose: Callable[[str], bool] | None = None) -> str:
    """All of it, for the user. With `disclose`, for a model: without the words, and each field that it
    refuses is `...`.
    """
    text = _worded(why, disclose)
    if "drawn" in why.circumstances:
        text = f"{text.removesuffix('.')}, on an input drawn for checking."
    if "refused" in why.circumstances:
        text = f"{text} The sandbox refuses it files and the network."
    return f"{text} In its own words: {why.words}" if why.words and disclose is None else text


_OPTIONAL = re.compile(r"\[([^]|]*)(?:\|([^]]*))?\]")
_FIELD = re.compile(r"\{(\w+)\}")


def _worded(why: Reason, disclose: Callable[[str], bool] | None) -> str:
    values = {
        name: value if disclose is None or name in OURS or disclose(value) else "..."
        for name, value in why.fields.items()
    }
    if why.cause is not None:
        values["cause"] = _worded(why.cause, disclose)

    def chosen(part: re.Match[str]) -> str:
        there = all(name in values for name in _FIELD.findall(part[1]))
        return part[1] if there else part[2] or ""

    return _FIELD.sub(lambda name: values[name[1]], _OPTIONAL.sub(chosen, why.code.template))
