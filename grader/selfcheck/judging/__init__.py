"""From answers and sealed keys to what is said of each answer."""
