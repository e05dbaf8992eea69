"""What runs beside a student's code: load the sources from memory, answer calls one by one, say what came of each.

It imports the standard library and NumPy alone, because it lives in a process where nothing of ours may be found. It holds no
answer and gives no verdict: its replies are data, and the student's code, which shares this process, may forge any of them
without gaining anything but a wrong number.
"""

from __future__ import annotations

import os
import random
import sys
import types
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

# Inside a worker the folder of this file is on the path; on the trusted side it is a package.
if TYPE_CHECKING or __package__:
    from . import codec, request, sources
else:
    import codec
    import request
    import sources

MESSAGE_CHARACTERS = 500
# No file that is read has so many.
MOST_LINES = 1 << 20
HEADER_BYTES = 4
# Left beside the budget of a reply for what every reply holds: container, flags, text of an exception.
REPLY_OVERHEAD_BYTES = 16 * 1024


class Blocked(Exception):  # noqa: N818 - it is a signal within this module, no error of anybody's
    """An argument refers to a call that has no result."""


class NotThere(Exception):  # noqa: N818 - as above
    """A recipe uses a function that the student's module does not have."""


class Session:
    """The calls made on one set of functions, and the results that stay here for later calls.

    Parameters
    ----------
    lookup
        Gives the function for a name, or None.
    paths
        The files whose lines may be named in the description of an exception.
    is_silenced
        Whether the functions' own author has turned off a warning of NumPy; without it, none is.
    """

    def __init__(self, lookup: Callable[[str], Any], paths: Iterable[str], is_silenced: Callable[[str], bool] | None = None) -> None:
        self.lookup = lookup
        self.paths = frozenset(paths)
        self.is_silenced = is_silenced
        self.results: dict[int, Any] = {}
        self.arguments: dict[int, tuple[Any, ...]] = {}

    def answer(self, frame: bytes) -> bytes:
        """Execute one encoded call and encode what came of it."""
        call = request.decode(frame)
        try:
            reply = self._call(*call)
        except BaseException as error:  # noqa: BLE001 - whatever a student raises, SystemExit too, is an answer
            return bytes(codec.encode(describe(error, self.paths), REPLY_OVERHEAD_BYTES))
        return reply

    def _call(
        self,
        number: int,
        names: tuple[str, ...] | bytes,
        returns: int,
        arguments: tuple[Any, ...],
        options: dict[str, Any],
        want: tuple[int, ...],
        after: tuple[int, ...],
        budget: int,
        seed: int,
    ) -> bytes:
        function = None
        try:
            function = self.resolve(names) if isinstance(names, bytes) else self._find(names)
            positional = self.resolve(arguments)
            named = self.resolve(options)
        except NotThere:
            return bytes(codec.encode(("missing",)))
        except Blocked as blocked:
            return bytes(codec.encode(("not_implemented",) if _is_stub(function, arguments) else ("blocked", blocked.args[0])))
        if seed >= 0:
            np.random.seed(seed)
            random.seed(seed)
        flags: list[str] = []
        with np.errstate(divide="call", over="call", invalid="call", under="ignore", call=self._recorder(flags)):
            result = function(*positional, **named)
        if isinstance(result, (tuple, list)):
            # A namedtuple is a tuple, for whoever counts its items and for whoever reads them.
            result = codec.as_plain(result)
        if returns and not (type(result) in (tuple, list) and len(result) == returns):
            count = len(result) if type(result) in (tuple, list) else -1
            return bytes(codec.encode(("count", type(result).__name__[:100], count, _is_all_none(result))))
        items = tuple(result) if returns else (result,)
        self.results[number] = items
        self.arguments[number] = positional
        wanted = tuple([items[index] for index in want])
        changed = tuple([positional[index] for index in after])
        warned = tuple(sorted(set(flags))) if flags else ()
        empty = items[0] is None and _is_all_none(items)
        return bytes(codec.encode_reply(wanted, changed, warned, empty, budget + REPLY_OVERHEAD_BYTES))

    def _recorder(self, flags: list[str]) -> Callable[[str, int], None]:
        """What hears of every warning of NumPy. What stands in ``np.errstate`` inside of the function never comes here."""
        silenced = self.is_silenced
        if silenced is None:
            return lambda message, _flag: flags.append(message)
        settings = np.geterr()

        def record(message: str, _flag: int) -> None:
            kind = {"divide by zero": "divide", "overflow": "over", "invalid value": "invalid"}.get(message, "under")
            if settings[kind] != "ignore" and not silenced(message):  # type: ignore[literal-required]
                flags.append(message)

        return record

    def _find(self, names: tuple[str, ...]) -> Any:
        function = next((found for found in map(self.lookup, names) if found is not None), None)
        if function is None:
            raise NotThere(names[0])
        return function

    def resolve(self, value: Any) -> Any:
        """Give what a part of a request means here: arrays, kept values, generators and callables for the bytes that stand for them."""
        kind = type(value)
        if kind is bytes:
            value = request.read(value)
            return value if type(value) is np.ndarray else self._make(value)
        if kind is dict:
            return {key: self.resolve(item) for key, item in value.items()}
        if kind is tuple:
            return tuple([self.resolve(item) for item in value])
        if kind is list:
            return [self.resolve(item) for item in value]
        return value

    def _make(self, value: Any) -> Any:
        kind = type(value)
        if kind is request.Reference:
            kept = self.arguments if value.after else self.results
            if value.call not in kept:
                raise Blocked(value.call)
            return kept[value.call][max(value.item, 0)]
        if kind is request.Generator:
            return np.random.default_rng(value.seed)
        if kind is request.Own:
            return self._find((value.name, *value.aliases))
        # The source is a check's, written on the trusted side; it comes with the request and is no secret.
        made = eval(value.source, {"np": np})  # noqa: S307 - as the line above says
        return made(*self.resolve(value.constants))


def _is_stub(function: Any, arguments: tuple[Any, ...]) -> bool:
    """Whether a function is still the stub, found out without the arguments that an earlier call did not give."""
    if function is None:
        return False
    try:
        return _is_all_none(function(*(None for _ in arguments)))
    except NotImplementedError:
        return True
    except BaseException:  # noqa: BLE001 - it does something, so it is no stub; what it does with None says nothing
        return False


def _is_all_none(result: Any) -> bool:
    """Whether nothing at all was returned, as by a body that is still the stub's ``pass``."""
    return result is None or (type(result) in (tuple, list) and len(result) > 0 and all(item is None for item in result))


def describe(error: BaseException, paths: frozenset[str]) -> tuple[Any, ...]:
    """Describe an exception by its type, its message and the last line of the student's own code that it passed."""
    if isinstance(error, NotImplementedError):
        return ("not_implemented",)
    path, line, function = "", 0, ""
    if isinstance(error, SyntaxError):
        path, line = str(error.filename), int(error.lineno or 0)
    # Where the text itself is wrong, it says so better than the line that read it.
    trace = None if path in paths and 0 < line < MOST_LINES else error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename in paths:
            path, line, function = code.co_filename, trace.tb_lineno, code.co_name
        trace = trace.tb_next
    try:
        # The rest of what a SyntaxError says of itself is its place, which has its own fields.
        message = str(error.msg if isinstance(error, SyntaxError) else error)[:MESSAGE_CHARACTERS]
        name = str(type.__getattribute__(type(error), "__name__"))[:100]
    except BaseException:  # noqa: BLE001 - a hostile __str__ or metaclass must not replace the answer
        message, name = "", "Exception"
    errno = error.errno if isinstance(error, OSError) and isinstance(error.errno, int) else 0
    return ("raised", name, message, path[:300], line, function[:100], errno)


def load(files: dict[str, str], path: str) -> tuple[Session, tuple[Any, ...]]:
    """Execute the file at `path`, with the others as its siblings.

    Returns
    -------
    The session, and a reply: ``("loaded", None)``, or ``("loaded", description)`` where the module broke off because of
    something that the sandbox does not offer and what it had defined until then is used, or the description of an exception.
    """
    paths = frozenset(files)
    _watch_warnings()
    try:
        namespace, broke_off = sources.execute(files, path)
    except BaseException as error:  # noqa: BLE001 - a module may raise anything while it is loaded
        return Session(lambda _name: None, paths), describe(error, paths)
    return Session(_offered(namespace), paths, _is_silenced), ("loaded", None if broke_off is None else describe(broke_off, paths))


def _offered(namespace: dict[str, Any]) -> Callable[[str], Any]:
    """Find a function as an import would: by its name, or else by the module's own ``__getattr__`` (PEP 562)."""

    def lookup(name: str) -> Any:
        found = namespace.get(name)
        if found is None and callable(namespace.get("__getattr__")):
            try:
                return namespace["__getattr__"](name)
            except AttributeError:
                return None
        return found

    return lookup


def _watch_warnings() -> None:
    """Show no warning, and leave it to the module whether it turns those of NumPy off."""
    warnings.showwarning = lambda *_arguments, **_options: None
    warnings.simplefilter("ignore")
    warnings.simplefilter("always", RuntimeWarning)


def _is_silenced(message: str) -> bool:
    """Whether the filters that stand at this moment would have kept a warning of NumPy from being shown."""
    shown: list[object] = []
    before = warnings.showwarning
    warnings.showwarning = lambda *arguments, **_options: shown.append(arguments)
    try:
        warnings.warn(f"{message} encountered", RuntimeWarning, stacklevel=3)
    except RuntimeWarning:
        return False
    finally:
        warnings.showwarning = before
    return not shown


def session_of(module: types.ModuleType) -> Session:
    """A session on a trusted module in this process: how the engine runs the reference and the known mistakes."""
    return Session(lambda name: getattr(module, name, None), (str(module.__file__),))


def serve(request: int, reply: int) -> None:
    """Answer frames from descriptor `request` on descriptor `reply` until the requests end. Each has a length before it."""
    frames = _frames(request)
    first = next(frames, None)
    if first is None:
        return
    session, loaded = load(*codec.decode(first))
    _reply(reply, bytes(codec.encode(loaded, REPLY_OVERHEAD_BYTES)))
    for frame in frames:
        _reply(reply, session.answer(frame))


def _reply(descriptor: int, payload: bytes) -> None:
    # What was printed goes first: the grader ends the process as soon as it has the last reply.
    _flush()
    _write_frame(descriptor, payload)


def _flush() -> None:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except Exception:  # noqa: BLE001, S110 - a student may have put anything in place of the streams; what they print is no answer
        pass


def _frames(descriptor: int) -> Iterator[bytes]:
    """Cut the stream into frames. Reads what is there, since a system call for every frame costs as much as a small call itself."""
    buffer = b""
    while True:
        at = 0
        while len(buffer) >= at + HEADER_BYTES:
            end = at + HEADER_BYTES + int.from_bytes(buffer[at : at + HEADER_BYTES], "little")
            if len(buffer) < end:
                break
            yield buffer[at + HEADER_BYTES : end]
            at = end
        piece = os.read(descriptor, 1 << 20)
        if not piece:
            return
        buffer = buffer[at:] + piece


def _write_frame(descriptor: int, payload: bytes) -> None:
    data = memoryview(len(payload).to_bytes(HEADER_BYTES, "little") + payload)
    while data:
        data = data[os.write(descriptor, data) :]
