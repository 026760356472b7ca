"""What the children run for a target in Python, in the project's own interpreter.

Programs: `worker` (to read with `session`, `loading`, `drive`, `describe`, `state`, `retention`, `settings`
and `reaching`), `collect` (`runners`, `outcomes`, `call_store`), `augment` (`shapes`, `drafts`, `trial`,
`scale_up`, `type_mutator`), and `record`. `messages` has their orders and answers, `payload` calls as bytes.

What is absent, on purpose: expected results, a clock whose word counts, code of ours that a text could find
by a name, and any import but of the standard library, of `lab/supervisor/` and of this package. Each module
here costs a child its time to import: a program imports only what it needs.
"""
