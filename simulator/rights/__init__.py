"""What IAM asks of a call, and whether the caller's role allows it.

`simulator.rights.judge.enforce` switches it on in a world; start reading there.
"""
