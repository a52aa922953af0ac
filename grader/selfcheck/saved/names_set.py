"""Which names a cell sets, told from its source alone."""

import ast
import re
import symtable
import warnings
from collections.abc import Iterator
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager

_TIMED = re.compile(r"^(?:%%(?:time|capture|prun)\b.*|[ \t]*%(?:time|prun)[ \t]+)", re.MULTILINE)
"""Magics around code that sets names in the notebook."""


@lru_cache(2_000)  # cells of a notebook; each failure asks about all of them
def names_set(source: str) -> frozenset[str]:
    """The names that a code cell sets when it runs to its end; none if it is no Python that can be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a student's escapes, which running the cell has told
            python = TransformerManager().transform_cell(_TIMED.sub("", source))  # type: ignore[no-untyped-call]
            kept = ast.unparse(_WithoutDeletions().visit(ast.parse(python)))
            return frozenset(_set_in(symtable.symtable(kept, "cell", "exec")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()


class _WithoutDeletions(ast.NodeTransformer):
    """To a table of symbols, a deletion is as good as an assignment."""

    def visit_Delete(self, _node: ast.Delete) -> ast.Pass:
        """Nothing in place of a deletion."""
        return ast.Pass()


def _set_in(table: symtable.SymbolTable) -> Iterator[str]:
    """Names of the notebook that are set in a cell, or in its functions when they are called."""
    at_top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if (symbol.is_assigned() or symbol.is_imported()) and (at_top or symbol.is_declared_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _set_in(child)
