"""The child that runs one embedded model: started by path, it imports llama.cpp and nothing of ours.

It is given its settings as JSON, tells its address in one line on standard output, and ends when standard
input does: the parent holds the other end, and no death of the parent, however sudden, leaves that open.
"""

import ctypes
import importlib
import json
import os
import select
import signal
import sys
from contextlib import suppress
from typing import Any, TypedDict


class Settings(TypedDict):
    """What the parent decides."""

    path: str
    context: int
    """Tokens of prompt and answer together."""
    threads: int
    cache_mib: int
    """Memory for prompts read earlier, so that a prompt with the same beginning is not read again."""


def main() -> None:
    settings: Settings = json.loads(sys.argv[1])
    # llama.cpp holds the interpreter while it loads, so until then the kernel watches the parent for us;
    # only until then, for what it watches is the thread that started us, which may end before the parent.
    _die_with_parent(signal.SIGKILL)
    if _parent_has_ended():  # before the kernel was asked
        return
    answer = os.dup(1)
    os.dup2(2, 1)  # what llama.cpp prints is no address
    server = _serve(settings)
    _die_with_parent(0)
    with suppress(BrokenPipeError):  # the parent is gone already, as the next read will tell
        os.write(answer, f"{server.listening_address}/v1\n".encode())
    os.close(answer)
    while os.read(0, 1):
        pass
    os._exit(0)  # llama.cpp's own way out waits, be it for an answer or for ever


def _die_with_parent(number: int) -> None:
    """Set the signal that Linux sends us when the parent's thread ends; elsewhere the pipe alone must do."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, number)


def _parent_has_ended() -> bool:
    lifeline = select.poll()
    lifeline.register(0, 0)  # that the other end is closed is told unasked
    return bool(lifeline.poll(0))


def _serve(settings: Settings) -> Any:
    llama: Any = importlib.import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = settings["path"]
    params.n_ctx = settings["context"]
    params.n_parallel = 1  # slots share the cores and the context: two at once are slower than two in turn
    # A request that was given up is noticed between batches: 128 tokens are seconds, 2048 were a minute.
    params.n_batch = params.n_ubatch = 128
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings["threads"]
    params.cache_ram_mib = settings["cache_mib"]
    params.verbosity = 1  # errors only
    params.ui = params.endpoint_slots = False
    params.cors_origins = ""  # no web page may ask
    return llama.Server(params)  # on 127.0.0.1 and a port that was free, once the model is loaded


if __name__ == "__main__":
    main()
