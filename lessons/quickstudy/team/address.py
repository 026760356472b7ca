"""Where an agent is asked, and so whether the user's code leaves this machine."""

import ipaddress
import os
from urllib.parse import urlsplit

from quickstudy.records import Agent

LOCAL = "local/"
"""The prefix of an embedded model."""

# The variables litellm itself reads, and the address it takes when none is set.
_VARIABLES = {
    "openai": ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "ollama": ("OLLAMA_API_BASE",),
    "ollama_chat": ("OLLAMA_API_BASE",),
    "lm_studio": ("LM_STUDIO_API_BASE",),
    "hosted_vllm": ("HOSTED_VLLM_API_BASE",),
}
_DEFAULTS = {"ollama": "http://localhost:11434", "ollama_chat": "http://localhost:11434"}


def base(agent: Agent) -> str | None:
    """The address of the agent's server: named, else from the environment; None for the provider's own."""
    if agent.api_base:
        return agent.api_base
    provider = agent.model.partition("/")[0]
    set_here = (os.environ.get(variable) for variable in _VARIABLES.get(provider, ()))
    return next(filter(None, set_here), _DEFAULTS.get(provider))


def leaves(agent: Agent) -> bool:
    """Whether what this agent reads leaves the machine. When in doubt, it does."""
    return not agent.model.startswith(LOCAL) and not is_loopback(base(agent))


def is_loopback(url: str | None) -> bool:
    """Whether the address can only be this machine."""
    host = urlsplit(url or "").hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
