"""How the process runs: memory, sockets, logs and how many pages are drawn at once."""

from core.app.runtime import malloc, private_logs, tcp_nodelay


def tune() -> None:
    """Set up the process for many visits; called by every run, does its work once."""
    private_logs.enable()
    malloc.tune()
    tcp_nodelay.enable()
