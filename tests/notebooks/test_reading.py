"""A notebook as a submission: its code cells become one text, and one that is none is met by a sentence."""

from __future__ import annotations

import json
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.cells import has_place, join_cells, path_of_place, place_of_line, split_cells
from grader.errors import ExitCode, SubmissionError
from grader.safe_text import safe_text
from grader.submission import Bounds, load_submission
from grader.submission.candidate import Unusable
from grader.submission.notebook import read_notebook
from tests.notebooks.made import document_of, make_document, make_notebook
from tests.on_disk import CODE, make_folder, make_zip, paths, problems


def text_of(tmp_path, document) -> str:
    return load_submission(make_document(tmp_path / "hw.ipynb", document)).files[0].text


# -------------------------------------------------------------------------------------------------------------- what is read


def test_code_cells_become_one_text_in_order_and_prose_is_ignored(tmp_path):
    submission = load_submission(make_notebook(tmp_path / "hw.ipynb", "a = 1", "b = 2\nc = 3"))

    assert (submission.name, paths(submission)) == ("hw", ["hw.ipynb"])
    assert submission.files[0].text == "# %% cell 1\na = 1\n# %% cell 2\nb = 2\nc = 3\n"


def test_cells_are_numbered_as_jupyter_numbers_them_in_a_fresh_run(tmp_path):
    # Jupyter gives an empty cell no number.
    text = load_submission(make_notebook(tmp_path / "hw.ipynb", "a = 1", "  \n", "b = 2")).files[0].text

    assert [(cell.number, cell.source) for cell in split_cells(text)] == [(1, "a = 1"), (2, "b = 2")]


def test_a_notebook_in_a_folder_and_in_a_zip_is_the_same_submission(tmp_path):
    data = make_notebook(tmp_path / "hw.ipynb", "a = 1").read_bytes()
    files = {"sub/hw.ipynb": data, "sub/helper.py": CODE}

    found = load_submission(make_folder(tmp_path / "one", files), name="x")
    unzipped = load_submission(make_zip(tmp_path / "one.zip", files), name="x")

    assert paths(found) == ["sub/helper.py", "sub/hw.ipynb"]
    assert paths(unzipped) == ["helper.py", "hw.ipynb"]
    assert found.files[1].text == unzipped.files[1].text


def test_a_source_may_be_a_list_of_lines(tmp_path):
    assert text_of(tmp_path, document_of(["a = 1\n", "b = 2"])) == "# %% cell 1\na = 1\nb = 2\n"


def test_a_notebook_of_format_3_is_read(tmp_path):
    cells = [{"cell_type": "code", "language": "python", "input": ["a = 1\n", "b = 2"], "outputs": []}]
    document = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}

    assert text_of(tmp_path, document) == "# %% cell 1\na = 1\nb = 2\n"


def test_keys_that_carry_no_code_may_be_missing(tmp_path):
    document = {"nbformat": 4, "cells": [{"cell_type": "code", "source": "a = 1"}, {"cell_type": "code"}]}

    assert text_of(tmp_path, document) == "# %% cell 1\na = 1\n"


def test_plots_of_many_mib_cost_nothing(tmp_path):
    document = document_of("a = 1")
    document["cells"][0]["outputs"] = [{"output_type": "display_data", "data": {"image/png": "A" * (20 << 20)}, "metadata": {}}]

    assert text_of(tmp_path, document) == "# %% cell 1\na = 1\n"


def test_large_plots_are_read_out_of_a_zip_too(tmp_path):
    document = document_of("a = 1")
    document["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "A" * (5 << 20)}]
    archive = make_zip(tmp_path / "one.zip", {"hw.ipynb": json.dumps(document).encode()}, method=0)

    assert load_submission(archive).files[0].text == "# %% cell 1\na = 1\n"


def test_a_notebook_may_have_the_name_of_a_library(tmp_path):
    # Nothing can import it.
    assert paths(load_submission(make_notebook(tmp_path / "statistics.ipynb", "a = 1"))) == ["statistics.ipynb"]


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_a_character_that_no_source_holds_becomes_a_sign(tmp_path, character):
    assert text_of(tmp_path, document_of(f"a = '{character}'\r\nb = 2")) == "# %% cell 1\na = '\ufffd'\nb = 2\n"


def test_checkpoints_are_not_read(tmp_path):
    data = make_notebook(tmp_path / "hw.ipynb", "a = 1").read_bytes()
    make_folder(tmp_path / "one", {"hw.ipynb": data, ".ipynb_checkpoints/hw-checkpoint.ipynb": data})

    assert paths(load_submission(tmp_path / "one")) == ["hw.ipynb"]


# --------------------------------------------------------------------------------------------------------------- what is not


DEEP = "[" * 100_000
BROKEN = {
    "not JSON": (b"import numpy", "it is not JSON"),
    "empty": (b"", "it is not JSON"),
    "cut off": (b'{"cells": [', "it is not JSON"),
    "another encoding": (b"\xff\xfe\x00", "it is not UTF-8 text"),
    "nested too deeply": (DEEP.encode(), "it is nested too deeply"),
    "a list": (b"[]", "it does not have the structure of a notebook"),
    "a number": (b"3", "it does not have the structure of a notebook"),
    "another object": (b'{"a": 1}', "it has"),
    "no cells": (b'{"nbformat": 4, "metadata": {}}', "it does not have the structure of a notebook"),
    "cells of another kind": (b'{"nbformat": 4, "cells": 3}', "it has no list of cells"),
    "a cell that is none": (b'{"nbformat": 4, "cells": [3]}', "it has no list of cells"),
    "a format to come": (b'{"nbformat": 9, "cells": []}', "it does not have the structure of a notebook"),
    "a source of another kind": (json.dumps(document_of({"a": 1})).encode(), "the source of one of its cells is not text"),
    "lines of another kind": (json.dumps(document_of([["a"]])).encode(), "the source of one of its cells is not text"),
    "a number of 5000 digits": (b'{"nbformat": ' + b"1" * 5000 + b"}", "it is not JSON"),
    "worksheets of another kind": (b'{"nbformat": 3, "worksheets": 3}', "it has no list of cells"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_notebook_is_an_error_in_one_sentence(tmp_path, name):
    data, reason = BROKEN[name]
    (tmp_path / "hw.ipynb").write_bytes(data)

    with pytest.raises(SubmissionError, match="is not a readable notebook") as caught:
        load_submission(tmp_path / "hw.ipynb")

    assert reason in str(caught.value)
    assert caught.value.exit_code is ExitCode.SUBMISSION_UNREADABLE
    assert caught.value.remedy
    assert safe_text(str(caught.value)) == str(caught.value)


def test_beside_other_files_a_broken_notebook_is_a_problem_of_its_own(tmp_path):
    submission = load_submission(make_folder(tmp_path, {"work.py": CODE, "hw.ipynb": b"{"}))

    assert paths(submission) == ["work.py"]
    assert "is not a readable notebook" in problems(submission)["hw.ipynb"]


def test_a_notebook_in_another_language_says_so(tmp_path):
    document = document_of("x <- 1", metadata={"language_info": {"name": "R\u202e"}})

    with pytest.raises(SubmissionError, match=r"is a notebook in R\\u202e, not in Python"):
        load_submission(make_document(tmp_path / "hw.ipynb", document))


def test_a_bomb_of_values_is_refused_before_it_is_read(tmp_path):
    data = b'{"nbformat": 4, "cells": [' + b"[]," * 2_000_000 + b"[]]}"
    started = time.perf_counter()

    with pytest.raises(Unusable, match="holds more than 2000000 values"):
        read_notebook(data, Bounds())

    # Parsing it would take seconds and hundreds of MiB; counting takes milliseconds.
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("part", ["{}", '{"cell_type": "code"}', '{"cells": []}'])
@pytest.mark.parametrize(
    "where", ['{"nbformat": 4, "cells": [%s]}', '{"nbformat": 3, "worksheets": [%s]}', '{"nbformat": 4, "cells": [], "x": [%s]}']
)
def test_a_bomb_of_objects_stays_small(where, part):
    data = (where % ",".join([part] * 50_000)).encode()
    tracemalloc.start()

    try:
        read_notebook(data, Bounds())
    except Unusable as finding:
        assert safe_text(str(finding)) == str(finding)  # noqa: PT017 - both ends are right, and memory is what is asked about
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # JSON's own objects take 64 to 400 bytes each here; nbformat's, which are not to be made of them, over 500 more.
    assert peak < 50_000 * 600


@pytest.mark.parametrize(
    ("bounds", "sentence"),
    [
        (Bounds(notebook_bytes=100), "and was not read, since a file may have"),
        (Bounds(file_bytes=100), "and was not read, since a file may have"),
        (Bounds(cells=2), "has 3 code cells and was not read"),
    ],
)
def test_a_notebook_beyond_a_bound_is_not_read(tmp_path, bounds, sentence):
    path = make_notebook(tmp_path / "hw.ipynb", "a = 1", "b = 2", f"c = '{'x' * 200}'")

    with pytest.raises(SubmissionError, match=sentence):
        load_submission(path, bounds=bounds)


def test_many_broken_notebooks_are_read_up_to_a_bound_together(tmp_path):
    make_folder(tmp_path, {f"{number}.ipynb": b"{" * 1000 for number in range(5)})

    submission = load_submission(tmp_path, bounds=Bounds(notebooks_bytes=2500))

    assert problems(submission)["2.ipynb"].startswith("was not read and 2 more after it")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["code", "markdown"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "cells",
                    "worksheets",
                    "nbformat",
                    "nbformat_minor",
                    "metadata",
                    "cell_type",
                    "source",
                    "input",
                    "outputs",
                    "kernelspec",
                    "language",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=300)
@given(JSON, st.integers(0, 5))
def test_any_json_is_a_text_or_a_finding(document, version):
    if isinstance(document, dict) and version:
        document["nbformat"] = version
    try:
        text = read_notebook(json.dumps(document).encode(), Bounds())
    except Unusable as finding:
        text = str(finding)

    text.encode()
    assert safe_text(text, keep_newlines=True) == text or text.startswith("# %% cell 1\n")
    assert "\0" not in text


# -------------------------------------------------------------------------------------------------------------------- places


SOURCES = st.lists(st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"])), max_size=5)


@given(SOURCES)
def test_what_was_joined_is_cut_at_the_same_places(sources):
    cells = split_cells(join_cells(enumerate(sources, start=1)))

    assert [cell.source for cell in cells] == sources


def test_a_line_that_looks_like_one_of_ours_cuts_no_cell():
    cells = split_cells(join_cells([(1, "a = 1\n# %% cell 9\nb = 2"), (2, "c = 3")]))

    assert [(cell.number, cell.source) for cell in cells] == [(1, "a = 1\n#  %% cell 9\nb = 2"), (2, "c = 3")]


@pytest.mark.parametrize(
    ("line", "place"),
    [(2, ("hw.ipynb, cell 1", 1)), (5, ("hw.ipynb, cell 4", 1)), (6, ("hw.ipynb, cell 4", 2)), (0, ("", 0)), (9, ("", 0))],
)
def test_a_line_of_the_text_is_a_line_of_a_cell(line, place):
    # 1: mark, 2-3: cell 1, 4: mark, 5-6: cell 4; one line more is where Python sees the end of a file.
    assert place_of_line("hw.ipynb", join_cells([(1, "a\nb"), (4, "c\nd")]), line) == place


def test_a_place_is_believed_only_if_the_notebook_has_it():
    text = join_cells([(1, "a\nb")])

    assert path_of_place("sub/hw.ipynb, cell 1") == "sub/hw.ipynb"
    assert path_of_place("layers.py, cell 1") == "layers.py, cell 1"
    assert has_place(text, "hw.ipynb, cell 1", 2)
    assert not has_place(text, "hw.ipynb, cell 2", 1)
    assert not has_place(text, "hw.ipynb, cell 1", 50)
    assert not has_place(text, "hw.ipynb", 1)
