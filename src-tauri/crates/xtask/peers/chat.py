"""llama.cpp reading and writing: `chat.py MODEL.gguf THREADS`. It is compiled here for this processor."""

import re
import sys
from pathlib import Path

import llama_cpp

import peer

path, threads = sys.argv[1], int(sys.argv[2])
QUESTION = 24
model = llama_cpp.Llama(
    path, n_ctx=2048, n_batch=512, n_threads=threads, n_threads_batch=threads, n_gpu_layers=0, verbose=False
)


def token(at):
    """Ordinary tokens, the same ones on both sides."""
    return 100 + at * 37 % 5_000


def most_memory():
    """Most resident memory so far, in megabytes, the mapped file's pages included."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) * 1024 / 1e6


def run(prompt, write):
    """Times a prompt, a reply, and a question more after both."""
    model.reset()
    with peer.Timed() as read:
        model.eval([token(at) for at in range(prompt)])
    with peer.Timed() as written:
        for _ in range(write):
            model.eval([model.sample(temp=0.0, repeat_penalty=1.0)])
    with peer.Timed() as follow:
        model.eval([token(at) for at in range(prompt, prompt + QUESTION)])
    return {"prompt": read.said(), "write": written.said(), "follow": follow.said(), "memory": most_memory()}


peer.serve({"run": run})
