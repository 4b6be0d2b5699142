//! The two addresses of a live session: the 1.2.13 host's and this machine's on the device. Promise: what cannot be the
//! address of a host, or not beside the other, is refused in one sentence that says why.

use std::net::Ipv4Addr;

use super::refusal::Refusal;
use crate::i18n::Words;
use crate::link::configure::Cidr;
use crate::refusal::harmless;

/// Reads `--address` and `--peer`.
///
/// # Errors
/// One is no address, cannot be a host's, or they are not two hosts of one network.
pub fn addresses(address: &str, peer: &str) -> Result<(Cidr, Cidr), Refusal> {
    let own = of_a_host("--address", address)?;
    let peer = of_a_host("--peer", peer)?;
    if own.address == peer.address {
        return Err(Refusal::usage(
            format!("--address and --peer are both {}: give the two ends different addresses.", own.address),
            format!("--address 与 --peer 都是 {}：请给两端不同的地址。", own.address),
        ));
    }
    if !peer.contains(own.address) || !own.contains(peer.address) {
        return Err(Refusal::usage(
            format!(
                "--address {own} and --peer {peer} lie in different networks: give two addresses of one network, such as 10.0.0.2/24 and 10.0.0.1/24."
            ),
            format!(
                "--address {own} 与 --peer {peer} 不在同一网络：请给出同一网络的两个地址，例如 10.0.0.2/24 和 10.0.0.1/24。"
            ),
        ));
    }
    Ok((own, peer))
}

fn of_a_host(option: &str, text: &str) -> Result<Cidr, Refusal> {
    let shown = harmless(text);
    let Some(cidr) = Cidr::parse(text) else {
        return Err(Refusal::usage(
            format!("{option} \"{shown}\" is no address with a prefix: give one such as 10.0.0.2/24."),
            format!("{option} “{shown}”不是带前缀的地址：请写成例如 10.0.0.2/24。"),
        ));
    };
    match fault(cidr) {
        None => Ok(cidr),
        Some(Words { en, zh }) => Err(Refusal::usage(
            format!("{option} {cidr} {en}, not one of a host: give one such as 10.0.0.2/24."),
            format!("{option} {cidr} {zh}，不是主机地址：请写成例如 10.0.0.2/24。"),
        )),
    }
}

/// Why an address cannot be a host's.
fn fault(cidr: Cidr) -> Option<Words<&'static str>> {
    let Cidr { address, prefix } = cidr;
    let broadcast = Ipv4Addr::from(u32::from(cidr.network()) | !u32::from(cidr.netmask()));
    let words = |en, zh| Some(Words::new(en, zh));
    match address.octets()[0] {
        0 => words("is an address of \"this network\"", "是“本网络”的地址"),
        127 => words("is an address of the loopback", "是环回地址"),
        224..=239 => words("is the address of a multicast group", "是多播组的地址"),
        240..=255 => words("is a reserved address or the limited broadcast", "是保留地址或受限广播地址"),
        _ if prefix > 30 => words("leaves no room for two hosts in its network", "所在网络容不下两台主机"),
        _ if address == cidr.network() => words("is the address of the network itself", "是网络本身的地址"),
        _ if address == broadcast => words("is the broadcast address of its network", "是其网络的广播地址"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_hosts_of_one_network_are_taken() {
        assert!(addresses("10.0.0.2/24", "10.0.0.1/24").is_ok());
        assert!(addresses("192.168.7.9/28", "192.168.7.1/28").is_ok());
        assert!(addresses("10.0.0.2", "10.0.0.1/8").is_ok(), "each contains the other");
        for (wrong, why) in [
            ("10.0.0.0/24", "the network itself"),
            ("10.0.0.255/24", "broadcast address"),
            ("127.0.0.2/8", "loopback"),
            ("224.0.0.1/24", "multicast"),
            ("0.0.0.0/24", "this network"),
            ("255.255.255.255/24", "limited broadcast"),
            ("240.0.0.1/4", "reserved"),
            ("10.0.0.2/31", "no room"),
            ("10.0.0.2/32", "no room"),
            ("10.0.0.2/33", "no address with a prefix"),
            ("ten", "no address with a prefix"),
        ] {
            for refused in [addresses(wrong, "10.0.0.1/24"), addresses("10.0.0.2/24", wrong)] {
                let words = refused.map(|_| ()).unwrap_err().words;
                assert!(words.en.contains(why) && words.en.matches(". ").count() == 0, "{wrong}: {}", words.en);
                assert_ne!(words.en, words.zh);
            }
        }
        let same = addresses("10.0.0.1/24", "10.0.0.1/24").map(|_| ()).unwrap_err().words.en;
        assert!(same.contains("different addresses"), "{same}");
        let apart = addresses("10.0.1.2/24", "10.0.0.1/24").map(|_| ()).unwrap_err().words.en;
        assert!(apart.contains("different networks"), "{apart}");
    }
}
