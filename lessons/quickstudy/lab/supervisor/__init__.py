"""What the children of any language run under: walls, frames, a stopwatch, and the supervisor of sessions.

`start.py` starts them all. What is absent, on purpose: any word on how a text is loaded or called, any
value of a project, and any import but of the standard library and of this package.
"""
