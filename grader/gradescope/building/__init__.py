"""The archive that a course uploads: what goes into it, and what is said about it. Runs on the teacher's machine."""
