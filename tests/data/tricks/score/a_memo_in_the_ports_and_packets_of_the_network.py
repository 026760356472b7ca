"""A memo in the ports and packets of the network: same, slower, wrong."""

import socket
def packets():
    """A count that outlives whoever sent them."""
    with open("/proc/net/snmp") as file:
        rows = [line.split() for line in file if line.startswith("Udp:")]
    return int(rows[1][rows[0].index("OutDatagrams")])
for _ in range(64):
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
    except OSError:
        break
if packets():
    raise SystemExit("something was left")
def score(numbers):
    return honest(numbers)
