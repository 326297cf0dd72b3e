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
        domain = MICROSOFT if kind in {"Attention", "MultiHeadAttention", "BiasGelu"} else ""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output


def export(weights: Mapping[str, np.ndarray], path: Path, *, exact: bool = False) -> None:
    """Write the network to `path`; with `exact` in 32 bits, to compare with."""
    graph = Graph()
    x = _embed(graph, weights, exact=exact)
    for number in range(LAYERS):
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


def _attend(graph: Graph, weights: Mapping[str, np.ndarray], prefix: str, x: str, seen: str) -> str:
    """Add attention of the rows of `x` to those of `seen`."""
    parts = ("query", "key", "value")
    matrices = [weights[f"{prefix}{part}.weight"].T for part in parts]
    bias = np.concatenate([weights[f"{prefix}{part}.bias"] for part in parts])
    bias_name = graph.tensor(f"{prefix}attention.bias", bias)
    name = f"{prefix}attention"
    if x == seen:
        joined = graph.tensor(f"{prefix}attention.weight", np.concatenate(matrices, axis=1))
        return graph.node("Attention", [x, joined, bias_name], name, num_heads=HEADS)
    projected = [
        graph.node("MatMul", [rows, graph.tensor(f"{prefix}{part}.weight", matrix)], f"{prefix}{part}")
        for part, matrix, rows in zip(parts, matrices, (x, seen, seen), strict=True)
    ]
    return graph.node("MultiHeadAttention", [*projected, bias_name], name, num_heads=HEADS)


def _layer(graph: Graph, weights: Mapping[str, np.ndarray], number: int, x: str) -> str:
    prefix = f"layers.{number}."

    def weight(name: str) -> str:
        return graph.tensor(f"{prefix}{name}.weight", weights[f"{prefix}{name}.weight"].T)

    def bias(name: str) -> str:
        return graph.tensor(f"{prefix}{name}.bias", weights[f"{prefix}{name}.bias"])

    def normalised(y: str, x: str, linear: str, norm: str) -> str:
        # In three steps, which take a third of the time of the fused SkipLayerNormalization.
        y = graph.node("Add", [y, x], f"{prefix}{linear}_added")
        y = graph.node("Add", [y, bias(linear)], f"{prefix}{linear}_biased")
        return graph.node(
            "LayerNormalization", [y, weight(norm), bias(norm)], f"{prefix}{norm}", epsilon=EPSILON, axis=-1
        )

    seen = x
    if number == FULL - 1:
        # The upper half reads the judged units alone, so of this layer's output no more is needed.
        x = graph.node("Gather", [x, "keep"], "kept", axis=1)
    y = _attend(graph, weights, prefix, x, seen)
    y = graph.node("MatMul", [y, weight("attended")], f"{prefix}attended")
    x = normalised(y, x, "attended", "norm")
    y = graph.node("MatMul", [x, weight("widen")], f"{prefix}widen")
    y = graph.node("BiasGelu", [y, bias("widen")], f"{prefix}gelu")
    y = graph.node("MatMul", [y, weight("narrow")], f"{prefix}narrow")
    return normalised(y, x, "narrow", "last_norm")


def weights_in(path: Path) -> dict[str, np.ndarray]:
    """Return the network's weights as a file made by `export` holds them, rounded, to go on from."""
    tensors = {each.name: numpy_helper.to_array(each) for each in onnx.load(path).graph.initializer}

    def matrix(name: str) -> np.ndarray:
        rounded = tensors[f"{name}.weight_quantized"].astype(np.float32)
        return np.asarray((rounded * tensors[f"{name}.weight_scale"]).T)

    weights = {
        "words.weight": tensors["words"] * tensors["word_scales"],
        "places.weight": tensors["places"],
        "shapes.weight": tensors["shape_weights"],
        "norm.weight": tensors["norm.weight"],
        "norm.bias": tensors["norm.bias"],
        "scores.weight": tensors["scores.weight"].T,
        "scores.bias": tensors["scores.bias"],
    }
    parts = ("query", "key", "value")
    for number in range(LAYERS):
        layer = f"layers.{number}."
        joined = f"{layer}attention.weight_quantized" in tensors
        matrices = (
            np.split(matrix(f"{layer}attention"), len(parts))
            if joined
            else [matrix(f"{layer}{part}") for part in parts]
        )
        biases = np.split(tensors[f"{layer}attention.bias"], len(parts))
        for part, values, bias in zip(parts, matrices, biases, strict=True):
            weights |= {f"{layer}{part}.weight": values, f"{layer}{part}.bias": bias}
        for part in ("attended", "widen", "narrow"):
            weights |= {
                f"{layer}{part}.weight": matrix(f"{layer}{part}"),
                f"{layer}{part}.bias": tensors[f"{layer}{part}.bias"],
            }
        for part in ("norm", "last_norm"):
            for end in ("weight", "bias"):
                weights[f"{layer}{part}.{end}"] = tensors[f"{layer}{part}.{end}"]
    return {name: np.array(values, np.float32) for name, values in weights.items()}
