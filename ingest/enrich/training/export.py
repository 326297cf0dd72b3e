"""Writes the trained network as one ONNX file with weights of eight bits.

The graph is put together by hand from ONNX Runtime's fused operators, for one window at a time:
no batch, so no padding, and a window's result depends on nothing but the window.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from ingest.enrich.recogniser.decoding import LABELS
from ingest.enrich.training.network import EPSILON, FULL, HEADS, LAYERS

if TYPE_CHECKING:
    from collections.abc import Mapping

MICROSOFT = "com.microsoft"
OPSET, IR = 17, 8


class Graph:
    """An ONNX graph as it grows: each method adds one thing and returns its name."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[onnx.TensorProto] = []

    def tensor(self, name: str, values: np.ndarray) -> str:
        """Add a constant."""
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        """Add an operator with one output."""
        domain = MICROSOFT if kind in {"Attention", "SkipLayerNormalization", "BiasGelu"} else ""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output


def export(weights: Mapping[str, np.ndarray], path: Path, *, exact: bool = False) -> None:
    """Write the network to `path`; with `exact` in 32 bits, to compare with."""
    graph = Graph()
    x = _embed(graph, weights, exact=exact)
    for number in range(LAYERS):
        if number == FULL:
            x = graph.node("Gather", [x, "keep"], "kept", axis=1)
        x = _layer(graph, weights, number, x)
    x = graph.node("MatMul", [x, graph.tensor("scores.weight", weights["scores.weight"].T)], "raw_scores")
    graph.node("Add", [x, graph.tensor("scores.bias", weights["scores.bias"])], "scores")
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT32, shape)
        for name, shape in (("pieces", [1, "length"]), ("shapes", [1, "length"]), ("keep", ["kept"]))
    ]
    output = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, "kept", len(LABELS)])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "recogniser", inputs, [output], graph.tensors),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=IR,
    )
    if exact:
        onnx.save(model, path)
        return
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        onnx.save(model, whole)
        # Seven bits, since processors without VNNI overflow on eight: same result everywhere.
        quantize_dynamic(
            whole,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Attention"],
            nodes_to_exclude=["raw_scores"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )


def _embed(graph: Graph, weights: Mapping[str, np.ndarray], *, exact: bool) -> str:
    words = weights["words.weight"]
    if exact:
        x = graph.node("Gather", [graph.tensor("words", words), "pieces"], "word", axis=0)
    else:
        scale = np.abs(words).max(axis=1, keepdims=True) / 127 + EPSILON
        rounded = graph.tensor("words", np.round(words / scale).astype(np.int8))
        x = graph.node("Gather", [rounded, "pieces"], "word_bytes", axis=0)
        x = graph.node("Cast", [x], "word_floats", to=TensorProto.FLOAT)
        scales = graph.tensor("word_scales", scale.astype(np.float32))
        x = graph.node("Mul", [x, graph.node("Gather", [scales, "pieces"], "word_scale", axis=0)], "word")
    for name, values in (("zero", [0]), ("one", [1]), ("two", [2])):
        graph.tensor(name, np.array(values, np.int64))
    shape = graph.node("Shape", ["pieces"], "shape")
    length = graph.node("Slice", [shape, "one", "two"], "piece_count")
    places = graph.tensor("places", weights["places.weight"])
    x = graph.node("Add", [x, graph.node("Slice", [places, "zero", length], "place")], "placed")
    shapes = graph.tensor("shape_weights", weights["shapes.weight"])
    x = graph.node("Add", [x, graph.node("Gather", [shapes, "shapes"], "shaped_by", axis=0)], "shaped")
    norm = [graph.tensor(f"norm.{end}", weights[f"norm.{end}"]) for end in ("weight", "bias")]
    return graph.node("LayerNormalization", [x, *norm], "embedded", epsilon=EPSILON, axis=-1)


def _layer(graph: Graph, weights: Mapping[str, np.ndarray], number: int, x: str) -> str:
    prefix = f"layers.{number}."

    def weight(name: str) -> str:
        return graph.tensor(f"{prefix}{name}.weight", weights[f"{prefix}{name}.weight"].T)

    def bias(name: str) -> str:
        return graph.tensor(f"{prefix}{name}.bias", weights[f"{prefix}{name}.bias"])

    three = [weights[f"{prefix}{name}.weight"].T for name in ("query", "key", "value")]
    biases = [weights[f"{prefix}{name}.bias"] for name in ("query", "key", "value")]
    inputs = [
        x,
        graph.tensor(f"{prefix}attention.weight", np.concatenate(three, axis=1)),
        graph.tensor(f"{prefix}attention.bias", np.concatenate(biases)),
    ]
    y = graph.node("Attention", inputs, f"{prefix}attention", num_heads=HEADS)
    y = graph.node("MatMul", [y, weight("attended")], f"{prefix}attended")
    norm = [weight("norm"), bias("norm"), bias("attended")]
    x = graph.node("SkipLayerNormalization", [y, x, *norm], f"{prefix}norm", epsilon=EPSILON)
    y = graph.node("MatMul", [x, weight("widen")], f"{prefix}widen")
    y = graph.node("BiasGelu", [y, bias("widen")], f"{prefix}gelu")
    y = graph.node("MatMul", [y, weight("narrow")], f"{prefix}narrow")
    norm = [weight("last_norm"), bias("last_norm"), bias("narrow")]
    return graph.node("SkipLayerNormalization", [y, x, *norm], f"{prefix}last_norm", epsilon=EPSILON)
