"""What the children run for a target in Python, in the project's own interpreter.

Programs are `worker`, `collect`, `augment` and `record`; all else are their parts. What is absent, on
purpose: expected results, a clock whose word counts, and any import but of the standard library, of
`lab/supervisor/` and of this package. Importing a module here costs each child its time.
"""
