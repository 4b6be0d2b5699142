//! IPv4 addresses.
//!
//! The original keeps them in network byte order inside an `unsigned long`; here the number is what a person reads,
//! 192.0.2.1 being 0xC0000201, and the few places where the byte order of the word shows are written out.

use std::fmt;
use std::ops::{BitAnd, BitOr, BitXor, Not};

/// An IPv4 address or mask.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct InAddr(pub u32);

impl InAddr {
    /// 0.0.0.0, the wildcard.
    pub const ANY: Self = Self(0);
    /// 255.255.255.255, the limited broadcast.
    pub const BROADCAST: Self = Self(u32::MAX);
    /// 127.0.0.1.
    pub const LOOPBACK: Self = Self(0x7f00_0001);

    /// From four octets, the first of them first.
    #[must_use]
    pub fn from_octets(octets: [u8; 4]) -> Self {
        Self(u32::from_be_bytes(octets))
    }

    /// Octets in the order of the wire.
    #[must_use]
    pub fn octets(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }

    /// 0.0.0.0?
    #[must_use]
    pub fn is_any(self) -> bool {
        self.0 == 0
    }

    /// Class D (224.0.0.0/4)?
    #[must_use]
    pub fn is_multicast(self) -> bool {
        self.0 >> 28 == 0xe
    }

    /// In 127.0.0.0/8?
    #[must_use]
    pub fn is_loopback(self) -> bool {
        self.0 >> 24 == 127
    }

    /// Reads `"10.0.0.1"`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut octets = [0_u8; 4];
        let mut parts = text.split('.');
        for octet in &mut octets {
            *octet = parts.next()?.parse().ok()?;
        }
        parts.next().is_none().then(|| Self::from_octets(octets))
    }

    /// The mask with `length` leading ones.
    #[must_use]
    pub fn mask(length: u32) -> Self {
        Self(u32::MAX.checked_shl(32_u32.saturating_sub(length)).unwrap_or(0))
    }
}

impl fmt::Display for InAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.octets();
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

impl fmt::Debug for InAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl BitAnd for InAddr {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
impl BitOr for InAddr {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
impl BitXor for InAddr {
    type Output = Self;
    fn bitxor(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }
}
impl Not for InAddr {
    type Output = Self;
    fn not(self) -> Self {
        Self(!self.0)
    }
}

/// AF_INET.
pub const AF_INET: u16 = 2;

/// `struct sockaddr_in` as the kernel sees it after the copy from the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct SockaddrIn {
    /// Address family; 2 for AF_INET.
    pub sin_family: u16,
    /// Port, host order.
    pub sin_port: u16,
    /// Address.
    pub sin_addr: InAddr,
}

impl SockaddrIn {
    /// Size in bytes, padding included.
    pub const SIZE: usize = 16;

    /// Reads the structure; bytes that are not there read as zero.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
        Self {
            sin_family: u16::from_le_bytes([at(0), at(1)]),
            sin_port: u16::from_be_bytes([at(2), at(3)]),
            sin_addr: InAddr::from_octets([at(4), at(5), at(6), at(7)]),
        }
    }

    /// The sixteen bytes of the structure, padding zero.
    #[must_use]
    pub fn bytes(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        bytes[0..2].copy_from_slice(&self.sin_family.to_le_bytes());
        bytes[2..4].copy_from_slice(&self.sin_port.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.sin_addr.octets());
        bytes
    }
}
