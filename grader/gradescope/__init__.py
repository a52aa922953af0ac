"""Grading inside Gradescope: the archive that a course uploads, and what runs in the container.

On both sides of the line between them: `archive` and `checking` run on the teacher's machine, `supervising` and `grading` in
the container. What is imported first there is small: see `supervising`.
"""
