"""Where words go: Slack, the status page, e-mail, pagers and tickets; one file each."""
