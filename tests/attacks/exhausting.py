"""Attacks that take all there is of something. Each stops by itself far above its limit, so that no machine can be hurt by one."""

from typing import Any

from tests.attacks.attack import (
    BLANK,
    BYTES,
    CORRECT,
    CPU,
    DIED,
    DISK,
    FILES,
    FINE,
    MEMORY,
    MESSAGES,
    PROCESSES,
    PROTOCOL,
    TIME,
    Attack,
    attack,
)

_MEMORY_ERRORS = ("error MemoryError", "error RuntimeError", "error ArrayMemoryError", "error _ArrayMemoryError")
_NO_MORE = ("error BlockingIOError", "error RuntimeError", "error OSError")


def _bomb(number: int, name: str, what: str, cell: str, *fates: str, **more: Any) -> Attack:
    """What takes all there is of something may also be stopped by the time it takes, on a machine that is busy."""
    return attack(number, name, what, cell, *(fates or [FINE]), TIME, **more)


EXHAUSTING = (
    _bomb(
        1, "fork_bomb", "processes that start processes that start processes",
        """
        for _ in range(11):  # 2048 processes
            os.fork()
        time.sleep(1)
        """,
        *_NO_MORE, DIED, PROCESSES, PROTOCOL, TIME, MEMORY, FINE, loud=True, before=(CORRECT,), after=(CORRECT, BLANK),
    ),
    _bomb(
        1, "fork_chain", "as many processes as there may be",
        """
        def as_many_as_possible():
            for count in range(600):
                if os.fork() == 0:
                    time.sleep(30)
                    os._exit(0)
            return count
        attempt("600 processes", as_many_as_possible)
        """,
        FINE, DIED, PROCESSES, TIME, loud=True,
    ),
    _bomb(
        1, "shell_bomb", "a shell function that calls itself twice",
        """
        script = 'f() { [ "$1" -gt 0 ] && { f $(($1 - 1)) & f $(($1 - 1)) & wait; }; sleep 1; }; f 10'
        subprocess.run(["bash", "-c", script], stderr=subprocess.DEVNULL, timeout=20)
        """,
        FINE, *_NO_MORE, DIED, PROCESSES, TIME, MEMORY, loud=True,
    ),
    _bomb(
        2, "thread_bomb", "threads without end",
        """
        import threading
        def as_many_as_possible():
            for count in range(1000):
                threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
            return count
        attempt("1000 threads", as_many_as_possible)
        """,
        FINE, DIED, PROCESSES, loud=True,
    ),
    _bomb(
        3, "memory_list", "a list that grows to 4 GiB",
        """
        grown = []
        for _ in range(80):
            grown.append(bytearray(50 * 2**20))
        raise SystemError("the whole list fitted")
        """,
        *_MEMORY_ERRORS, MEMORY, loud=True,
    ),
    _bomb(
        3, "memory_numpy", "an array of 4 GB",
        "import numpy\nfilled = numpy.ones(5 * 10**8)\nraise SystemError('the whole array fitted')",
        *_MEMORY_ERRORS, MEMORY, loud=True,
    ),
    _bomb(
        3, "memory_torch", "a tensor of 4 GB",
        "import torch\nfilled = torch.ones(10**9)\nraise SystemError('the whole tensor fitted')",
        *_MEMORY_ERRORS, MEMORY, loud=True,
    ),
    _bomb(
        3, "memory_of_children", "eight processes with an eighth of a GB each",
        """
        for _ in range(8):
            if os.fork() == 0:
                try:
                    kept = bytearray(2**27)
                finally:
                    time.sleep(0.5)
                    os._exit(0)
        statuses = [os.wait()[1] for _ in range(8)]
        attempt("a GiB in eight processes", lambda: found(not any(statuses)))
        """,
        FINE, MEMORY, DIED, TIME, *_NO_MORE, loud=True,
    ),
    _bomb(
        4, "memory_shared", "1 GiB of anonymous shared memory, which counts as nobody's data",
        """
        import mmap
        def filled():
            area, chunk = mmap.mmap(-1, 2**30), b"x" * 2**24
            for _ in range(64):
                area.write(chunk)
            time.sleep(0.5)
            return len(area)
        attempt("1 GiB of shared memory", filled)
        """,
        FINE, MEMORY, DISK, DIED, loud=True,
    ),
    _bomb(
        4, "memory_file", "1 GiB in files without a name",
        """
        def filled():
            file = os.memfd_create("filled")
            for _ in range(64):
                os.write(file, b"x" * 2**24)
            time.sleep(0.5)
            return file
        attempt("1 GiB in a memfd", filled)
        attempt("a secret memfd", lambda: permitted(447, 0))
        """,
        FINE, MEMORY, DIED, loud=True,
    ),
    _bomb(
        4, "memory_system_v", "1 GiB of System V shared memory, which outlives its process",
        """
        def filled():
            number = call((29, 194), 0, ctypes.c_long(2**30), 0o1600)
            libc.shmat.restype = ctypes.c_void_p
            start = libc.shmat(number, None, 0)
            ctypes.memset(start, 1, 2**30)
            time.sleep(0.5)
            return number
        attempt("1 GiB of System V memory", filled)
        """,
        FINE, MEMORY, DIED, loud=True,
    ),
    _bomb(
        4, "memory_dev_shm", "1 GiB in /dev/shm",
        """
        def filled():
            with open("/dev/shm/filled", "wb", buffering=0) as file:
                for _ in range(64):
                    if file.write(b"x" * 2**24) != 2**24:
                        raise OSError("no space")
            time.sleep(0.5)
            return "filled"
        attempt("1 GiB in /dev/shm", filled)
        """,
        FINE, MEMORY, DISK, DIED, loud=True,
    ),
    _bomb(
        5, "fill_disk", "a GiB in every folder that can be written to",
        """
        def writable():
            skipped = ("/proc", "/sys", "/dev/pts", "/dev/fd", "/usr", "/lib", "/bin", "/etc", sys.prefix, sys.base_prefix)
            for folder, folders, _ in os.walk("/"):
                folders[:] = [name for name in folders if not os.path.join(folder, name).startswith(skipped)]
                if os.access(folder, os.W_OK):
                    yield folder
        def filled(folder):
            with open(f"{folder}/filled", "wb", buffering=0) as file:
                for _ in range(1024):
                    if file.write(b"x" * 2**20) != 2**20:
                        raise OSError("no space")
        def all_filled():
            written, folders = 0, list(writable())
            for folder in folders:
                try:
                    filled(folder)
                    time.sleep(0.5)
                    return f"{folder} took a GiB"
                except OSError:
                    pass
            time.sleep(0.8)  # until it has been seen, or the next cell would be ended for it
            raise OSError(f"{len(folders)} folders, none of them took a GiB")
        attempt("a GiB in any folder", all_filled)
        """,
        FINE, DISK, MEMORY, DIED, loud=True,
    ),
    _bomb(
        5, "fill_closed_folder", "a GiB in a folder that nobody may look into",
        """
        def filled():
            os.mkdir("closed", 0o300)
            for number in range(64):
                with open(f"closed/{number}", "wb", buffering=0) as file:
                    if file.write(b"x" * 2**24) != 2**24:
                        raise OSError("no space")
            time.sleep(1)
            return number
        attempt("a GiB in a closed folder", filled)
        """,
        FINE, DISK, MEMORY, DIED, loud=True,
    ),
    _bomb(
        5, "fill_sockets", "the folder of the kernel's own sockets filled, and a link in place of one",
        """
        import ipykernel
        connected = get_ipython().kernel.parent
        folder = os.path.dirname(connected.ip if os.path.isabs(connected.ip) else "/nowhere/x")
        def linked():
            os.symlink("/etc/passwd", f"{folder}/link")
        def replaced():
            os.rename(glob.glob(f"{folder}/*")[0], f"{folder}/moved")
        attempt("fills the folder of the sockets", lambda: open(f"{folder}/filled", "wb").write(b"x" * 2**30))
        attempt("a link beside the sockets", linked)
        attempt("a socket moved away", replaced)
        """,
        FINE, DISK, DIED, residual={tier: ["a link beside the sockets", "a socket moved away"] for tier in ("B", "B'", "C")},
    ),
    _bomb(
        6, "many_files", "a hundred thousand empty files",
        """
        def made():
            os.makedirs("/tmp/many" if os.access("/tmp", os.W_OK) else "many", exist_ok=True)
            os.chdir("/tmp/many" if os.access("/tmp", os.W_OK) else "many")
            for number in range(100_000):
                os.close(os.open(str(number), os.O_CREAT | os.O_WRONLY))
            time.sleep(1)
            return number
        attempt("100,000 files", made)
        """,
        FINE, FILES, DISK, DIED, loud=True,
    ),
    _bomb(
        6, "deep_folders", "folders fifteen hundred levels deep, and folders that nobody may enter",
        """
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
        os.chdir(os.path.expanduser("~"))
        os.makedirs("closed/inner")
        open("closed/inner/file", "w").close()
        os.chmod("closed/inner", 0)
        os.chmod("closed", 0)
        os.mkfifo("pipe")
        os.symlink("/etc", "link")
        """,
        FINE, FILES, "error OSError",
    ),
    _bomb(
        7, "open_files", "file descriptors without end",
        """
        kept = []
        def opened():
            for _ in range(20_000):
                kept.append(os.open("/dev/null", os.O_RDONLY))
            return len(kept)
        attempt("20,000 open files", opened)
        """,
        FINE, DIED, TIME, after=(CORRECT, BLANK),
    ),
    _bomb(
        8, "print_for_ever", "prints without end",
        "while True:\n    print('x' * 1000)",
        TIME, BYTES, MESSAGES, loud=True,
    ),
    _bomb(
        8, "print_at_once", "100 MB printed at once",
        "print('x' * 10**8)",
        FINE, BYTES, "error MemoryError", MEMORY, TIME,
    ),
    _bomb(
        9, "huge_display", "100 MB of HTML",
        """
        from IPython.display import HTML, display
        display(HTML("<b>" + "x" * 10**8))
        """,
        FINE, BYTES, "error MemoryError", MEMORY, TIME, DIED, PROTOCOL, loud=True,
    ),
    _bomb(
        9, "huge_repr", "a result whose text has 100 MB",
        """
        class Huge:
            def __repr__(self):
                return "x" * 10**8
        Huge()
        """,
        FINE, BYTES, "error MemoryError", MEMORY, TIME, DIED, PROTOCOL,
    ),
    _bomb(
        10, "raw_output", "writes to its standard output, past the kernel, without end",
        "import os\nwhile True:\n    os.write(1, b'x' * 65536)",
        TIME, "error OSError", loud=True,
    ),
    _bomb(
        11, "tiny_messages", "a hundred thousand messages of a few bytes",
        """
        from IPython.display import clear_output, display
        for number in range(100_000):
            display({"text/plain": "x"}, raw=True, display_id=str(number))
            clear_output()
        """,
        MESSAGES, TIME, BYTES, loud=True,
    ),
    _bomb(
        28, "burns_cpu", "as many busy processes as there are processors, in the background",
        """
        import multiprocessing
        for _ in range(2):
            if os.fork() == 0:
                while True:
                    pass
        """,
        FINE, CPU, loud=True,
    ),
)  # fmt: skip
"""Rows 1 to 11."""
