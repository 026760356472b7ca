"""What the children of any language run under: walls, frames, a stopwatch, and the supervisor of sessions.

To read in this order: `start` (how a program is loaded and hidden), `confine` with `rights`, `namespaces`
and `kernel` (the walls), `records`, `messages` and `channel` (what is told, and how), `supervise` with
`stopwatch`, `leftovers` and `streams` (one text, its sessions and passes), `carry` (a recorded command).

What is absent, on purpose: any word on how a text is loaded or called, any value of a project, and any
import but of the standard library and of this package.
"""
