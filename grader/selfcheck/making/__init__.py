"""The teacher's side: a homework sealed, and how well."""
