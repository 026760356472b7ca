"""The end of a run on stdout: every variant with its verdict and reason, the lessons, the best as a diff."""

from quickstudy.figures import count, measured, money, seconds, times
from quickstudy.plain_text import one_line
from quickstudy.report import Report
from quickstudy.shell.terminal import out, say, style_of


def show_ending(report: Report, total_s: float) -> None:
    """Everything a person wants to know of a run, the most important last."""
    if report.judged:
        _show_variants(report)
    if report.lessons:
        _show_lessons(report)
    if report.best:
        _show_diff(report.diff)
    _show_result(report, total_s)


def _show_variants(report: Report) -> None:
    from rich.text import Text

    wide = max(len(candidate.id) for candidate, _ in report.judged) + 2
    for candidate, verdict in report.judged:
        line = Text(f"{candidate.id:<{wide}}").append(f"{verdict.kind:<12}", style_of(verdict.kind))
        line.append(f"{measured(verdict.measurement):<26}{candidate.agent}")
        say(out(), line)
        if verdict.reason:
            say(out(), one_line(verdict.reason), wide, "dim")
    out().print()


def _show_lessons(report: Report) -> None:
    from rich.text import Text

    say(out(), "Lessons learnt", 0, "bold")
    for lesson in report.lessons:
        gain = f" {times(lesson.speedup)}" if lesson.speedup else ""
        line = Text().append(lesson.outcome, style_of(lesson.outcome))
        number = lesson.id or "not in the bank yet"
        say(out(), line.append(f"{gain}: {one_line(lesson.text)} ({number})"), 2)
    out().print()


def _show_diff(diff: str) -> None:
    from rich.text import Text

    styles = {"+": "green", "-": "red", "@": "cyan"}
    for line in diff.split("\n"):
        out().print(Text(line, styles.get(line[:1], "")), soft_wrap=True)


def _show_result(report: Report, total_s: float) -> None:
    if report.best:
        candidate, measurement = report.best
        gain = f"{report.target.qualname} can be {measured(measurement)} faster"
        say(out(), f"{gain}: {candidate.id}, by {candidate.agent}.", 0, "bold green")
    if report.reason:
        say(out(), one_line(report.reason), 0, "" if report.best else "bold")
    tokens = report.usage.prompt_tokens + report.usage.completion_tokens
    spent = f" {count(tokens, 'token')}, {money(report.usage.cost_usd)}." if tokens else ""
    say(out(), f"Took {seconds(total_s)}.{spent}", 0, "dim")
