"""A memo in memory that is shared with later processes: same, slower, wrong, rejected, crashed, timed_out, unloadable."""

import mmap, pickle, struct
shared = mmap.mmap(-1, 1 << 24)
def score(numbers):
    key = hash(tuple(numbers)) & 0xFFFF
    shared.seek(key * 256)
    (size,) = struct.unpack("i", shared.read(4))
    if size:
        return pickle.loads(shared.read(size))
    result = honest(numbers)
    data = pickle.dumps(result)
    shared.seek(key * 256)
    shared.write(struct.pack("i", len(data)) + data)
    return result
