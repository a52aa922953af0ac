"""One file per version, named after it; never changed once it has landed."""
