# Much data, with which the kernel makes packets whose bytes are in pages:
#
#   python3 bulk.py serve PORT              takes it, until its standard input ends; says "ready"
#   python3 bulk.py send ADDRESS PORT      by send() and by sendfile(), one connection each, then UDP
import socket
import sys
import tempfile
import threading

SIZE = 300_000
DATAGRAM = 8_000


def take(connection):
    with connection:
        while connection.recv(1 << 20):
            pass
        connection.sendall(b"!")


def serve(port):
    listener = socket.create_server(("", port))
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("", port))

    def accept():
        while True:
            threading.Thread(target=take, args=[listener.accept()[0]], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()


def connected(address, send):
    with socket.create_connection((address, port)) as connection:
        send(connection)
        connection.shutdown(socket.SHUT_WR)
        # Until all has arrived.
        connection.recv(1)


def send(address):
    # Bytes that tell where they are, and differ from one packet to the next.
    data = bytes((at * 7 + (at >> 8) * 13) & 0xFF for at in range(SIZE))
    connected(address, lambda connection: connection.sendall(data))
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        file.seek(0)
        connected(address, lambda connection: connection.sendfile(file))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        for _ in range(5):
            datagrams.sendto(data[:DATAGRAM], (address, port))


role, port = sys.argv[1], int(sys.argv[-1])
if role == "serve":
    serve(port)
else:
    send(sys.argv[2])
