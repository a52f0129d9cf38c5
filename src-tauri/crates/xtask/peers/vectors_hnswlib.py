"""hnswlib: nearest vectors by a graph (M 16, 200 while building, 100 while searching: its usual figures)."""

import hnswlib

import corpus
import peer


def build(place):
    vectors = corpus.vectors()
    with peer.Timed() as timed:
        index = hnswlib.Index(space="ip", dim=corpus.DIMENSIONS)
        index.init_index(max_elements=len(vectors), ef_construction=200, M=16)
        index.add_items(vectors)
        index.save_index(str(place / "index.bin"))
    return timed


def opened(place, limit=10):
    index = hnswlib.Index(space="ip", dim=corpus.DIMENSIONS)
    index.load_index(str(place / "index.bin"))
    index.set_ef(100)
    index.set_num_threads(1)
    return lambda _text, vector: index.knn_query(vector, k=limit)[0][0]


if __name__ == "__main__":
    corpus.serve("hnswlib", build, opened)
