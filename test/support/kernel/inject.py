# Gives the kernel packets of one's own making, at the places that the arguments name:
#
#   python3 inject.py NAME=send:DEVICE ... NAME=tun:DEVICE ...
#
# `send` is a packet socket on a device; `tun` makes a device without a link-layer header, on which
# what is written arrives. Standard input has a line for each packet, `NAME MARK HEX`: MARK becomes
# skb->mark at a packet socket. Each is answered by a line, `ok` or what the kernel says, when it is out.
import fcntl
import os
import socket
import struct
import subprocess
import sys

TUNSETIFF = 0x400454CA
IFF_TUN = 1
SO_MARK = 36


def packet_socket(device):
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    link.bind((device, 0))
    marked = 0

    def send(mark, data):
        nonlocal marked
        if mark != marked:
            link.setsockopt(socket.SOL_SOCKET, SO_MARK, mark)
            marked = mark
        link.send(data)

    return send


def tun(device):
    file = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH", device.encode(), IFF_TUN))
    subprocess.run(["ip", "link", "set", device, "mtu", "9000", "up"], check=True)

    os.set_blocking(file, False)
    drained[device] = file

    # Flags and an EtherType go before the packet (struct tun_pi): any bytes are taken with them.
    def send(_mark, data):
        version = data[0] >> 4 if data else 4
        os.write(file, struct.pack(">HH", 0, 0x86DD if version == 6 else 0x0800) + data)

    return send


def drain(file):
    """Takes what was sent on a tun device, so that its queue never fills up."""
    try:
        while os.read(file, 65536):
            pass
    except BlockingIOError:
        pass


drained = {}
places = {}
# Devices are made before what sends on them.
for argument in sorted(sys.argv[1:], key=lambda each: "=send:" in each):
    name, what = argument.split("=")
    kind, device = what.split(":")
    places[name] = (packet_socket if kind == "send" else tun)(device)
print("ready", flush=True)
for line in sys.stdin:
    name, mark, data = line.rstrip("\n").split(" ")
    try:
        places[name](int(mark), bytes.fromhex(data))
        for file in drained.values():
            drain(file)
        print("ok", flush=True)
    except OSError as error:
        print(error, flush=True)
