"""What a student wrote, turned into readings. Everything that comes in here may be hostile."""
