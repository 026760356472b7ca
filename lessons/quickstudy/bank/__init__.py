"""The lesson bank: what agents learnt, kept with its evidence in the project's SQLite file [LessonL §3]."""

from quickstudy.bank.precedents import Precedent, precedent, resembled
from quickstudy.bank.queries import Stats
from quickstudy.bank.store import Bank

__all__ = ["Bank", "Precedent", "Stats", "precedent", "resembled"]
