"""What the filter of system calls refuses, as data; `seccomp` makes a program of it.

The values come from the kernel's headers and are the same on x86_64 and aarch64.
"""

from typing import Final

from grader.sandbox.syscalls import Namespace

REFUSED: Final = (
    # Namespaces, roots and mounts: what is seen stays as it was set up.
    *("unshare", "setns", "chroot", "pivot_root", "mount", "umount2", "fsopen", "fsconfig", "fsmount", "fspick"),
    *("open_tree", "open_tree_attr", "move_mount", "mount_setattr", "statmount", "listmount"),
    # Other processes of the same user.
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "pidfd_getfd"),
    *("migrate_pages", "move_pages"),
    # Engines within the kernel: large, often faulty, and io_uring opens sockets past any filter.
    *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("lookup_dcookie", "add_key", "request_key", "keyctl"),
    # The whole machine.
    *("kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot", "swapon", "swapoff"),
    *("syslog", "acct", "quotactl", "quotactl_fd", "nfsservctl", "vhangup", "settimeofday", "clock_settime"),
    *("clock_adjtime", "adjtimex", "sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt", "uselib"),
    "personality",
    # Files past mounts and Landlock.
    *("name_to_handle_at", "open_by_handle_at", "fanotify_init", "fanotify_mark"),
    # Memory that no limit counts, and objects that outlive their process or belong to its user.
    *("memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "semget", "semop", "semctl", "semtimedop"),
    *("msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink"),
)
"""Fail with EPERM, whatever their arguments."""

_CLONE_PARENT: Final = 0x8000
CLONE_FLAGS: Final = _CLONE_PARENT | sum(Namespace)
"""With any of these, clone fails with EPERM: no new namespaces, and no child put upon the caller's own parent."""

_F_SETLEASE: Final = 1024
FILE_COMMANDS: Final = (_F_SETLEASE,)
"""Of fcntl: a lease on a file, which read-only mounts allow its owner, holds up everyone else who opens it for 45 s."""

_TIOCSTI, _TIOCLINUX, _TIOCSETD = 0x5412, 0x541C, 0x5423
_FS_IOC_SETFLAGS, _FS_IOC_FSSETXATTR = 0x4008_6602, 0x401C_5820
DEVICE_REQUESTS: Final = (_TIOCSTI, _TIOCLINUX, _TIOCSETD, _FS_IOC_SETFLAGS, _FS_IOC_FSSETXATTR)
"""Of ioctl: typing into a terminal that may be the teacher's, having drivers loaded, and flags of files."""

_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16
LOCAL_FAMILY: Final = (_UNIX,)
FAMILIES: Final = (_UNIX, _INET, _INET6, _NETLINK)
"""Of sockets that a network namespace holds. Others, like AF_VSOCK, reach out of any; netlink lists interfaces."""
_STREAM, _DATAGRAM, _RAW, _SEQUENCED = 1, 2, 3, 5
_NONBLOCK, _CLOEXEC = 0x800, 0x8_0000
_TYPE_FLAGS: Final = (0, _NONBLOCK, _CLOEXEC, _NONBLOCK | _CLOEXEC)
CONNECTED_TYPES: Final = tuple(kind | flag for kind in (_STREAM, _SEQUENCED) for flag in _TYPE_FLAGS)
"""Of sockets that can send nothing without connecting first."""
SOCKET_TYPES: Final = (*CONNECTED_TYPES, *(kind | flag for kind in (_DATAGRAM, _RAW) for flag in _TYPE_FLAGS))
PROTOCOLS: Final = (0, 6, 17)
"""Of sockets: the family's own, TCP, UDP. For each further type and protocol the kernel would load a module."""

_CALLER: Final = (0,)
_PRIO_PROCESS: Final = (0,)
_IOPRIO_WHO_PROCESS: Final = (1,)
OF_THE_CALLER: Final[dict[str, tuple[tuple[int, tuple[int, ...]], ...]]] = {
    "prlimit64": ((0, _CALLER),),
    "sched_setaffinity": ((0, _CALLER),),
    "sched_setattr": ((0, _CALLER),),
    "setpriority": ((0, _PRIO_PROCESS), (1, _CALLER)),
    "ioprio_set": ((0, _IOPRIO_WHO_PROCESS), (1, _CALLER)),
}
"""Limits and priorities, which anyone may set of every process of the same user, such as the one that looks after the kernel:
the values that arguments must have for the call to concern nobody but the caller."""
OF_ITS_THREADS: Final[dict[str, tuple[tuple[int, tuple[int, ...]], ...]]] = {
    "sched_setscheduler": ((0, _CALLER),),
    "sched_setparam": ((0, _CALLER),),
}
"""The same, but for others than the caller they do nothing and report success: libzmq sets what its threads have already
by their numbers, and ends its process if that fails."""

PRETENDED: Final = (
    *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"),
    *("utime", "utimes", "futimesat", "utimensat", "file_setattr"),
    *("setxattr", "lsetxattr", "fsetxattr", "setxattrat"),
    *("removexattr", "lremovexattr", "fremovexattr", "removexattrat"),
)
"""Do nothing and report success, for copying and unpacking files would otherwise fail at the very end."""
