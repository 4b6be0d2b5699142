//! How rules get into the firewall and into IP accounting (net/inet/ip_fw.c: ip_fw_ctl, ip_acct_ctl and what they call):
//! socket options of the superuser, each with a `struct ip_fw` as its value.
//!
//! A chain is not sorted: a new rule goes in front of the first one that it *beats*, and two rules are compared by a score
//! (`score`), so that which rule decides can depend on the order in which they were added.

use kfn::kfn;

use super::ip_fw::{FirewallChain, FirewallUse, IpFwPkt, ip_fw_chk};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::firewall::{
    IP_FW_F_ALL, IP_FW_F_DRNG, IP_FW_F_KIND, IP_FW_F_MASK, IP_FW_F_SRNG, IP_FW_F_TCP, IP_FW_F_UDP, IP_FW_MAX_PORTS,
    IpFw, SIZEOF_IP_FW,
};
use crate::include::in_addr::InAddr;
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
///
/// Kept: rules that can never match are taken: a range upside down, an address with bits outside its mask, TCPSYN of UDP
/// (firewall/add_checks).
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

/// Where a list of source ports is so long that the destination ports are not compared any more.
const LONG_LIST: u16 = 8;
/// Width of a rule that names no port.
const ANY_PORT: u16 = 0xffff;

/// How many ports half a rule lets through, roughly: the distance of a range's ends (further ports are not looked at), else
/// how many are listed. `first` is the index of its first port.
fn width(rule: &IpFw, first: usize, count: u16, range: u16) -> u16 {
    let port = |index: usize| rule.fw_pts.get(index).copied().unwrap_or(0);
    match count {
        _ if rule.fw_flg & range != 0 => port(first + 1).wrapping_sub(port(first)),
        0 => ANY_PORT,
        listed => listed,
    }
}

/// 1 for the narrower, -1 for the wider, of a new rule beside an old one.
fn narrower(new: u16, old: u16) -> i32 {
    i32::from(new < old) - i32::from(new > old)
}

/// What a new rule gains over an old one by its longer mask, where the addresses agree under both masks.
fn mask_score((new, new_mask): (InAddr, InAddr), (old, old_mask): (InAddr, InAddr)) -> i32 {
    let common = old_mask & new_mask;
    if old & common != new & common {
        return 0;
    }
    i32::from(new_mask.0 > old_mask.0) - i32::from(new_mask.0 < old_mask.0)
}

/// Whether a new rule beats an old one: it does if the score is above 0 (net/inet/ip_fw.c:add_to_chain).
///
/// Masks are compared where the addresses agree; kinds, ports and interface only between rules about the same networks.
/// Rules of two different protocols are not compared.
///
/// Kept: a longer source mask can be outweighed by a shorter one of the destination; the ports behind a range, and a range
/// upside down, count as the arithmetic of 16 bits has them (firewall/order_width_of_ports).
fn score(new: &IpFw, old: &IpFw) -> i32 {
    let (kind, old_kind) = (new.fw_flg & IP_FW_F_KIND, old.fw_flg & IP_FW_F_KIND);
    if kind != IP_FW_F_ALL && old_kind != IP_FW_F_ALL && kind != old_kind {
        return 0;
    }
    let mut score = mask_score((new.fw_src, new.fw_smsk), (old.fw_src, old.fw_smsk))
        + mask_score((new.fw_dst, new.fw_dmsk), (old.fw_dst, old.fw_dmsk));
    let networks = |rule: &IpFw| (rule.fw_src & rule.fw_smsk, rule.fw_dst & rule.fw_dmsk);
    if networks(new) != networks(old) {
        return score;
    }
    score += i32::from(kind != IP_FW_F_ALL && old_kind == IP_FW_F_ALL);
    if kind == old_kind && matches!(kind, IP_FW_F_TCP | IP_FW_F_UDP) {
        let sources = |rule: &IpFw| width(rule, 0, rule.fw_nsp, IP_FW_F_SRNG);
        let dests = |rule: &IpFw| width(rule, usize::from(rule.fw_nsp), rule.fw_ndp, IP_FW_F_DRNG);
        score += narrower(sources(new), sources(old));
        if new.fw_nsp <= LONG_LIST && old.fw_nsp <= LONG_LIST {
            score += narrower(dests(new), dests(old));
        }
    }
    score + i32::from(score == 0 && !new.fw_via.is_any() && old.fw_via.is_any())
}

/// Puts a rule into a chain, in front of the first one that it beats, else at the end.
///
/// net/inet/ip_fw.c:add_to_chain. The copy in the chain counts from nought and keeps all ten ports as they were given.
///
/// Kept: of equal rules the older one stays in front and decides (firewall/order_equal_rules).
#[kfn("net/inet/ip_fw.c")]
fn add_to_chain(k: &mut Kernel, chain: FirewallChain, frwl: &[u8]) {
    let rule = IpFw { fw_pcnt: 0, fw_bcnt: 0, ..IpFw::read(frwl) };
    let rules = rules(k, chain);
    let place = rules.iter().position(|old| score(&rule, old) > 0).unwrap_or(rules.len());
    rules.insert(place, rule);
}

/// Whether a process that names `wanted` means this rule: everything but the counters, but of the ports only as many as the
/// two counts together, and of the counts only their sum.
fn is_same_rule(rule: &IpFw, wanted: &IpFw) -> bool {
    let head = |rule: &IpFw| (rule.fw_src, rule.fw_smsk, rule.fw_dst, rule.fw_dmsk, rule.fw_via, rule.fw_flg);
    let count = |rule: &IpFw| usize::from(rule.fw_nsp) + usize::from(rule.fw_ndp);
    let listed = count(rule).min(IP_FW_MAX_PORTS);
    head(rule) == head(wanted)
        && count(rule) == count(wanted)
        && rule.fw_pts.iter().take(listed).eq(wanted.fw_pts.iter().take(listed))
}

/// Takes a rule out of a chain, as often as it is there.
///
/// net/inet/ip_fw.c:del_from_chain. Error: EINVAL where no rule is this one.
///
/// Kept: every equal rule goes, not the first alone; a rule whose ports are divided otherwise between source and
/// destination is equal (firewall/delete_all_equal).
#[kfn("net/inet/ip_fw.c")]
fn del_from_chain(k: &mut Kernel, chain: FirewallChain, frwl: &[u8]) -> KResult<()> {
    let wanted = IpFw::read(frwl);
    let rules = rules(k, chain);
    let known = rules.len();
    rules.retain(|rule| !is_same_rule(rule, &wanted));
    if rules.len() == known {
        note!(k, "no rule is exactly this one: EINVAL");
        return fail(Errno::EINVAL);
    }
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
/// net/inet/ip_fw.c:ip_fw_ctl. Errors: EINVAL; of a question (`struct ip_fwpkt`: IP header, room for one of TCP, address of
/// an interface) ECONNREFUSED where the packet would be refused and its sender told, ETIMEDOUT where it would vanish.
///
/// Kept: a policy is a whole word, of which two bits are looked at, and its length is not asked for (firewall/policy).
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
            // A process that hands over fewer octets gets what memory holds behind them, which is nought here.
            let word = std::array::from_fn(|index| m.get(index).copied().unwrap_or(0));
            let policy = i32::from_le_bytes(word);
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
/// net/inet/ip_fw.c:ip_acct_ctl. Error: EINVAL. There is no policy to set and nothing to ask.
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
