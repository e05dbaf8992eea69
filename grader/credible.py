"""What may be believed of the description of an exception, whose every word is chosen by the code that raised it."""

from __future__ import annotations

import builtins
import re

from grader.cells import has_place, is_notebook, path_of_place, place_of_line
from grader.model import Raised, Submission

# The name of an exception type, and where it was raised, are chosen by the code that raises it: `type(repr(x), (Exception,), {})`
# would carry a hidden input out. So a student reads only names that were there before the input was.
PYTHON_EXCEPTIONS = frozenset(name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException))
LIBRARY_EXCEPTIONS = frozenset(
    [
        *("NotAvailable", "AxisError", "LinAlgError", "TooHardError", "DTypePromotionError", "UFuncTypeError", "_ArrayMemoryError"),
        *("_UFuncNoLoopError", "_UFuncBinaryResolutionError", "_UFuncInputCastingError", "_UFuncOutputCastingError"),
        *("ComplexWarning", "RankWarning", "VisibleDeprecationWarning"),
        *("FrozenInstanceError", "JSONDecodeError", "StatisticsError", "InvalidOperation", "DivisionByZero"),
    ]
)
UNNAMED = "Exception"
CODE_WITHOUT_DEF = frozenset({"", "<module>", "<lambda>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
CLASS_OR_DEF = re.compile(r"\b(?:class|def)[ \t]+(\w+)")


def credible(raised: Raised, submission: Submission) -> Raised:
    """Keep of an exception what was known before the submission ran: names that its files define, lines that they have.

    A type of another name becomes ``Exception``, a place outside the submission none. The message stays: it is for the instructor.
    Of a notebook, the place is a cell and the line in it; one that says so already stays as it is.
    """
    path, line = _place(raised, submission)
    is_inside = line > 0
    # Names are collected for a failed call alone, and only if Python and NumPy do not know them.
    type_is_known = raised.type_name in PYTHON_EXCEPTIONS | LIBRARY_EXCEPTIONS or raised.type_name in _defined(submission)
    function_is_known = raised.function in CODE_WITHOUT_DEF or raised.function in _defined(submission)
    return Raised(
        type_name=raised.type_name if type_is_known else UNNAMED,
        message=raised.message,
        path=path,
        line=line,
        function=raised.function if is_inside and function_is_known else "",
    )


def _place(raised: Raised, submission: Submission) -> tuple[str, int]:
    """Where it was raised, as far as the submission has such a place, else ``("", 0)``."""
    file = submission.file(path_of_place(raised.path))
    if file is None:
        return "", 0
    if not is_notebook(file.path):
        return (raised.path, raised.line) if 0 < raised.line <= len(file.text.splitlines()) + 1 else ("", 0)
    if raised.path == file.path:
        return place_of_line(file.path, file.text, raised.line)
    return (raised.path, raised.line) if has_place(file.text, raised.path, raised.line) else ("", 0)


def _defined(submission: Submission) -> frozenset[str]:
    return frozenset(name for file in submission.files for name in CLASS_OR_DEF.findall(file.text))
