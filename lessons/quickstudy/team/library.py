"""litellm, loaded once and with every switch set first, so that it does nothing behind anybody's back."""

import asyncio
import importlib
import importlib.util
import json
import logging
import os
import threading
import warnings
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any

from quickstudy.errors import AgentError
from quickstudy.machine import no_garbage
from quickstudy.plain_text import one_line

_SWITCHES = {
    # Prices and headers come with the package; it would fetch newer ones from the network.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    # Else it reads a `.env` of the folder it is started in, or of one above.
    "LITELLM_MODE": "PRODUCTION",
    # True would send every call to a proxy of litellm's, whatever address was named.
    "USE_LITELLM_PROXY": "False",
}

_LOOPBACK = "localhost,127.0.0.1,::1"
"""What `address.is_loopback` calls this machine."""

_TABLE = "model_prices_and_context_window_backup.json"
"""What it knows of models, in its package."""

_BROKEN = (ImportError, ValueError, OSError)
"""What an installation raises that is not complete, or a variable that should hold a number."""


async def litellm() -> Any:
    """The library. Its types are too loose to check: Any. Raises AgentError if it cannot be loaded."""
    try:
        return await asyncio.wrap_future(load())
    except _BROKEN as error:
        raise _broken(error) from error


async def models() -> dict[str, dict[str, Any]]:
    """What the library knows of each model, by name. It is not loaded for that. Raises AgentError."""
    try:
        return await asyncio.to_thread(_models)
    except _BROKEN as error:
        raise _broken(error) from error


@cache
def _models() -> dict[str, dict[str, Any]]:
    spec = importlib.util.find_spec("litellm")
    if spec is None or spec.origin is None:
        raise ImportError("No module named 'litellm'")
    return json.loads(Path(spec.origin).with_name(_TABLE).read_text(encoding="utf-8"))


def _broken(error: Exception) -> AgentError:
    return AgentError(
        f"litellm, which asks hosted models, cannot be loaded ({one_line(str(error))}); "
        "mend its variables in the environment, or install quickstudy anew."
    )


@cache
def load() -> Future[Any]:
    """Begin to import it, once, in a thread: it takes seconds."""
    loaded: Future[Any] = Future()
    loaded.set_running_or_notify_cancel()  # nobody who waits may cancel it for the others

    def run() -> None:
        try:
            loaded.set_result(_import())
        except _BROKEN as error:
            loaded.set_exception(error)
        except BaseException as error:
            loaded.set_exception(error)  # nobody must wait for ever
            raise

    # A daemon, where asyncio's own threads would be waited for: Ctrl-C must not wait for an import.
    threading.Thread(target=run, name="litellm", daemon=True).start()
    return loaded


def _import() -> Any:
    os.environ.update(_SWITCHES)
    os.environ.pop("CUSTOM_TIKTOKEN_CACHE_DIR", None)  # the tables in the package are complete
    _keep_from_proxies()
    with no_garbage():
        import litellm

        # Both would come with the first call, and hold up the event loop for most of a second.
        importlib.import_module("openai.resources")
        litellm.ModelResponse()
    litellm.suppress_debug_info = True
    litellm.disable_hf_tokenizer_download = True  # it only counts tokens with them
    # What a server sent in the wrong form would be shown to the user, by pydantic.
    warnings.filterwarnings("ignore", message="Pydantic serializer warnings")
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).disabled = True
    return litellm


def _keep_from_proxies() -> None:
    """A proxy is for the network: what is meant for this machine must not be sent to it."""
    listed = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    if listed != "*":  # which is only heeded where it stands alone
        os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(filter(None, [listed, _LOOPBACK]))
