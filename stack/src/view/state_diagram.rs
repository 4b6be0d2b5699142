//! The state diagram of a TCP sock as 1.2.13 implements it: every edge with the function that takes it.

use crate::include::tcp::TcpState;
use crate::words::Words;

/// One transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// From.
    pub from: TcpState,
    /// To.
    pub to: TcpState,
    /// What makes it happen, and what is sent then.
    pub cause: Words,
    /// The function that stores the state.
    pub function: &'static str,
}

macro_rules! edges {
    ($($from:ident -> $to:ident: $en:literal, $zh:literal, $function:literal;)*) => {
        /// All edges of the original, the odd ones included.
        pub const EDGES: &[Edge] = &[
            $(Edge { from: TcpState::$from, to: TcpState::$to, cause: Words::new($en, $zh), function: $function },)*
        ];
    };
}

edges! {
    None -> Close: "socket()", "socket()", "inet_create";
    Close -> Listen: "listen()", "listen()", "inet_listen";
    Close -> SynSent: "connect() / send SYN", "connect() / 发送 SYN", "tcp_connect";
    Listen -> SynRecv: "SYN arrives: a child is born / send SYN+ACK", "SYN 到达：产生子 sock / 发送 SYN+ACK", "tcp_conn_request";
    Listen -> Close: "close()", "close()", "tcp_close";
    SynSent -> Established: "SYN+ACK / send ACK", "收到 SYN+ACK / 发送 ACK", "tcp_rcv";
    SynSent -> SynRecv: "bare SYN / nothing is sent", "收到单独的 SYN / 不发送任何报文", "tcp_rcv";
    SynSent -> Close: "RST, ICMP error, timeout or close()", "RST、ICMP 差错、超时或 close()", "tcp_std_reset";
    SynRecv -> Established: "ACK", "收到 ACK", "tcp_ack";
    SynRecv -> FinWait1: "close() or shutdown() / send FIN", "close() 或 shutdown() / 发送 FIN", "tcp_close_state";
    SynRecv -> CloseWait: "FIN without ACK", "收到不带 ACK 的 FIN", "tcp_fin";
    SynRecv -> Close: "RST, stray SYN or timeout", "RST、错误的 SYN 或超时", "tcp_std_reset";
    Established -> FinWait1: "close() or shutdown() / send FIN", "close() 或 shutdown() / 发送 FIN", "tcp_close_state";
    Established -> CloseWait: "FIN / send ACK", "收到 FIN / 发送 ACK", "tcp_fin";
    Established -> Close: "RST or timeout", "RST 或超时", "tcp_std_reset";
    FinWait1 -> FinWait2: "ACK of our FIN", "FIN 被确认", "tcp_ack";
    FinWait1 -> Closing: "FIN / send ACK", "收到 FIN / 发送 ACK", "tcp_fin";
    FinWait1 -> TimeWait: "timeout", "超时", "tcp_write_timeout";
    FinWait1 -> Close: "RST", "RST", "tcp_std_reset";
    FinWait2 -> TimeWait: "FIN / send ACK", "收到 FIN / 发送 ACK", "tcp_fin";
    FinWait2 -> Close: "180 s after close(), or RST", "close() 后 180 秒，或 RST", "net_timer";
    Closing -> TimeWait: "ACK of our FIN", "FIN 被确认", "tcp_time_wait";
    Closing -> Close: "RST", "RST", "tcp_std_reset";
    TimeWait -> Close: "60 s, RST, a new SYN, or close()", "60 秒、RST、新的 SYN 或 close()", "net_timer";
    CloseWait -> LastAck: "close() or shutdown() / send FIN", "close() 或 shutdown() / 发送 FIN", "tcp_close_state";
    CloseWait -> Close: "RST or timeout", "RST 或超时", "tcp_std_reset";
    LastAck -> Close: "ACK of our FIN", "FIN 被确认", "tcp_ack";
}

/// The edges out of a state.
pub fn out_of(state: TcpState) -> impl Iterator<Item = &'static Edge> {
    EDGES.iter().filter(move |edge| edge.from == state)
}

/// The edge between two states, if the original has one.
#[must_use]
pub fn edge(from: TcpState, to: TcpState) -> Option<&'static Edge> {
    EDGES.iter().find(|edge| edge.from == from && edge.to == to)
}
