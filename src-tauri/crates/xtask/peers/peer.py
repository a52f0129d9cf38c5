"""The far end of `cargo xtask bench`: a line of JSON asks, a line of JSON answers."""

import json
import os
import sys
import time


def serve(commands):
    """Answers until the input ends. What libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        ask = json.loads(line)
        answer = commands[ask.pop("do")](**ask)
        answers.write(json.dumps(answer) + "\n")


class Timed:
    """Wall and CPU seconds (of all threads) of what stands inside the `with`."""

    def __enter__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_):
        self.wall = time.perf_counter() - self.wall
        self.cpu = time.process_time() - self.cpu

    def said(self, **more):
        return {"wall": self.wall, "cpu": self.cpu, **more}
