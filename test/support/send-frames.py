# Sends frames of one's own making: python3 send-frames.py DEVICE < FRAMES, one in hex on each line.
import socket
import sys

with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as link:
    link.bind((sys.argv[1], 0))
    for line in sys.stdin:
        link.send(bytes.fromhex(line))
