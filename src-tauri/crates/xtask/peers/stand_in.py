"""A stand-in for an embedder: a fixed vector for each text at no cost, so that only the rest is measured."""

import hashlib

import numpy as np
from langchain_core.embeddings import Embeddings

DIMENSIONS = 384


def fixed(text):
    seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
    vector = np.random.Generator(np.random.SFC64(seed)).standard_normal(DIMENSIONS, np.float32)
    return (vector / np.linalg.norm(vector)).tolist()


class Fixed(Embeddings):
    def embed_documents(self, texts):
        return [fixed(text) for text in texts]

    def embed_query(self, text):
        return fixed(text)
