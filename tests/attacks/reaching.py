"""Attacks that reach for what is not theirs: the network, files, other processes, the system's own powers."""

from tests.attacks.attack import DIED, FINE, MEMORY, PROTOCOL, TIME, attack

REACHING = (
    attack(
        12, "network", "connections outwards, to the machine, and to the grader's neighbours on it",
        """
        def connects(family, address):
            with socket.socket(family, socket.SOCK_STREAM) as sock:
                sock.settimeout(1)
                try:
                    sock.connect(address)
                except TimeoutError:
                    return "nobody answered, but the packet left"
            return address
        def sends(address):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                return sock.sendto(b"hello", address)
        attempt("a connection outwards", lambda: connects(socket.AF_INET, ("192.0.2.1", 80)))
        attempt("a connection outwards over IPv6", lambda: connects(socket.AF_INET6, ("2001:db8::1", 80)))
        attempt("a packet to a name server", lambda: sends(("192.0.2.1", 53)))
        attempt("a listener on this machine", lambda: connects(socket.AF_INET, ("127.0.0.1", places["port"])))
        attempt("a listener on this machine over IPv6", lambda: connects(socket.AF_INET6, ("::1", places["port"])))
        attempt("a listener in the abstract namespace", lambda: connects(socket.AF_UNIX, "\\0" + places["abstract"]))
        attempt("a listener in a folder", lambda: connects(socket.AF_UNIX, places["socket"]))
        """,
        # What every user of the machine may connect to: Landlock knows sockets in folders from its ninth version on.
        residual={"B": ["a listener in a folder"], "B'": ["a listener in a folder", "a listener in the abstract namespace"]},
    ),
    attack(
        12, "packets_on_this_machine", "packets to a receiver on this machine",
        """
        def sends(family, address):
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                sock.connect(address)
                sock.send(b"hello")
                time.sleep(0.1)
                return sock.send(b"hello again")
        attempt("packets over IPv4", lambda: sends(socket.AF_INET, ("127.0.0.1", places["packets"])))
        """,
    ),
    attack(
        13, "odd_sockets", "kinds of sockets that no namespace holds, or that see everybody's packets",
        """
        attempt("a socket to the host of a virtual machine", lambda: socket.socket(40, socket.SOCK_STREAM))
        attempt("a socket to the kernel's ciphers", lambda: socket.socket(38, socket.SOCK_SEQPACKET))
        attempt("a socket for all packets", lambda: socket.socket(17, socket.SOCK_RAW, 0x300))
        attempt("a raw socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
        attempt("a socket for Bluetooth", lambda: socket.socket(31, socket.SOCK_RAW, 1))
        attempt("a socket for buses of cars", lambda: socket.socket(29, socket.SOCK_RAW, 1))
        attempt("a socket for packets past the kernel", lambda: socket.socket(44, socket.SOCK_RAW))
        attempt("a socket for clusters", lambda: socket.socket(30, socket.SOCK_SEQPACKET))
        attempt("a socket for routes of keys", lambda: socket.socket(15, socket.SOCK_RAW, 2))
        """,
    ),
    attack(
        15, "read_answers", "the reference answers, the problems, the grader's own code and the caller's files",
        """
        def size(path):
            return len(open(path, "rb").read())
        attempt("the reference solver", lambda: open(places["solver"]).read())
        attempt("the problem's file", lambda: open(places["problem"]).read())
        attempt("the folder of the course", lambda: os.listdir(places["course"]))
        attempt("how answers are marked", lambda: size(places["marking"]))
        attempt("a file in the caller's home", lambda: open(places["private"]).read())
        attempt("the caller's home", lambda: os.listdir(places["home"]))
        attempt("the password file", lambda: size("/etc/shadow"))
        attempt("keys of the machine", lambda: found(glob.glob("/etc/ssh/ssh_host_*") + glob.glob("/root/.ssh/*")))
        attempt("the solver by its module", lambda: __import__("reference.secret"))
        attempt("the solver over an open folder", lambda: open("/proc/self/cwd/../../.." + places["solver"]).read())
        attempt("the solver over the first process", lambda: open("/proc/1/root" + places["solver"]).read())
        """,
        residual={"B'": ["how answers are marked"]},
    ),
    attack(
        16, "read_neighbours", "what other students handed in, and what their kernels leave on the machine",
        """
        def by_neighbours():
            until = time.time() + 1
            while time.time() < until:
                if left := set(left_by_neighbours()):
                    return left
                time.sleep(0.1)
        def left_by_neighbours():
            for top in ("/tmp", "/run", "/dev/shm", "/var/tmp", os.getcwd() + "/..", places["tmp"]):
                for _, _, names in os.walk(top):
                    yield from (name for name in names if name.startswith("neighbour-") and name != mine)
        attempt("another submission", lambda: re.search("planted.{25}", open(places["other"]).read())[0])
        attempt("the folder of submissions", lambda: os.listdir(places["submissions"]))
        attempt("the results", lambda: os.listdir(places["out"]))
        attempt("the record", lambda: open(places["out"] + "/record.sqlite", "rb").read(6))
        attempt("the grader's temporary files", lambda: found(set(os.listdir(places["tmp"])) - {"."}))
        attempt("files of neighbours", lambda: found(by_neighbours()))
        """,
        loud=True,
        residual={"B'": ["the grader's temporary files"]},
    ),
    attack(
        17, "write_outside", "files of the grader, of Python and of the system changed",
        """
        def creates(folder):
            path = f"{folder}/left-by-an-attack"
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            os.unlink(path)
            return path
        def opens(path):
            os.close(os.open(path, os.O_WRONLY))
            return path
        attempt("the results", lambda: creates(places["out"]))
        attempt("the record", lambda: opens(places["out"] + "/record.sqlite"))
        attempt("the submissions", lambda: creates(places["submissions"]))
        attempt("another submission", lambda: opens(places["other"]))
        attempt("the course", lambda: creates(places["course"]))
        attempt("the caller's home", lambda: creates(places["home"]))
        attempt("the grader", lambda: creates(places["checkout"] + "/grader"))
        attempt("the packages of Python", lambda: creates(os.path.dirname(os.path.dirname(sys.modules["zmq"].__file__))))
        attempt("Python itself", lambda: creates(os.path.dirname(os.__file__)))
        attempt("the interpreter", lambda: opens(os.path.realpath(sys.executable)))
        attempt("programs", lambda: creates("/usr/bin"))
        attempt("settings", lambda: creates("/etc"))
        attempt("users", lambda: opens("/etc/passwd"))
        attempt("the root folder", lambda: creates("/"))
        attempt("what runs when programs crash", lambda: opens("/proc/sys/kernel/core_pattern"))
        attempt("how memory is given", lambda: opens("/proc/sys/vm/overcommit_memory"))
        attempt("the emergency keys", lambda: opens("/proc/sysrq-trigger"))
        attempt("what runs for new devices", lambda: opens("/sys/kernel/uevent_helper"))
        attempt("control groups", lambda: found([
            folder for folder, _, _ in os.walk("/sys/fs/cgroup") if os.access(f"{folder}/cgroup.procs", os.W_OK)
        ]))
        attempt("the machine's memory", lambda: opens("/dev/mem"))
        """,
    ),
    attack(
        17, "devices", "devices that a program has no business with",
        """
        usual = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "stdin", "stdout", "stderr"}
        def devices():
            for folder, folders, names in os.walk("/dev"):
                folders[:] = [name for name in folders if name not in ("pts", "fd", "shm", "mqueue")]
                for path in (os.path.join(folder, name) for name in names if name not in usual):
                    if stat.S_ISBLK(os.stat(path).st_mode) or stat.S_ISCHR(os.stat(path).st_mode):
                        try:
                            os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))
                        except OSError:
                            continue
                        yield path
        attempt("any other device", lambda: found(list(devices())))
        attempt("a new device", lambda: os.mknod("device", 0o600 | stat.S_IFBLK, os.makedev(7, 0)))
        """,
        residual={"B'": ["any other device"]},
    ),
    attack(
        18, "signals", "the grader, the fork server and every other process killed",
        """
        def signalled(numbers):
            hit = []
            for number in numbers:
                try:
                    os.kill(number, 0)
                except OSError:
                    continue
                hit.append(number)
            return hit
        # Nobody's machine is to suffer where the sandbox does not hold: root would reach everything.
        outside = [line.split() for line in open("/proc/self/uid_map")]
        harmless = os.getuid() != 0 and all(user[1] != "0" or user[0] == "0" for user in outside)
        attempt("root's rights", lambda: found(not harmless))
        attempt("signals to other processes", lambda: found(signalled(set(strangers()) - {1, os.getppid()})))
        if harmless:
            for number in (-1, 1, os.getppid(), *strangers()):
                for kind in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
                    if number != 0:
                        try:
                            os.kill(number, kind)
                        except OSError:
                            pass
            time.sleep(0.2)
        """,
        FINE, DIED, loud=True,
    ),
    attack(
        18, "groups_and_limits", "limits raised, own or others'; priority; control groups left",
        """
        import resource
        def raises(kind):
            hard = resource.getrlimit(kind)[1]
            if hard == resource.RLIM_INFINITY:
                return "there is no limit"
            resource.setrlimit(kind, (hard + 1, hard + 1))
        def limits_of_others():
            for number in strangers():
                try:
                    resource.prlimit(number, resource.RLIMIT_NOFILE, (3, 3))
                    return number
                except OSError:
                    pass
            raise LookupError("no other process")
        attempt("more processes", lambda: raises(resource.RLIMIT_NPROC))
        attempt("more open files", lambda: raises(resource.RLIMIT_NOFILE))
        attempt("more processor time", lambda: raises(resource.RLIMIT_CPU))
        attempt("core files", lambda: raises(resource.RLIMIT_CORE))
        def slowed():
            for number in strangers():
                try:
                    os.setpriority(os.PRIO_PROCESS, number, 15)
                    os.sched_setaffinity(number, {0})
                    return number
                except OSError:
                    pass
            raise LookupError("no other process")
        attempt("limits of others", limits_of_others)
        attempt("others slowed down", slowed)
        attempt("a higher priority", lambda: os.setpriority(os.PRIO_PROCESS, 0, -5))
        attempt("real-time priority", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
        attempt("to be spared when memory is short", lambda: os.write(os.open("/proc/self/oom_score_adj", os.O_WRONLY), b"-1000"))
        """,
    ),
    attack(
        18,
        "odd_process_names",
        "processes whose names look like what the system says of them",
        """
        for name in (b"\\nRssAnon: 1 kB", b"\\x0cRssAnon:x", b") R 1 1", b"\\xff\\xfe"):
            child = os.fork()
            if child == 0:
                libc.prctl(15, name, 0, 0, 0)
                time.sleep(0.4)
                os._exit(0)
        libc.prctl(15, b"\\nRssAnon:", 0, 0, 0)
        time.sleep(0.6)
        """,
    ),
    attack(
        18, "blinds_its_keeper", "limits of the process that watches what it takes, which then sees nothing any more",
        """
        import mmap, resource
        for kind, most in ((resource.RLIMIT_NOFILE, 4), (resource.RLIMIT_NPROC, 0), (resource.RLIMIT_AS, 2**20)):
            try:
                resource.prlimit(os.getppid(), kind, (most, most))
            except OSError:
                pass
        def filled():
            area, chunk = mmap.mmap(-1, 3 * 2**28), b"x" * 2**24
            for _ in range(48):
                area.write(chunk)
            time.sleep(0.5)
            return len(area)
        attempt("768 MiB of shared memory", filled)
        """,
        FINE, DIED, MEMORY, TIME,
    ),
    attack(
        18, "ends_its_keeper", "processor time taken from the process that watches it",
        """
        import resource
        resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (0, 0))
        time.sleep(1.5)
        """,
        FINE, DIED, "error PermissionError",
    ),
    attack(
        19, "other_memory", "the memory of the grader, of the first process and of siblings",
        """
        def opened(kind, mode):
            opened = []
            for number in strangers():
                try:
                    with open(f"/proc/{number}/{kind}", mode) as file:
                        if kind == "mem" or file.read(1):
                            opened.append(number)
                except OSError:
                    continue
            return opened
        attempt("to trace the first process", lambda: permitted((101, 117), 16, 1, 0, 0))
        attempt("to trace any process", lambda: permitted((101, 117), 16, strangers()[-1], 0, 0))
        attempt("to read another's memory", lambda: permitted((310, 270), 1, None, 0, None, 0, 0))
        attempt("to write another's memory", lambda: permitted((311, 271), 1, None, 0, None, 0, 0))
        attempt("another's memory as a file", lambda: found(opened("mem", "rb")))
        attempt("another's memory, writable", lambda: found(opened("mem", "r+b")))
        attempt("another's map of memory", lambda: found(opened("maps", "rb")))
        attempt("another's open files", lambda: permitted(438, os.pidfd_open(os.getpid()), 0, 0))
        attempt("to compare with another", lambda: permitted((312, 272), os.getpid(), 1, 0, 0, 0))
        """,
    ),
    attack(
        20, "secrets_around", "the grader's token in environments, command lines, and memory inherited from the fork server",
        """
        secret = re.compile(rb"planted-[a-z]+-[0-9a-f]{16}")
        def in_files(pattern):
            hits = set()
            for path in glob.glob(pattern):
                try:
                    hits |= set(secret.findall(open(path, "rb").read()))
                except OSError:
                    pass
            return found(hits)
        def in_memory():
            hits = set()
            with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
                for line in maps:
                    fields = line.split()
                    start, end = (int(number, 16) for number in fields[0].split("-"))
                    if "w" not in fields[1] or len(fields) > 5 and fields[5] != "[heap]" or end - start > 2**27:
                        continue
                    memory.seek(start)
                    try:
                        hits |= set(secret.findall(memory.read(end - start)))
                    except OSError:
                        pass
            return found(hits)
        attempt("the token in an environment", lambda: in_files("/proc/[0-9]*/environ"))
        attempt("a secret on a command line", lambda: in_files("/proc/[0-9]*/cmdline"))
        attempt("the token in this environment", lambda: found(secret.findall(repr(dict(os.environ)).encode())))
        attempt("a secret in this memory", in_memory)
        attempt("the environment of the first process", lambda: found(
            [] if os.getpid() == 1 else [word for word in open("/proc/1/environ", "rb").read().split(b"\\0") if b"TOKEN" in word]
        ))
        attempt("the grader's modules", lambda: found([
            name for name in sys.modules if name.split(".")[0] == "reference" or name in ("grader.marking", "grader.course")
        ]))
        """,
    ),
    attack(
        20, "inherited_files", "files, sockets and folders that the fork server had open",
        """
        def outside():
            places = []
            for name in os.listdir("/proc/self/fd"):
                try:
                    to = os.readlink(f"/proc/self/fd/{name}")
                except OSError:
                    continue
                if to.startswith("/") and not to.startswith(("/dev/", "/run/", "/tmp/", "/proc/self", f"/proc/{os.getpid()}",
                                                             os.path.expanduser("~"), os.getcwd())):
                    places.append(to)
            return places
        def talks():
            # A message on the fork server's own socket would make it start something.
            for name in os.listdir("/proc/self/fd"):
                try:
                    with socket.socket(fileno=os.dup(int(name))) as sock:
                        if sock.family == socket.AF_UNIX and sock.type == socket.SOCK_SEQPACKET:
                            return name
                except OSError:
                    continue
            raise LookupError("no such socket")
        attempt("a file from outside", lambda: found(outside()))
        attempt("the fork server's own socket", talks)
        attempt("a folder outside of the root", lambda: found(
            [name for name in os.listdir("/proc/self/fd") if os.path.isdir(f"/proc/self/fd/{name}/..")
             and os.stat(f"/proc/self/fd/{name}/..").st_dev not in (os.stat("/").st_dev, os.stat(os.getcwd()).st_dev,
                                                                   os.stat("/proc").st_dev, os.stat("/dev").st_dev)]
        ))
        """,
    ),
    attack(
        21, "namespaces", "new namespaces, mounts and roots, from which the old tricks start",
        """
        users, mounts, network = 0x10000000, 0x20000, 0x40000000
        attempt("a new user namespace", lambda: permitted((272, 97), users))
        attempt("a new mount namespace", lambda: permitted((272, 97), mounts))
        attempt("a new network namespace", lambda: permitted((272, 97), network))
        attempt("a process in a new user namespace", lambda: permitted((56, 220), users | 17, 0, 0, 0, 0))
        attempt("a process in new namespaces, the new way", lambda: permitted(435, None, 88))
        attempt("the namespace of another", lambda: permitted((308, 268), os.open("/proc/1/ns/mnt", os.O_RDONLY), 0))
        attempt("a mount", lambda: permitted((165, 40), b"none", b"/tmp", b"tmpfs", 0, None))
        attempt("a mount, the new way", lambda: permitted(430, b"tmpfs", 0))
        attempt("a folder detached", lambda: permitted(428, -100, b"/", 1))
        attempt("a mount made writable", lambda: permitted((165, 40), None, b"/", None, 32 | 4096, None))
        attempt("a mount made writable, the new way", lambda: permitted(442, -100, b"/", 0, None, 0))
        attempt("an unmount", lambda: permitted((166, 39), b"/tmp", 2))
        attempt("another root", lambda: permitted((161, 51), b"/"))
        attempt("a pivot of the root", lambda: permitted((155, 41), b".", b"."))
        attempt("the program unshare", lambda: subprocess.run(["unshare", "-r", "id"], check=True, capture_output=True))
        """,
    ),
    attack(
        22, "become_root", "root by its programs, by capabilities of files, or by asking",
        """
        status = dict(line.split(":", 1) for line in open("/proc/self/status"))
        attempt("to be root by asking", lambda: os.setuid(0))
        attempt("to be anybody", lambda: os.setresuid(0, 0, 0))
        attempt("to be in other groups", lambda: os.setgroups([0]))
        attempt("to gain from programs of root", lambda: found(libc.prctl(39, 0, 0, 0, 0) != 1))
        attempt("capabilities", lambda: found([status[name] for name in ("CapEff", "CapPrm", "CapInh") if int(status[name], 16)]))
        attempt("capabilities to come", lambda: found(int(status["CapBnd"], 16)))
        attempt("to run without a filter of calls", lambda: found(int(status["Seccomp"]) != 2))
        attempt("the program su", lambda: subprocess.run(["su", "-c", "id"], check=True, capture_output=True, stdin=subprocess.DEVNULL))
        attempt("the program sudo", lambda: subprocess.run(["sudo", "-n", "id"], check=True, capture_output=True))
        """,
        # Only root can take away what no program can gain any more.
        residual={"C": ["capabilities to come"]},
    ),
    attack(
        23, "kernel_interfaces", "parts of the system that programs of a homework never need and exploits do",
        """
        attempt("io_uring, which opens sockets past the filter", lambda: permitted(425, 8, None))
        attempt("the kernel's keyrings", lambda: permitted((250, 219), 0, -3, 0))
        attempt("a new key", lambda: permitted((248, 217), b"user", b"name", b"x", 1, -3))
        attempt("programs in the kernel", lambda: permitted((321, 280), 0, None, 0))
        attempt("performance counters", lambda: permitted((298, 241), None, 0, -1, -1, 0))
        attempt("faults handled by a program", lambda: permitted((323, 282), 1))
        attempt("files by their number", lambda: permitted((304, 265), -100, None, 0))
        attempt("watching all files", lambda: permitted((300, 262), 0, 0))
        attempt("the kernel's log", lambda: permitted((103, 116), 3, None, 0))
        attempt("a module for the kernel", lambda: permitted((313, 273), -1, b"", 0))
        attempt("another kernel", lambda: permitted((246, 104), 0, 0, None, 0xFFFFFFFF))
        attempt("swap", lambda: permitted((167, 224), b"/nowhere", 0))
        attempt("quotas", lambda: permitted((179, 60), 0, None, 0, None))
        attempt("accounting", lambda: permitted((163, 89), b"/nowhere"))
        attempt("another personality", lambda: permitted((135, 92), 0x0400000))
        attempt("typing into a terminal", lambda: permitted((16, 29), os.openpty()[1], ctypes.c_ulong(0x5412), b"x"))
        attempt("typing into a terminal, in the upper half of a number", lambda: permitted(
            (16, 29), os.openpty()[1], ctypes.c_ulong(0x1_0000_5412), b"x"))
        """,
    ),
    attack(
        23, "calls_of_other_machines", "system calls of a 32-bit program, which a filter of 64-bit calls does not know",
        """
        import mmap
        # mov eax, 20 (getpid of 32-bit programs); int 0x80; ret
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")
        function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
        def in_child(action):
            child = os.fork()
            if child == 0:
                os._exit(0 if action() > 0 else 1)
            if os.waitpid(child, 0)[1] != 0:
                raise PermissionError("the process was killed, or the call refused")
        attempt("a call of 32-bit programs", lambda: in_child(function))
        attempt("a call with the mark of x32", lambda: in_child(lambda: libc.syscall(0x40000027)))
        """,
        FINE, DIED, TIME, PROTOCOL,
    ),
)  # fmt: skip
"""Rows 12 to 23."""
