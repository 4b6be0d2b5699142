//! How every call is written: one line each that is itself a call and could be typed as it stands.

use stack::kernel::call::CallName;

/// The call as it is usually written.
#[must_use]
pub fn pattern(name: CallName) -> &'static str {
    match name {
        CallName::Socket => "socket(AF_INET, SOCK_STREAM, 0)",
        CallName::Bind => "bind(3, {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr(\"0.0.0.0\")}, 16)",
        CallName::Connect => {
            "connect(3, {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr(\"10.0.0.2\")}, 16)"
        }
        CallName::Fork => "fork()",
        CallName::Exit => "exit(0)",
        CallName::Listen => "listen(3, 5)",
        CallName::Accept => "accept(3, ..., ...)",
        CallName::Getsockname => "getsockname(3, ..., ...)",
        CallName::Getpeername => "getpeername(3, ..., ...)",
        CallName::Socketpair => "socketpair(AF_UNIX, SOCK_STREAM, 0, ...)",
        CallName::Send => "send(3, ..., 100, MSG_OOB)",
        CallName::Recv => "recv(3, ..., 100, MSG_PEEK)",
        CallName::Sendto => {
            "sendto(3, ..., 100, 0, {sa_family = AF_INET, sin_port = htons(7), sin_addr = inet_addr(\"10.0.0.2\")}, 16)"
        }
        CallName::Recvfrom => "recvfrom(3, ..., 100, 0, ..., ...)",
        CallName::Shutdown => "shutdown(3, SHUT_WR)",
        CallName::Setsockopt => "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4)",
        CallName::Getsockopt => "getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4])",
        CallName::Read => "read(3, ..., 100)",
        CallName::Write => "write(3, ..., 100)",
        CallName::Close => "close(3)",
        CallName::Setuid => "setuid(1000)",
        CallName::Dup => "dup(3)",
        CallName::Ioctl => "ioctl(3, SIOCATMARK, [0])",
        CallName::Fcntl => "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK)",
        CallName::Dup2 => "dup2(3, 4)",
        CallName::Select => "select(4, {3}, NULL, NULL, [1000])",
    }
}

/// What an argument may begin with: prefixes of constants, `fd` for a descriptor, or a word as it is written.
#[must_use]
pub fn words(name: CallName, argument: usize) -> &'static [&'static str] {
    match (name, argument) {
        (CallName::Socket | CallName::Socketpair, 0) => &["AF_", "PF_"],
        (CallName::Socket | CallName::Socketpair, 1) => &["SOCK_"],
        (CallName::Socket | CallName::Socketpair, 2) => &["0", "IPPROTO_"],
        (CallName::Setuid | CallName::Select, 0) => &[],
        (_, 0) => &["fd"],
        (CallName::Bind | CallName::Connect, 1) | (CallName::Sendto, 4) => {
            &["...", "{sa_family = AF_INET, sin_port = htons(", "NULL"]
        }
        (CallName::Bind | CallName::Connect, 2) | (CallName::Sendto, 5) => &["...", "16"],
        (CallName::Accept | CallName::Getsockname | CallName::Getpeername, 1 | 2) | (CallName::Recvfrom, 4 | 5) => {
            &["...", "NULL"]
        }
        (
            CallName::Read | CallName::Write | CallName::Send | CallName::Recv | CallName::Sendto | CallName::Recvfrom,
            1,
        ) => &["...", "NULL"],
        (CallName::Send | CallName::Recv | CallName::Sendto | CallName::Recvfrom, 3) => &["0", "MSG_"],
        (CallName::Shutdown, 1) => &["SHUT_"],
        (CallName::Setsockopt | CallName::Getsockopt, 1) => &["SOL_SOCKET", "SOL_"],
        (CallName::Setsockopt | CallName::Getsockopt, 2) => &["SO_", "TCP_", "IP_"],
        (CallName::Fcntl, 1) => &["F_"],
        (CallName::Fcntl, 2) => &["0", "O_"],
        (CallName::Ioctl, 1) => &["FIO", "TIOC", "SIOC"],
        (CallName::Select, 1..=3) => &["NULL"],
        _ => &[],
    }
}
