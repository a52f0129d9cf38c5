"""BERT from a checkpoint (config.json, model.safetensors) as an ONNX graph of the same f32 numbers.

Two shapes of it, so that ONNX Runtime may show its better one: `plain`, the operations an exporter writes,
which ONNX Runtime fuses as it can; and `fused`, its own fused operators from the start.
The graph takes `input_ids` [texts, tokens] without padding and gives `last_hidden_state`.
"""

import json
import struct
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

KINDS = {"F32": np.float32, "F16": np.float16}
FUSED = "com.microsoft"


def bert(folder, shape):
    """The graph's bytes; `shape` is `plain` or `fused`."""
    config = json.loads(Path(folder, "config.json").read_text())
    return Graph(config, checkpoint(Path(folder, "model.safetensors")), shape).bytes()


def checkpoint(path):
    """Tensors by name, as f32."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] not in KINDS:
            continue
        start, end = (8 + length + at for at in entry["data_offsets"])
        numbers = np.frombuffer(data[start:end], KINDS[entry["dtype"]]).astype(np.float32)
        tensors[name.removeprefix("bert.")] = numbers.reshape(entry["shape"])
    return tensors


class Graph:
    def __init__(self, config, tensors, shape):
        self.config, self.tensors, self.is_fused = config, tensors, shape == "fused"
        self.nodes, self.constants, self.count = [], [], 0

    def bytes(self):
        x = self.embedded()
        for number in range(self.config["num_hidden_layers"]):
            x = self.layer(f"encoder.layer.{number}", x)
        self.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"]))
        size = self.config["hidden_size"]
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])
        out = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["texts", "tokens", size])
        graph = helper.make_graph(self.nodes, "bert", [ids], [out], self.constants)
        versions = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9).SerializeToString()

    def embedded(self):
        words = self.add("Gather", self.weight("embeddings.word_embeddings.weight"), "input_ids")
        # The type of every token is 0: its row is added to the positions once.
        places = self.tensors["embeddings.position_embeddings.weight"]
        places = places + self.tensors["embeddings.token_type_embeddings.weight"][0]
        length = self.add("Slice", self.add("Shape", "input_ids"), self.constant([1]), self.constant([2]))
        rows = self.add("Slice", self.constant(places), self.constant([0]), length)
        return self.normalised("embeddings.LayerNorm", self.add("Add", words, rows))

    def layer(self, name, x):
        x = self.closed(f"{name}.attention.output", self.attention(f"{name}.attention.self", x), x)
        wide = self.add("MatMul", x, self.turned(f"{name}.intermediate.dense"))
        bias = self.weight(f"{name}.intermediate.dense.bias")
        if self.is_fused:
            wide = self.add("BiasGelu", wide, bias, domain=FUSED)
        else:
            wide = self.add("Add", wide, bias)
            bent = self.add("Erf", self.add("Div", wide, self.constant(np.float32(2**0.5))))
            wide = self.add("Mul", wide, self.add("Add", bent, self.constant(np.float32(1))))
            wide = self.add("Mul", wide, self.constant(np.float32(0.5)))
        return self.closed(f"{name}.output", wide, x)

    def attention(self, name, x):
        heads, size = self.config["num_attention_heads"], self.config["hidden_size"]
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        if self.is_fused:
            weight = np.concatenate([self.tensors[f"{part}.weight"].T for part in parts], axis=1)
            bias = np.concatenate([self.tensors[f"{part}.bias"] for part in parts])
            return self.add("Attention", x, self.constant(weight), self.constant(bias), domain=FUSED, num_heads=heads)
        split = self.constant([0, 0, heads, size // heads])

        def part(name, order):
            rows = self.add("MatMul", x, self.turned(name))
            rows = self.add("Add", rows, self.weight(f"{name}.bias"))
            return self.add("Transpose", self.add("Reshape", rows, split), perm=order)

        query, key, value = (part(name, order) for name, order in zip(parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])))
        likeness = self.add("Div", self.add("MatMul", query, key), self.constant(np.float32((size // heads) ** 0.5)))
        mixed = self.add("MatMul", self.add("Softmax", likeness, axis=-1), value)
        return self.add("Reshape", self.add("Transpose", mixed, perm=[0, 2, 1, 3]), self.constant([0, 0, size]))

    def closed(self, name, x, before):
        """Dense, added to what was before, normalised."""
        x = self.add("MatMul", x, self.turned(f"{name}.dense"))
        bias = self.weight(f"{name}.dense.bias")
        if not self.is_fused:
            return self.normalised(f"{name}.LayerNorm", self.add("Add", self.add("Add", x, bias), before))
        norm = [self.weight(f"{name}.LayerNorm.{part}") for part in ("weight", "bias")]
        return self.add("SkipLayerNormalization", x, before, *norm, bias, domain=FUSED, epsilon=self.epsilon())

    def normalised(self, name, x):
        norm = [self.weight(f"{name}.{part}") for part in ("weight", "bias")]
        return self.add("LayerNormalization", x, *norm, axis=-1, epsilon=self.epsilon())

    def epsilon(self):
        return float(self.config.get("layer_norm_eps", 1e-12))

    def weight(self, name):
        return self.constant(self.tensors[name])

    def turned(self, name):
        return self.constant(np.ascontiguousarray(self.tensors[f"{name}.weight"].T))

    def constant(self, value):
        self.count += 1
        array = value if isinstance(value, (np.ndarray, np.generic)) else np.array(value, np.int64)
        self.constants.append(numpy_helper.from_array(np.asarray(array), f"c{self.count}"))
        return f"c{self.count}"

    def add(self, kind, *inputs, domain="", **attributes):
        self.count += 1
        output = f"n{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **attributes))
        return output
