"""Offers on disk: what this user's server left is there again, and a stranger's files are not believed."""

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from quickstudy.project import Project
from quickstudy.wire import to_json
from quickstudy_server import offer_files
from quickstudy_server.offers import Offer, Offers
from quickstudy_server.signing import sign

JOB = "0123456789ab"


def offer(root: Path, job: str = JOB, **changes: object) -> Offer:
    made = Offer(
        job=job,
        uri=(root / "ledger.py").as_uri(),
        qualname=f"balances_{job}",
        sha256="0",
        rows="def balances(): ...",
        line=3,
        name_row=0,
        name_start=4,
        name_end=12,
        variant="def balances(): pass\n",
        agent="openai/scripted",
        speedup=12.3,
        low=11.0,
        high=13.0,
        diff="-old\n+new\n",
        report={"candidates": [], "lessons": []},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def loaded(root: Path) -> list[Offer]:
    """What a server that starts now has."""

    async def load() -> list[Offer]:
        offers = Offers()
        await offers.load(root)
        return list(offers)

    return asyncio.run(load())


def leave(root: Path, *offers: Offer) -> Path:
    """Leave offers as an earlier server did; the folder of their files."""
    shelf = Offers()
    for each in offers:
        shelf.add(each, root)
    return root / ".quickstudy" / "offers"


def test_an_offer_is_there_again_with_all_that_is_shown(tmp_path: Path) -> None:
    """The variant, the figures, the diff and the report; dropped, nothing of it is left."""
    made = offer(tmp_path)
    folder = leave(tmp_path, made)
    assert [made] == loaded(tmp_path)
    shelf = Offers()
    asyncio.run(shelf.load(tmp_path))
    shelf.page(made, "# Page")
    shelf.drop(made)
    assert [] == list(folder.iterdir())


def signed(root: Path, content: bytes) -> bytes:
    return sign(root, content) + b"\n" + content


def forged(root: Path, other: Path) -> dict[str, bytes]:
    """Files that a repository might bring, by their names."""
    jobs = [f"{number:012x}" for number in range(8)]
    true = [json.dumps(to_json(offer(root, job))).encode() for job in jobs]
    worse = true[2].replace(b"12.3", b"99.3")
    bomb = b"[" * 200_000
    return {
        f"{jobs[0]}.offer": true[0],
        f"{jobs[1]}.offer": b"\n" + true[1],
        f"{jobs[2]}.offer": sign(root, true[2]) + b"\n" + worse,
        f"{jobs[3]}.offer": signed(other, true[3]),
        f"{jobs[4]}.offer": sign(root, true[3]) + b"\n" + true[4],
        f"{jobs[5]}.json": true[5],
        f"{jobs[6]}.offer.offer": signed(root, true[6]),
        "00000000000A.offer": signed(root, json.dumps(to_json(offer(root, "00000000000A"))).encode()),
        "100000000000.offer": signed(root, true[7]),  # of another job
        "100000000001.offer": bomb,
        "100000000002.offer": signed(root, bomb),
        "100000000003.offer": signed(root, b"[1]"),
        "100000000004.offer": signed(root, b"\xff"),
        "100000000005.offer": b"",
    }


def test_what_no_server_of_this_user_wrote_is_no_offer(tmp_path: Path) -> None:
    """Unsigned, changed, of another project or job, and texts that no reader bears: the true one is there."""
    made = offer(tmp_path)
    folder = leave(tmp_path, made)
    for name, content in forged(tmp_path, tmp_path / "other").items():
        (folder / name).write_bytes(content)
    assert [made] == loaded(tmp_path)


def test_an_offer_of_another_user_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has another key; the file is theirs, and stays."""
    folder = leave(tmp_path, offer(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert [] == loaded(tmp_path)
    assert [f"{JOB}.offer"] == [file.name for file in folder.iterdir()]


def test_an_offer_holds_where_it_was_made(tmp_path: Path) -> None:
    """A copy of the whole folder in another project is not believed."""
    leave(tmp_path, offer(tmp_path))
    shutil.copytree(tmp_path / ".quickstudy", tmp_path / "other" / ".quickstudy")
    assert [] == loaded(tmp_path / "other")


def _link(folder: Path, file: Path) -> None:
    shutil.move(file, folder.parent / "moved")
    file.symlink_to(folder.parent / "moved")


def _pipe(folder: Path, file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _folder(folder: Path, file: Path) -> None:
    file.unlink()
    file.mkdir()


def _huge(folder: Path, file: Path) -> None:
    os.truncate(file, 1 << 40)


def _linked_folder(folder: Path, file: Path) -> None:
    shutil.move(folder, folder.parent / "moved")
    folder.symlink_to(folder.parent / "moved")


@pytest.mark.parametrize("spoil", [_link, _pipe, _folder, _huge, _linked_folder])
def test_no_link_device_or_huge_file_is_read(tmp_path: Path, spoil: Callable[[Path, Path], None]) -> None:
    """Whatever a true offer was replaced with."""
    folder = leave(tmp_path, offer(tmp_path))
    spoil(folder, folder / f"{JOB}.offer")
    assert [] == loaded(tmp_path)


def test_any_number_of_files_costs_little(tmp_path: Path) -> None:
    """So many are looked at, and of all together so many bytes."""
    folder = leave(tmp_path, offer(tmp_path, "f" * 12))
    for number in range(3 * offer_files.MOST):
        (folder / f"{number:012x}.offer").touch()
    assert [] == loaded(tmp_path)
    for file in folder.glob("0*.offer"):
        file.unlink()
    large = [offer(tmp_path, f"{number:012x}", diff="x" * (3 << 20)) for number in range(30)]
    leave(tmp_path, *large)
    assert large[:21] == loaded(tmp_path)[:21]
    assert {"f" * 12, *(each.job for each in large[:21])} == {each.job for each in loaded(tmp_path)}


async def test_a_server_does_other_things_while_offers_are_read(tmp_path: Path) -> None:
    """And two documents that are opened at once have them both."""
    leave(tmp_path, *(offer(tmp_path, f"{number:012x}", diff="x" * 1000) for number in range(50)))
    offers = Offers()
    first, second = (asyncio.create_task(offers.load(tmp_path)) for _ in range(2))
    for _ in range(3):
        await asyncio.sleep(0)
    assert (False, False) == (first.done(), second.done())
    await second
    assert 50 == len(list(offers))
    await first


def test_an_offer_that_cannot_be_kept_is_there_all_the_same(tmp_path: Path) -> None:
    """The folder is a link, the offer is too large: as long as its server lives, it can be applied."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / ".quickstudy").symlink_to(elsewhere)
    shelf = Offers()
    made = offer(tmp_path)
    shelf.add(made, tmp_path)
    assert [made] == list(shelf)
    shelf.drop(made)
    assert ([], []) == (list(shelf), list(elsewhere.iterdir()))
    (tmp_path / ".quickstudy").unlink()
    shelf.add(offer(tmp_path, diff="x" * (5 << 20)), tmp_path)
    assert (1, []) == (len(list(shelf)), loaded(tmp_path))


def test_a_page_goes_through_no_link(tmp_path: Path) -> None:
    """The link is replaced; the file of the user's that it led to stays as it is."""
    made = offer(tmp_path)
    folder = leave(tmp_path, made)
    outside = tmp_path / "profile"
    outside.write_text("precious")
    page = folder / f"{JOB}.md"
    page.symlink_to(outside)
    shelf = Offers()
    asyncio.run(shelf.load(tmp_path))
    assert page == shelf.page(made, "# Page")
    assert ("precious", "# Page", False) == (outside.read_text(), page.read_text(), page.is_symlink())
    assert b"# Page" == Project(tmp_path).read(f"offers/{JOB}.md")
