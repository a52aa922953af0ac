"""Results that were computed elsewhere, as an archive that hands them out."""
