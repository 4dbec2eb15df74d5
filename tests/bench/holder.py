"""Opens COUNT connections to PORT, says `held`, and keeps them until its input ends."""

import resource
import socket
import sys

port, count = map(int, sys.argv[1:])
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
held = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(count)]
print("held", flush=True)
sys.stdin.read()
