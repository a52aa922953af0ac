"""A person's marks: what waits for them goes out as a table or a page, and comes back checked."""
