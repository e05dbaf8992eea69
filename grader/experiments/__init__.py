"""The experiments of a course: the pictures of its notes, drawn with the student's own functions beside the reference's."""

from __future__ import annotations

from grader.experiments.load import load_experiments
from grader.experiments.model import Experiment, ExperimentResult, Kind, Panel, Part, Series
from grader.experiments.run import run_experiment

__all__ = ["Experiment", "ExperimentResult", "Kind", "Panel", "Part", "Series", "load_experiments", "run_experiment"]
