"""Would it work now? The readiness of a zone: looks, a frozen picture, and pure rules over it.

`cli.check_command` asks; start reading at `failover/readiness/judge.py`.
"""
