"""The corpus that our example wrote for `cargo xtask bench search`, and what every peer of it answers.

`{"do": "build"}` indexes it in a folder of its own and tells seconds and megabytes; `{"do": "search", "count": n}`
asks the first n questions one by one and tells milliseconds and the numbers of the passages found.
"""

import shutil
import sys
import time
from pathlib import Path

import numpy as np

import peer

DIMENSIONS = 384
folder = Path(sys.argv[1])


def passages():
    return (folder / "passages.txt").read_text().splitlines()


def vectors():
    return np.fromfile(folder / "vectors.f32", np.float32).reshape(-1, DIMENSIONS)


def questions():
    texts = (folder / "questions.txt").read_text().splitlines()
    return list(zip(texts, np.fromfile(folder / "questions.f32", np.float32).reshape(-1, DIMENSIONS)))


def serve(name, build, opened):
    """`build(place)` indexes in an empty folder and gives its time; `opened(place)` gives a function that takes
    (text, vector) and returns the numbers of the ten best."""
    place = folder / name
    searching = []

    def built():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        timed = build(place)
        disk = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
        return timed.said(disk=disk / 1e6)

    def search(count, kind):
        if not searching:
            searching.append(opened(place))
        times, found, cpu = [], [], 0
        for text, vector in questions()[:count]:
            begun, spent = time.perf_counter(), time.process_time()
            numbers = searching[0](text, vector)
            cpu += time.process_time() - spent
            times.append((time.perf_counter() - begun) * 1e3)
            found.append([int(number) for number in numbers])
        return {"ms": times, "cpu": cpu, "found": found}

    peer.serve({"build": built, "search": search, "truth": truth})


def truth(count):
    """The numbers of the ten nearest vectors, by all of them."""
    all_of_them = vectors()
    asked = [vector for _, vector in questions()[:count]]
    return {"found": [np.argsort(-(all_of_them @ vector))[:10].tolist() for vector in asked]}
