//! packetdrill's Python asserts about `tcpi_*` of the simple form, `assert NAME == NUMBER`, asked of the sock itself. What
//! 1.2.13 keeps under another name is answered; what it does not keep, and any other Python, is left and named.

use crate::Kernel;
use crate::include::sock::Sock;
use crate::include::tcp::TcpState;
use crate::lab::script::constants;
use crate::wire::ip_numbers::PROTOCOL_TCP;
use crate::words::Words;

use super::flow::Flow;

/// Microseconds of a jiffy, in which Linux of today counts what 1.2.13 counts in jiffies.
const JIFFY: i64 = 10_000;
/// At most this many characters of what is left are shown.
const LONGEST: usize = 60;

/// What became of a block of Python.
#[derive(Debug, Default)]
pub(super) struct Evaluated {
    /// Asserts that do not hold, each with both values.
    pub(super) fails: Vec<Words<String>>,
    /// Statements that cannot be evaluated here.
    pub(super) left: Vec<String>,
}

/// The sock that a script's lines without ports are about: the connection of that flow, or else the listener. One that
/// nobody can reach yet is not asked.
pub(super) fn under_test(kernel: &Kernel, flow: Flow) -> Option<&Sock> {
    if flow == Flow::NOWHERE {
        return None;
    }
    let ours = || {
        let all = kernel.sock.iter().map(|(_, sock)| sock);
        all.filter(|sock| sock.protocol == PROTOCOL_TCP && sock.num == flow.local)
    };
    ours().find(|sock| sock.dummy_th.dest == flow.remote).or_else(|| ours().next())
}

/// Evaluates what can be evaluated.
pub(super) fn evaluate(code: &str, sock: Option<&Sock>) -> Evaluated {
    let mut out = Evaluated::default();
    for statement in code.split(['\n', ';']).map(str::trim) {
        if statement.is_empty() || statement.starts_with('#') {
            continue;
        }
        match assertion(statement, sock) {
            Some(None) => {}
            Some(Some(words)) => out.fails.push(words),
            None => out.left.push(statement.chars().take(LONGEST).collect()),
        }
    }
    out
}

/// `assert A == N [and B == M] [, message]`: None if it is anything else; what does not hold, if something does not.
fn assertion(statement: &str, sock: Option<&Sock>) -> Option<Option<Words<String>>> {
    let rest = statement.strip_prefix("assert")?;
    let condition = rest.split(',').next()?.trim();
    // A message may hold anything, a tuple would always be true.
    if condition.starts_with('(') {
        return None;
    }
    let mut fails = None;
    for term in condition.split(" and ") {
        let (name, sign, wanted) = comparison(term)?;
        let value = value(sock?, name)?;
        let holds = match sign {
            "==" => value == wanted,
            "!=" => value != wanted,
            "<=" => value <= wanted,
            ">=" => value >= wanted,
            "<" => value < wanted,
            _ => value > wanted,
        };
        if !holds && fails.is_none() {
            fails = Some(Words {
                en: format!("error executing code: assert {name} {sign} {wanted}: it is {value}"),
                zh: format!("执行代码出错：断言 {name} {sign} {wanted} 不成立：实际为 {value}"),
            });
        }
    }
    Some(fails)
}

/// `NAME SIGN NUMBER`
fn comparison(term: &str) -> Option<(&str, &str, i64)> {
    let (name, sign, number) =
        ["==", "!=", "<=", ">=", "<", ">"].iter().find_map(|sign| term.split_once(sign).map(|(a, b)| (a, *sign, b)))?;
    let number = number.trim();
    let value = number.parse().ok().or_else(|| state(number)).or_else(|| constants::value(number))?;
    Some((name.trim(), sign, value))
}

/// The states by their names, which are numbered today as they were.
fn state(name: &str) -> Option<i64> {
    let name = name.strip_prefix("TCP_")?;
    TcpState::ALL.iter().find(|state| state.name() == name).map(|state| i64::from(*state as u8))
}

/// What a sock says to a name of `struct tcp_info`; None for what 1.2.13 does not keep.
fn value(sock: &Sock, name: &str) -> Option<i64> {
    Some(match name.strip_prefix("tcpi_")? {
        "state" => i64::from(sock.state as u8),
        "unacked" => i64::from(sock.packets_out),
        "snd_cwnd" => i64::from(sock.cong_window),
        "snd_ssthresh" => i64::from(sock.ssthresh),
        "snd_mss" => i64::from(sock.mss),
        "rto" => i64::from(sock.rto) * JIFFY,
        // The stack keeps eight times the round trip and four times its deviation.
        "rtt" => i64::from(sock.rtt >> 3) * JIFFY,
        "rttvar" => i64::from(sock.mdev) * JIFFY / 4,
        "backoff" => i64::from(sock.backoff),
        "retransmits" => i64::from(sock.retransmits),
        // No segment is ever marked, counted or negotiated so: neither SACK, nor loss, nor time stamps, nor scaling.
        "sacked" | "lost" | "fackets" | "options" | "snd_wscale" | "rcv_wscale" => 0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> (Vec<String>, Vec<String>) {
        let sock = Sock { cong_window: 2, rto: 21, ..Sock::default() };
        let Evaluated { fails, left } = evaluate(code, Some(&sock));
        (fails.into_iter().map(|words| words.en).collect(), left)
    }

    #[test]
    fn simple_asserts_are_answered_and_the_rest_is_named() {
        let nothing = Vec::<String>::new;
        assert_eq!(
            of("assert tcpi_snd_cwnd == 2, tcpi_snd_cwnd\nassert tcpi_rto == 210000 and tcpi_lost == 0"),
            (nothing(), nothing())
        );
        let (fails, left) = of("assert tcpi_snd_cwnd >= 10; import os; assert tcpi_reordering == 3");
        assert_eq!(fails, ["error executing code: assert tcpi_snd_cwnd >= 10: it is 2"]);
        assert_eq!(left, ["import os", "assert tcpi_reordering == 3"]);
        assert_eq!(of("assert (tcpi_snd_cwnd == 3, 1)\n# words").1.len(), 1);
        assert_eq!(of("assert").1, ["assert"]);
        assert!(evaluate("assert tcpi_rto == 1", None).left.len() == 1, "no sock, no answer");
    }
}
