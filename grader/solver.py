"""A reference module seen as a graph of functions.

A solver is a plain module of small functions. What a parameter is follows from its name and default:

- the name of another function of the module: that function's value;
- no default and no such function: a number *given* by the problem file;
- a default: an *assumption*, whose default is the intended one.

One mechanism serves three uses: another value for an assumption is an accepted convention or a known mistake, and
another value for a function is follow-through from the student's own answer.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.errors import ProblemError

Assumptions = Mapping[str, Any]
_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class SolveError(ProblemError):
    """A function of the solver failed on the values it was given."""


@dataclass(frozen=True)
class Inputs:
    """What one function of a solver takes."""

    functions: tuple[str, ...]
    """Functions of the module whose values it takes."""
    given: Mapping[str, Any]
    """Numbers of the problem file."""
    assumptions: Assumptions
    """Its own assumptions, with their intended values."""


@dataclass(frozen=True, eq=False)
class Solver:
    """The functions of one reference module, bound to the numbers that a problem gives.

    Args:
        module: the reference module; functions imported into it or named with an underscore are not part of the graph.
        given: the numbers of the problem file's ``[given]`` table.

    Raises:
        ProblemError: an unknown parameter, a cycle, two defaults for one assumption, or one that no problem file can alter.
    """

    module: ModuleType
    given: Mapping[str, Any]
    _solved: dict[tuple[str, tuple[tuple[str, Any], ...]], Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Read the whole graph once, so that a wrong solver is found before any student is marked."""
        known = {*self.functions, *self.assumptions, *self.given}
        for name, parameters in self._parameters.items():
            if missing := sorted(set(parameters) - known):
                trouble = f"parameter {missing[0]!r} is no function of the module, has no default, and is not given"
                raise ProblemError(self.file, name, trouble)
        _ = self._ancestors

    @property
    def file(self) -> str:
        """The module's file, for messages."""
        return str(Path(self.module.__file__ or self.module.__name__))

    @cached_property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """The nodes of the graph."""
        return {
            name: value
            for name, value in vars(self.module).items()
            if inspect.isfunction(value) and value.__module__ == self.module.__name__ and not name.startswith("_")
        }

    @cached_property
    def _parameters(self) -> dict[str, Mapping[str, inspect.Parameter]]:
        found: dict[str, Mapping[str, inspect.Parameter]] = {
            name: inspect.signature(function).parameters for name, function in self.functions.items()
        }
        for name, parameters in found.items():
            if odd := [p.name for p in parameters.values() if p.kind not in _NAMED]:
                raise ProblemError(self.file, name, f"parameter {odd[0]!r} needs a plain name (no *, ** or /)")
        return found

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        """Every parameter that is no function, with its default; `Parameter.empty` for what has to be given."""
        defaults: dict[str, Any] = {}
        for name, parameters in self._parameters.items():
            for parameter in parameters.values():
                if trouble := self._trouble(parameter, defaults.get(parameter.name, parameter.default)):
                    raise ProblemError(self.file, name, f"parameter {parameter.name!r} {trouble}")
                defaults[parameter.name] = parameter.default
        return {name: default for name, default in defaults.items() if name not in self.functions}

    def _trouble(self, parameter: inspect.Parameter, elsewhere: Any) -> str:
        """What is wrong with the default of a parameter, given its default in another function."""
        default, has_none = parameter.default, parameter.default is parameter.empty
        if parameter.name in self.functions:
            return "" if has_none else "is a function of the module, whose value it takes; remove the default"
        if not has_none and not isinstance(default, str | bool | int | float):
            return "needs a text, a number, True or False as its default, which a problem file can alter"
        if (type(default), default) != (type(elsewhere), elsewhere):
            return "has another default elsewhere, or none; give it the same one everywhere"
        return ""

    @cached_property
    def assumptions(self) -> dict[str, Any]:
        """Every assumption of the module with its intended value."""
        return {name: default for name, default in self._defaults.items() if default is not inspect.Parameter.empty}

    @cached_property
    def wanted(self) -> frozenset[str]:
        """Every number that has to be given."""
        return frozenset(self._defaults.keys() - self.assumptions.keys())

    def ancestors(self, name: str, known: frozenset[str] = frozenset()) -> frozenset[str]:
        """All functions and assumptions on which the function `name` depends, itself left out.

        Args:
            name: a function of the module.
            known: functions whose values are given, so that nothing behind them matters.
        """
        if not known:
            return self._ancestors[name]
        own = self._parameters[name].keys() - self.wanted - known
        return frozenset(own).union(*(self.ancestors(one, known) for one in own & self.functions.keys()))

    def inputs(self, name: str) -> Inputs:
        """What the function `name` itself takes, in the order of its parameters."""
        parameters = tuple(self._parameters[name])
        return Inputs(
            functions=tuple(one for one in parameters if one in self.functions),
            given={one: self.given[one] for one in parameters if one in self.wanted},
            assumptions={one: self.assumptions[one] for one in parameters if one in self.assumptions},
        )

    @cached_property
    def _ancestors(self) -> dict[str, frozenset[str]]:
        needs = {name: parameters.keys() & self.functions.keys() for name, parameters in self._parameters.items()}
        found: dict[str, frozenset[str]] = {}
        try:
            for name in TopologicalSorter(needs).static_order():
                own = self._parameters[name].keys() - self.wanted
                found[name] = frozenset(own).union(*(found[function] for function in needs[name]))
        except CycleError as error:
            circle = error.args[1][::-1]
            raise ProblemError(self.file, circle[0], f"the functions need each other: {' -> '.join(circle)}") from error
        return found

    def solve(self, name: str, assume: Assumptions | None = None, substitute: Mapping[str, Any] | None = None) -> Any:
        """The value of function `name`.

        Args:
            name: a function of the module.
            assume: values of assumptions that differ from the intended ones; those that cannot matter are ignored.
            substitute: values that stand in for functions of the module, such as a student's own earlier answers.

        Raises:
            SolveError: a function raised; with `substitute` this only says that nothing follows from these values.
        """
        return self._value(name, assume or {}, dict(substitute or {}))

    def _value(self, name: str, assume: Assumptions, known: dict[str, Any]) -> Any:
        """As `solve`; what does not build on a known value is worked out once for all, whoever asks.

        So functions of a solver must not change what they are given.
        """
        ancestors = self._ancestors[name]
        relevant = {key: value for key, value in assume.items() if key in ancestors}
        if known and not ancestors.isdisjoint(known):
            return self._call(name, relevant, known)
        key = (name, tuple(sorted(relevant.items())))
        if key not in self._solved:
            self._solved[key] = self._call(name, relevant, known)
        return self._solved[key]

    def _call(self, name: str, assume: Assumptions, known: dict[str, Any]) -> Any:
        arguments: dict[str, Any] = {}
        for parameter in self._parameters[name]:
            if parameter in known:
                arguments[parameter] = known[parameter]
            elif parameter in self.functions:
                arguments[parameter] = self._value(parameter, assume, known)
            elif parameter in self.assumptions:
                arguments[parameter] = assume.get(parameter, self.assumptions[parameter])
            else:
                arguments[parameter] = self.given[parameter]
        try:
            return self.functions[name](**arguments)
        except Exception as error:
            raise SolveError(self.file, name, f"raised {type(error).__name__}: {error}") from error
