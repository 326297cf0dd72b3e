"""What leaves the house: a second database with what may be shown, and nothing else."""
