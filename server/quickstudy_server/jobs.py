"""Jobs: one optimization each, run by an engine of its own beside all requests, one at a time.

A job waits for its turn, follows its engine's messages into a report, and ends as an offer or as a sentence
that says why there is none.
"""

import asyncio
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, Literal

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
from quickstudy_server.agreement import ask_for_team, may_fetch
from quickstudy_server.child import Crashed, Engine, engine
from quickstudy_server.client import Client
from quickstudy_server.configuration import ProjectSettings
from quickstudy_server.messages import UNTRUSTED
from quickstudy_server.offering import Offering
from quickstudy_server.offers import Offer, Offers
from quickstudy_server.progress import Progress, percentage
from quickstudy_server.snapshot import Snapshot
from quickstudy_server.suggesting import Suggesting

REMEMBERED = 50
"""So many jobs that are over are remembered, for their reports."""

State = Literal["queued", "running", "offered", "over"]


@dataclass
class Job:
    """One optimization of one function as it stood when it was asked for."""

    id: str
    snapshot: Snapshot
    site: Site
    target: Target
    report: Report
    lesson: int | None = None
    """A lesson that the user was shown for this function."""
    state: State = "queued"
    task: asyncio.Task[None] | None = None
    began: float = field(default_factory=time.monotonic)
    ended: float | None = None
    status: str = "waiting for its turn"
    """The last sentence about it."""
    percentage: int = 0
    """How far it is; it never runs backwards."""

    def as_json(self) -> dict[str, Any]:
        """The report, in the contract's form."""
        return as_json(self.report, (self.ended or time.monotonic()) - self.began)


class Jobs:
    """All jobs of one server."""

    def __init__(
        self,
        client: Client,
        configuration: ProjectSettings,
        offers: Offers,
        offering: Offering,
        suggesting: Suggesting,
    ) -> None:
        self._client = client
        self._configuration = configuration
        self._offers = offers
        self._offering = offering
        self._suggesting = suggesting
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

    def start(self, snapshot: Snapshot, site: Site, lesson: int | None = None) -> Job:
        """Queue a job for a function, unless there is one already. Raises InputError."""
        for job in self.open:
            if (job.snapshot.uri, job.target.qualname) == (snapshot.uri, site.qualname):
                return job
        target = language_for(snapshot.path).find(snapshot.path, snapshot.text, site.qualname)
        report = Report(target, snapshot.root, this_machine())
        job = Job(uuid.uuid4().hex[:12], snapshot, site, target, report, lesson)
        self._jobs[job.id] = job
        for old in [each for each in self._jobs.values() if each.state in ("offered", "over")][:-REMEMBERED]:
            del self._jobs[old.id]
        job.task = self._client.spawn(self._run(job))
        return job

    def cancel(self, job: Job) -> bool:
        """End a job; whether there was anything to end."""
        return job.task is not None and job.task.cancel()

    async def _run(self, job: Job) -> None:
        progress = Progress(self._client)
        try:
            await progress.begin(f"Optimizing `{job.target.name}`", job.status, lambda: self.cancel(job))
            async with self._turn:
                job.state = "running"
                await self._optimize(job, progress)
        except asyncio.CancelledError:
            job.status = "It was cancelled; what was learnt is kept."
            raise
        finally:
            job.state = "offered" if job.state == "offered" else "over"
            self._client.note(f"{job.target.qualname}: {job.status}")
            progress.end(job.status)
            self._suggesting.everywhere()

    async def _optimize(self, job: Job, progress: Progress) -> None:
        chosen = await self._configuration.ask(job.snapshot.root, job.snapshot.uri)
        if not chosen.trusted:
            self._refuse(job, UNTRUSTED)
            return
        if chosen.configuration.recommended:
            try:
                await ask_for_team(self._client, job.snapshot.root, chosen.configuration)
            except InputError as error:
                self._refuse(job, str(error))
                return
            chosen = await self._configuration.ask(job.snapshot.root, job.snapshot.uri)
        job.report = replace(job.report, settings=chosen.configuration.described(), rounds=chosen.run.rounds)
        target = job.target
        root = job.snapshot.root
        request = OptimizeRequest(target.path, target.text, target.qualname, root, chosen.run, job.lesson)
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
                    self._client.say(notice, types.MessageType.Warning)
            case Wanted():
                if await may_fetch(self._client, message):
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
                self._client.say(reason, types.MessageType.Warning)
            case _:
                job.report = job.report.after(message)
        sentence = status(message, job.report)
        if sentence:
            job.status = sentence
            self._client.note(f"{job.target.qualname}: {sentence}")
            now = percentage(job.report, len(settings.team))
            job.percentage = max(job.percentage, now)
            progress.report(sentence, job.percentage)

    def _refuse(self, job: Job, reason: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        job.status = reason
        self._client.say(f"{job.target.qualname}: {reason}", kind)

    def _offer(self, job: Job) -> None:
        """Keep the winner until the user decides, unless the function was changed meanwhile."""
        assert job.report.best is not None
        candidate, measured = job.report.best
        offer = Offer(
            job=job.id,
            uri=job.snapshot.uri,
            qualname=job.target.qualname,
            sha256=job.target.sha256,
            line=job.site.name.line,
            variant=candidate.source,
            agent=candidate.agent,
            speedup=measured.speedup,
            low=measured.low,
            high=measured.high,
            diff=job.report.diff,
            report=job.as_json(),
        )
        job.state = "offered"
        job.status = f"{offer.figures}, by {offer.agent}"
        self._offers.add(offer, job.snapshot.root)
        self._offering.announce(offer)


def _why_none(report: Report) -> str:
    """Why there is no offer: the run's own reason, and what became of the variants."""
    counts = Counter(verdict.kind for _, verdict in report.judged)
    tally = ", ".join(f"{number} {kind}" for kind, number in counts.most_common())
    return f"{report.reason or ''}{f' The variants: {tally}.' if tally else ''}".strip()
