"""httpsig, without what it asks for its own version: pkg_resources, 3 MB that announce their own end.

setuptools has left it out since its version 82. httpsig wants two names of it, which the standard library has, too.
"""

import importlib
import sys
from importlib.metadata import PackageNotFoundError, distribution
from types import ModuleType
from typing import Any

_NAME = "pkg_resources"


def _load() -> Any:
    if _NAME in sys.modules:
        return importlib.import_module("httpsig")
    instead = ModuleType(_NAME)
    instead.__dict__.update(get_distribution=distribution, DistributionNotFound=PackageNotFoundError)
    sys.modules[_NAME] = instead
    try:
        return importlib.import_module("httpsig")
    finally:
        del sys.modules[_NAME]


httpsig = _load()
