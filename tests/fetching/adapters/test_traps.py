"""The tables of traps in this folder's modules: each trap names a test that exists, and each register has a table."""

import re
from types import ModuleType

import pytest

from . import test_congress_bill, test_federal_register, test_feed, test_series

MODULES = [test_congress_bill, test_federal_register, test_feed, test_series]
TRAP = re.compile(r"^- (.+)\s+-> (\w+)$", re.MULTILINE)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_trap_is_stepped_into(module: ModuleType) -> None:
    traps = TRAP.findall(module.__doc__ or "")
    tests = set(vars(module))
    for each in vars(module).values():
        tests |= set(vars(each)) if isinstance(each, type) else set()
    assert len(traps) >= 9
    assert [(trap, test) for trap, test in traps if test not in tests] == []
