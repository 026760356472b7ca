"""What happens in a run, in words: the one narrator, for terminal, progress bar and log.

`lines` is what happened, for a terminal that keeps every line; `doing` what goes on from here, for a line
that is written over; `status` both in one sentence, for a place that shows only the last one.
"""

from dataclasses import dataclass
from typing import Literal

from quickstudy import events
from quickstudy.figures import count, measured, percent, size
from quickstudy.plain_text import one_line
from quickstudy.report import Report
from quickstudy.verdicts import WORDS, VerdictTone
from quickstudy.wire import Fetching, Message, Opened, Refused, Wanted

Tone = Literal["plain", "heading", "aside", "warning", "lesson"] | VerdictTone
"""How a part of a line is meant, and so in which style it is shown."""

MUCH_NOISE = 0.25
TOO_NOISY = "So only a large gain can be told: its calls are few or short, or this machine is busy."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a terminal."""

    parts: tuple[tuple[str, Tone], ...]
    indented: bool = True
    """Whether it is a detail of what stands above it."""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.parts)


def lines(message: Message, report: Report) -> tuple[Line, ...]:
    """What happened, in no line, one or more; `report` has it already."""
    match message:
        case events.Prepared(workload=workload):
            held = f", {len(workload.held_out)} of them held out" if workload.held_out else ""
            calls = f"{count(workload.distinct, 'distinct call')} from {', '.join(workload.origins)}"
            noise = f"Noise of the timing: {percent(workload.noise)}."
            basis = _line(f"Measured on {calls}{held}. Sandbox: {report.sandbox}. {noise}", indented=False)
            doubt = _line(TOO_NOISY, "warning", indented=False)
            return (basis,) if workload.noise < MUCH_NOISE else (basis, doubt)
        case events.RoundBegan(round=number, lessons=lessons):
            head = _line(f"Round {number} of {report.rounds}{_given(message)}", "heading", indented=False)
            return (head, *(_line(f"read: {one_line(each.text)}", "aside") for each in lessons))
        case events.AgentFailed(agent=agent, reason=reason):
            return (_line(f"{agent}: {one_line(reason)}", "warning"),)
        case events.Judged(candidate=candidate, verdict=verdict):
            gain = f" {measured(verdict.measurement)}" if verdict.measurement else ""
            why = f": {one_line(verdict.reason)}" if verdict.reason else ""
            agent = (f"{candidate.agent}: ", "plain")
            return (Line((agent, (verdict.kind, WORDS[verdict.kind].tone), (f"{gain}{why}", "plain"))),)
        case events.NotJudged(candidate=candidate, reason=reason):
            return (_line(f"{candidate.agent}: {one_line(reason)}", "warning"),)
        case events.Learnt(lesson=lesson):
            return (_line(f"learnt: {one_line(lesson.text)}", "lesson"),)
        case events.BankFailed(reason=reason):
            return (_line(one_line(reason), "warning"),)
        case events.Proposed() | events.Judging() | events.Finished():
            return ()
        case Wanted(models=models):
            named = (f"{each.title}, {size(each.size)}, licence {each.licence}" for each in models)
            return tuple(_line(f"Fetching {model}.", indented=False) for model in named)
        case Opened() | Fetching() | Refused():
            return ()


def doing(message: Message, report: Report) -> str | None:
    """What goes on from here, in a few words; None if that is what went on before."""
    match message:
        case Opened():
            return "looking for calls to check and time it with"
        case Fetching(title=title, phase=phase, done=done, total=total):
            return f"{phase} {title}: {size(done)} of {size(total)}"
        case events.RoundBegan():
            return f"the team is at work{_given(message)}"
        case events.Proposed(candidate=candidate):
            return f"{candidate.agent} proposed a variant"
        case events.Judging(candidate=candidate):
            return f"checking and timing {candidate.agent}'s variant {candidate.id}"
        case events.Judged() | events.NotJudged() if report.phase == "explaining":
            return "asking why it came out so"
        case _:
            return None


def status(message: Message, report: Report) -> str | None:
    """What happened or goes on, in one sentence with its place in the run; None if it is not worth one."""
    where = f"round {report.round} of {report.rounds}: " if report.round else ""
    match message:
        case Opened(sandbox=sandbox, hosts=hosts, may_pass=may_pass):
            sent = f"; your code is sent to {', '.join(hosts)}" if hosts else ""
            passed = f"; your code may be passed on by {', '.join(may_pass)}" if may_pass else ""
            return f"{doing(message, report)}, sandbox {sandbox}{sent}{passed}"
        case Wanted():
            return None  # the user is asked first
        case events.BankFailed(reason=reason):
            return reason
        case events.RoundBegan():
            return f"{where}{doing(message, report)}"
        case _:
            happened = lines(message, report)
            sentence = happened[0].text if happened else doing(message, report)
            return sentence and f"{where}{sentence}"


def exposure(opened: Opened) -> tuple[Line, ...]:
    """Who will read the user's code elsewhere than on this machine, before they do."""
    asked = {"Your code will be sent to": opened.hosts, "May pass your code on": opened.may_pass}
    return tuple(
        _line(f"{words}: {', '.join(named)}", indented=False) for words, named in asked.items() if named
    )


def _given(event: events.RoundBegan) -> str:
    return f", with {count(len(event.lessons), 'lesson')}" if event.lessons else ""


def _line(text: str, tone: Tone = "plain", indented: bool = True) -> Line:
    return Line(((text, tone),), indented)
