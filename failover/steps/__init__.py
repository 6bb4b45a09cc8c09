"""The kinds of steps that recoveries are made of, one file each."""
