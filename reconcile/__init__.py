"""After a failover: the program and its state agree with the world again, and it is proven.

`cli.reconcile_command` is the door. `role_data` and `operations` are pure; `stack_file` writes the
data, `engine` works on the real state, `simulated` on a simulated one, `rehearsal` proves the plan
where there is neither.
"""
