//! Whatever a peer sends, in whatever state a sock is: nothing panics, no buffer is lost, and the memory that is charged to
//! a sock is the memory it holds.

use proptest::prelude::*;

use stack::include::config::Config;
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::sched::{Arrival, PlannedInterrupt, Point, TaskId};
use stack::include::skbuff::SkbId;
use stack::include::sock::{Sock, SockId};
use stack::include::tcp::TcpState;
use stack::init::{Input, step};
use stack::kernel::Kernel;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::machine::booted;
use stack::wire::build::{EthernetBuilder, Ipv4Builder, TcpBuilder};
use stack::wire::tcp;

const OURS: InAddr = InAddr(0x0a00_0001);
const PEER: InAddr = InAddr(0x0a00_0002);
const OUR_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const PEER_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];
const PEER_PORT: u16 = 40_001;
const PEER_ISN: u32 = 1000;

/// An hour in ticks.
const HOUR: u32 = 3600 * 100;

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const ACK: u8 = 0x10;

/// A kernel with one process and the connection that is tormented.
#[derive(Clone)]
struct Bench {
    k: Kernel,
    task: TaskId,
    /// Descriptor of the connection, or of the listener.
    fd: i32,
    /// Our port.
    port: u16,
    sk: SockId,
}

/// A segment of the peer.
#[derive(Clone, Debug, Default)]
struct Sent {
    seq: u32,
    ack: u32,
    flags: u8,
    window: u16,
    urg_ptr: u16,
    options: Vec<u8>,
    payload: usize,
    doff: Option<u8>,
    spoil: bool,
}

impl Bench {
    fn new() -> Self {
        let mut config = Config::of_host(1);
        config.arp.push((PEER, PEER_MAC));
        let mut k = booted(config);
        step(&mut k, &Input::Process { pid: 100, euid: 0 });
        let task = TaskId(k.tasks.len() as u32 - 1);
        Self { k, task, fd: -1, port: 8080, sk: SockId::clone(&nobody()) }
    }

    /// Makes a call; its result, if it did not go to sleep.
    fn call(&mut self, name: CallName, args: Vec<UserArg>) -> Option<i32> {
        self.call_interrupted(name, args, Vec::new())
    }

    /// Makes a call in the middle of which interrupts arrive.
    fn call_interrupted(&mut self, name: CallName, args: Vec<UserArg>, planned: Vec<PlannedInterrupt>) -> Option<i32> {
        self.k.completions.clear();
        let call = UserCall::new(name, args);
        step(&mut self.k, &Input::Call { task: self.task, call, planned });
        let task = self.task;
        self.k.completions.iter().find(|done| done.task == task).map(|done| done.ret)
    }

    fn ticks(&mut self, ticks: u32) {
        step(&mut self.k, &Input::Ticks(ticks));
    }

    /// The frame that carries a segment of the peer.
    fn frame(&self, sent: &Sent) -> Vec<u8> {
        let mut segment = TcpBuilder {
            source: PEER_PORT,
            dest: self.port,
            seq: sent.seq,
            ack_seq: sent.ack,
            flags: sent.flags,
            window: sent.window,
            urg_ptr: sent.urg_ptr,
            options: sent.options.clone(),
            ..TcpBuilder::default()
        }
        .build(PEER.octets(), OURS.octets(), &vec![0x55; sent.payload])
        .expect("a segment that fits");
        if let Some(doff) = sent.doff {
            segment[12] = doff << 4;
            tcp::fill_checksum(&mut segment, PEER.octets(), OURS.octets());
        }
        if sent.spoil {
            segment[17] ^= 1;
        }
        let packet = Ipv4Builder { saddr: PEER.octets().into(), daddr: OURS.octets().into(), ..Ipv4Builder::default() }
            .build(&segment)
            .expect("a datagram that fits");
        EthernetBuilder { h_dest: OUR_MAC, h_source: PEER_MAC, ..EthernetBuilder::default() }.build(&packet)
    }

    fn peer(&mut self, sent: &Sent) {
        let frame = self.frame(sent);
        step(&mut self.k, &Input::Frames(vec![(1, frame)]));
    }

    fn state(&self) -> TcpState {
        self.k.sock.get(self.sk).map_or(TcpState::None, |sock| sock.state)
    }

    fn socket(&mut self) -> i32 {
        let args = [i32::from(AF_INET), 1, 0].map(UserArg::Int).to_vec();
        self.call(CallName::Socket, args).expect("socket() does not sleep")
    }

    /// The youngest sock.
    fn youngest(&self) -> SockId {
        self.k.sock.iter().map(|(id, _)| id).max().expect("a sock")
    }

    fn listening() -> Self {
        let mut bench = Self::new();
        let fd = bench.socket();
        bench.sk = bench.youngest();
        let address = SockaddrIn { sin_family: AF_INET, sin_port: 8080, sin_addr: InAddr::ANY }.bytes().to_vec();
        bench.call(CallName::Bind, vec![UserArg::Int(fd), UserArg::In(address), UserArg::Int(16)]);
        bench.call(CallName::Listen, vec![UserArg::Int(fd), UserArg::Int(5)]);
        bench.fd = fd;
        bench
    }

    fn syn_recv() -> Self {
        let mut bench = Self::listening();
        bench.peer(&Sent { seq: PEER_ISN, flags: SYN, window: 8192, options: vec![2, 4, 5, 180], ..Sent::default() });
        bench.sk = bench.youngest();
        bench
    }

    fn established() -> Self {
        let mut bench = Self::syn_recv();
        bench.ticks(1);
        bench.acknowledge(ACK);
        let args = vec![UserArg::Int(bench.fd), UserArg::Null, UserArg::Null];
        bench.fd = bench.call(CallName::Accept, args).expect("the child is ready");
        bench
    }

    /// A segment with the next number, acknowledging everything.
    fn acknowledge(&mut self, flags: u8) {
        let (seq, ack) = self.numbers();
        self.peer(&Sent { seq, ack, flags, window: 8192, ..Sent::default() });
    }

    /// What the peer would send next, and what it could acknowledge.
    fn numbers(&self) -> (u32, u32) {
        self.k.sock.get(self.sk).map_or((0, 0), |sock| (sock.acked_seq.0, sock.sent_seq.0))
    }

    fn close(&mut self) {
        self.call(CallName::Close, vec![UserArg::Int(self.fd)]);
    }

    fn syn_sent() -> Self {
        let mut bench = Self::new();
        bench.fd = bench.socket();
        bench.sk = bench.youngest();
        let address = SockaddrIn { sin_family: AF_INET, sin_port: PEER_PORT, sin_addr: PEER }.bytes().to_vec();
        bench.call(CallName::Fcntl, [bench.fd, 4, 2 | 2048].map(UserArg::Int).to_vec());
        bench.call(CallName::Connect, vec![UserArg::Int(bench.fd), UserArg::In(address), UserArg::Int(16)]);
        bench.port = bench.k.sock[bench.sk].num;
        bench
    }

    /// A sock that got into a state in the ordinary way.
    fn in_state(state: TcpState) -> Self {
        match state {
            TcpState::None => Self::new(),
            TcpState::Listen => Self::listening(),
            TcpState::SynRecv => Self::syn_recv(),
            TcpState::SynSent => Self::syn_sent(),
            TcpState::Established => Self::established(),
            TcpState::Close => Self::established().then(|bench| bench.acknowledge(ACK | 0x04)),
            TcpState::CloseWait => Self::established().then(|bench| bench.acknowledge(ACK | FIN)),
            TcpState::LastAck => Self::in_state(TcpState::CloseWait).then(Self::close),
            TcpState::FinWait1 => Self::established().then(Self::close),
            TcpState::FinWait2 => Self::in_state(TcpState::FinWait1).then(|bench| bench.acknowledge(ACK)),
            TcpState::TimeWait => Self::in_state(TcpState::FinWait2).then(|bench| bench.acknowledge(ACK | FIN)),
            TcpState::Closing => Self::in_state(TcpState::FinWait1).then(|bench| {
                let (seq, ack) = bench.numbers();
                bench.peer(&Sent { seq, ack: ack.wrapping_sub(1), flags: ACK | FIN, window: 8192, ..Sent::default() });
            }),
        }
    }

    fn then(mut self, act: impl FnOnce(&mut Self)) -> Self {
        act(&mut self);
        self
    }
}

/// A handle that no arena has handed out.
fn nobody() -> SockId {
    let mut elsewhere = stack::include::arena::Arena::default();
    elsewhere.insert(Sock::default())
}

/// Buffers that something in the kernel still knows of.
fn reachable(k: &Kernel) -> Vec<SkbId> {
    let mut known: Vec<SkbId> = k.backlog.iter().copied().collect();
    for (_, sock) in k.sock.iter() {
        known.extend(sock.receive_queue.iter().chain(&sock.write_queue).chain(&sock.back_log));
        known.extend(sock.partial);
        let mut next = sock.send_head;
        while let Some(skb) = next {
            known.push(skb);
            next = k.skb[skb].link3;
            assert!(known.len() < 100_000, "the retransmit queue is a ring");
        }
    }
    for device in &k.dev {
        known.extend(device.buffs.iter().flatten());
    }
    for (_, entry) in k.arp.iter() {
        known.extend(&entry.skb);
    }
    for (_, queue) in k.ipq.iter() {
        known.extend(queue.fragments.iter().map(|fragment| fragment.skb));
    }
    known
}

/// No buffer is lost, none is known twice, and the books of every sock agree with what it holds.
/// The one way in which a peer can bring 1.2.13 down here: a window of 0 from the first segment on makes the largest segment
/// one of 0 octets, and a write then never ends. Nothing runs any more after that.
const DEATH: &str = "the peer allows segments of 0 octets: tcp_write builds empty segments for ever";

/// Whether the kernel has died, which it may in one way only.
fn has_died(k: &Kernel) -> Result<bool, TestCaseError> {
    match &k.oops {
        Some(oops) => prop_assert_eq!(&oops.story, DEATH),
        None => return Ok(false),
    }
    Ok(true)
}

fn books_are_right(k: &Kernel) -> Result<(), TestCaseError> {
    let mut known = reachable(k);
    known.sort_unstable();
    let total = known.len();
    known.dedup();
    // A segment may wait on a device or for ARP and be on the retransmit queue as well.
    prop_assert!(total - known.len() <= k.skb.len());
    let living: Vec<SkbId> = k.skb.iter().map(|(id, _)| id).collect();
    let lost: Vec<&SkbId> = living.iter().filter(|skb| known.binary_search(skb).is_err()).collect();
    prop_assert!(lost.is_empty(), "lost: {:?}", lost);
    let gone: Vec<&SkbId> = known.iter().filter(|skb| !k.skb.contains(**skb)).collect();
    prop_assert!(gone.is_empty(), "known but freed: {:?}", gone);
    prop_assert_eq!(k.net_skbcount as usize, living.len());
    for (sk, sock) in k.sock.iter() {
        let received: Vec<SkbId> = k.sock.iter().flat_map(|(_, sock)| sock.receive_queue.iter().copied()).collect();
        let owned = k.skb.iter().filter(|(_, skb)| skb.sk == Some(sk));
        let (read, write): (Vec<_>, Vec<_>) = owned.partition(|(id, _)| received.contains(id));
        let sum = |buffers: &[(SkbId, &stack::include::skbuff::SkBuff)]| {
            buffers.iter().map(|(_, skb)| skb.mem_len).sum::<u32>()
        };
        prop_assert_eq!(sock.rmem_alloc, sum(&read), "rmem_alloc of {:?}", sk);
        prop_assert_eq!(sock.wmem_alloc, sum(&write), "wmem_alloc of {:?}", sk);
        prop_assert!(!sock.inuse, "{:?} is still locked", sk);
        let mut outstanding = 0_u16;
        let mut next = sock.send_head;
        while let Some(skb) = next {
            outstanding += 1;
            next = k.skb[skb].link3;
        }
        prop_assert!(outstanding == 0 || sock.send_tail.is_some());
    }
    Ok(())
}

/// What is done to the connection.
#[derive(Clone, Debug)]
enum Torment {
    /// A segment; sequence and acknowledgement numbers are offsets from the good ones.
    Segment(Sent),
    Ticks(u32),
    /// Wakes a call that sleeps.
    Signal,
    /// A call, and the segments that arrive inside it, each at a point.
    Call(Call, Vec<(Point, u32, Sent)>),
}

/// A call on the connection.
#[derive(Clone, Debug)]
enum Call {
    Write(u32),
    Read(u32),
    Shutdown(i32),
    Close,
    Accept,
}

fn offset() -> impl Strategy<Value = u32> {
    prop_oneof![
        6 => Just(0_u32),
        3 => 0_u32..3000,
        3 => (0_u32..3000).prop_map(|less| 0_u32.wrapping_sub(less)),
        1 => Just(14_335),
        1 => any::<u32>(),
    ]
}

fn flags() -> impl Strategy<Value = u8> {
    prop_oneof![
        6 => Just(ACK),
        2 => Just(ACK | FIN),
        1 => Just(SYN),
        1 => Just(SYN | ACK),
        1 => Just(0x04_u8),
        1 => Just(0x30_u8),
        3 => any::<u8>(),
    ]
}

fn segment() -> impl Strategy<Value = Sent> {
    let options = prop::collection::vec(any::<u8>(), 0..40);
    let doff = prop_oneof![8 => Just(None), 1 => (0_u8..16).prop_map(Some)];
    let payload = prop_oneof![3 => Just(0_usize), 3 => 1_usize..20, 2 => 1_usize..1400];
    let window = prop_oneof![2 => Just(8192_u16), 1 => Just(0_u16), 1 => any::<u16>()];
    (offset(), offset(), flags(), window, any::<u16>(), options, payload, (doff, prop::bool::weighted(0.03))).prop_map(
        |(seq, ack, flags, window, urg_ptr, options, payload, (doff, spoil))| Sent {
            seq,
            ack,
            flags,
            window,
            urg_ptr,
            options,
            payload,
            doff,
            spoil,
        },
    )
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        3 => (1_u32..5000).prop_map(Call::Write),
        2 => (1_u32..5000).prop_map(Call::Read),
        1 => (0_i32..3).prop_map(Call::Shutdown),
        1 => Just(Call::Close),
        1 => Just(Call::Accept),
    ]
}

fn interruption() -> impl Strategy<Value = (Point, u32, Sent)> {
    (prop::sample::select(Point::ALL.to_vec()), 1_u32..4, segment())
        .prop_map(|((point, _), nth, sent)| (point, nth, sent))
}

fn torment() -> impl Strategy<Value = Torment> {
    prop_oneof![
        10 => segment().prop_map(Torment::Segment),
        2 => prop_oneof![0_u32..40, 0_u32..7000, Just(100_000_u32)].prop_map(Torment::Ticks),
        1 => Just(Torment::Signal),
        8 => (call(), prop::collection::vec(interruption(), 0..4)).prop_map(|(call, inside)| Torment::Call(call, inside)),
    ]
}

/// The numbers of a segment are offsets from the good ones.
fn relative(bench: &Bench, sent: &Sent) -> Sent {
    let (seq, ack) = bench.numbers();
    Sent { seq: sent.seq.wrapping_add(seq), ack: sent.ack.wrapping_add(ack), ..sent.clone() }
}

fn inflict(bench: &mut Bench, torment: &Torment) {
    match torment {
        Torment::Segment(sent) => {
            let sent = relative(bench, sent);
            bench.peer(&sent);
        }
        Torment::Ticks(ticks) => bench.ticks(*ticks),
        Torment::Signal => step(&mut bench.k, &Input::Signal { task: bench.task, signal: 2 }),
        Torment::Call(call, inside) => {
            let planned = inside.iter().map(|(point, nth, sent)| PlannedInterrupt {
                point: *point,
                function: None,
                nth: *nth,
                arrival: Arrival::Net(vec![(1, bench.frame(&relative(bench, sent)))]),
                seen: 0,
                done: false,
            });
            let planned = planned.collect();
            let (name, args) = arguments(bench, call);
            bench.call_interrupted(name, args, planned);
        }
    }
}

fn arguments(bench: &Bench, call: &Call) -> (CallName, Vec<UserArg>) {
    let fd = UserArg::Int(bench.fd);
    match call {
        Call::Write(octets) => {
            let data = vec![7; *octets as usize];
            (CallName::Write, vec![fd, UserArg::In(data), UserArg::Int(*octets as i32)])
        }
        Call::Read(octets) => (CallName::Read, vec![fd, UserArg::Out(*octets), UserArg::Int(*octets as i32)]),
        Call::Shutdown(how) => (CallName::Shutdown, vec![fd, UserArg::Int(*how)]),
        Call::Close => (CallName::Close, vec![fd]),
        Call::Accept => (CallName::Accept, vec![fd, UserArg::Null, UserArg::Null]),
    }
}

fn states() -> impl Strategy<Value = TcpState> {
    prop::sample::select(TcpState::ALL.to_vec())
}

/// A sock that 1.2.13 never gets rid of: an orphan that waits for its peer, and no timer runs for it.
fn forgotten(sock: &Sock) -> bool {
    let waits = matches!(sock.state, TcpState::FinWait1 | TcpState::FinWait2 | TcpState::Closing | TcpState::LastAck);
    let running = [sock.timer, sock.retransmit_timer, sock.partial_timer].iter().any(|timer| timer.queued.is_some());
    waits && !running
}

#[test]
fn an_orphan_in_fin_wait2_is_forgotten_when_a_segment_arrives_out_of_order() {
    let mut bench = Bench::in_state(TcpState::FinWait2);
    bench.ticks(5 * HOUR);
    assert!(!bench.k.sock.contains(bench.sk), "keepalives that are never sent end it after four hours");

    let mut bench = Bench::in_state(TcpState::FinWait2);
    let (seq, ack) = bench.numbers();
    bench.peer(&Sent { seq: seq + 1, ack, flags: ACK | FIN, window: 8192, ..Sent::default() });
    bench.ticks(100 * HOUR);
    // The timer was taken for "send an ACK in 3 s", and nobody starts the keepalive again.
    assert!(forgotten(&bench.k.sock[bench.sk]));
}

#[test]
fn every_state_is_reached_in_the_ordinary_way() {
    for state in TcpState::ALL {
        let bench = Bench::in_state(state);
        assert_eq!(bench.state(), state);
        books_are_right(&bench.k).expect("a quiet connection has its books in order");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_a_peer_sends_loses_a_buffer(state in states(), torments in prop::collection::vec(torment(), 1..40)) {
        let mut bench = Bench::in_state(state);
        for torment in &torments {
            inflict(&mut bench, torment);
            if has_died(&bench.k)? {
                return Ok(());
            }
            books_are_right(&bench.k)?;
        }
    }

    #[test]
    fn whatever_happened_a_dead_sock_goes_away_in_the_end(state in states(), torments in prop::collection::vec(torment(), 1..20)) {
        let mut bench = Bench::in_state(state);
        for torment in &torments {
            inflict(&mut bench, torment);
        }
        // A call that sleeps is woken by a signal, so that every descriptor can be closed.
        step(&mut bench.k, &Input::Signal { task: bench.task, signal: 2 });
        for fd in 0..20 {
            bench.call(CallName::Close, vec![UserArg::Int(fd)]);
        }
        bench.ticks(6 * HOUR);
        if has_died(&bench.k)? {
            return Ok(());
        }
        books_are_right(&bench.k)?;
        for (sk, sock) in bench.k.sock.iter().filter(|(_, sock)| sock.dead) {
            prop_assert!(forgotten(sock), "{:?} is still there after six hours, in {:?}", sk, sock.state);
        }
    }
}
