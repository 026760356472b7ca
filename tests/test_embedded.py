"""Embedded models in real child processes; those marked `model` run the smaller one for real."""

import asyncio
import importlib.util
import json
import os
import select
import signal
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from quickstudy.errors import AgentError, InputError
from quickstudy.team.catalogue import Model, find
from quickstudy.team.embedded import Runtime, physical_cores

T = TypeVar("T")

NAME = "qwen2.5-coder-0.5b"
needs_llama = pytest.mark.skipif(
    importlib.util.find_spec("xllamacpp") is None, reason="quickstudy[local] is not installed"
)


def children(pid: int | str = "self") -> set[int]:
    """The ids of a process's children."""
    lists = (path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return {int(child) for text in lists for child in text.split()}


def until(look: Callable[[], T | None]) -> T:
    """Look again until there is something."""
    while not (found := look()):
        os.sched_yield()
    return found


def post(url: str, question: str) -> str:
    body = {"messages": [{"role": "user", "content": question}], "max_tokens": 8, "temperature": 0}
    request = urllib.request.Request(
        f"{url}/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)["choices"][0]["message"]["content"]


def test_threads_are_cores_that_may_be_used() -> None:
    """At least one, and never more than the processors this process is bound to."""
    assert 1 <= physical_cores() <= len(os.sched_getaffinity(0))


async def test_a_model_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The user reads how to get it; an unknown name is said to be unknown."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    async with Runtime() as runtime:
        with pytest.raises(InputError, match=f"run `quickstudy models pull {NAME}`"):
            await runtime.serve(NAME)
        with pytest.raises(InputError, match="There is no embedded model 'qwen3'"):
            await runtime.serve("qwen3")


@needs_llama
async def test_a_model_that_does_not_load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A child that ends at once costs the attempt, with llama.cpp's own last word, and is not left behind."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = find(NAME).path
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(find(NAME).size)
    before = children()
    async with Runtime() as runtime:
        with pytest.raises(AgentError, match=r"ended with status \d+ \(.+\); run `quickstudy doctor`"):
            await runtime.serve(NAME)
    assert children() == before


@needs_llama
@pytest.mark.model
async def test_serves_and_ends(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model has one child that sees no secrets; it starts anew if killed, and ends with the block."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    before = children()
    async with Runtime() as runtime:
        url, again = await asyncio.gather(runtime.serve(NAME), runtime.serve(NAME))
        (child,) = children() - before
        assert url == again
        assert url.startswith("http://127.0.0.1:")
        assert "4" in await asyncio.to_thread(post, url, "What is 2+2? Answer with a number only.")
        assert b"secret" not in Path(f"/proc/{child}/environ").read_bytes()
        assert runtime.died(NAME) is None

        ended = os.pidfd_open(child)
        os.kill(child, signal.SIGKILL)
        await asyncio.to_thread(select.select, [ended], [], [], 60)
        os.close(ended)
        sentence = await asyncio.to_thread(until, lambda: runtime.died(NAME))
        assert sentence.startswith(f"The model {NAME} was killed, probably for lack of memory")

        url = await runtime.serve(NAME)
        assert await asyncio.to_thread(post, url, "Say yes.")
    assert children() == before


PARENT = f"""
import asyncio
from quickstudy.team.embedded import Runtime

async def main():
    async with Runtime() as runtime:
        starting = asyncio.create_task(runtime.serve("{NAME}"))
        print("starting", flush=True)
        print(await starting, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@needs_llama
@pytest.mark.model
@pytest.mark.parametrize("moment", ["loading", "ready", "answering"])
async def test_dies_with_its_parent(model: Model, moment: str) -> None:
    """`kill -9` of the parent ends the child: while it loads, while it waits and while it writes."""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert parent.stdout is not None
    await parent.stdout.readline()
    (child,) = await asyncio.to_thread(until, lambda: children(parent.pid))
    ended = os.pidfd_open(child)
    if moment != "loading":
        url = (await parent.stdout.readline()).decode().strip()
        if moment == "answering":
            host, port = url.split("/")[2].split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            body = b'{"prompt": "Once", "max_tokens": 4000, "stream": true, "ignore_eos": true}'
            writer.write(b"POST /v1/completions HTTP/1.0\r\nContent-Type: application/json\r\n")
            writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            await reader.readuntil(b"data:")
            writer.close()
    parent.kill()
    await parent.communicate()
    ready, _, _ = await asyncio.to_thread(select.select, [ended], [], [], 60)
    os.close(ended)
    assert ready == [ended]
