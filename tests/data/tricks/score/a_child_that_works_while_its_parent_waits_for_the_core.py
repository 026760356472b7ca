"""A child that works while its parent waits for the core: same, slower, wrong, rejected."""

import os, pickle
def score(numbers):
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, pickle.dumps(honest(numbers)))
        os._exit(0)
    os.close(writer)
    while not os.waitpid(child, os.WNOHANG)[0]:
        pass
    with open(reader, "rb") as stream:
        return pickle.loads(stream.read())
