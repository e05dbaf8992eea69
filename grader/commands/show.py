"""``grade show``: one exercise with its problem, its formulas and its sources."""

from __future__ import annotations

import ast
import difflib
import inspect
from pathlib import Path

import click

from grader.commands.naming import exercise_named, meant, stem_of
from grader.commands.options import course_option


@click.command()
@click.argument("name", metavar="EXERCISE[.FUNCTION]")
@course_option
def command(name: str, course_root: Path | None) -> None:
    """Show one exercise: the problem, its formulas, where it comes from; or one function of it in full."""
    from grader.catalog import find_course

    course = find_course(course_root)
    stem, _dot, function = stem_of(name).partition(".")
    known = {spec.name: exercise.name for exercise in course.exercises for spec in exercise.functions}
    if stem in known:
        stem, function = known[stem], stem
    names = [exercise.name for exercise in course.exercises]
    if not function and stem not in names and not difflib.get_close_matches(stem, names, n=1):
        raise click.UsageError(f"There is no exercise or function {stem!r}; {meant(stem, list(known))}")
    exercise = exercise_named(course, stem)
    documents = docstrings(exercise.stub)
    if function:
        if function not in documents:
            raise click.UsageError(f"{stem} has no function {function!r}; {meant(function, [spec.name for spec in exercise.functions])}")
        signature, text = documents[function]
        click.echo(f"{signature}\n\n{text}")
        return
    click.echo(f"{exercise.title}\n{'=' * len(exercise.title)}\n\n{exercise.summary}\n")
    for formula in exercise.formulas:
        click.echo(f"    {formula}")
    click.echo("\nFunctions")
    for spec in exercise.functions:
        signature, text = documents.get(spec.name, (spec.name, ""))
        click.echo(f"  {signature} -> {', '.join(spec.returns)}\n      {text.partition(chr(10))[0]}")
    click.echo("\nSources")
    for source in exercise.sources:
        click.echo(f"  - {source}")
    if exercise.explain:
        click.echo("\nWhen you have done it, you can explain:")
        for sentence in exercise.explain:
            click.echo(f"  - {sentence}")
    if exercise.requires:
        click.echo(f"\nBuilds on {', '.join(exercise.requires)}.")
    click.echo(f"\n→ next: grade show {exercise.functions[0].name}   (all about one function)")


def docstrings(stub: str) -> dict[str, tuple[str, str]]:
    """The signature and the docstring of every function of a stub, read without running it."""
    found = {}
    for node in ast.parse(stub).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = (f"{node.name}({ast.unparse(node.args)})", inspect.cleandoc(ast.get_docstring(node) or ""))
    return found
