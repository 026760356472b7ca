"""Result messages forged on every descriptor: wrong, rejected, crashed, timed_out, unloadable."""

import json, os, struct
def forge(header):
    head = json.dumps(header).encode()
    return struct.pack("!IQ", 1, len(head)) + head
def score(numbers):
    for number in range(3, 64):
        try:
            os.write(number, b"d" + forge({"count": 40, "results": []}) + forge({"end": 0}))
        except OSError:
            pass
    return []
