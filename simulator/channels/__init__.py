"""The services that people read, simulated: they take what is said and remember what was seen."""
