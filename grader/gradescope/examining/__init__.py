"""Whether an archive can be uploaded. Runs on the teacher's machine, and nothing of the archive is run."""
