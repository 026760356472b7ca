"""The lab room: what a candidate is worth, checked and timed on this machine in a sandbox."""

from quickstudy.lab.check import Dials
from quickstudy.lab.judge import LEAST_GAIN, Lab
from quickstudy.lab.recording import CONFINED, INTERRUPTED, Recording, record

__all__ = ["CONFINED", "INTERRUPTED", "LEAST_GAIN", "Dials", "Lab", "Recording", "record"]
