"""Reference solvers: plain modules that know nothing of the grader."""
