"""Drills: a scenario goes in, a measured verdict comes out."""
