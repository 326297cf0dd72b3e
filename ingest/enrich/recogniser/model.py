"""Runs the model file: scores for the judged units of a window, one window at a time."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from ingest.enrich.recogniser.pieces import MODEL

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

    from ingest.enrich.recogniser.windows import Window

FILE = "recogniser.onnx"
ERRORS_ONLY = 3
# What this would put together takes three times as long together.
UNWANTED = ("SkipLayerNormFusion",)


def scores_of(window: Window) -> np.ndarray:
    """Return the scores (units, labels) of a window's judged units, of which there is at least one."""
    inputs = {
        "pieces": np.array([window.pieces], np.int32),
        "shapes": np.array([window.shapes], np.int32),
        "keep": np.array(window.keep, np.int32),
    }
    scores: np.ndarray = _session(os.getpid()).run(None, inputs)[0][0]
    return scores


@lru_cache(maxsize=1)
def _session(process: int) -> InferenceSession:
    """Return this process's session; one that was made before a fork would not answer."""
    import onnxruntime  # noqa: PLC0415 - loaded in the process that uses it

    del process
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # no two windows are of one size
    options.log_severity_level = ERRORS_ONLY
    model = files(MODEL).joinpath(FILE).read_bytes()
    return onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"], disabled_optimizers=UNWANTED
    )
