"""The team room: agents, what they are asked, what they answered, and what that cost."""

from quickstudy.team.agents import Runtime, Team
from quickstudy.team.scripted import ScriptedModel

__all__ = ["Runtime", "ScriptedModel", "Team"]
