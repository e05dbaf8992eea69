"""What may be believed of the description of an exception, whose every word is chosen by the code that raised it."""

from __future__ import annotations

import builtins
import re

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
    """
    file = submission.file(raised.path)
    is_inside = file is not None and 0 < raised.line <= len(file.text.splitlines()) + 1
    # Names are collected for a failed call alone, and only if Python and NumPy do not know them.
    type_is_known = raised.type_name in PYTHON_EXCEPTIONS | LIBRARY_EXCEPTIONS or raised.type_name in _defined(submission)
    function_is_known = raised.function in CODE_WITHOUT_DEF or raised.function in _defined(submission)
    return Raised(
        type_name=raised.type_name if type_is_known else UNNAMED,
        message=raised.message,
        path=raised.path if is_inside else "",
        line=raised.line if is_inside else 0,
        function=raised.function if is_inside and function_is_known else "",
    )


def _defined(submission: Submission) -> frozenset[str]:
    return frozenset(name for file in submission.files for name in CLASS_OR_DEF.findall(file.text))
