"""The commands. Each answers at once: what takes time goes on as a job, and tells of itself."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from quickstudy.errors import InputError, QuickstudyError
from quickstudy.project import bank_path
from quickstudy.wire import to_json
from quickstudy_server import offering
from quickstudy_server.jobs import Job
from quickstudy_server.offers import Offer
from quickstudy_server.server import Server

REQUEST_FAILED = -32803

Json = dict[str, Any]


def optimize(ls: Server, arguments: Any) -> Json:
    """Start a job for the function at a position: `{uri, position, lesson?}` -> `{job}`."""
    with _answered():
        uri, position = _text(arguments, "uri"), _position(arguments)
        lesson = _table(arguments).get("lesson")
        snapshot = ls.document(uri)
        if snapshot is None:
            raise InputError("There is no open Python document of that address; open the file first.")
        sites = ls.sites(snapshot, position.line, position.line)
        if not sites:
            raise InputError(f"There is no function at line {position.line + 1}; put the cursor into one.")
        if sites[-1].problem:
            raise InputError(f"{sites[-1].qualname} cannot be optimised: {sites[-1].problem}")
        lesson = lesson if isinstance(lesson, int) else None
        return {"job": ls.jobs.start(snapshot, sites[-1], ls.root(snapshot.path), lesson).id}


def cancel(ls: Server, arguments: Any) -> Json:
    """End a job: `{job}` -> `{cancelled}`."""
    with _answered():
        return {"cancelled": ls.jobs.cancel(_job(ls, arguments))}


def apply(ls: Server, arguments: Any) -> Json:
    """Put an offer into the buffer: `{job}` -> `{job}`; how that went is said."""
    with _answered():
        offer = _offer(ls, arguments)
        ls.spawn(offering.apply(ls, offer))
        return {"job": offer.job}


def show(ls: Server, arguments: Any) -> Json:
    """Open the page about an offer: `{job}` -> `{job}`."""
    with _answered():
        offer = _offer(ls, arguments)
        ls.spawn(offering.show(ls, offer))
        return {"job": offer.job}


def dismiss(ls: Server, arguments: Any) -> Json:
    """Drop an offer for good: `{job}` -> `{job}`."""
    with _answered():
        offer = _offer(ls, arguments)
        ls.offers.drop(offer)
        ls.publish(offer.uri)
        return {"job": offer.job}


def report(ls: Server, arguments: Any) -> Json:
    """The JSON report of a job as far as it is: `{job}` -> the object of `quickstudy optimize --json`."""
    with _answered():
        job = _text(arguments, "job")
        offer = ls.offers.get(job)
        return offer.report if offer else _job(ls, arguments).as_json()


def jobs(ls: Server, *_: Any) -> list[Json]:
    """The jobs that run or wait, in the order in which they began."""
    return [
        {
            "job": job.id,
            "uri": job.snapshot.uri,
            "qualname": job.target.qualname,
            "state": job.state,
            "said": job.said,
        }
        for job in ls.jobs.open
    ]


def lessons(ls: Server, arguments: Any) -> list[Json]:
    """Search the banks of the workspace: `{query, uri?}` -> lessons, best first."""
    from quickstudy.bank import Bank

    with _answered():
        query, uri = _text(arguments, "query"), _table(arguments).get("uri")
        snapshot = ls.document(uri) if isinstance(uri, str) else None
        roots = [ls.root(snapshot.path)] if snapshot else ls.roots
        found: list[Json] = []
        for path in map(bank_path, roots):
            if path.exists():
                with Bank.open(path) as bank:
                    found += [to_json(lesson) for lesson in bank.search(query)]
        return found


COMMANDS = {
    "quickstudy.optimize": optimize,
    "quickstudy.cancel": cancel,
    "quickstudy.apply": apply,
    "quickstudy.show": show,
    "quickstudy.dismiss": dismiss,
    "quickstudy.report": report,
    "quickstudy.jobs": jobs,
    "quickstudy.lessons": lessons,
}


@contextmanager
def _answered() -> Generator[None]:
    """The border: a failure the user can mend becomes the request's answer."""
    try:
        yield
    except QuickstudyError as error:
        raise JsonRpcException(str(error), REQUEST_FAILED) from error


def _table(arguments: Any) -> Json:
    if not isinstance(arguments, dict):
        raise JsonRpcInvalidParams("The command takes one object.")
    return cast("Json", arguments)


def _text(arguments: Any, name: str) -> str:
    value = _table(arguments).get(name)
    if not isinstance(value, str):
        raise JsonRpcInvalidParams(f"The command's object needs a text named {name}.")
    return value


def _position(arguments: Any) -> types.Position:
    table = _table(arguments).get("position")
    line = cast("Json", table).get("line") if isinstance(table, dict) else None
    if not isinstance(line, int) or line < 0:
        raise JsonRpcInvalidParams("The command's object needs a position with a line.")
    return types.Position(line, 0)


def _job(ls: Server, arguments: Any) -> Job:
    id = _text(arguments, "job")
    job = ls.jobs.get(id)
    if job is None:
        raise InputError(f"There is no job {id}; it may be from before the server was restarted.")
    return job


def _offer(ls: Server, arguments: Any) -> Offer:
    id = _text(arguments, "job")
    offer = ls.offers.get(id)
    if offer is None:
        raise InputError(f"The job {id} offers nothing: it found nothing, or its function was changed since.")
    return offer
