"""The lab room: what a candidate is worth, checked and timed on this machine in a sandbox.

The core knows no language: it speaks to a `Rig`. What is Python's lies in `python/`.
"""

from quickstudy.lab.compare import Tolerances
from quickstudy.lab.lab import LEAST_GAIN, Lab
from quickstudy.lab.trial import Trial

__all__ = ["LEAST_GAIN", "Lab", "Tolerances", "Trial"]
