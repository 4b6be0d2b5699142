//! Our own source, embedded at build time: the code pane shows the Rust that is running.
//!
//! The lines that only tell the probe or count are known ([`marks`]), so that the pane can fold them, and light the
//! statement that they speak of in their stead.

use std::sync::LazyLock;

macro_rules! sources {
    ($($path:literal,)*) => {
        /// Every source file that holds kernel functions: path as `file!()` gives it, and text.
        pub const SOURCES: &[(&str, &str)] = &[$((concat!("stack/src/", $path), include_str!($path)),)*];
    };
}

// Sorted; stack/tests/tidy.rs compares the list with the folders.
sources! {
    "drivers/eth0.rs",
    "drivers/loopback.rs",
    "fs/exit.rs",
    "fs/fcntl.rs",
    "fs/fork.rs",
    "fs/ioctl.rs",
    "fs/open.rs",
    "fs/read_write.rs",
    "fs/select.rs",
    "fs/sys.rs",
    "init/main.rs",
    "kernel/entry.rs",
    "kernel/file_table.rs",
    "kernel/inode.rs",
    "kernel/irq.rs",
    "kernel/kmalloc.rs",
    "kernel/sched.rs",
    "kernel/softirq.rs",
    "kernel/timer.rs",
    "kernel/traps.rs",
    "net/inet/af_inet.rs",
    "net/inet/af_inet_bind.rs",
    "net/inet/af_inet_calls.rs",
    "net/inet/af_inet_connect.rs",
    "net/inet/arp.rs",
    "net/inet/arp_ioctl.rs",
    "net/inet/datagram.rs",
    "net/inet/dev.rs",
    "net/inet/dev_ioctl.rs",
    "net/inet/dev_mcast.rs",
    "net/inet/devinet.rs",
    "net/inet/eth.rs",
    "net/inet/icmp.rs",
    "net/inet/icmp_input.rs",
    "net/inet/igmp.rs",
    "net/inet/ip.rs",
    "net/inet/ip_forward.rs",
    "net/inet/ip_frag.rs",
    "net/inet/ip_fw.rs",
    "net/inet/ip_fw_ctl.rs",
    "net/inet/ip_input.rs",
    "net/inet/ip_options.rs",
    "net/inet/ip_output.rs",
    "net/inet/packet.rs",
    "net/inet/proc.rs",
    "net/inet/protocol.rs",
    "net/inet/rarp.rs",
    "net/inet/raw.rs",
    "net/inet/route.rs",
    "net/inet/route_ioctl.rs",
    "net/inet/skbuff.rs",
    "net/inet/sock.rs",
    "net/inet/sock_array.rs",
    "net/inet/sock_options.rs",
    "net/inet/tcp.rs",
    "net/inet/tcp_ack.rs",
    "net/inet/tcp_connect.rs",
    "net/inet/tcp_data.rs",
    "net/inet/tcp_input.rs",
    "net/inet/tcp_listen.rs",
    "net/inet/tcp_output.rs",
    "net/inet/tcp_read.rs",
    "net/inet/tcp_timer.rs",
    "net/inet/tcp_write.rs",
    "net/inet/timer.rs",
    "net/inet/udp.rs",
    "net/socket.rs",
    "net/socket_calls.rs",
}

/// The text of a source file, by its path as `file!()` gives it; on Windows that has backslashes.
#[must_use]
pub fn text(path: &str) -> Option<&'static str> {
    let slash = |byte: u8| if byte == b'\\' { b'/' } else { byte };
    SOURCES.iter().find(|(known, _)| known.bytes().eq(path.bytes().map(slash))).map(|(_, text)| *text)
}

/// What lines that only tell the probe, or count, are there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MarkKind {
    /// `note!`: a branch worth seeing.
    Note,
    /// `discard!`: why a packet is thrown away.
    Discard,
    /// `emit` and the `announce` functions: what happened, for the traces.
    Event,
    /// `count` and the like: a counter of the statistics.
    Count,
}

/// Lines of a source that do nothing to the network: the code pane folds them to a mark in the margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What they are there for.
    pub kind: MarkKind,
    /// Line of the call, counted from 1.
    pub first: u32,
    /// Line on which it ends.
    pub last: u32,
    /// First line of the statement it speaks of, never folded itself: the one that comes after an announcement in the
    /// same block, or before it where it is the last (then perhaps the head of the block, as `if ... {`).
    pub statement: u32,
}

/// How the calls that are folded begin, and whether they tell of what has been done already.
const FOLDED: [(&str, MarkKind, bool); 9] = [
    ("note!(", MarkKind::Note, false),
    ("crate::note!(", MarkKind::Note, false),
    ("discard!(", MarkKind::Discard, false),
    ("k.emit(", MarkKind::Event, false),
    ("announce(", MarkKind::Event, true),
    ("announce_dequeue(", MarkKind::Event, true),
    ("k.count(", MarkKind::Count, false),
    ("k.stats.increment(", MarkKind::Count, false),
    ("k.stats.decrement(", MarkKind::Count, false),
];

/// The marks of all sources, made when somebody asks for the first time.
static MARKS: LazyLock<Vec<Vec<Mark>>> = LazyLock::new(|| SOURCES.iter().map(|(_, text)| marks_of(text)).collect());

/// The lines of an embedded file that are folded, in order; empty for a file that is not embedded.
#[must_use]
pub fn marks(file: &str) -> &'static [Mark] {
    let place = SOURCES.iter().position(|(known, _)| *known == file);
    place.and_then(|place| MARKS.get(place)).map_or(&[], Vec::as_slice)
}

/// The line that is lit for a line of an embedded file: itself, or the statement that a folded line speaks of.
#[must_use]
pub fn statement(file: &str, line: u32) -> u32 {
    let folded = marks(file).iter().find(|mark| (mark.first..=mark.last).contains(&line));
    folded.map_or(line, |mark| mark.statement)
}

/// The line of the `return` that is reached for certain from a statement: what stands between them is folded or runs
/// straight on. None if there is a choice, a loop, or none.
#[must_use]
pub fn straight_return(file: &str, line: u32) -> Option<u32> {
    let page = Page::of(text(file)?);
    let mut at = line.checked_sub(1)? as usize;
    let depth = indent(page.lines.get(at)?)?;
    // From the head of a block (`if ... {`, a folded line's own statement) nothing is certain but what is inside it.
    let inside = page.lines.get(at)?.ends_with('{');
    let depth = if inside { depth + 4 } else { depth };
    loop {
        at = page.next(at, depth)?;
        let statement = page.lines.get(at)?.trim_start();
        if statement.starts_with("return") {
            return Some(at as u32 + 1);
        }
        let end = page.end(at);
        let whole = page.lines.get(at..=end)?;
        if whole.iter().any(|line| line.contains('?') || line.contains('{')) {
            return None;
        }
    }
}

fn marks_of(text: &str) -> Vec<Mark> {
    let page = Page::of(text);
    let folded = page.lines.iter().enumerate().filter_map(|(at, line)| {
        let (_, kind, done) = FOLDED.iter().find(|(call, ..)| line.trim_start().starts_with(call))?;
        let depth = indent(line)?;
        let statement = if *done { None } else { page.next(at, depth) }.or_else(|| page.previous(at, depth))?;
        Some(Mark { kind: *kind, first: at as u32 + 1, last: page.end(at) as u32 + 1, statement: statement as u32 + 1 })
    });
    folded.collect()
}

/// A source as rustfmt lays it out: a statement begins at the indent of its block, and what continues it stands deeper or
/// closes it.
struct Page<'a> {
    lines: Vec<&'a str>,
}

impl<'a> Page<'a> {
    fn of(text: &'a str) -> Self {
        Self { lines: text.lines().collect() }
    }

    /// The last line of the statement that begins on a line: itself, or the line at its indent that closes it.
    fn end(&self, at: usize) -> usize {
        let Some(depth) = self.lines.get(at).and_then(|line| indent(line)) else { return at };
        let ends = |line: &str| line.ends_with([';', ',', '}']);
        if self.lines.get(at).is_some_and(|line| ends(line)) {
            return at;
        }
        for (place, line) in self.lines.iter().enumerate().skip(at + 1) {
            match indent(line) {
                Some(own) if own < depth || own == depth && !closes(line) => return place - 1,
                Some(own) if own == depth && ends(line) => return place,
                _ => {}
            }
        }
        at
    }

    /// The next statement of the same block that is not folded.
    fn next(&self, at: usize, depth: usize) -> Option<usize> {
        for (place, line) in self.lines.iter().enumerate().skip(at + 1) {
            match indent(line) {
                None => {}
                Some(own) if own < depth => return None,
                Some(own) if own == depth && !closes(line) && !is_comment(line) && !is_folded(line) => {
                    return Some(place);
                }
                Some(_) => {}
            }
        }
        None
    }

    /// The statement before, of the same block or the head of the block.
    fn previous(&self, at: usize, depth: usize) -> Option<usize> {
        let before = self.lines.get(..at)?.iter().enumerate().rev();
        let begins = |line: &str| !line.trim_start().starts_with([')', ']', '}', '{']) || line.ends_with('{');
        before
            .filter(|(_, line)| indent(line).is_some_and(|own| own <= depth))
            .find(|(_, line)| begins(line) && line.trim() != "{" && !is_comment(line) && !is_folded(line))
            .map(|(place, _)| place)
    }
}

/// Blanks in front of a line; None of an empty one.
fn indent(line: &str) -> Option<usize> {
    let code = line.trim_start();
    (!code.is_empty()).then(|| line.len() - code.len())
}

/// Whether a line ends what an earlier one began, as `)` or `} else {`.
fn closes(line: &str) -> bool {
    line.trim_start().starts_with([')', ']', '}', '{'])
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn is_folded(line: &str) -> bool {
    FOLDED.iter().any(|(call, ..)| line.trim_start().starts_with(call))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_whichever_way_its_slashes_lean() {
        assert!(text("stack/src/net/socket.rs").is_some());
        assert_eq!(text("stack\\src\\net\\socket.rs"), text("stack/src/net/socket.rs"));
        assert_eq!(text("stack/src/net/nothing.rs"), None);
    }

    const SAMPLE: &str = "\
fn f(k: &mut Kernel) -> bool {
    let a = 1;
    note!(
        k,
        \"long\"
    );
    k.count(Mib::A);
    act(k);
    if a > 0 {
        note!(me, \"branch\");
    } else {
        note!(me, \"other\");
    }
    push(
        a,
    );
    announce(k, a);
    if b
        && c
    {
        discard!(me, a, Reason);
        free(k);
        return true;
    }
    false
}
";

    #[test]
    fn folded_lines_know_their_statement() {
        let marks: Vec<(MarkKind, u32, u32, u32)> =
            marks_of(SAMPLE).iter().map(|mark| (mark.kind, mark.first, mark.last, mark.statement)).collect();
        let expected = [
            (MarkKind::Note, 3, 6, 8),
            (MarkKind::Count, 7, 7, 8),
            (MarkKind::Note, 10, 10, 9),
            (MarkKind::Note, 12, 12, 11),
            (MarkKind::Event, 17, 17, 14),
            (MarkKind::Discard, 21, 21, 22),
        ];
        assert_eq!(marks, expected);
    }

    #[test]
    fn no_mark_lights_a_folded_line() {
        for (file, _) in SOURCES {
            let marks = marks(file);
            for mark in marks {
                assert!(mark.first <= mark.last && mark.last < mark.first + 12, "{file}: {mark:?}");
                let folded = marks.iter().any(|other| (other.first..=other.last).contains(&mark.statement));
                assert!(!folded, "{file}: {mark:?}");
            }
        }
    }
}
