"""The one door to AWS: clients, retries, error translation, limits and batched sweeps.

`failover` and `backup` speak to AWS through this room only; no rule lives here.
"""
