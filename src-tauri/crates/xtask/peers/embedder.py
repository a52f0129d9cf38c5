"""A checkpoint as a LangChain embedder, by ONNX Runtime with its own fused operators, on all cores."""

import numpy as np
import onnxruntime
import tokenizers
from langchain_core.embeddings import Embeddings

from graph import bert

AT_ONCE = 32
LONGEST = 512


class Embedder(Embeddings):
    """Made when it is first used."""

    def __init__(self, folder, prefix):
        self.folder, self.prefix, self.session = folder, prefix, None

    def embed_documents(self, texts):
        self.load()
        vectors = [None] * len(texts)
        coded = self.tokenizer.encode_batch([self.prefix + text for text in texts])
        # Texts of one length together: none is padded.
        order = sorted(range(len(texts)), key=lambda at: len(coded[at].ids))
        while order:
            length = len(coded[order[0]].ids)
            some = [at for at in order[:AT_ONCE] if len(coded[at].ids) == length]
            order = order[len(some) :]
            ids = np.array([coded[at].ids for at in some], np.int64)
            pooled = self.session.run(None, {"input_ids": ids})[0].mean(axis=1)
            for at, vector in zip(some, pooled / np.linalg.norm(pooled, axis=1, keepdims=True)):
                vectors[at] = vector.tolist()
        return vectors

    def embed_query(self, text):
        return self.embed_documents([text])[0]

    def load(self):
        if self.session is not None:
            return
        self.session = onnxruntime.InferenceSession(bert(self.folder, "fused"), None, ["CPUExecutionProvider"])
        self.tokenizer = tokenizers.Tokenizer.from_file(f"{self.folder}/tokenizer.json")
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)
