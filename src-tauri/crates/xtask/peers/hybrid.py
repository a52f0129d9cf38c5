"""tantivy-py and hnswlib, a hundred candidates each, fused by reciprocal ranks (k 60) in Python."""

import corpus
import vectors_hnswlib
import words_tantivy

CANDIDATES = 100


def build(place):
    (place / "words").mkdir()
    (place / "vectors").mkdir()
    words = words_tantivy.build(place / "words")
    vectors = vectors_hnswlib.build(place / "vectors")
    words.wall += vectors.wall
    words.cpu += vectors.cpu
    return words


def opened(place):
    by_words = words_tantivy.opened(place / "words", CANDIDATES)
    by_vectors = vectors_hnswlib.opened(place / "vectors", CANDIDATES)

    def search(text, vector):
        scores = {}
        for found in (by_words(text, vector), by_vectors(text, vector)):
            for rank, number in enumerate(found):
                scores[number] = scores.get(number, 0) + 1 / (60 + rank)
        return sorted(scores, key=scores.get, reverse=True)[:10]

    return search


corpus.serve("hybrid", build, opened)
