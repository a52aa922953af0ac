"""Grading inside Gradescope: the archive that a course uploads, and what runs in the container.

On both sides of the line between them: `building`, `examining` and `replay` run on the teacher's machine, `inside` in the
container. What is imported first there is small: see `inside.supervising`. What results.json says is made here, for both.
"""
