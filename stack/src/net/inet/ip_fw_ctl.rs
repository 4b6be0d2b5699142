//! How rules get into the firewall and into IP accounting (net/inet/ip_fw.c: ip_fw_ctl, ip_acct_ctl and what they call):
//! socket options of the superuser, each with a `struct ip_fw` as its value.
//!
//! Choices, where what is on record leaves them open: a rule goes before the first one that is not more specific, that is,
//! one whose source mask as a number, then destination mask, then having ports at all, is not greater; ports in the
//! structure are in host order; an added rule starts counting at nought; a deleted one must agree in everything but the
//! counters and the ports that do not count; a policy is one word of four octets.

use kfn::kfn;

use super::ip_fw::{FirewallChain, FirewallUse, IpFwPkt, ip_fw_chk};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::firewall::{IP_FW_F_DRNG, IP_FW_F_MASK, IP_FW_F_SRNG, IP_FW_MAX_PORTS, IpFw, SIZEOF_IP_FW};
use crate::kernel::Kernel;
use crate::note;

/// Add a rule to the block chain; the odd numbers are the same for the forward chain.
pub const IP_FW_ADD_BLK: i32 = 64;
/// Add a rule to the forward chain.
const IP_FW_ADD_FWD: i32 = 65;
/// What would become of a packet?
const IP_FW_CHK_BLK: i32 = 66;
/// The same for one that is forwarded.
const IP_FW_CHK_FWD: i32 = 67;
/// Delete a rule.
const IP_FW_DEL_BLK: i32 = 68;
/// Delete a rule of the forward chain.
const IP_FW_DEL_FWD: i32 = 69;
/// Delete all rules.
const IP_FW_FLUSH_BLK: i32 = 70;
/// Delete all rules of the forward chain.
const IP_FW_FLUSH_FWD: i32 = 71;
/// Set all counters to nought.
const IP_FW_ZERO_BLK: i32 = 72;
/// Set all counters of the forward chain to nought.
const IP_FW_ZERO_FWD: i32 = 73;
/// What holds where no rule matches.
const IP_FW_POLICY_BLK: i32 = 74;
/// What holds for forwarded datagrams where no rule matches.
pub const IP_FW_POLICY_FWD: i32 = 75;
/// Add a rule that counts.
pub const IP_ACCT_ADD: i32 = 80;
/// Delete a rule that counts.
const IP_ACCT_DEL: i32 = 81;
/// Delete all rules that count.
const IP_ACCT_FLUSH: i32 = 82;
/// Set their counters to nought.
pub const IP_ACCT_ZERO: i32 = 83;

/// The rules of a chain.
fn rules(k: &mut Kernel, chain: FirewallChain) -> &mut Vec<IpFw> {
    match chain {
        FirewallChain::Block => &mut k.firewall.block,
        FirewallChain::Forward => &mut k.firewall.forward,
        FirewallChain::Account => &mut k.firewall.acct,
    }
}

/// Reads the rule that a process hands over and refuses one that makes no sense.
///
/// net/inet/ip_fw.c:check_ipfw_struct. Error: EINVAL for a wrong length, an unknown flag, more than ten ports, or a range
/// without its two ends.
#[kfn("net/inet/ip_fw.c")]
fn check_ipfw_struct(k: &mut Kernel, frwl: &[u8]) -> KResult<()> {
    if frwl.len() != SIZEOF_IP_FW {
        note!(k, "not the length of a rule: EINVAL");
        return fail(Errno::EINVAL);
    }
    let rule = IpFw::read(frwl);
    if rule.fw_flg & !IP_FW_F_MASK != 0 {
        note!(k, "a flag that no rule has: EINVAL");
        return fail(Errno::EINVAL);
    }
    let range = |flag: u16, ports: u16| rule.fw_flg & flag == 0 || ports >= 2;
    let count = usize::from(rule.fw_nsp) + usize::from(rule.fw_ndp);
    if count > IP_FW_MAX_PORTS || !range(IP_FW_F_SRNG, rule.fw_nsp) || !range(IP_FW_F_DRNG, rule.fw_ndp) {
        note!(k, "too many ports, or a range without its two ends: EINVAL");
        return fail(Errno::EINVAL);
    }
    Ok(())
}

/// How specific a rule is; the greater goes first.
fn specificity(rule: &IpFw) -> (u32, u32, bool) {
    (rule.fw_smsk.0, rule.fw_dmsk.0, rule.fw_nsp != 0 || rule.fw_ndp != 0)
}

/// Puts a rule into a chain, before all that are no more specific.
///
/// net/inet/ip_fw.c:add_to_chain.
#[kfn("net/inet/ip_fw.c")]
fn add_to_chain(k: &mut Kernel, chain: FirewallChain, frwl: &[u8]) {
    let rule = IpFw { fw_pcnt: 0, fw_bcnt: 0, ..IpFw::read(frwl) };
    let rules = rules(k, chain);
    let place = rules.iter().position(|known| specificity(known) <= specificity(&rule)).unwrap_or(rules.len());
    rules.insert(place, rule);
}

/// A rule without its counters and without the ports that do not count.
fn described(rule: &IpFw) -> IpFw {
    let count = usize::from(rule.fw_nsp).saturating_add(usize::from(rule.fw_ndp));
    let mut plain = IpFw { fw_pcnt: 0, fw_bcnt: 0, ..rule.clone() };
    plain.fw_pts.iter_mut().skip(count).for_each(|port| *port = 0);
    plain
}

/// Takes a rule out of a chain.
///
/// net/inet/ip_fw.c:del_from_chain. Error: EINVAL where no rule is exactly this one.
#[kfn("net/inet/ip_fw.c")]
fn del_from_chain(k: &mut Kernel, chain: FirewallChain, frwl: &[u8]) -> KResult<()> {
    let wanted = described(&IpFw::read(frwl));
    let rules = rules(k, chain);
    let Some(place) = rules.iter().position(|known| described(known) == wanted) else {
        note!(k, "no rule is exactly this one: EINVAL");
        return fail(Errno::EINVAL);
    };
    rules.remove(place);
    Ok(())
}

/// Throws all rules of a chain away; the policy stays.
///
/// net/inet/ip_fw.c:free_fw_chain.
#[kfn("net/inet/ip_fw.c")]
fn free_fw_chain(k: &mut Kernel, chain: FirewallChain) {
    rules(k, chain).clear();
}

/// Sets the counters of all rules of a chain to nought.
///
/// net/inet/ip_fw.c:zero_fw_chain.
#[kfn("net/inet/ip_fw.c")]
fn zero_fw_chain(k: &mut Kernel, chain: FirewallChain) {
    for rule in rules(k, chain) {
        (rule.fw_pcnt, rule.fw_bcnt) = (0, 0);
    }
}

/// Changes the rules or the policy of the firewall, or tells what it would do to a packet.
///
/// net/inet/ip_fw.c:ip_fw_ctl. Errors: EINVAL; of a question ECONNREFUSED where the packet would be refused and its sender
/// told, ETIMEDOUT where it would vanish. What a question holds beside the IP header is not on record; here it is 32
/// octets: the header without options, eight octets of the transport's, the address of the interface. The flags of TCP are
/// not among them, so a rule for SYN alone never answers one.
#[kfn("net/inet/ip_fw.c")]
pub fn ip_fw_ctl(k: &mut Kernel, stage: i32, m: &[u8]) -> KResult<()> {
    let chain = if stage & 1 == 0 { FirewallChain::Block } else { FirewallChain::Forward };
    match stage {
        IP_FW_ADD_BLK | IP_FW_ADD_FWD => {
            check_ipfw_struct(k, m)?;
            add_to_chain(k, chain, m);
        }
        IP_FW_DEL_BLK | IP_FW_DEL_FWD => {
            check_ipfw_struct(k, m)?;
            del_from_chain(k, chain, m)?;
        }
        IP_FW_FLUSH_BLK | IP_FW_FLUSH_FWD => free_fw_chain(k, chain),
        IP_FW_ZERO_BLK | IP_FW_ZERO_FWD => zero_fw_chain(k, chain),
        IP_FW_POLICY_BLK | IP_FW_POLICY_FWD => {
            let &[low, high, _, _] = m else { return fail(Errno::EINVAL) };
            let policy = u16::from_le_bytes([low, high]);
            match chain {
                FirewallChain::Block => k.firewall.block_policy = policy,
                FirewallChain::Forward | FirewallChain::Account => k.firewall.forward_policy = policy,
            }
        }
        IP_FW_CHK_BLK | IP_FW_CHK_FWD => {
            let packet = IpFwPkt::of_request(m)?;
            return match ip_fw_chk(k, packet, chain, FirewallUse::Test) {
                1 => Ok(()),
                -1 => fail(Errno::ECONNREFUSED),
                _ => fail(Errno::ETIMEDOUT),
            };
        }
        _ => return fail(Errno::EINVAL),
    }
    Ok(())
}

/// Carries out a wish about accounting: add, delete, flush, zero.
///
/// net/inet/ip_fw.c:ip_acct_ctl. Error: EINVAL.
#[kfn("net/inet/ip_fw.c")]
pub fn ip_acct_ctl(k: &mut Kernel, stage: i32, m: &[u8]) -> KResult<()> {
    let chain = FirewallChain::Account;
    match stage {
        IP_ACCT_ADD => {
            check_ipfw_struct(k, m)?;
            add_to_chain(k, chain, m);
        }
        IP_ACCT_DEL => {
            check_ipfw_struct(k, m)?;
            del_from_chain(k, chain, m)?;
        }
        IP_ACCT_FLUSH => free_fw_chain(k, chain),
        IP_ACCT_ZERO => zero_fw_chain(k, chain),
        _ => return fail(Errno::EINVAL),
    }
    Ok(())
}
