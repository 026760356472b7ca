"""Jobs: one optimisation each, run by an engine of its own beside all requests, one at a time.

A job waits for its turn, follows its engine's messages into a report, and ends as an offer or as a sentence
that says why there is none.
"""

import asyncio
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lsprotocol import types

from quickstudy import events
from quickstudy.errors import InputError
from quickstudy.languages import Site, language_for
from quickstudy.machine import this_machine
from quickstudy.narrate import status
from quickstudy.records import Target
from quickstudy.report import Report, as_json
from quickstudy.settings import Settings
from quickstudy.wire import Fetching, Message, Opened, OptimizeRequest, Refused, Wanted
from quickstudy_server import offering
from quickstudy_server.agreement import ask_for_team
from quickstudy_server.child import Crashed, Engine, engine
from quickstudy_server.messages import UNTRUSTED
from quickstudy_server.offers import Offer
from quickstudy_server.progress import Progress, percentage
from quickstudy_server.snapshot import Snapshot

if TYPE_CHECKING:
    from quickstudy_server.server import Server

KEPT = 50
"""So many jobs that are over are remembered, for their reports."""

State = Literal["queued", "running", "offered", "over"]


@dataclass
class Job:
    """One optimisation of one function as it stood when it was asked for."""

    id: str
    snapshot: Snapshot
    site: Site
    target: Target
    root: Path
    report: Report
    lesson: int | None = None
    """A lesson that the user was shown for this function."""
    state: State = "queued"
    task: "asyncio.Task[Any] | None" = None
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    said: str = "waiting for its turn"
    """The last sentence about it."""
    percentage: int = 0
    """How far it is; it never runs backwards."""

    def as_json(self) -> dict[str, Any]:
        """The report, in the contract's form."""
        return as_json(self.report, (self.ended or time.monotonic()) - self.began)


class Jobs:
    """All jobs of one server."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._jobs: dict[str, Job] = {}
        """By id, the oldest first."""
        self._turn = asyncio.Lock()
        """Held by the job that runs: two at once would spoil each other's timings."""

    def get(self, id: str) -> Job | None:
        return self._jobs.get(id)

    @property
    def open(self) -> list[Job]:
        """Those that run or wait."""
        return [job for job in self._jobs.values() if job.state in ("queued", "running")]

    def start(self, snapshot: Snapshot, site: Site, root: Path, lesson: int | None = None) -> Job:
        """Queue a job for a function, unless there is one already. Raises InputError."""
        for job in self.open:
            if (job.snapshot.uri, job.target.qualname) == (snapshot.uri, site.qualname):
                return job
        target = language_for(snapshot.path).find(snapshot.path, snapshot.text, site.qualname)
        job = Job(
            uuid.uuid4().hex[:12], snapshot, site, target, root, Report(target, root, this_machine()), lesson
        )
        self._jobs[job.id] = job
        for old in [each for each in self._jobs.values() if each.state in ("offered", "over")][:-KEPT]:
            del self._jobs[old.id]
        job.task = self._server.spawn(self._run(job))
        return job

    def cancel(self, job: Job) -> bool:
        """End a job; whether there was anything to end."""
        return job.task is not None and job.task.cancel()

    async def _run(self, job: Job) -> None:
        progress = Progress(self._server)
        try:
            await progress.begin(f"Optimizing `{job.target.name}`", job.said, lambda: self.cancel(job))
            async with self._turn:
                job.state = "running"
                await self._optimise(job, progress)
        except asyncio.CancelledError:
            job.said = "It was cancelled; what was learnt is kept."
            raise
        finally:
            job.state = "offered" if job.state == "offered" else "over"
            self._server.note(f"{job.target.qualname}: {job.said}")
            progress.end(job.said)
            self._server.hints.everywhere()

    async def _optimise(self, job: Job, progress: Progress) -> None:
        chosen = await self._server.settings(job.root, job.snapshot.uri)
        if not chosen.trusted:
            self._refuse(job, UNTRUSTED)
            return
        if chosen.configuration.recommended:
            try:
                await ask_for_team(self._server, job.root, chosen.configuration)
            except InputError as error:
                self._refuse(job, str(error))
                return
            chosen = await self._server.settings(job.root, job.snapshot.uri)
        job.report = replace(job.report, settings=chosen.configuration.described(), rounds=chosen.run.rounds)
        target = job.target
        request = OptimizeRequest(target.path, target.text, target.qualname, job.root, chosen.run, job.lesson)
        try:
            async with engine(request) as child:
                while (message := await child.read()) is not None:
                    await self._follow(job, message, chosen.run, child, progress)
        except (Crashed, OSError) as error:
            self._refuse(job, str(error), types.MessageType.Error)
            return
        finally:
            job.ended = time.monotonic()
        if job.report.best is not None:
            self._offer(job)
        elif job.report.verdict != "interrupted":
            self._refuse(job, _why_none(job.report), types.MessageType.Info)

    async def _follow(
        self, job: Job, message: Message, settings: Settings, child: Engine, progress: Progress
    ) -> None:
        match message:
            case Refused(reason=reason):
                self._refuse(job, reason)
            case Opened(sandbox=sandbox, notice=notice):
                job.report = replace(job.report, sandbox=sandbox)
                if notice:
                    self._server.say(notice, types.MessageType.Warning)
            case Wanted():
                if await offering.may_fetch(self._server, message):
                    child.agree()
                else:
                    self._refuse(
                        job, "The models were not fetched; name others in the setting quickstudy.team."
                    )
                    child.dismiss()
            case Fetching():
                job.report = replace(job.report, phase="fetching")
            case events.BankFailed(reason=reason):
                job.report = job.report.after(message)
                self._server.say(reason, types.MessageType.Warning)
            case _:
                job.report = job.report.after(message)
        said = status(message, job.report)
        if said:
            job.said = said
            self._server.note(f"{job.target.qualname}: {said}")
            now = percentage(job.report, len(settings.team))
            job.percentage = max(job.percentage, now)
            progress.report(said, job.percentage)

    def _refuse(self, job: Job, reason: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        job.said = reason
        self._server.say(f"{job.target.qualname}: {reason}", kind)

    def _offer(self, job: Job) -> None:
        """Keep the winner until the user decides, unless the function was changed meanwhile."""
        assert job.report.best is not None
        candidate, measured = job.report.best
        snapshot, whole, name = job.snapshot, job.site.whole, job.site.name
        rows = [snapshot.line(number) for number in range(whole.line, whole.end_line + 1)]
        start = snapshot.starts[whole.line]
        end = snapshot.starts[whole.end_line] + len(rows[-1])
        row = snapshot.line(name.line).encode(errors="surrogatepass")
        offer = Offer(
            job=job.id,
            uri=snapshot.uri,
            qualname=job.target.qualname,
            sha256=job.target.sha256,
            rows=snapshot.text[start:end],
            line=whole.line,
            name_row=name.line - whole.line,
            name_start=len(row[: name.column].decode(errors="replace")),
            name_end=len(row[: name.end_column].decode(errors="replace")),
            variant=candidate.source,
            agent=candidate.agent,
            speedup=measured.speedup,
            low=measured.low,
            high=measured.high,
            diff=job.report.diff,
            report=job.as_json(),
        )
        job.state = "offered"
        job.said = f"{offer.figures}, by {offer.agent}"
        self._server.offers.add(offer, job.root)
        offering.announce(self._server, offer)


def _why_none(report: Report) -> str:
    """Why there is no offer: the run's own reason, and what became of the variants."""
    counts = Counter(verdict.kind for _, verdict in report.judged)
    tally = ", ".join(f"{number} {kind}" for kind, number in counts.most_common())
    return f"{report.reason or ''}{f' The variants: {tally}.' if tally else ''}".strip()
