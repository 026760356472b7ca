"""A child of a warm call that works while its parent yields: same, slower, wrong, rejected, crashed, timed_out."""

import os
pipes = []
def serve(reader, writer):
    while True:
        size = int.from_bytes(os.read(reader, 4), "big")
        if not size:
            os._exit(0)
        data = b""
        while len(data) < size:
            data += os.read(reader, size - len(data))
        answer = repr(honest(eval(data))).encode()
        os.write(writer, len(answer).to_bytes(4, "big") + answer)
def score(numbers):
    if not pipes:
        ours, theirs, back, front = *os.pipe(), *os.pipe()
        if not os.fork():
            serve(ours, front)
        pipes.extend((theirs, back))
    data = repr(numbers).encode()
    os.write(pipes[0], len(data).to_bytes(4, "big") + data)
    size = int.from_bytes(os.read(pipes[1], 4), "big")
    answer = b""
    while len(answer) < size:
        answer += os.read(pipes[1], size - len(answer))
    return eval(answer)
