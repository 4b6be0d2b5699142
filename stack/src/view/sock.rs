//! `struct sock`, and the socket above it, as a person reads them.

use core::fmt;

use crate::include::in_addr::InAddr;
use crate::include::seq::Seq;
use crate::include::sock::{Sock, SockId};
use crate::include::tcp::TcpState;
use crate::kernel::Kernel;
use crate::view;
use crate::view::Value;

view! {
    /// One sock with the socket above it; fields in the order in which a person looks for them.
    SockView {
        number: u32, "Creations of socks since boot when this one was made: its name", "自启动以来第几个创建的 sock，即它的名字";
        prot: &'static str, "Transport: TCP, UDP, RAW or PACKET", "传输协议：TCP、UDP、RAW 或 PACKET";
        state: TcpState, "State of the connection, the lower of the two", "连接状态（两层状态中下面的一层）";
        socket_state: &'static str, "State of the BSD socket, the upper of the two", "BSD 套接字的状态（两层状态中上面的一层）";
        num: u16, "Local port, 0 = in no port table", "本地端口，0 表示不在端口表中";
        saddr: InAddr, "Local address, 0.0.0.0 = any", "本地地址，0.0.0.0 表示任意";
        dest: u16, "Port of the peer", "对端端口";
        daddr: InAddr, "Address of the peer", "对端地址";
        write_seq: Seq, "Sequence number of the next byte the application will queue", "应用下一个写入字节的序号";
        sent_seq: Seq, "Sequence number of the next byte to be sent", "下一个要发送字节的序号";
        rcv_ack_seq: Seq, "Highest acknowledgement received", "收到的最高确认号";
        window_seq: Seq, "Right edge of the peer's window", "对端窗口的右边界";
        acked_seq: Seq, "Next byte expected from the peer: what we acknowledge", "期待对端的下一个字节，即我们的确认号";
        copied_seq: Seq, "Next byte the application will read", "应用下一个要读的字节";
        fin_seq: Seq, "Written when a FIN or SYN arrives, read by nobody", "收到 FIN 或 SYN 时写入，没有人读取";
        urg_seq: Seq, "Position of the urgent byte", "紧急字节的位置";
        urg_data: u32, "State of the urgent byte, and the byte itself", "紧急字节的状态及其内容";
        window: u16, "Our window as last advertised, minus what came since", "上次通告的接收窗口减去此后收到的数据";
        max_window: u16, "Largest window the peer ever offered", "对端通告过的最大窗口";
        window_clamp: u32, "Limit of our window from the route", "路由给出的窗口上限";
        mtu: u16, "Segment size agreed by the SYNs (not an MTU)", "SYN 协商出的最大报文段（并不是 MTU）";
        mss: u16, "Segment size in use: min(mtu, max_window)", "实际使用的报文段大小：min(mtu, max_window)";
        user_mss: u16, "TCP_MAXSEG, the user's wish", "用户通过 TCP_MAXSEG 要求的大小";
        cong_window: u16, "Congestion window in segments", "拥塞窗口（报文段数）";
        cong_count: u16, "Acknowledgements counted towards the next growth", "距下次增长已计的确认数";
        ssthresh: u16, "Slow-start threshold in segments", "慢启动门限（报文段数）";
        packets_out: u16, "Segments on the retransmit queue", "重传队列上的报文段数";
        retransmits: i32, "Timeouts in a row", "连续超时次数";
        rtt: u32, "Smoothed round-trip time, 8 x jiffies", "平滑往返时间（8 倍 jiffy）";
        mdev: u32, "Mean deviation, 4 x jiffies", "平均偏差（4 倍 jiffy）";
        rto: u32, "Retransmission timeout in jiffies", "重传超时（jiffy 数）";
        backoff: u16, "Doublings of the timeout, counted for nobody", "超时加倍次数，没有人使用";
        ip_xmit_timeout: &'static str, "Why retransmit_timer runs", "retransmit_timer 运行的原因";
        timeout: &'static str, "Why the generic timer runs", "通用定时器运行的原因";
        wmem_alloc: u32, "Bytes of send buffers charged", "已计入的发送缓冲区字节数";
        rmem_alloc: u32, "Bytes of receive buffers charged", "已计入的接收缓冲区字节数";
        sndbuf: u16, "Limit of send memory", "发送内存上限";
        rcvbuf: u16, "Limit of receive memory", "接收内存上限";
        bytes_rcv: u16, "Bytes received since the last ACK", "上次 ACK 之后收到的字节数";
        ack_backlog: u8, "ACKs owed; on a listener: connections not yet accepted", "欠下的 ACK；监听 sock 上是尚未 accept 的连接数";
        max_ack_backlog: u8, "On a listener: the backlog of listen()", "监听 sock 上是 listen() 的 backlog";
        inuse: bool, "The lock: arriving segments go to back_log", "锁：到达的报文段进入 back_log";
        blog: bool, "release_sock is draining back_log", "release_sock 正在清空 back_log";
        dead: bool, "No user owns it any more", "已没有用户持有它";
        destroy: bool, "destroy_sock could not free it yet", "destroy_sock 还不能释放它";
        zapped: bool, "A RST killed it, for ever", "被 RST 终结，永不恢复";
        done: bool, "End of file was reported once", "已报告过一次文件结束";
        shutdown: u8, "1 = reading half shut, 2 = writing half shut", "1 表示读半边关闭，2 表示写半边关闭";
        err: i16, "Pending error", "待报告的错误";
        keepopen: bool, "SO_KEEPALIVE, and every closed TCP sock", "SO_KEEPALIVE；close 之后的 TCP sock 也会置位";
        linger: bool, "SO_LINGER: close() waits for the peer", "SO_LINGER：close() 等待对端";
        lingertime: u32, "Seconds to linger", "linger 的秒数";
        nonagle: bool, "TCP_NODELAY: small segments do not wait", "TCP_NODELAY：小报文段不等待";
        urginline: bool, "SO_OOBINLINE: urgent data stays in the stream", "SO_OOBINLINE：紧急数据留在数据流中";
        reuse: bool, "SO_REUSEADDR: the port may be shared", "SO_REUSEADDR：端口可以共用";
        broadcast: bool, "SO_BROADCAST: it may send broadcasts", "SO_BROADCAST：允许发送广播";
        localroute: bool, "SO_DONTROUTE: only to hosts without a gateway", "SO_DONTROUTE：只发往不需网关的主机";
        priority: u8, "Output queue of the device", "设备的发送队列优先级";
        ip_ttl: u8, "Time to live of what it sends", "所发数据报的 TTL";
        ip_tos: u8, "Type of service of what it sends", "所发数据报的 TOS";
        parent: u32, "The listener it was copied from, 0 = none", "由哪个监听 sock 复制而来，0 表示没有";
        receive_queue: usize, "Buffers on receive_queue (listener: one SYN per connection)", "receive_queue 上的缓冲区数（监听 sock：每个连接一个 SYN）";
        back_log: usize, "Segments that arrived while the sock was in use", "sock 被占用期间到达的报文段数";
        write_queue: usize, "Segments not yet allowed out", "还不允许发出的报文段数";
        send_queue: usize, "Segments from send_head to send_tail, sent and not acknowledged", "send_head 到 send_tail 之间已发送未确认的报文段数";
        partial: bool, "A small segment waits to be filled", "有一个小报文段在等待填满";
    }
}

/// The name of a sock wherever it is shown, such as `B/sk#2`: numbers are counted on each host anew, so the host belongs
/// to it.
#[must_use]
pub fn name(host: &str, number: u32) -> String {
    format!("{host}/sk#{number}")
}

/// A field of a sock that can be read without making the whole view.
#[derive(Clone, Copy)]
pub struct SockField {
    /// Its name.
    pub name: &'static str,
    read: fn(&Kernel, SockId, &Sock) -> Value,
}

impl SockField {
    /// Its value; `NULL` where the sock is gone.
    #[must_use]
    pub fn value(self, k: &Kernel, sk: SockId) -> Value {
        k.sock.get(sk).map_or(Value::Null, |sock| (self.read)(k, sk, sock))
    }
}

impl fmt::Debug for SockField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for SockField {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for SockField {}

/// Where every field comes from, said once: the view reads them all, a condition that is asked at every step reads one.
macro_rules! sources {
    (|$k:ident, $sk:ident, $s:ident| $($field:ident: $source:expr,)*) => {
        impl SockView {
            /// The view of a sock; None if it is gone.
            #[must_use]
            pub fn of($k: &Kernel, $sk: SockId) -> Option<Self> {
                $k.sock.get($sk).map(|$s| Self { $($field: $source,)* })
            }

            /// One field by name, to be read alone.
            #[must_use]
            pub fn reader(name: &str) -> Option<SockField> {
                match name {
                    $(stringify!($field) => Some(SockField {
                        name: stringify!($field),
                        #[allow(unused_variables, reason = "few fields need the kernel or the number")]
                        read: |$k, $sk, $s| Value::from($source),
                    }),)*
                    _ => None,
                }
            }
        }
    };
}

sources! { |k, sk, s|
    number: sk.serial(),
    prot: prot_name(s.prot.id),
    state: s.state,
    socket_state: socket_state(k, s),
    num: s.num,
    saddr: s.saddr,
    dest: s.dummy_th.dest,
    daddr: s.daddr,
    write_seq: s.write_seq,
    sent_seq: s.sent_seq,
    rcv_ack_seq: s.rcv_ack_seq,
    window_seq: s.window_seq,
    acked_seq: s.acked_seq,
    copied_seq: s.copied_seq,
    fin_seq: s.fin_seq,
    urg_seq: s.urg_seq,
    urg_data: s.urg_data,
    window: s.window,
    max_window: s.max_window,
    window_clamp: s.window_clamp,
    mtu: s.mtu,
    mss: s.mss,
    user_mss: s.user_mss,
    cong_window: s.cong_window,
    cong_count: s.cong_count,
    ssthresh: s.ssthresh,
    packets_out: s.packets_out,
    retransmits: s.retransmits,
    rtt: s.rtt,
    mdev: s.mdev,
    rto: s.rto,
    backoff: s.backoff,
    ip_xmit_timeout: s.ip_xmit_timeout.name(),
    timeout: s.timeout.name(),
    wmem_alloc: s.wmem_alloc,
    rmem_alloc: s.rmem_alloc,
    sndbuf: s.sndbuf,
    rcvbuf: s.rcvbuf,
    bytes_rcv: s.bytes_rcv,
    ack_backlog: s.ack_backlog,
    max_ack_backlog: s.max_ack_backlog,
    inuse: s.inuse,
    blog: s.blog,
    dead: s.dead,
    destroy: s.destroy,
    zapped: s.zapped,
    done: s.done,
    shutdown: s.shutdown,
    err: s.err,
    keepopen: s.keepopen,
    linger: s.linger,
    lingertime: s.lingertime,
    nonagle: s.nonagle,
    urginline: s.urginline,
    reuse: s.reuse,
    broadcast: s.broadcast,
    localroute: s.localroute,
    priority: s.priority,
    ip_ttl: s.ip_ttl,
    ip_tos: s.ip_tos,
    parent: s.parent,
    receive_queue: s.receive_queue.len(),
    back_log: s.back_log.len(),
    write_queue: s.write_queue.len(),
    send_queue: super::queue::send_queue_length(k, sk),
    partial: s.partial.is_some(),
}

impl SockView {
    /// Views of all socks, oldest first.
    #[must_use]
    pub fn all(k: &Kernel) -> Vec<Self> {
        ids(k).into_iter().filter_map(|sk| Self::of(k, sk)).collect()
    }
}

/// The upper of the two states.
fn socket_state(k: &Kernel, sock: &Sock) -> &'static str {
    sock.socket.and_then(|socket| k.sockets.get(socket)).map_or("NULL", |socket| socket.state.name())
}

/// All living socks, oldest first.
#[must_use]
pub fn ids(k: &Kernel) -> Vec<SockId> {
    let mut ids: Vec<SockId> = k.sock.iter().map(|(sk, _)| sk).collect();
    ids.sort_unstable();
    ids
}

/// The sock with a serial number, if it lives.
#[must_use]
pub fn by_number(k: &Kernel, number: u32) -> Option<SockId> {
    if number > k.sock.created() {
        return None;
    }
    k.sock.iter().map(|(sk, _)| sk).find(|sk| sk.serial() == number)
}

/// Name of a transport.
#[must_use]
pub fn prot_name(prot: crate::include::sock::ProtoId) -> &'static str {
    use crate::include::sock::ProtoId;
    match prot {
        ProtoId::Tcp => "TCP",
        ProtoId::Udp => "UDP",
        ProtoId::Raw => "RAW",
        ProtoId::Packet => "PACKET",
    }
}
