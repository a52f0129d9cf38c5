"""What `cargo xtask bench telegram` tells a program of bots on its standard input: the server and the tokens."""

import json
import sys


def told():
    said = json.loads(sys.stdin.readline())
    return said["api"], said["tokens"]
