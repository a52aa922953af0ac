"""Attacks that end their kernel, hold it for ever, or wait for somebody to type."""

from tests.attacks.attack import BLANK, CORRECT, CPU, DIED, FINE, MEMORY, TIME, attack

_ENDS = "import ctypes, os, signal\n"

ENDING = (
    attack(24, "exits", "ends its process", f"{_ENDS}os._exit(3)", DIED),
    attack(24, "aborts", "aborts", f"{_ENDS}os.abort()", DIED),
    attack(24, "segfaults", "reads at address 0", f"{_ENDS}ctypes.string_at(0)", DIED),
    attack(24, "kills_itself", "kills its own process", f"{_ENDS}os.kill(os.getpid(), signal.SIGKILL)", DIED),
    attack(24, "kills_its_group", "kills its process group", f"{_ENDS}os.killpg(0, signal.SIGKILL)", DIED),
    attack(
        24, "becomes_another", "becomes another program", f"{_ENDS}os.execv('/bin/sleep', ['sleep', '60'])", DIED, TIME,
    ),
    attack(
        24, "closes_everything", "closes all its files and sockets", f"{_ENDS}os.closerange(0, 4096)", DIED, TIME,
    ),
    attack(
        24, "dies_in_exit_handler", "never leaves while it exits",
        "import atexit, os, sys, time\natexit.register(time.sleep, 600)\nos.kill(os.getpid(), 15)\ntime.sleep(5)",
        DIED, TIME, FINE,
    ),
    attack(25, "sys_exit", "sys.exit()", "import sys\nsys.exit(7)", "error SystemExit"),
    attack(25, "raises_system_exit", "SystemExit as an exception", "raise SystemExit", "error SystemExit"),
    attack(
        25, "system_exit_in_repr", "SystemExit from the text of a result",
        """
        class Leaves:
            def __repr__(self):
                raise SystemExit(3)
        Leaves()
        """,
        "error SystemExit",
    ),
    attack(25, "quits", "quit()", "quit()"),
    attack(26, "stops_itself", "stops its own process", f"{_ENDS}os.kill(os.getpid(), signal.SIGSTOP)", TIME),
    attack(
        27, "ignores_interrupts", "ignores interrupts and loops",
        f"{_ENDS}signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass", TIME,
    ),
    attack(
        27, "catches_interrupts", "catches every exception and loops",
        """
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
        """,
        TIME,
    ),
    attack(
        27, "loops_at_last", "loops again once it is interrupted",
        """
        try:
            while True:
                pass
        finally:
            while True:
                pass
        """,
        TIME,
    ),
    attack(28, "regular_expression", "a regular expression that never ends", "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')", TIME),
    attack(28, "huge_power", "a power of a billion digits", "x = 10 ** 10 ** 9", TIME, MEMORY, "error MemoryError"),
    attack(28, "huge_sum", "a sum of 10^12 terms", "sum(range(10**12))", TIME),
    attack(29, "sleeps", "sleeps for ever", "import time\ntime.sleep(10**6)", TIME),
    attack(
        29, "deadlock", "waits for a lock that it holds", "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()", TIME,
    ),
    attack(29, "reads_a_pipe", "reads a pipe that nobody writes to", "import os\nos.read(os.pipe()[0], 1)", TIME),
    attack(
        29, "many_slow_cells", "leaves its time to a thread that holds the interpreter's lock",
        "import threading\nthreading.Thread(target=lambda: sum(range(10**11)), daemon=True).start()",
        FINE, TIME, after=(CORRECT, BLANK),
    ),
    attack(30, "asks", "input()", "input('your name? ')", "error StdinNotImplementedError"),
    attack(
        30, "asks_for_a_password", "getpass()", "import getpass\ngetpass.getpass()", "error StdinNotImplementedError",
    ),
    attack(
        30, "reads_standard_input", "reads its standard input",
        "import os, sys\nassert os.read(0, 1) == b''\nassert sys.stdin.read() == ''", FINE,
    ),
    attack(30, "breakpoint", "breakpoint()", "breakpoint()\nx = 1"),
    attack(
        31, "daemon", "a process that leaves its group, its session and its parent, and waits",
        """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                    signal.signal(number, signal.SIG_IGN)
                os.closerange(0, 4096)
                time.sleep(600)
            os._exit(0)
        os.wait()
        """,
        FINE, loud=True,
    ),
    attack(
        31, "forks_and_runs", "a process that forks faster than it can be found",
        """
        if os.fork() == 0:
            os.setsid()
            os.closerange(0, 4096)
            until = time.time() + 60
            while time.time() < until:
                if os.fork():
                    os._exit(0)
                time.sleep(0.01)
            os._exit(0)
        """,
        FINE, loud=True,
    ),
    attack(
        31, "leaves_queues", "queues, semaphores, files in shared memory: what no process owns",
        """
        def left(action):
            try:
                action()
            except OSError:
                pass
        left(lambda: call((68, 186), 4711, 0o1666))
        left(lambda: call((64, 190), 4711, 1, 0o1666))
        left(lambda: call((240, 180), b"left", os.O_CREAT | os.O_RDWR, 0o666, None))
        for folder in ("/dev/shm", "/var/tmp", "/tmp", "/run/lock", "/dev/mqueue"):
            left(lambda: open(f"{folder}/left-{os.getpid()}", "w").close())
        """,
    ),
    attack(
        32, "background_thread", "a thread that prints into later cells and burns processor time",
        """
        import threading
        def burns():
            while True:
                print("from the background")
        threading.Thread(target=burns, daemon=True).start()
        """,
        FINE, CPU, loud=True,
    ),
)  # fmt: skip
"""Rows 24 to 32."""
