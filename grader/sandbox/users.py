"""Who a process is in a user namespace that it has just made."""

from pathlib import Path


def map_user(inside: int, outside: int, group: int) -> None:
    """Map one user and one group, all that may be mapped without rights; the namespace is then as good as closed.

    Args:
        inside: the user id, and the group id, in this process's new user namespace.
        outside: the user id that it stands for.
        group: the group id that it stands for.

    Raises:
        OSError: the system does not allow it.
    """
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{inside} {outside} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{inside} {group} 1", encoding="ascii")
