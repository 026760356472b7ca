"""Quickstudy's engine: a team of language models makes one function faster and remembers why.

The method is LessonL (Liu et al., NeurIPS 2025, arXiv 2505.23946). `quickstudy.loop` is its algorithm;
`languages`, `team`, `bank` and `lab` are the four rooms it uses, and they do not know each other.
"""

__version__ = "0.1.0"
