"""Attacks through what a notebook may do: magics, packages, caches, settings."""

from tests.attacks.attack import BEFORE, DIED, FINE, TIME, attack

RUNNING = (
    attack(
        60, "shells", "shell commands in cells",
        """
        print(get_ipython().getoutput("id; ls /; cat /etc/shadow"))
        get_ipython().run_cell_magic("bash", "", "cat " + places["solver"] + " && echo gained")
        """,
        FINE, "error CalledProcessError",
    ),
    attack(
        60, "magics", "magics that run files, load extensions, reload modules, or leave",
        """
        shell = get_ipython()
        open("other.py", "w").write("print('ran')")
        shell.run_line_magic("run", "other.py")
        shell.run_line_magic("load_ext", "autoreload")
        shell.run_line_magic("autoreload", "2")
        shell.run_cell_magic("javascript", "", "alert(1)")
        shell.ask_exit()
        """,
        FINE, DIED,
    ),
    attack(
        61, "installs", "packages installed while it runs",
        """
        get_ipython().run_cell("!pip install nothing-of-this-name")
        get_ipython().run_cell("%pip install nothing-of-this-name")
        attempt("a package installed", lambda: __import__("nothing_of_this_name"))
        """,
        FINE, TIME,
    ),
    attack(
        61, "shadows_modules", "files named numpy.py, torch.py and sitecustomize.py beside the notebook",
        """
        for name in ("numpy", "torch", "json", "zmq", "sitecustomize", "usercustomize", "ipykernel"):
            open(f"{name}.py", "w").write("raise SystemExit('shadowed')")
        os._exit(1)
        """,
        DIED,
    ),
    attack(
        65, "looks_around", "a notebook that looks for a grader and gives the right answer only there",
        """
        import getpass
        signs = [name for name in os.environ if "GRAD" in name.upper() or "NBCLIENT" in name.upper()]
        attempt("an environment that names the grader", lambda: found(signs))
        """,
    ),
    attack(
        68, "poisons_caches", "files that later kernels would run: start-up scripts, caches, paths of Python",
        """
        home = os.path.expanduser("~")
        poison = "before = after = claim = 666\\nimport builtins\\nbuiltins.poisoned = True\\n"
        folders = (f"{home}/.ipython/profile_default/startup", os.environ.get("IPYTHONDIR", home) + "/profile_default/startup",
                   f"{home}/.config/matplotlib", f"{home}/.local/lib/python3.11/site-packages", "/tmp", home, os.getcwd())
        for folder in folders:
            try:
                os.makedirs(folder, exist_ok=True)
                for name in ("00-poison.py", "usercustomize.py", "sitecustomize.py", "poison.pth", "matplotlibrc"):
                    open(f"{folder}/{name}", "w").write("import usercustomize" if name.endswith("pth") else poison)
            except OSError:
                pass
        os._exit(1)
        """,
        DIED, claim=("blank", "did-not-run"), around=(BEFORE, "import builtins\nafter = 0 if hasattr(builtins, 'poisoned') else 85"),
    ),
)  # fmt: skip
"""Rows 60 to 68."""
