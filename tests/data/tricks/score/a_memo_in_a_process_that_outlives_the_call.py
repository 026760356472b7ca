"""A memo in a process that outlives the call: same, slower, wrong, rejected, crashed, timed_out, unloadable."""

import os, socket, pickle
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
ours.settimeout(0.2)
if not os.fork():
    known = {}
    while True:
        key, value = pickle.loads(theirs.recv(1 << 20))
        if value is not None:
            known[key] = value
        theirs.send(pickle.dumps(known.get(key)))
def score(numbers):
    ours.send(pickle.dumps((hash(tuple(numbers)), None)))
    found = pickle.loads(ours.recv(1 << 20))
    if found is None:
        found = honest(numbers)
        ours.send(pickle.dumps((hash(tuple(numbers)), found)))
        ours.recv(1 << 20)
    return found
