//! Our own source, embedded at build time: the code pane shows the Rust that is running.

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
    "fs/fcntl.rs",
    "fs/ioctl.rs",
    "fs/open.rs",
    "fs/read_write.rs",
    "fs/select.rs",
    "fs/sys.rs",
    "init/main.rs",
    "kernel/entry.rs",
    "kernel/irq.rs",
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

/// The text of a source file.
#[must_use]
pub fn text(path: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(known, _)| *known == path).map(|(_, text)| *text)
}
