"""The loop that recovers a zone: observe, diagnose, decide, plan, act."""
