"""Where an agent is asked, and so whether the user's code leaves this machine.

An address counts as this machine's only if every parser of addresses must read it so, and a server there as
one that keeps what it reads only if its kind computes itself or the user vouches for it. When in doubt, code
leaves. What is decided here is what happens: the address is always handed to whoever makes the request.
"""

import os
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from quickstudy.plain_text import one_line
from quickstudy.records import Agent
from quickstudy.team.providers import PROVIDERS, Provider

LOCAL = "local/"
"""The prefix of an embedded model."""

Exposure = Literal["stays", "may_pass", "leaves"]
"""What becomes of what an agent reads. `may_pass`: it goes to a server here that may send it on."""

# No user, no escape, no query: nothing that two parsers of addresses could read in two ways.
_TAIL = r"(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?"
_LOOPBACK = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])" + _TAIL, re.IGNORECASE | re.ASCII)
_PLAIN = re.compile(r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:]+\])" + _TAIL, re.IGNORECASE | re.ASCII)
_MODEL = re.compile(r"[A-Za-z0-9_.@+-]+(?:[/:]+[A-Za-z0-9_.@+-]+)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads the user's code, and what becomes of it."""

    model: str
    destination: str
    exposure: Exposure

    def __str__(self) -> str:
        return f"{self.model} at {self.destination}"


def recipient(agent: Agent) -> Recipient:
    """What a person must know of an agent before their code is sent."""
    return Recipient(one_line(agent.model), destination(agent), exposure(agent))


def exposure(agent: Agent) -> Exposure:
    """What becomes of what this agent reads."""
    if _embedded(agent):
        return "stays"
    provider, url = _provider(agent), base(agent)
    here = is_loopback(url)
    if provider is None or url is None or not (here or agent.local):
        return "leaves"
    if _in_the_cloud(agent):
        return "may_pass"
    if agent.local or (provider.computes and not _named_by_project(agent)):
        return "stays"
    return "may_pass"


def destination(agent: Agent) -> str:
    """Where an agent is asked, for a person: an address without user, password and query."""
    if _embedded(agent):
        return "this machine"
    provider, url = _provider(agent), base(agent)
    if provider is None:
        chosen = f"an address that {one_line(_prefix(agent))} chooses"
        return f"{_shown(url)}, or {chosen}" if url else chosen
    return _shown(url) if url else provider.home or f"an address that {_prefix(agent)} chooses"


def base(agent: Agent) -> str | None:
    """The address of the agent's server: named, else from the environment; None for the provider's own."""
    if agent.api_base:
        return agent.api_base
    provider = _provider(agent)
    if provider is None:
        return None
    set_here = (os.environ.get(variable) for variable in provider.variables)
    return next(filter(None, set_here), provider.default)


def computes_here(agent: Agent) -> bool:
    """Whether the model may run on this machine, where it and whatever is timed would spoil each other."""
    return exposure(agent) != "leaves" and (_embedded(agent) or is_loopback(base(agent)))


def is_sealed(agent: Agent) -> bool:
    """Whether nothing of the user's environment may go along: our own server, or one that a project named."""
    return _embedded(agent) or _named_by_project(agent)


def is_direct(agent: Agent) -> bool:
    """Whether we ask the server ourselves, in OpenAI's protocol, and not through litellm."""
    provider = _provider(agent)
    return is_sealed(agent) or (provider is not None and provider.computes)


def key(agent: Agent) -> str | None:
    """The one key for a server that we ask ourselves: the user's for its address, else the environment's."""
    provider = _provider(agent)
    if agent.key or is_sealed(agent) or provider is None or provider.key is None:
        return agent.key
    return os.environ.get(provider.key)


def refusal(agent: Agent) -> str | None:
    """In one sentence why an agent that a project named is not asked, if it is not."""
    if not agent.from_project or _embedded(agent):
        return None
    provider, model = _provider(agent), one_line(agent.model)
    remedy = "name it in your own settings if you trust it"
    if not _MODEL.fullmatch(agent.model) or ".." in agent.model or "//" in agent.model:
        return f"The project names the model {model}, which is no plain name; {remedy}."
    if agent.api_base and not _PLAIN.fullmatch(agent.api_base):
        return f"The project names an address for {model} that is no plain one; {remedy}."
    if agent.api_base and not (provider and provider.compatible):
        return (
            f"A project may not say where {model} is asked, as its provider needs more than a key; {remedy}."
        )
    if not base(agent) and not (provider and provider.home):
        return f"It is not known where {model}, which the project names, would be asked; {remedy}."
    return None


def is_loopback(url: str | None) -> bool:
    """Whether the address can only be this machine, and no proxy is asked for it.

    The rest of 127.0.0.0/8 is not among them: for httpx and urllib, `NO_PROXY` names single addresses.
    """
    return bool(_LOOPBACK.fullmatch(url or ""))


def _embedded(agent: Agent) -> bool:
    return agent.model.startswith(LOCAL)


def _named_by_project(agent: Agent) -> bool:
    return agent.from_project and bool(agent.api_base)


def _prefix(agent: Agent) -> str:
    return agent.model.partition("/")[0]


def _provider(agent: Agent) -> Provider | None:
    return PROVIDERS.get(_prefix(agent))


def _in_the_cloud(agent: Agent) -> bool:
    """Whether Ollama would have the model computed by its own cloud, which the model's tag says."""
    tag = agent.model.rpartition(":")[2].lower()
    return _prefix(agent).startswith("ollama") and (tag == "cloud" or tag.endswith("-cloud"))


def _shown(url: str) -> str:
    if _PLAIN.fullmatch(url):
        return url
    try:
        parts = urlsplit(url)
        return one_line(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")
    except ValueError:
        return "an address that cannot be read"
