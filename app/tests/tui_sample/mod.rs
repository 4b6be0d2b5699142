//! A moment made by hand, rich enough that every pane has something to show: the step of `tcp_connect` that changes the
//! state. Values are those of the kernel (first port 1026, window 512 on the wire).
#![allow(dead_code, reason = "each test binary uses its part of the sample")]

use lessons::{
    Beside, Certainty, Closing, Evidence, Outcome, Prediction, Question, Ranking, Shows, Verdict, View, Work,
};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::i18n::Lang;
use sockscope::picture::Pane;
use sockscope::picture::cpu::CpuRow;
use sockscope::picture::outline::{Outline, OutlineRow};
use sockscope::picture::plot::{Label, Plot, PlotEvent, PlotKind};
use sockscope::picture::processes::{Descriptor, Process};
use sockscope::picture::replay::Replay;
use sockscope::picture::sock_list::{SockList, SockPlace, SockRow};
use sockscope::picture::socks::FieldGroup;
use sockscope::picture::tables::{Link, Lit, TableRow, Tables};
use sockscope::picture::{self, *};
use sockscope::tui::panes::frame::telling;
use sockscope::tui::screen;
use sockscope::tui::ui_state::UiState;
use stack::include::tcp::TcpState;

fn text(value: &str) -> String {
    value.to_owned()
}

fn hop(layer: Layer, function: &str) -> PathStep {
    PathStep { layer, function: text(function), here: function == "tcp_connect" }
}

fn field(name: &str, value: &str) -> Field {
    Field {
        name: text(name),
        value: text(value),
        old: None,
        wide: matches!(name, "state" | "saddr" | "daddr"),
        group: FieldGroup::of(name),
        meaning: "what the field means",
    }
}

const LINES: &str = r#"pub fn tcp_connect(k: &mut Kernel, sk: SockId, usin: &SockaddrIn) -> KResult<()> {
    // Only a closed socket may call.
    if k.sk(sk).state != TcpState::Close {
        return Err(Stop::Errno(EISCONN));
    }
    if usin.sin_family != AF_INET && usin.sin_family != 0 {
        return Err(Stop::Errno(EAFNOSUPPORT));
    }
    let daddr = k.default_loopback(usin.sin_addr);
    if k.ip_chk_addr(daddr) == IsBroadcast {
        return Err(Stop::Errno(ENETUNREACH));
    }
    k.sk_mut(sk).inuse = 1;
    k.sk_mut(sk).daddr = daddr;
    let seq = tcp_init_seq(k);
    k.sk_mut(sk).write_seq = seq; // the first number of this side
    let buff = sock_wmalloc(k, sk, MAX_SYN_SIZE, 0)?;
    note!(k, "a buffer for the SYN is taken from the send space");
    tcp_build_syn(k, sk, buff, "mss 1436");
    tcp_set_state(k, sk, TcpState::SynSent);
    k.sk_mut(sk).rto = TCP_TIMEOUT_INIT;
    reset_xmit_timer(k, sk, TIME_WRITE, TCP_TIMEOUT_INIT);
    k.prot(sk).queue_xmit(k, sk, dev, buff, 0);
    release_sock(k, sk);
    Ok(())
}"#;

fn code(lang: Lang) -> Code {
    Code {
        function: text("tcp_connect"),
        layer: Layer::Tcp,
        kernel_file: text("net/inet/tcp.c"),
        rust_file: text("stack/src/net/inet/tcp_connect.rs"),
        citation: text("RFC 793 p.54"),
        sentence: match lang {
            Lang::En => text("The state changes from CLOSE to SYN_SENT before the SYN leaves."),
            Lang::Zh => text("在 SYN 发出之前，状态已从 CLOSE 变为 SYN_SENT。"),
        },
        first_line: 112,
        lines: LINES.lines().map(text).collect(),
        current: 131,
        folded: std::iter::once(129..130).collect(),
        values: vec![(131, text("state CLOSE → SYN_SENT"))],
        is_found: false,
        kernel: None,
        stop: None,
        stopped: false,
        step: 7,
        steps: 12,
    }
}

fn call(layer: Layer, function: &str, arguments: &str) -> Call {
    Call { function: text(function), layer, arguments: text(arguments), result: None }
}

fn sock() -> Sock {
    let mut fields = vec![field("state", "TCP_SYN_SENT")];
    fields[0].old = Some(text("TCP_CLOSE"));
    for (name, value) in [
        ("num", "1026"),
        ("dummy_th.dest", "80"),
        ("saddr", "10.0.0.1"),
        ("daddr", "10.0.0.2"),
        ("write_seq", "101"),
        ("sent_seq", "101"),
        ("window_seq", "100"),
        ("acked_seq", "0"),
        ("copied_seq", "0"),
        ("rcv_ack_seq", "99"),
        ("cong_window", "1"),
        ("ssthresh", "0"),
        ("packets_out", "0"),
        ("retransmits", "0"),
        ("rto", "300 j"),
        ("rtt", "0"),
        ("mdev", "300 j"),
        ("mtu", "576"),
        ("mss", "536"),
        ("wmem_alloc", "1476"),
        ("rmem_alloc", "0"),
        ("sndbuf", "32767"),
        ("rcvbuf", "32767"),
        ("inuse", "1"),
        ("dead", "0"),
        ("delay_acks", "0"),
        ("timeout", "TIME_WRITE"),
        ("socket.state", "SS_CONNECTING"),
        ("err", "0"),
    ] {
        fields.push(field(name, value));
    }
    fields.sort_by_key(|field| (field.group, !field.wide));
    Sock { name: text("A/sk#1"), fields }
}

/// A SYN in a buffer.
fn skb(number: u32) -> Skb {
    Skb {
        name: format!("skb@{number}"),
        number,
        label: text("SYN"),
        length: 1_476,
        range: text("0..1"),
        valid: 44,
        sk: text("A/sk#1"),
    }
}

fn queue(name: &str, note: &str, skbs: Vec<Skb>) -> Queue {
    Queue { name: text(name), note: text(note), skbs, changed: false }
}

fn frame_row(number: u64, microseconds: u64, from: usize, layer: Layer, label: &str, fate: FrameFate) -> LadderRow {
    let more = if layer == Layer::Tcp { text("win=512 len=0") } else { String::new() };
    let marks = FrameMarks::default();
    LadderRow::Frame {
        number,
        microseconds,
        from,
        to: 1 - from,
        layer,
        label: text(label),
        fate,
        resent: false,
        more,
        marks,
        at_capture: None,
    }
}

fn state_rung(host: usize, name: &str, ahead: bool) -> LadderRow {
    LadderRow::State { host, name: text(name), ahead }
}

/// The sequence diagram of a handshake with one lost and repeated SYN.
pub(crate) fn ladder() -> Ladder {
    Ladder {
        columns: vec![text("A :1026"), text("B :80")],
        rows: vec![
            state_rung(1, "LISTEN", false),
            frame_row(1, 120, 0, Layer::Arp, "who-has 10.0.0.2", FrameFate::Arrived),
            frame_row(2, 1_240, 1, Layer::Arp, "is-at 02:…:02", FrameFate::Arrived),
            frame_row(3, 12_300, 0, Layer::Tcp, "SYN seq=0", FrameFate::Lost),
            state_rung(0, "SYN_SENT", false),
            LadderRow::Frame {
                number: 4,
                microseconds: 3_012_300,
                from: 0,
                to: 1,
                layer: Layer::Tcp,
                label: text("SYN seq=0"),
                fate: FrameFate::Flying,
                resent: true,
                more: text("win=512 len=0 mss=1436"),
                marks: FrameMarks { delayed: true, ..FrameMarks::default() },
                at_capture: None,
            },
            frame_row(5, 3_013_000, 1, Layer::Tcp, "SYN+ACK seq=0 ack=1", FrameFate::Ahead),
            state_rung(1, "SYN_RECV", true),
            frame_row(6, 3_014_000, 0, Layer::Tcp, "ACK 1", FrameFate::Ahead),
            state_rung(0, "ESTABLISHED", true),
        ],
        now: 5,
        relative: true,
        ..Ladder::default()
    }
}

fn dissected(depth: u8, name: &str, value: &str, range: std::ops::Range<usize>, layer: Layer) -> Dissected {
    Dissected { depth, name: text(name), value: text(value), range, layer, bad: false }
}

fn frame() -> Frame {
    let bytes = [
        "020000000002020000000001080045000",
        "02c00010000400666c90a0000010a00000204020050000000640000000060020200",
        "7f850000",
        "0204059c",
    ]
    .concat();
    let bytes: Vec<u8> = (0..bytes.len() / 2)
        .filter_map(|place| u8::from_str_radix(&bytes[place * 2..place * 2 + 2], 16).ok())
        .collect();
    let (eth, ip, tcp) = (Layer::Dev, Layer::Ip, Layer::Tcp);
    let mut rows = vec![
        dissected(0, "Ethernet", "02:00:00:00:00:01 → 02:00:00:00:00:02", 0..14, eth),
        dissected(1, "type", "0x0800 IPv4", 12..14, eth),
        dissected(0, "IPv4", "10.0.0.1 → 10.0.0.2", 14..34, ip),
        dissected(1, "id", "1", 18..20, ip),
        dissected(1, "ttl", "64", 22..23, ip),
        dissected(1, "check", "0x66c9", 24..26, ip),
        dissected(0, "TCP", "1026 → 80", 34..58, tcp),
        dissected(1, "seq", "100 (0 relative)", 38..42, tcp),
        dissected(1, "ack_seq", "0", 42..46, tcp),
        dissected(1, "flags", "SYN", 47..48, tcp),
        dissected(1, "window", "512", 48..50, tcp),
        dissected(1, "check", "0x7f85", 50..52, tcp),
        dissected(1, "options", "mss 1436", 54..58, tcp),
    ];
    rows[5].bad = true;
    Frame { number: 4, note: text("on the wire A → B"), bytes, rows }
}

fn cpu() -> Vec<CpuRow> {
    let row = |name: &str, value: &str, meaning: &str| CpuRow {
        name: text(name),
        value: text(value),
        old: (name == "bh_active").then(|| text("0x0")),
        meaning: text(meaning),
    };
    vec![
        row("mode", "kernel", "came in through system_call, runs tcp_connect"),
        row("stack", "pid 100", "kernel stack of get"),
        row("EAX", "102", "sys_call_table[102] = sys_socketcall"),
        row("EBX", "3", "SYS_CONNECT"),
        row("ECX", "0x10090", "points at (3, 10.0.0.2:80, 16)"),
        row("[ECX+0]", "3", "3"),
        row("[ECX+4]", "0x10000", "10.0.0.2:80"),
        row("[ECX+8]", "16", "16"),
        row("IF", "1", "interrupts are let in"),
        row("intr_count", "0", "no handler, bottom half or bh-atomic section is open"),
        row("bh_mask", "0x11", "TIMER_BH | NET_BH"),
        row("bh_active", "0x10", "NET_BH"),
        row("bh_base[0]", "timer_bh", "enabled, not marked"),
        row("bh_base[4]", "net_bh", "enabled and marked: runs at the next chance"),
    ]
}

fn tables() -> Tables {
    let heading = |name, about| TableRow::Heading { name, about };
    let link = |target: &str, note: &str, lit: Lit| Link { target: text(target), note: text(note), lit };
    let entry = |index: &str, links: Vec<Link>| {
        let lit = links.iter().map(|link| link.lit).max().unwrap_or_default();
        TableRow::Entry { index: text(index), links, lit, changed: index == "[2]" }
    };
    let rows = vec![
        heading("idt", "gates by vector"),
        entry("[0x20]", vec![link("IRQ0 timer", "interrupt gate dpl 0", Lit::No)]),
        entry("[0x80]", vec![link("system_call", "trap gate dpl 3", Lit::Way)]),
        heading("sys_call_table", "system calls by EAX"),
        entry("[101]", vec![]),
        entry("[102]", vec![link("sys_socketcall", "", Lit::Way)]),
        entry("[103]", vec![]),
        heading("pops", "families of sockets"),
        entry("[0]", vec![link("inet_proto_ops", "family 2", Lit::Step)]),
        heading("inet_protos", "protocols above IP, number & 31"),
        entry("[6]", vec![link("tcp_rcv", "TCP 6", Lit::No)]),
        heading("tcp_prot.sock_array", "chains of socks, port & 255"),
        entry("[2]", vec![link("A/sk#1", ":1026 SYN_SENT", Lit::No), link("A/sk#9", ":1282 CLOSE", Lit::No)]),
    ];
    let way = [("idt[0x80]", Lit::Way), ("sys_call_table[102]", Lit::Way), ("pops[0]", Lit::Step)];
    Tables { way: way.map(|(name, lit)| (text(name), lit)).to_vec(), rows }
}

fn processes() -> Vec<Process> {
    let descriptor = |host: usize, chain: &[&str]| Descriptor {
        chain: chain.iter().map(|part| text(part)).collect(),
        sock: Some(SockPlace { host, number: 1 }),
    };
    vec![
        Process {
            name: text("A pid 100"),
            program: text("get"),
            state: "TASK_RUNNING",
            runs: true,
            call: text("connect(3, 10.0.0.2:80, 16)"),
            sleep: String::new(),
            done: vec![],
            descriptors: vec![descriptor(0, &["fd 3", "file#1", "inode#1 SS_CONNECTING", "A/sk#1 SYN_SENT"])],
            changed: true,
        },
        Process {
            name: text("B pid 100"),
            program: text("httpd"),
            state: "TASK_INTERRUPTIBLE",
            call: text("accept(3, addr, addrlen)"),
            sleep: text("asleep in tcp_accept on i_wait of inode#1 (B/sk#1)"),
            done: vec![text("no child is established yet"), text("inode#2 is made for the conversation")],
            descriptors: vec![descriptor(1, &["fd 3", "file#1", "inode#1 SS_UNCONNECTED", "B/sk#1 LISTEN"])],
            ..Process::default()
        },
    ]
}

fn sock_list() -> SockList {
    let row = |host: usize, number: u32, state: &'static str, socket_state: &'static str| SockRow {
        place: SockPlace { host, number },
        name: format!("{}/sk#{number}", if host == 0 { "A" } else { "B" }),
        prot: "TCP",
        state: text(state),
        socket_state,
        local: text(if host == 0 { "10.0.0.1:1026" } else { "*:80" }),
        remote: text(if host == 0 { "10.0.0.2:80" } else { "" }),
        queues: Some([0, 0, 0, 1 - host]),
        owner: text(if host == 0 { "pid 100 get fd 3" } else { "pid 100 httpd fd 3" }),
        changed: host == 0,
    };
    SockList {
        rows: vec![row(0, 1, "SYN_SENT", "SS_CONNECTING"), row(1, 1, "LISTEN", "SS_UNCONNECTED")],
        chosen: None,
        shown: Some(SockPlace { host: 0, number: 1 }),
    }
}

fn span(layer: Layer, steps: u64, host: usize) -> LayerSpan {
    LayerSpan { layer, host, steps }
}

fn queues() -> Queues {
    Queues {
        rows: vec![
            queue("backlog", "", vec![]),
            queue("write_queue", "", vec![]),
            Queue { changed: true, ..queue("send_head", "", vec![skb(7)]) },
            queue("receive_queue", "", vec![]),
            queue("back_log", "sk->inuse is 1", vec![]),
        ],
        in_flight: Some((1, Some(1))),
        peer_window: None,
    }
}

fn neighbours() -> picture::Arp {
    picture::Arp {
        slots: 17,
        rows: vec![
            Neighbour {
                ip: text("10.0.0.9"),
                left: Some((2_100, 2_500)),
                retries: 2,
                waiting: vec![skb(8), skb(9), skb(11)],
                ..Neighbour::default()
            },
            Neighbour {
                ip: text("10.0.0.2"),
                hardware: text("02:00:00:00:00:02"),
                flags: text("COM"),
                left: Some((59_700, 60_000)),
                ..Neighbour::default()
            },
        ],
        check: Some((4_200, 6_000)),
    }
}

/// The call tree of the step.
fn outline() -> Outline {
    let row = |place: usize, layer: Layer, function: &'static str, depth: u16, steps: u64| OutlineRow {
        function,
        layer,
        depth,
        steps,
        entry: place,
        first: 200 + place as u64,
        is_open: depth < 4,
        has_calls: depth < 3 || function == "ip_queue_xmit",
        is_folded: function == "ip_queue_xmit",
    };
    let rows = vec![
        row(1, Layer::Trap, "system_call", 0, 180),
        row(3, Layer::Bsd, "sys_socketcall", 1, 170),
        row(6, Layer::Tcp, "tcp_connect", 2, 160),
        row(9, Layer::Inet, "sock_wmalloc", 4, 12),
        row(18, Layer::Tcp, "tcp_set_state", 3, 4),
        row(30, Layer::Ip, "ip_queue_xmit", 4, 120),
    ];
    Outline { subject: text("A: connect"), steps: 182, rows, here: 4, is_cut: false }
}

/// The connection of the step against time.
fn plot() -> Plot {
    let sent = |high: u64, again: bool, lost: bool| PlotKind::Sent { low: high.saturating_sub(512), high, again, lost };
    let event = |number: u64, time: u64, kind: PlotKind| PlotEvent {
        number,
        time,
        step: number * 40,
        kind,
        label: Label::Words(text("data")),
    };
    Plot {
        stream: text("10.0.0.1:1026 → 10.0.0.2:80"),
        events: vec![
            event(3, 12_300, sent(512, false, true)),
            event(4, 3_012_300, sent(512, true, false)),
            event(5, 3_413_000, PlotKind::Acknowledged { ack: 512, edge: 1_024 }),
            event(6, 3_814_000, sent(1_024, false, false)),
        ],
        cong_window: vec![(0, 1), (3_413_000, 2)],
        queues: vec![("send_head", vec![(0, 0), (12_300, 1), (3_413_000, 0)])],
        now: 3_012_340,
        at: 1,
    }
}

/// The whole moment.
pub(crate) fn moment(lang: Lang) -> Picture {
    use Layer::*;
    Picture {
        title: match lang {
            Lang::En => text("The handshake, from both sides"),
            Lang::Zh => text("从两端看三次握手"),
        },
        source: Source::Lab,
        hosts: vec![
            Host { name: text("A"), address: text("10.0.0.1") },
            Host { name: text("B"), address: text("10.0.0.2") },
        ],
        host: 0,
        acting: 0,
        jiffies: 301,
        microseconds: 3_012_340,
        step: 218,
        steps: 613,
        live: LiveState::default(),
        surveyed: None,
        branches: vec![BranchRow { number: 1, frames: 3, here: true, ..BranchRow::default() }],
        stops: vec![
            StopRow { text: text("tcp_ack if sk.state == SYN_RECV"), kind: StopKind::Function, on: true, hits: None },
            StopRow { text: text("state *->TIME_WAIT"), kind: StopKind::State, on: false, hits: Some(2) },
        ],
        oops: None,
        path: [
            (User, "connect"),
            (Trap, "system_call"),
            (Bsd, "sys_socketcall"),
            (Bsd, "sock_connect"),
            (Inet, "inet_connect"),
            (Tcp, "tcp_connect"),
            (Ip, "ip_queue_xmit"),
            (Dev, "dev_queue_xmit"),
            (Arp, "arp_find"),
        ]
        .into_iter()
        .map(|(layer, function)| hop(layer, function))
        .collect(),
        code: code(lang),
        stack: vec![
            call(Tcp, "tcp_connect", "sk: A/sk#1, usin: 10.0.0.2:80"),
            call(Inet, "inet_connect", "sock: 3, flags: 0"),
            call(Bsd, "sock_connect", "fd: 3, 10.0.0.2:80"),
            call(Bsd, "sys_socketcall", "call: 3 connect"),
            call(Trap, "system_call", "eax: 102"),
            call(Trap, "int 0x80", ""),
            call(User, "connect", "3, 10.0.0.2:80, 16"),
        ],
        socks: vec![sock()],
        peer_socks: vec![Sock { name: text("B/sk#1"), fields: vec![field("state", "TCP_LISTEN"), field("num", "80")] }],
        state: State {
            sock: text("A/sk#1"),
            now: Some(TcpState::SynSent),
            from: Some(TcpState::Close),
            last_edge: Some((TcpState::Close, TcpState::SynSent)),
            microseconds: Some(1_000),
            others: vec![(text("B/sk#1"), TcpState::Listen)],
            ..State::default()
        },
        queues: queues(),
        arp: neighbours(),
        ladder: ladder(),
        frame: Some(frame()),
        timers: vec![
            Timer {
                function: text("net_timer"),
                owner: text("A/sk#1 TIME_WRITE"),
                left: 300,
                span: Some(300),
                armed: Some(Armed { function: "tcp_connect", moment: stack::lab::run::Moment::default(), step: 217 }),
                changed: true,
            },
            Timer {
                function: text("arp_check_expire"),
                owner: text("arp"),
                left: 4_200,
                span: Some(6_000),
                armed: None,
                changed: false,
            },
        ],
        outline: outline(),
        replay: Replay::default(),
        plot: plot(),
        cpu: cpu(),
        tables: tables(),
        processes: processes(),
        sock_list: sock_list(),
        timeline: Timeline {
            near: vec![
                span(User, 2, 0),
                span(Trap, 4, 0),
                span(Bsd, 6, 0),
                span(Inet, 5, 0),
                span(Tcp, 24, 0),
                span(Ip, 12, 0),
                span(Dev, 6, 0),
                span(Arp, 8, 0),
                span(Dev, 3, 0),
                span(Wire, 2, 0),
                span(Dev, 6, 1),
                span(Ip, 8, 1),
                span(Tcp, 22, 1),
            ],
            here: 30,
            signs: std::sync::Arc::new(vec![
                (40, TimelineMark::Frame),
                (60, TimelineMark::Frame),
                (217, TimelineMark::Mark),
                (218, TimelineMark::State),
                (230, TimelineMark::Frame),
                (320, TimelineMark::State),
                (400, TimelineMark::Question),
                (520, TimelineMark::State),
            ]),
            marks: vec![],
            masked_from: None,
        },
        changed: vec![
            Change { name: text("sk.state"), old: text("TCP_CLOSE"), new: text("TCP_SYN_SENT") },
            Change { name: text("sk.timer"), old: text("none"), new: text("TIME_WRITE 3.00 s") },
        ],
        lesson: None,
        evidence: vec![],
        class: None,
    }
}

/// A beat of a lesson that says nothing yet.
fn beat(title: &str, beat: usize, shows: Shows) -> View {
    View {
        title: text(title),
        beat,
        beats: 6,
        retake: None,
        words: Vec::new(),
        asked: Vec::new(),
        panes: Vec::new(),
        narration: vec![],
        pane: None,
        about: None,
        closed: vec![],
        host: None,
        sock: None,
        masked_from: None,
        shows,
    }
}

/// A piece of evidence on host B.
fn evidence(told: &str) -> Evidence {
    Evidence {
        moment: stack::lab::run::Moment::default(),
        host: text("B"),
        function: text("tcp_conn_request"),
        text: format!("tcp_conn_request: {told}"),
        predicate: text("B.sock(2)"),
    }
}

/// The lesson at a beat of words.
pub(crate) fn words(lang: Lang) -> View {
    let (title, words) = match lang {
        Lang::En => (
            "The handshake, from both sides",
            "The state changes BEFORE the SYN leaves. Why would sending first be a bug?\nStep once (s), then think: what if the answer arrives while the state is CLOSE?",
        ),
        Lang::Zh => (
            "从两端看三次握手",
            "状态在 SYN 发出之前就改变了。如果先发送，会有什么问题？\n按 s 走一步，再想一想：若应答到来时状态仍是 CLOSE 会怎样？",
        ),
    };
    let kernel = ["tcp_conn_request", "SYN_RECV"].map(text).to_vec();
    View {
        beat: 7,
        beats: 9,
        words: kernel,
        narration: words.lines().map(text).collect(),
        ..beat(title, 7, Shows::Words)
    }
}

/// The lesson at a question.
pub(crate) fn question(lang: Lang) -> View {
    let (question, options): (&str, [&str; 4]) = match lang {
        Lang::En => (
            "What does B do with its sockets?",
            [
                "the listening socket itself moves to SYN_RECV",
                "a new struct sock is made in SYN_RECV; the listener stays in LISTEN",
                "a new struct sock is made in ESTABLISHED; B answers with ACK",
                "nothing yet: the SYN waits on back_log until accept() is called",
            ],
        ),
        Lang::Zh => (
            "B 会怎样处理它的 sock？",
            [
                "监听的 sock 自己变为 SYN_RECV",
                "新建一个处于 SYN_RECV 的 struct sock；监听者仍为 LISTEN",
                "新建一个处于 ESTABLISHED 的 struct sock；B 以 ACK 应答",
                "暂时什么也不做：SYN 在 back_log 上等待 accept()",
            ],
        ),
    };
    let asked = Question {
        text: text(question),
        options: options.into_iter().map(text).collect(),
        chosen: Some(1),
        certainty: Some(Certainty::Fairly),
        hint: None,
        hints: 3,
        picks: Vec::new(),
    };
    beat("L7", 2, Shows::Question(asked))
}

/// The lesson at an answer.
pub(crate) fn answer(lang: Lang) -> View {
    let (first, second, why, steps) = match lang {
        Lang::En => (
            "the listening socket itself moves to SYN_RECV",
            "a new sock in SYN_RECV; the listener stays",
            "A listener must go on accepting other callers, so it cannot become the connection.",
            ["B/sk#2 is born in SYN_RECV", "B/sk#1.ack_backlog 0 → 1", "B/sk#1.receive_queue 0 → 1"],
        ),
        Lang::Zh => (
            "监听的 sock 自己变为 SYN_RECV",
            "新建处于 SYN_RECV 的 sock；监听者不变",
            "监听者必须继续接受其他来访者，因此它不能变成那条连接。",
            ["新建 B/sk#2，状态为 SYN_RECV", "B/sk#1.ack_backlog 0 → 1", "B/sk#1.receive_queue 0 → 1"],
        ),
    };
    let verdict = Verdict {
        answer: Some(Outcome { text: text(first), holds: false, reply: String::new() }),
        truth: Outcome { text: text(second), holds: true, reply: String::new() },
        evidence: steps.map(evidence).to_vec(),
        why: text(why),
    };
    beat("L7", 2, Shows::Verdict(verdict))
}

/// The lesson at a task.
pub(crate) fn task(lang: Lang) -> View {
    let (text_of, hint) = match lang {
        Lang::En => ("Lose the SYN and watch what A does.", "The ladder has the keys."),
        Lang::Zh => ("丢掉 SYN，看看 A 会怎么做。", "按键见时序图。"),
    };
    let work = Work {
        means: lessons::Means::Wire,
        beside: Vec::new(),
        text: text(text_of),
        done: false,
        reached: None,
        changes: vec![text("drop 3")],
        why: String::new(),
        hint: Some((1, text(hint))),
        hints: 3,
        complaint: None,
    };
    beat("L7", 4, Shows::Work(work))
}

/// The lesson at steps to be ordered.
pub(crate) fn ranking(lang: Lang) -> View {
    let (what, steps) = match lang {
        Lang::En => ("Put the steps in order.", ["the state changes", "the SYN leaves", "the timer is set"]),
        Lang::Zh => ("把步骤排好顺序。", ["状态改变", "SYN 发出", "设置定时器"]),
    };
    let ranking = Ranking {
        text: text(what),
        steps: steps.map(text).to_vec(),
        chosen: 1,
        right: Vec::new(),
        truth: Vec::new(),
        why: String::new(),
        hint: None,
        hints: 3,
    };
    beat("L7", 5, Shows::Ranking(ranking))
}

/// The lesson at steps that were put in another order than that of the run.
pub(crate) fn ordered(lang: Lang) -> View {
    let asked = ranking(lang);
    let Shows::Ranking(mut ranking) = asked.shows else { return asked };
    ranking.truth = ranking.steps.clone();
    ranking.steps.rotate_left(1);
    ranking.right = vec![true, true, false];
    ranking.why = text(match lang {
        Lang::En => "A's state changes before its SYN leaves.",
        Lang::Zh => "A 的状态先改变，SYN 才发出。",
    });
    View { shows: Shows::Ranking(ranking), ..asked }
}

/// The lesson at a question that comes back.
pub(crate) fn again(lang: Lang) -> View {
    let asked = question(lang);
    let Shows::Question(first) = asked.shows else { return asked };
    let again = Question { chosen: None, certainty: None, hint: None, ..first };
    View { retake: Some(Certainty::Certain), shows: Shows::Question(again), ..asked }
}

/// The lesson at a task that is done.
pub(crate) fn done(lang: Lang) -> View {
    let asked = task(lang);
    let Shows::Work(open) = asked.shows else { return asked };
    let row = |words: &str, what: &str, without, with| Beside { words: text(words), what: text(what), without, with };
    let beside = match lang {
        Lang::En => ["A has sent its SYN again", "A is connected"],
        Lang::Zh => ["A 已重发 SYN", "A 连上"],
    };
    let beside = vec![
        row(beside[0], "A.sock(2).retransmits > 5", None, Some(3_412_000)),
        row(beside[1], "A.sock(2).state == ESTABLISHED", Some(412_000), Some(3_420_000)),
    ];
    let why = text(match lang {
        Lang::En => "A waits 3 s, then sends the SYN again.",
        Lang::Zh => "A 等 3 秒，然后重发 SYN。",
    });
    View { shows: Shows::Work(Work { done: true, beside, why, hint: None, ..open }), ..asked }
}

/// The end of the lesson.
pub(crate) fn closing(lang: Lang) -> View {
    let words = match lang {
        Lang::En => ["Today a small request_sock is kept instead.", "Draw both state machines.", "Why two socks?"],
        Lang::Zh => ["如今只保留一个小的 request_sock。", "画出两端的状态机。", "为什么有两个 sock？"],
    };
    let [then_and_now, drawing, say_it_back] = words.map(text);
    let known = match lang {
        Lang::En => ["A SYN makes a new sock.", "The SYN waits on a queue.", "accept() sends nothing."],
        Lang::Zh => ["一个 SYN 会新建一个 sock。", "SYN 停在队列上。", "accept() 什么也不发。"],
    };
    let known = known.map(text).to_vec();
    let Shows::Verdict(verdict) = answer(lang).shows else { return answer(lang) };
    let wrong = verdict.answer.map(|answer| (answer.text, Certainty::Certain));
    let prediction = Prediction { first: wrong, truth: verdict.truth.text, right: false };
    let predictions = vec![prediction.clone(), Prediction { first: None, ..prediction }];
    let shows = Shows::Closing(Closing {
        known,
        predictions,
        again: vec![2],
        lesson: text("handshake"),
        second_pass: Some("handshake-again".to_owned()),
        next: Some(text("accept")),
        then_and_now,
        drawing,
        say_it_back,
        said: String::new(),
    });
    beat("L7", 6, shows)
}

/// The screen at the sample: what the screen alone can do, without any session.
pub(crate) struct Still {
    /// The arrangement.
    pub(crate) ui: UiState,
    /// The lesson shown.
    pub(crate) lesson: Option<fn(Lang) -> View>,
}

impl Still {
    /// Draws the moment.
    pub(crate) fn draw(&mut self, area: Rect, buffer: &mut Buffer) {
        let mut picture = moment(self.ui.lang);
        picture.lesson = self.lesson.map(|lesson| lesson(self.ui.lang));
        picture.evidence = vec![233, 234, 236];
        let selected = picture.frame.as_ref().map_or(0, telling);
        self.ui.change(Pane::Frame, |view| view.selected = selected);
        screen::draw(area, buffer, &self.ui, &picture);
    }
}
