//! The Chinese of summaries and notes, keyed by their English text: one file for each source that has sentences, by the
//! same name. Whoever adds a sentence to `net/inet/tcp_ack.rs` writes its Chinese into `chinese/net/inet/tcp_ack.rs`; a
//! sentence that several sources say stands with the first of them. `tests/captions.rs` names every sentence without one
//! and every one that stands in the wrong file.

mod drivers {
    pub(super) mod eth0;
    pub(super) mod loopback;
}
mod fs {
    pub(super) mod exit;
    pub(super) mod fcntl;
    pub(super) mod fork;
    pub(super) mod ioctl;
    pub(super) mod open;
    pub(super) mod read_write;
    pub(super) mod select;
    pub(super) mod sys;
}
mod include {
    pub(super) mod sock;
}
mod init {
    pub(super) mod main;
    // A file by the name of its source, which this module cannot be itself.
    #[path = "mod.rs"]
    pub(super) mod steps;
}
mod kernel {
    pub(super) mod entry;
    pub(super) mod file_table;
    pub(super) mod inode;
    pub(super) mod irq;
    pub(super) mod kmalloc;
    pub(super) mod sched;
    pub(super) mod softirq;
    pub(super) mod timer;
    pub(super) mod traps;
}
mod net {
    pub(super) mod socket;
    pub(super) mod socket_calls;
    pub(super) mod inet {
        pub(in crate::lab::caption::chinese) mod af_inet;
        pub(in crate::lab::caption::chinese) mod af_inet_bind;
        pub(in crate::lab::caption::chinese) mod af_inet_calls;
        pub(in crate::lab::caption::chinese) mod af_inet_connect;
        pub(in crate::lab::caption::chinese) mod arp;
        pub(in crate::lab::caption::chinese) mod arp_ioctl;
        pub(in crate::lab::caption::chinese) mod datagram;
        pub(in crate::lab::caption::chinese) mod dev;
        pub(in crate::lab::caption::chinese) mod dev_ioctl;
        pub(in crate::lab::caption::chinese) mod dev_mcast;
        pub(in crate::lab::caption::chinese) mod eth;
        pub(in crate::lab::caption::chinese) mod icmp;
        pub(in crate::lab::caption::chinese) mod icmp_input;
        pub(in crate::lab::caption::chinese) mod igmp;
        pub(in crate::lab::caption::chinese) mod ip;
        pub(in crate::lab::caption::chinese) mod ip_forward;
        pub(in crate::lab::caption::chinese) mod ip_frag;
        pub(in crate::lab::caption::chinese) mod ip_fw;
        pub(in crate::lab::caption::chinese) mod ip_fw_ctl;
        pub(in crate::lab::caption::chinese) mod ip_input;
        pub(in crate::lab::caption::chinese) mod ip_options;
        pub(in crate::lab::caption::chinese) mod ip_output;
        pub(in crate::lab::caption::chinese) mod packet;
        pub(in crate::lab::caption::chinese) mod protocol;
        pub(in crate::lab::caption::chinese) mod rarp;
        pub(in crate::lab::caption::chinese) mod raw;
        pub(in crate::lab::caption::chinese) mod route;
        pub(in crate::lab::caption::chinese) mod route_ioctl;
        pub(in crate::lab::caption::chinese) mod skbuff;
        pub(in crate::lab::caption::chinese) mod sock;
        pub(in crate::lab::caption::chinese) mod sock_array;
        pub(in crate::lab::caption::chinese) mod sock_options;
        pub(in crate::lab::caption::chinese) mod tcp;
        pub(in crate::lab::caption::chinese) mod tcp_ack;
        pub(in crate::lab::caption::chinese) mod tcp_connect;
        pub(in crate::lab::caption::chinese) mod tcp_data;
        pub(in crate::lab::caption::chinese) mod tcp_input;
        pub(in crate::lab::caption::chinese) mod tcp_listen;
        pub(in crate::lab::caption::chinese) mod tcp_output;
        pub(in crate::lab::caption::chinese) mod tcp_read;
        pub(in crate::lab::caption::chinese) mod tcp_timer;
        pub(in crate::lab::caption::chinese) mod tcp_write;
        pub(in crate::lab::caption::chinese) mod timer;
        pub(in crate::lab::caption::chinese) mod udp;
    }
}

/// All tables as (source, English and Chinese sorted by the English). No sentence stands in two of them.
pub const TABLES: [(&str, &[(&str, &str)]); 68] = [
    ("drivers/eth0.rs", drivers::eth0::TABLE),
    ("drivers/loopback.rs", drivers::loopback::TABLE),
    ("fs/exit.rs", fs::exit::TABLE),
    ("fs/fcntl.rs", fs::fcntl::TABLE),
    ("fs/fork.rs", fs::fork::TABLE),
    ("fs/ioctl.rs", fs::ioctl::TABLE),
    ("fs/open.rs", fs::open::TABLE),
    ("fs/read_write.rs", fs::read_write::TABLE),
    ("fs/select.rs", fs::select::TABLE),
    ("fs/sys.rs", fs::sys::TABLE),
    ("include/sock.rs", include::sock::TABLE),
    ("init/main.rs", init::main::TABLE),
    ("init/mod.rs", init::steps::TABLE),
    ("kernel/entry.rs", kernel::entry::TABLE),
    ("kernel/file_table.rs", kernel::file_table::TABLE),
    ("kernel/inode.rs", kernel::inode::TABLE),
    ("kernel/irq.rs", kernel::irq::TABLE),
    ("kernel/kmalloc.rs", kernel::kmalloc::TABLE),
    ("kernel/sched.rs", kernel::sched::TABLE),
    ("kernel/softirq.rs", kernel::softirq::TABLE),
    ("kernel/timer.rs", kernel::timer::TABLE),
    ("kernel/traps.rs", kernel::traps::TABLE),
    ("net/inet/af_inet.rs", net::inet::af_inet::TABLE),
    ("net/inet/af_inet_bind.rs", net::inet::af_inet_bind::TABLE),
    ("net/inet/af_inet_calls.rs", net::inet::af_inet_calls::TABLE),
    ("net/inet/af_inet_connect.rs", net::inet::af_inet_connect::TABLE),
    ("net/inet/arp.rs", net::inet::arp::TABLE),
    ("net/inet/arp_ioctl.rs", net::inet::arp_ioctl::TABLE),
    ("net/inet/datagram.rs", net::inet::datagram::TABLE),
    ("net/inet/dev.rs", net::inet::dev::TABLE),
    ("net/inet/dev_ioctl.rs", net::inet::dev_ioctl::TABLE),
    ("net/inet/dev_mcast.rs", net::inet::dev_mcast::TABLE),
    ("net/inet/eth.rs", net::inet::eth::TABLE),
    ("net/inet/icmp.rs", net::inet::icmp::TABLE),
    ("net/inet/icmp_input.rs", net::inet::icmp_input::TABLE),
    ("net/inet/igmp.rs", net::inet::igmp::TABLE),
    ("net/inet/ip.rs", net::inet::ip::TABLE),
    ("net/inet/ip_forward.rs", net::inet::ip_forward::TABLE),
    ("net/inet/ip_frag.rs", net::inet::ip_frag::TABLE),
    ("net/inet/ip_fw.rs", net::inet::ip_fw::TABLE),
    ("net/inet/ip_fw_ctl.rs", net::inet::ip_fw_ctl::TABLE),
    ("net/inet/ip_input.rs", net::inet::ip_input::TABLE),
    ("net/inet/ip_options.rs", net::inet::ip_options::TABLE),
    ("net/inet/ip_output.rs", net::inet::ip_output::TABLE),
    ("net/inet/packet.rs", net::inet::packet::TABLE),
    ("net/inet/protocol.rs", net::inet::protocol::TABLE),
    ("net/inet/rarp.rs", net::inet::rarp::TABLE),
    ("net/inet/raw.rs", net::inet::raw::TABLE),
    ("net/inet/route.rs", net::inet::route::TABLE),
    ("net/inet/route_ioctl.rs", net::inet::route_ioctl::TABLE),
    ("net/inet/skbuff.rs", net::inet::skbuff::TABLE),
    ("net/inet/sock.rs", net::inet::sock::TABLE),
    ("net/inet/sock_array.rs", net::inet::sock_array::TABLE),
    ("net/inet/sock_options.rs", net::inet::sock_options::TABLE),
    ("net/inet/tcp.rs", net::inet::tcp::TABLE),
    ("net/inet/tcp_ack.rs", net::inet::tcp_ack::TABLE),
    ("net/inet/tcp_connect.rs", net::inet::tcp_connect::TABLE),
    ("net/inet/tcp_data.rs", net::inet::tcp_data::TABLE),
    ("net/inet/tcp_input.rs", net::inet::tcp_input::TABLE),
    ("net/inet/tcp_listen.rs", net::inet::tcp_listen::TABLE),
    ("net/inet/tcp_output.rs", net::inet::tcp_output::TABLE),
    ("net/inet/tcp_read.rs", net::inet::tcp_read::TABLE),
    ("net/inet/tcp_timer.rs", net::inet::tcp_timer::TABLE),
    ("net/inet/tcp_write.rs", net::inet::tcp_write::TABLE),
    ("net/inet/timer.rs", net::inet::timer::TABLE),
    ("net/inet/udp.rs", net::inet::udp::TABLE),
    ("net/socket.rs", net::socket::TABLE),
    ("net/socket_calls.rs", net::socket_calls::TABLE),
];

/// Every summary, note and story with its Chinese, in the order of the sources.
pub fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES.iter().flat_map(|(_, table)| table.iter().copied())
}

/// The Chinese of a summary or note.
#[must_use]
pub fn of(english: &str) -> Option<&'static str> {
    TABLES.iter().find_map(|(_, table)| {
        let index = table.binary_search_by(|(known, _)| (*known).cmp(english)).ok()?;
        table.get(index).map(|(_, chinese)| *chinese)
    })
}
