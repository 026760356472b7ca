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
from quickstudy_server.offers import Offer, Offers
from quickstudy_server.signing import CONTENT, NAME, Signer

JOB = "0123456789ab"


def offer(root: Path, job: str = JOB, **changes: object) -> Offer:
    made = Offer(
        job=job,
        uri=(root / "ledger.py").as_uri(),
        qualname=f"balances_{job}",
        sha256="0",
        line=3,
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
    shelf.write_page(made, "# Page")
    shelf.drop(made)
    assert [] == list(folder.iterdir())


def signed(root: Path, content: bytes) -> bytes:
    return Signer(root).sign(CONTENT, content) + b"\n" + content


def name(root: Path, job: str) -> str:
    """Of the file in which a server of this user keeps an offer."""
    return f"{job}-{Signer(root).sign(NAME, job.encode()).decode()}.offer"


def forged(root: Path, other: Path) -> dict[str, bytes]:
    """Files that a repository might bring, by their names; some of these it has seen before."""
    jobs = [f"{number:012x}" for number in range(16)]
    true = [json.dumps(to_json(offer(root, job))).encode() for job in jobs]
    worse = true[5].replace(b"12.3", b"99.3")
    bomb = b"[" * 200_000
    contents = [
        true[4],  # unsigned
        signed(root, true[5]).replace(true[5], worse),
        signed(other, true[6]),
        signed(root, true[4]).partition(b"\n")[0] + b"\n" + true[7],
        b"\n" + true[8],
        signed(root, true[7]),  # of another job
        bomb,
        signed(root, bomb),
        signed(root, b"[1]"),
        signed(root, b"\xff"),
        b"",
    ]
    return {
        f"{jobs[0]}.offer": signed(root, true[0]),
        name(other, jobs[1]): signed(root, true[1]),
        name(root, jobs[1]).replace(jobs[1], jobs[2]): signed(root, true[2]),
        f"{name(root, jobs[3])}.offer": signed(root, true[3]),
        **{name(root, job): content for job, content in zip(jobs[4:], contents, strict=False)},
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
    made = name(tmp_path, JOB)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert [] == loaded(tmp_path)
    assert [made] == [file.name for file in folder.iterdir()]


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
    spoil(folder, folder / name(tmp_path, JOB))
    assert [] == loaded(tmp_path)


def test_no_number_of_strangers_hides_an_offer(tmp_path: Path) -> None:
    """Whatever the files of a repository are called, and wherever the true one is among them."""
    true = [offer(tmp_path, job) for job in ("0" * 12, "8" * 12, "f" * 12)]
    folder = leave(tmp_path, *true)
    for number in range(1500):
        job = f"{number * 0x2BADBEEF5:012x}"
        (folder / f"{job}.offer").touch()
        (folder / f"{job}-{number:064x}.offer").touch()
    assert true == loaded(tmp_path)


def test_a_file_with_a_stranger_s_name_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, they cost no more than their names."""
    folder = leave(tmp_path, made := offer(tmp_path))
    (folder / f"{'1' * 12}-{'0' * 64}.offer").touch()
    read, opened = Project.read, list[str]()

    def follow(project: Project, place: str, most: int) -> bytes:
        opened.append(place)
        return read(project, place, most)

    monkeypatch.setattr(Project, "read", follow)
    assert ([made], [f"offers/{name(tmp_path, JOB)}"]) == (loaded(tmp_path), opened)


def test_offers_are_read_up_to_a_size(tmp_path: Path) -> None:
    """Of all together so many bytes; none is lost to a small one."""
    large = [offer(tmp_path, f"{number:012x}", diff="x" * (3 << 20)) for number in range(30)]
    leave(tmp_path, *large, offer(tmp_path, "f" * 12))
    assert [*large[:21], offer(tmp_path, "f" * 12)] == loaded(tmp_path)


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
    assert page == shelf.write_page(made, "# Page") == shelf.page(made)
    assert ("precious", "# Page", False) == (outside.read_text(), page.read_text(), page.is_symlink())
    assert b"# Page" == Project(tmp_path).read(f"offers/{JOB}.md")
