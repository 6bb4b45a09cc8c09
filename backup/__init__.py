"""Recovery points: what keeps them while something is wrong."""
