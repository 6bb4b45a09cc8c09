"""The simulated AWS for other processes: HTTP on loopback in front of one world."""
