"""Recovery points: taken, copied, kept or given up, and held while something is wrong."""
