"""The database below the record: its tables, its versions, and how it is opened."""
