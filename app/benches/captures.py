#!/usr/bin/env python3
"""How `sockscope captures` fares beside tcptrace, capinfos and tshark on a large capture: time and peak memory, in one run.

    cargo build --release -p sockscope
    app/benches/captures.py [--frames 1000000] [--connections 2000] [--rounds 3] [--sockscope target/release/sockscope] [FILE]

Without FILE a capture is generated in the folder for temporary files. Each tool is run once to warm the cache, then
`--rounds` times; the best time counts, for the machine may be shared. What a tool prints is thrown away.
"""
import argparse, os, shutil, struct, subprocess, sys, tempfile, time


def generate(path, frames, connections):
    """Connections that overlap, each with a handshake and data of its server answered by its client, some with losses."""
    link = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0"
    with open(path, "wb", 1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number in range(frames):
            connection, turn = number % connections, number // connections
            client, server = struct.pack("!I", 0x0A080000 + connection), b"\x0a\x09\0\1"
            port, data = 1024 + connection % 60000, b""
            base = connection * 7919
            if turn == 0:
                source, seq, ack, flags = client, base, 0, 2
            elif turn == 1:
                source, seq, ack, flags = server, base, base + 1, 0x12
            elif turn % 2 == 0:
                source, seq, ack, flags = client, base + 1, base + 1 + (turn // 2 - 1) * 400, 0x10
            else:
                lost = connection % 10 == 3 and turn % 20 == 5
                source, seq, ack, flags = server, base + 1 + (turn // 2 - 1 - lost) * 400, base + 1, 0x18
                data = bytes(400)
            destination, ports = (server, (port, 80)) if source is client else (client, (80, port))
            tcp = struct.pack("!HHIIBBHHH", *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 65535, 0, 0)
            length = 40 + len(data)
            packet = struct.pack("!BBHHHBBH", 0x45, 0, length, number & 0xFFFF, 0, 64, 6, 0) + source + destination
            file.write(struct.pack("<IIII", 1_700_000_000 + number // 100_000, number % 100_000 * 10, length + 14, length + 14))
            file.write(link + packet + tcp + data)


def run(command):
    """Seconds of the clock, seconds of the processor, and the most memory in MB of one run."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sockscope", default="target/release/sockscope")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or os.path.join(folder, "large.pcap")
        if not options.file:
            generate(path, options.frames, options.connections)
        print(f"{path}: {os.path.getsize(path) / 1e6:.0f} MB")
        tools = {
            "sockscope captures": [options.sockscope, "captures", path],
            "sockscope captures --json": [options.sockscope, "captures", "--json", path],
            "tcptrace -n": ["tcptrace", "-n", path],
            "capinfos": ["capinfos", path],
            "tshark -q -z conv,tcp": ["tshark", "-n", "-q", "-z", "conv,tcp", "-r", path],
        }
        print(f"{'':28}{'clock s':>9}{'cpu s':>9}{'memory MB':>11}{'clock ratio':>13}{'memory ratio':>14}")
        first = None
        for name, command in tools.items():
            if not shutil.which(command[0]):
                print(f"{name:28}not installed")
                continue
            run(command)
            clock, cpu, memory = (min(column) for column in zip(*(run(command) for _ in range(options.rounds))))
            first = first or (clock, memory)
            ratios = f"{first[0] / clock:>12.2f}x{first[1] / memory:>13.2f}x"
            print(f"{name:28}{clock:>9.2f}{cpu:>9.2f}{memory:>11.0f}{ratios}")


if __name__ == "__main__":
    main()
