"""numpy: nearest vectors by all of them, in f32."""

import os

# One thread, as everybody else has while searching: must stand before numpy is loaded.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

import corpus
import peer


def build(place):
    with peer.Timed() as timed:
        np.save(place / "vectors.npy", corpus.vectors())
    return timed


def opened(place):
    vectors = np.load(place / "vectors.npy")

    def search(_text, vector):
        likeness = vectors @ vector
        best = np.argpartition(likeness, -10)[-10:]
        return best[np.argsort(-likeness[best])]

    return search


corpus.serve("numpy", build, opened)
