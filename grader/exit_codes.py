"""How commands end, for whoever calls them from a script; `grader.cli` says what each means."""

FAULT, BAD_INPUT, INTERRUPTED = 1, 2, 130
