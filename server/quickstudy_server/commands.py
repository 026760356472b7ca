"""The commands. Each answers at once: what takes time goes on as a job, and tells of itself."""

from typing import Any

from quickstudy.errors import InputError
from quickstudy_server import lessons, words
from quickstudy_server.arguments import Json, answered, maybe_number, position, table, text
from quickstudy_server.jobs import Job
from quickstudy_server.messages import UNTRUSTED, plain
from quickstudy_server.offers import Offer, headline
from quickstudy_server.server import Server
from quickstudy_server.suggestions import Suggestion


def optimize(ls: Server, arguments: Any) -> Json:
    """Start a job for the function at a position: `{uri, position, lesson?}` -> `{job}`."""
    with answered():
        uri = text(arguments, "uri")
        ls.buffers.locate(uri)  # a project may have come to be meanwhile
        snapshot = ls.buffers.get(uri)
        line, lesson = position(arguments).line, maybe_number(arguments, "lesson")
        if snapshot is None:
            raise InputError("There is no open Python document of that address; open the file first.")
        sites = ls.buffers.sites(snapshot, line, line)
        if not sites:
            raise InputError(f"There is no function at line {line + 1}; put the cursor into one.")
        if sites[-1].problem:
            raise InputError(f"{sites[-1].qualname} cannot be optimized: {sites[-1].problem}")
        return {"job": ls.jobs.start(snapshot, sites[-1], lesson).id}


def cancel(ls: Server, arguments: Any) -> Json:
    """End a job: `{job}` -> `{cancelled}`."""
    with answered():
        return {"cancelled": ls.jobs.cancel(_job(ls, arguments))}


def apply(ls: Server, arguments: Any) -> Json:
    """Put an offer into the buffer, and say how that went: `{job}` -> `{job}`."""
    with answered():
        offer = _offer(ls, arguments)
        ls.client.spawn(ls.offering.apply(offer))
        return {"job": offer.job}


def show(ls: Server, arguments: Any) -> Json:
    """Open the page about an offer: `{job}` -> `{job}`."""
    with answered():
        offer = _offer(ls, arguments)
        ls.client.spawn(ls.offering.show(offer))
        return {"job": offer.job}


async def dismiss(ls: Server, arguments: Any) -> Json:
    """Drop an offer, or the hint on a function, for good: `{job}` or `{uri, position}` -> `{dismissed}`."""
    with answered():
        if "job" not in table(arguments):
            suggestion = _suggestion(ls, arguments)
            await ls.suggesting.dismiss(suggestion)
            return {"dismissed": suggestion.qualname}
        offer = _offer(ls, arguments)
        ls.offers.drop(offer)
        ls.diagnostics.publish(offer.uri)
        return {"dismissed": offer.qualname}


def report(ls: Server, arguments: Any) -> Json:
    """What a job found, as far as it is: `{job}` -> the report of `quickstudy optimize --json`."""
    with answered():
        job = text(arguments, "job")
        offer = ls.offers.get(job)
        return words.worded(offer.report if offer else _job(ls, arguments).as_json())


def preview(ls: Server, arguments: Any) -> Json:
    """What applying an offer would do: `{job}` -> `{uri, version, before, after, start, title}`."""
    with answered():
        offer = _offer(ls, arguments)
        edited = ls.offering.edited(offer)
        return {
            "uri": edited.old.uri,
            "version": edited.old.version,
            "before": edited.old.text,
            "after": edited.new,
            "start": ls.offers.line(offer),
            "title": plain(f"{headline(offer)}, by {offer.agent}"),
        }


def jobs(ls: Server, *_: Any) -> list[Json]:
    """The jobs that run or wait, the oldest first, then the offers: `{}` -> a list, see below."""
    return [*(_of_job(ls, job) for job in ls.jobs.open), *(_of_offer(ls, offer) for offer in ls.offers)]


def _of_job(ls: Server, job: Job) -> Json:
    return {
        "job": job.id,
        "uri": job.snapshot.uri,
        "qualname": job.target.qualname,
        "name": job.target.name,
        "state": job.state,
        "said": plain(job.status),
        "percentage": job.percentage,
        "round": job.report.round,
        "rounds": job.report.rounds,
        "phase": job.report.phase,
        **dict.fromkeys(("speedup", "low", "high")),
        "words": words.of_speedup({}),
        "line": ls.buffers.line(job.snapshot.uri, job.site),
        "page": None,
    }


def _of_offer(ls: Server, offer: Offer) -> Json:
    return {
        "job": offer.job,
        "uri": offer.uri,
        "qualname": offer.qualname,
        "name": offer.name,
        "state": "offered",
        "said": plain(f"{offer.figures}, by {offer.agent}"),
        "percentage": 100,
        "round": 0,
        "rounds": 0,
        "phase": "over",
        "speedup": offer.speedup,
        "low": offer.low,
        "high": offer.high,
        "words": words.of_speedup(vars(offer)),
        "line": ls.offers.line(offer),
        "page": ls.offers.page(offer).as_uri(),
    }


COMMANDS = {
    "quickstudy.optimize": optimize,
    "quickstudy.cancel": cancel,
    "quickstudy.apply": apply,
    "quickstudy.preview": preview,
    "quickstudy.show": show,
    "quickstudy.dismiss": dismiss,
    "quickstudy.report": report,
    "quickstudy.jobs": jobs,
    "quickstudy.lessons": lessons.lessons,
    "quickstudy.pin": lessons.pin,
    "quickstudy.forget": lessons.forget,
}


def _job(ls: Server, arguments: Any) -> Job:
    id = text(arguments, "job")
    job = ls.jobs.get(id)
    if job is None:
        raise InputError(f"There is no job {id}; it may be from before the server was restarted.")
    return job


def _offer(ls: Server, arguments: Any) -> Offer:
    id = text(arguments, "job")
    offer = ls.offers.get(id)
    if offer is None:
        raise InputError(f"The job {id} offers nothing: it found nothing, or its function was changed since.")
    if not ls.configuration.known(ls.offers.root(offer)).trusted:
        raise InputError(UNTRUSTED)
    return offer


def _suggestion(ls: Server, arguments: Any) -> Suggestion:
    line = position(arguments).line
    snapshot = ls.buffers.get(text(arguments, "uri"))
    here = {site.qualname for site in ls.buffers.sites(snapshot, line, line)} if snapshot else set[str]()
    for suggestion in ls.suggestions.of(snapshot.uri) if snapshot else ():
        if suggestion.qualname in here:
            return suggestion
    raise InputError(f"There is no hint on line {line + 1}.")
