"""Grades on paper: pages, tables and files. Contexts of pages are typed; everything of a student is escaped."""
