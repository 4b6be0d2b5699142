#!/usr/bin/env python3
"""How this program fares on large captures beside tcptrace, capinfos and tshark: everything that is promised, in one run.

    cargo build --release -p sockscope
    app/benches/captures.py [--frames 1000000] [--rounds 3] [--sockscope target/release/sockscope]

Four captures are made in the folder for temporary files: many connections side by side, the same packed, and one connection of a
tenth of the frames and of all of them. Every command is run once to warm the cache, then `--rounds` times (once, where it takes
more than ten seconds); the best time counts, for the machine may be shared, and what the load of it was is printed. What a command
prints is thrown away. A tool that is not installed is left out. Figures are printed as measured, beside what they shall be; nothing
here is a test.
"""
import argparse, gzip, os, pty, select, shutil, signal, struct, subprocess, sys, tempfile, time

# The end of a synchronised update: one whole picture is on the screen.
PICTURE_END = b"\x1b[?2026l"


def words(data):
    """The sum of the 16-bit words of some octets."""
    return sum(struct.unpack(f"!{len(data) // 2}H", data))


def checksum(total):
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Capture:
    """A pcap file as it is written, segment by segment, with right checksums."""

    def __init__(self, path):
        self.file = open(path, "wb", 1 << 20)
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        self.count = 0
        self.sums = {}

    def segment(self, source, destination, ports, seq, ack, flags, data=b""):
        self.count += 1
        if data not in self.sums:
            self.sums[data] = words(data)
        tcp = struct.pack("!HHIIBBHHH", *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 8192, 0, 0)
        addresses = words(source) + words(destination)
        right = checksum(words(tcp) + addresses + 6 + 20 + len(data) + self.sums[data])
        header = struct.pack("!BBHHHBBH", 0x45, 0, 40 + len(data), self.count & 0xFFFF, 0, 64, 6, 0)
        header = header[:10] + struct.pack("!H", checksum(words(header) + addresses))
        link = b"\2\0" + destination + b"\2\0" + source + b"\x08\0"
        frame = link + header + source + destination + tcp[:16] + struct.pack("!H", right) + tcp[18:] + data
        frame = frame.ljust(60, b"\0")
        microseconds = self.count * 150
        stamp = 1_700_000_000 + microseconds // 1_000_000, microseconds % 1_000_000
        self.file.write(struct.pack("<IIII", *stamp, len(frame), len(frame)) + frame)

    def close(self):
        self.file.close()


def many(path, frames, connections):
    """Connections that overlap, each with a handshake and data of its server answered by its client, some with losses."""
    capture, server, data = Capture(path), b"\x0a\x09\0\1", b"x" * 360
    for number in range(frames):
        connection, turn = number % connections, number // connections
        client, port, base = struct.pack("!I", 0x0A080000 + connection), 1024 + connection % 60000, connection * 7919
        if turn == 0:
            capture.segment(client, server, (port, 80), base, 0, 2)
        elif turn == 1:
            capture.segment(server, client, (80, port), base, base + 1, 0x12)
        elif turn % 2 == 0:
            capture.segment(client, server, (port, 80), base + 1, base + 1 + (turn // 2 - 1) * len(data), 0x10)
        else:
            lost = connection % 10 == 3 and turn % 20 == 5
            capture.segment(server, client, (80, port), base + 1 + (turn // 2 - 1 - lost) * len(data), base + 1, 0x18, data)
    capture.close()


def one(path, frames):
    """A download: two segments, an acknowledgement, and so on."""
    capture, data = Capture(path), b"x" * 512
    client, server = b"\x0a\x08\0\1", b"\x0a\x08\0\2"
    capture.segment(client, server, (40_000, 80), 999, 0, 2)
    capture.segment(server, client, (80, 40_000), 4_999, 1_000, 0x12)
    capture.segment(client, server, (40_000, 80), 1_000, 5_000, 0x10)
    seq = 5_000
    for _ in range(1, frames // 3):
        for flags in (0x10, 0x18):
            capture.segment(server, client, (80, 40_000), seq, 1_000, flags, data)
            seq += len(data)
        capture.segment(client, server, (40_000, 80), 1_000, seq, 0x10)
    capture.close()


def run(command):
    """Seconds of the clock, seconds of the processor, and the most memory in MB of one run."""
    with tempfile.NamedTemporaryFile("r") as told:
        # A child begins with the memory of who started it, which would be Python's: GNU time is small.
        measured = ["time", "-f", "%M", "-o", told.name, *command] if shutil.which("time") else command
        begun = time.monotonic()
        process = subprocess.Popen(measured, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        clock = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}")
        memory = int(told.read() or usage.ru_maxrss)
    return clock, usage.ru_utime + usage.ru_stime, memory / 1024


def first_screen(command):
    """Seconds until the first picture is on the screen of a terminal, and until the last one where nothing more comes for a second."""
    begun = time.monotonic()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="160", LINES="45", XDG_STATE_HOME=os.devnull, XDG_CONFIG_HOME=os.devnull)
        os.execvp(command[0], command)
    seen, first, last = b"", None, None
    while select.select([terminal], [], [], 30 if first is None else 1)[0]:
        try:
            seen = seen[-16:] + os.read(terminal, 1 << 16)
        except OSError:
            break
        if PICTURE_END in seen:
            last = time.monotonic() - begun
            first = first or last
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(terminal)
    if first is None:
        sys.exit(f"{' '.join(command)} shows nothing")
    return first, last


class Table:
    """Rows of figures, each beside that of the tool it is measured by."""

    def __init__(self, rounds):
        self.rounds = rounds
        self.best = {}
        print(f"{'':44}{'clock s':>9}{'cpu s':>9}{'memory MB':>11}")

    def row(self, name, command):
        if not shutil.which(command[0]):
            print(f"{name:44}not installed")
            return
        first = run(command)
        runs = [first] if first[0] > 10 else [run(command) for _ in range(self.rounds)]
        self.best[name] = tuple(min(column) for column in zip(*runs))
        clock, cpu, memory = self.best[name]
        print(f"{name:44}{clock:>9.3f}{cpu:>9.3f}{memory:>11.1f}", flush=True)

    def ratio(self, figure, name, other, most):
        """How often a figure (0 clock, 1 processor, 2 memory) of one command goes into that of another."""
        if name in self.best and other in self.best:
            what = ("time", "processor time", "memory")[figure]
            ratio = self.best[name][figure] / self.best[other][figure]
            print(f"  {name}: {ratio:.2f} x the {what} of {other}, shall be at most {most}", flush=True)


def measure(options, folder):
    program, count = os.path.abspath(options.sockscope), options.frames
    tenth = count // 10
    path = {name: os.path.join(folder, name) for name in ("many", "many_tenth", "packed.gz", "one", "one_tenth")}
    many(path["many"], count, options.connections)
    many(path["many_tenth"], tenth, options.connections)
    one(path["one"], count)
    one(path["one_tenth"], tenth)
    with open(path["many"], "rb") as plain, gzip.open(path["packed.gz"], "wb", 1) as packed:
        shutil.copyfileobj(plain, packed, 1 << 20)
    sizes = ", ".join(f"{name} {os.path.getsize(file) / 1e6:.0f} MB" for name, file in path.items())
    print(f"{count} and {tenth} frames ({sizes}); load {os.getloadavg()[0]:.1f}")

    table = Table(options.rounds)
    tools = {"tcptrace -n": ["tcptrace", "-n"], "capinfos": ["capinfos"], "tshark conv,tcp": ["tshark", "-n", "-q", "-z", "conv,tcp", "-r"]}
    table.row("captures", [program, "captures", path["many"]])
    table.row("captures --json", [program, "captures", "--json", path["many"]])
    table.row("captures, packed", [program, "captures", path["packed.gz"]])
    for name, command in tools.items():
        table.row(name, [*command, path["many"]])
    table.ratio(0, "captures", "tcptrace -n", 1)
    table.ratio(2, "captures", "tshark conv,tcp", 0.2)
    table.row("captures, a tenth", [program, "captures", path["many_tenth"]])
    memory = [table.best[name][2] for name in ("captures", "captures, a tenth")]
    print(f"  memory of a frame in the list: {(memory[0] - memory[1]) * 2**20 / (count - tenth):.1f} octets")

    short = [path["one_tenth"], "--as"]
    # tshark is not asked: its time grows with the square of the frames of one connection, to a quarter of an hour here.
    for name in ("tcptrace -n", "capinfos"):
        table.row(f"{name}, one connection", [*tools[name], path["one_tenth"]])
    by = "tcptrace -n, one connection"
    for end, address in (("reader", "10.8.0.1"), ("writer", "10.8.0.2")):
        table.row(f"replay as the {end}", [program, "replay", "--headless", *short, address])
        table.ratio(1, f"replay as the {end}", by, 10)
    table.row("replay --all", [program, "replay", "--all", *short, "10.8.0.1"])
    table.row("replay --json", [program, "replay", "--json", *short, "10.8.0.1"])
    table.row("replay --observe", [program, "replay", "--observe", "--headless", path["one_tenth"]])
    table.row("trace", [program, "trace", *short, "10.8.0.1"])
    table.row("trace --tree", [program, "trace", "--tree", *short, "10.8.0.1"])
    table.row("export --format pcapng", [program, "export", "--format", "pcapng", *short, "10.8.0.1"])
    table.row("export --format mermaid", [program, "export", "--format", "mermaid", *short, "10.8.0.1"])
    table.row("replay of all the frames", [program, "replay", "--headless", path["one"], "--as", "10.8.0.1"])
    memory = [table.best[name][2] for name in ("replay of all the frames", "replay as the reader")]
    print(f"  memory of a frame in a replay: {(memory[0] - memory[1]) * 2**20 / (count - tenth):.1f} octets")

    look = [program, "replay", "--theme", "dark"]
    screens = {
        "the table": ([*look, path["many"]], 0.15),
        "the table, packed": ([*look, path["packed.gz"]], 0.15),
        "observe, all frames of one connection": ([*look, "--observe", path["one"]], 1),
        "replay, a tenth of them": ([*look, path["one_tenth"], "--as", "10.8.0.1"], None),
    }
    print(f"{'':44}{'first s':>9}{'last s':>9}")
    for name, (command, most) in screens.items():
        first, last = (min(column) for column in zip(*(first_screen(command) for _ in range(options.rounds))))
        print(f"{name:44}{first:>9.3f}{last:>9.3f}" + (f"  shall be at most {most}" if most else ""), flush=True)
    print(f"load {os.getloadavg()[0]:.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sockscope", default="target/release/sockscope")
    with tempfile.TemporaryDirectory() as folder:
        measure(parser.parse_args(), folder)


if __name__ == "__main__":
    main()
