"""Which failure it was when a model could not be asked: one sentence, and whether to try again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quickstudy.errors import AgentError
from quickstudy.figures import seconds
from quickstudy.records import Agent
from quickstudy.team import address

LONGEST_WAIT_S = 20.0
"""The longest that a server may make us wait between two tries."""


TOO_LONG = ("context_length_exceeded", "exceed_context_size_error")
"""What OpenAI and llama.cpp call a prompt that does not fit."""


class Refused(AgentError):
    """No model read the request, so that it cost nothing."""


class NoAnswer(Exception):
    """There is no completion: the server's status, headers and code of the error, if there are any."""

    def __init__(
        self, status: int = 0, headers: Mapping[str, str] | None = None, code: object = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.headers = headers
        self.code = code


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with one try, and whether to try again; when, if the server said so."""

    error: AgentError
    again: bool = False
    after_s: float | None = None


def diagnose(error: NoAnswer, agent: Agent, *, remedy: str) -> Failure:
    """Tell failures apart by status, headers and what lies beneath.

    litellm's own classes blur them: a refused connection is a server's error 500 there. `remedy` says where a
    better key goes. The provider's own message is never repeated: it may hold a part of the key.
    """
    import httpx

    model, url = agent.model, address.base(agent)
    chain = list(_chain(error))
    # Only a server's real answer has headers; an error 500 without any is litellm's own.
    status, headers = error.status, error.headers

    if any(isinstance(link, httpx.ConnectError) for link in chain) and address.is_loopback(url):
        return _final(f"No server answers at {url}; start it, or name another model than {model}.")
    if any(isinstance(link, httpx.TransportError) for link in chain):
        return _passing(f"The connection to {model} failed; check the network, or name another model.")
    if status == 402 or any(getattr(link, "code", None) == "insufficient_quota" for link in chain):
        return _final(f"The account for {model} is used up; add credit, or name another model.")
    if status in (401, 403):
        return _final(f"{model}: the key was refused; {remedy}.")
    if error.code in TOO_LONG:
        return _final(f"The function and its context are too long for {model}; name a model that reads more.")
    if 300 <= status < 400:
        return _final(f"The server of {model} sends requests on to another; name that one's address.")
    if status == 404 and url is None:
        return _final(f"{model} is not known to its provider as a model for chats; check the name.")
    if status == 404:
        return _final(f"{model} is not known to its server; check the name, or pull the model there.")
    if status == 429:
        return _crowded(model, _retry_after(headers or {}))
    if status == 408:
        return _passing(f"{model} took too long to answer; try again, or name a faster one.")
    if status >= 500 and headers is not None:
        return _passing(f"The server of {model} failed with status {status}; try again later.")
    if status >= 500 or not status:
        return _passing(f"The server of {model} sent what is no answer of a model; check its address.")
    return _final(f"{model} refused the request with status {status}; check its name and settings.")


def _final(sentence: str) -> Failure:
    return Failure(Refused(sentence))


def _passing(sentence: str, after_s: float | None = None) -> Failure:
    return Failure(AgentError(sentence), again=True, after_s=after_s)


def _crowded(model: str, after_s: float | None) -> Failure:
    if after_s is not None and after_s > LONGEST_WAIT_S:
        return _final(
            f"{model} has had too many requests and asks to wait {seconds(after_s)}; try again then."
        )
    return _passing(f"{model} has had too many requests; try again later, or name fewer agents.", after_s)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that lies beneath it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the server asks to wait. The form with a date is rare, and then our own wait does."""
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None
