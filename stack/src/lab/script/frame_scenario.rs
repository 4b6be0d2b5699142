//! Frame scenarios: whole frames and raw system calls at given jiffies, for what packet lines cannot say (ARP,
//! fragments, forwarding, malformed frames). Plain data and the one-line language of calls; the file is JSON, which
//! is decoded in the program, not here.

use core::net::Ipv4Addr;

use super::cursor::{hexadecimal, unsigned};
use crate::include::config::BuildOption;

/// A frame scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameScenario {
    /// A sentence about it.
    pub document: String,
    /// The host it runs on.
    pub configuration: FrameConfiguration,
    /// What happens, in file order.
    pub events: Vec<FrameEvent>,
    /// The run stops after the events of this jiffy (counted from script time 0).
    pub end: u64,
}

/// How the host of a frame scenario differs from the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameConfiguration {
    /// The gateway is a permanent ARP entry.
    pub static_arp: bool,
    /// Further permanent ARP entries.
    pub arp: Vec<(Ipv4Addr, [u8; 6])>,
    /// Parts of the kernel that are compiled in.
    pub build: Vec<BuildOption>,
    /// Cards besides eth0.
    pub interfaces: Vec<Interface>,
    /// MTU of eth0, if not 1500.
    pub mtu: Option<u16>,
    /// There is a default route.
    pub gateway: bool,
    /// Bit 0: received frames are padded to 60 bytes; bit 1: the card's address filter is off.
    pub pad: u32,
}

impl Default for FrameConfiguration {
    fn default() -> Self {
        FrameConfiguration {
            static_arp: true,
            arp: Vec::new(),
            build: Vec::new(),
            interfaces: Vec::new(),
            mtu: None,
            gateway: true,
            pad: 1,
        }
    }
}

/// A card besides eth0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its name.
    pub device: String,
    /// Its Ethernet address.
    pub hardware: [u8; 6],
    /// Its address.
    pub address: Ipv4Addr,
    /// The mask of its network.
    pub mask: Ipv4Addr,
    /// Its MTU, if not 1500.
    pub mtu: Option<u16>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameEvent {
    /// Jiffy, counted from script time 0.
    pub jiffy: u64,
    /// What happens.
    pub action: FrameAction,
}

/// What happens in a frame scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameAction {
    /// Frames arrive one after the other with no bottom half between.
    Receive {
        /// The card.
        device: String,
        /// The frames, not padded.
        frames: Vec<Vec<u8>>,
    },
    /// Process 0 makes a call.
    Call(RawCall),
    /// The configuration process makes an ioctl on its own socket.
    Ioctl {
        /// The command.
        command: u32,
        /// The argument structure.
        structure: Vec<u8>,
    },
}

/// A system call, argument by argument as C has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawCall {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<RawArgument>,
}

/// An argument of a raw call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawArgument {
    /// `iN`
    Integer(i64),
    /// `hHEX`: the kernel reads it.
    Input(Vec<u8>),
    /// `oN`: the kernel writes it; that many zero bytes.
    Output(u32),
    /// `bHEX`: the kernel reads and writes it.
    Both(Vec<u8>),
    /// `n`: a null pointer.
    Null,
}

/// The largest output buffer a raw call may ask for, in bytes.
pub const LARGEST_BUFFER: u32 = 1 << 20;

/// Read `NAME i3 h00 o16 ...`.
///
/// # Errors
/// The word that does not fit, as it stands.
pub fn raw_call(text: &str) -> Result<RawCall, String> {
    let mut words = text.split_ascii_whitespace();
    let name = words.next().ok_or_else(|| text.to_owned())?.to_owned();
    let arguments = words.map(|word| raw_argument(word).ok_or_else(|| word.to_owned())).collect::<Result<_, _>>()?;
    Ok(RawCall { name, arguments })
}

fn raw_argument(word: &str) -> Option<RawArgument> {
    let kind = word.chars().next()?;
    let rest = word.get(kind.len_utf8()..)?;
    match kind {
        'i' => {
            let (negative, digits) = rest.strip_prefix('-').map_or((false, rest), |digits| (true, digits));
            let value = i64::try_from(unsigned(digits)?).ok()?;
            Some(RawArgument::Integer(if negative { value.wrapping_neg() } else { value }))
        }
        'h' => hexadecimal(rest).map(RawArgument::Input),
        'b' => hexadecimal(rest).map(RawArgument::Both),
        'o' => {
            let length = u32::try_from(unsigned(rest)?).ok()?;
            (length <= LARGEST_BUFFER).then_some(RawArgument::Output(length))
        }
        'n' if rest.is_empty() => Some(RawArgument::Null),
        _ => None,
    }
}
