"""Attacks on whoever reads an answer: values that lie about what they are, run code, or are larger than any memory."""

from tests.attacks.attack import BLANK, CORRECT, FINE, TIME, UNREADABLE, attack

CLAIMING = (
    attack(
        44, "equals_everything", "an answer that equals everything",
        """
        class Equal(int):
            def __eq__(self, other):
                return True
            __hash__ = int.__hash__
            def __float__(self):
                return 7.0
            __index__ = __int__ = lambda self: 7
            __class__ = int
        claim = Equal(3)
        """,
        claim=(UNREADABLE,),
    ),
    attack(
        44, "poses_as_array", "an answer that poses as an array, with side effects",
        """
        import numpy
        class Array(numpy.ndarray):
            def __array__(self, *_, **__):
                raise SystemExit
            def tolist(self):
                return 7
            dtype = property(lambda self: numpy.dtype("int64"))
        claim = numpy.array(3).view(Array)
        """,
        claim=(UNREADABLE,),
    ),
    attack(
        44, "poses_as_tensor", "an answer that poses as a tensor",
        """
        import torch
        class Tensor(torch.Tensor):
            @classmethod
            def __torch_function__(cls, *_, **__):
                return 7
        claim = torch.tensor(3).as_subclass(Tensor)
        """,
        claim=(UNREADABLE,),
    ),
    attack(
        44, "metaclass", "an answer whose class lies about its name",
        """
        class Meta(type):
            __name__ = __module__ = __doc__ = property(lambda cls: 1 / 0)
            def __getattribute__(cls, name):
                raise SystemExit(name)
        claim = Meta("Liar", (), {})()
        """,
        claim=(UNREADABLE,),
    ),
    attack(
        45, "runs_when_read", "an answer that would run a program where it is unpickled, looked at or thrown away",
        """
        class Runs:
            def __reduce__(self):
                return os.system, (f"touch {places['out']}/ran {places['tmp']}/ran",)
            def __getattr__(self, name):
                open(f"{places['out']}/ran", "w").close()
                raise AttributeError(name)
            __del__ = __reduce__
        claim = Runs()
        """,
        claim=(UNREADABLE,),
    ),
    attack(
        45, "pickled_array", "an array of objects",
        """
        import numpy
        class Runs:
            def __reduce__(self):
                return os.system, (f"touch {places['out']}/ran",)
        claim = numpy.array([Runs()], dtype=object)
        """,
        claim=(UNREADABLE,),
    ),
    attack(46, "contains_itself", "a list that contains itself", "claim = []\nclaim.append(claim)", claim=(UNREADABLE,)),
    attack(
        46, "million_items", "a list of millions, shared ten times on each of eight levels",
        "claim = [0] * 10\nfor _ in range(8):\n    claim = [claim] * 10", claim=(UNREADABLE,),
    ),
    attack(
        46, "view_of_nothing", "an array that claims 10^18 items and has one",
        "import numpy\nclaim = numpy.broadcast_to(numpy.int64(7), (10**9, 10**9))", claim=(UNREADABLE,),
    ),
    attack(
        46, "strange_tensors", "tensors without storage, sparse ones and nested ones",
        "import torch\nclaim = torch.empty((10**9, 10**9), device='meta')", claim=(UNREADABLE,),
    ),
    attack(
        46, "sparse_tensor", "a sparse tensor of 10^18 items",
        "import torch\nclaim = torch.sparse_coo_tensor([[0], [0]], [7], (10**9, 10**9))", claim=(UNREADABLE,),
    ),
    attack(
        47, "huge_number", "a whole number of three hundred million digits", "claim = 1 << 10**9", claim=(UNREADABLE,),
    ),
    attack(
        47, "huge_fraction", "a fraction and a decimal with huge parts",
        "from decimal import Decimal\nclaim = Decimal('1e999999999')", claim=(UNREADABLE,),
    ),
    attack(47, "not_a_number", "what is no number", "claim = float('nan')", claim=(UNREADABLE,)),
    attack(47, "infinity", "infinity", "claim = float('inf')", claim=(UNREADABLE,)),
    attack(47, "true", "true in place of a number", "claim = True", claim=(UNREADABLE,)),
    attack(
        47, "formula_bomb", "a text that is a power of powers", "claim = '9**9**9**9**9'", claim=(UNREADABLE,),
    ),
    attack(
        47, "digits_bomb", "a text of ten thousand digits", "claim = '7' * 10_000", claim=(UNREADABLE,),
    ),
    attack(
        62, "odd_settings", "a small recursion limit, another folder, no output streams, other settings of numpy and torch",
        """
        import locale, numpy, torch
        os.chdir("/")
        os.environ.clear()
        numpy.seterr(all="raise")
        torch.set_default_dtype(torch.float16)
        torch.use_deterministic_algorithms(True)
        sys.stdout = sys.stderr = None
        """,
        FINE, TIME,
    ),
    attack(62, "small_recursion_limit", "a recursion limit at which nothing runs", "import sys\nsys.setrecursionlimit(60)",
           FINE, TIME, "error RecursionError", "died protocol", after=(CORRECT, BLANK)),
    attack(62, "no_standard_output", "standard output and standard error closed", "import os\nos.close(1)\nos.close(2)", FINE, TIME),
)  # fmt: skip
"""Rows 44 to 47, and 62."""
