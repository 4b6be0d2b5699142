//! In which states an end can be, as far as the frames tell. Promise: nothing is guessed. A state is left out only where a
//! frame contradicts it; a frame that the capture saw on its way may not have arrived, so the states before and after it both
//! stay possible until the receiver's own next frame decides.
//!
//! What an end sends shows what it was; what is sent to it shows what it may have become. Two facts go beyond single frames:
//! who sends data that is new has not ended its direction, and nobody has seen a FIN that was not sent. Timers are not
//! observed, so TIME_WAIT stays until the end of the capture.

use stack::include::seq::Seq;
use stack::include::tcp::TcpState;
use stack::wire::tcp;

use super::seen::Seen;

/// A set of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct States(u16);

/// All states in the order in which a connection passes through them.
const IN_ORDER: [TcpState; 11] = [
    TcpState::Listen,
    TcpState::SynSent,
    TcpState::SynRecv,
    TcpState::Established,
    TcpState::FinWait1,
    TcpState::FinWait2,
    TcpState::Closing,
    TcpState::TimeWait,
    TcpState::CloseWait,
    TcpState::LastAck,
    TcpState::Close,
];

/// More possible states than this are no knowledge that helps anybody.
const FEW: u32 = 3;

const NONE: States = States(0);
/// Our FIN has not been sent.
const OPEN: States =
    States::of(&[TcpState::Listen, TcpState::SynSent, TcpState::SynRecv, TcpState::Established, TcpState::CloseWait]);
/// The FIN of the other end has arrived.
const HAS_FIN: States = States::of(&[TcpState::CloseWait, TcpState::LastAck, TcpState::Closing, TcpState::TimeWait]);
/// No connection yet.
const BEFORE: States = States::of(&[TcpState::Close, TcpState::Listen, TcpState::SynSent, TcpState::SynRecv]);
/// New data is sent only here.
const SENDING: States = States::of(&[TcpState::Established, TcpState::CloseWait]);

impl Default for States {
    fn default() -> Self {
        Self::of(&TcpState::ALL)
    }
}

impl States {
    const fn of(states: &[TcpState]) -> Self {
        let mut set = 0;
        let mut rest = states;
        while let [first, others @ ..] = rest {
            set |= 1 << (*first as u8);
            rest = others;
        }
        Self(set)
    }

    const fn one(state: TcpState) -> Self {
        Self(1 << (state as u8))
    }

    fn has(self, state: TcpState) -> bool {
        self.0 & Self::one(state).0 != 0
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The smaller set, unless nothing would be left: frames can contradict each other.
    fn narrowed(self, to: Self) -> Self {
        if to == NONE { self } else { to }
    }

    fn each(self, after: impl Fn(TcpState) -> Self) -> Self {
        self.iter().fold(NONE, |all, state| all.and(after(state)))
    }

    /// Whether so few states are possible that they say something.
    #[must_use]
    pub fn are_few(self) -> bool {
        self.0.count_ones() <= FEW
    }

    /// The states one by one, in the order in which a connection passes through them.
    pub fn iter(self) -> impl Iterator<Item = TcpState> {
        IN_ORDER.into_iter().filter(move |state| self.has(*state))
    }

    /// The state, where only one is possible.
    #[must_use]
    pub fn known(self) -> Option<TcpState> {
        let mut states = self.iter();
        states.next().filter(|_| states.next().is_none())
    }

    /// `TCP_ESTABLISHED`; `TCP_LAST_ACK|TCP_CLOSE` where it depends on a frame that is on its way; nothing where it is unknown.
    #[must_use]
    pub fn text(self) -> Option<String> {
        if !self.are_few() {
            return None;
        }
        let names: Vec<String> = self.iter().map(|state| format!("TCP_{}", state.name())).collect();
        Some(names.join("|"))
    }
}

/// What is known of one end beside its states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ending {
    /// The sequence number behind its FIN, once it was seen.
    pub fin: Option<Seq>,
    /// Whether the other end was seen acknowledging it.
    pub fin_acknowledged: bool,
    /// Whether a frame with it acknowledged the FIN of the other end too, so that nobody gets the one without the other.
    pub fin_acknowledges: bool,
}

/// What a frame says about the two ends.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// It acknowledges the FIN of the receiver: yes, no, or nobody saw one.
    pub acknowledges_fin: Option<bool>,
    /// It acknowledges more of the receiver than was captured, and a FIN may be among it.
    pub acknowledges_unseen: bool,
    /// The FIN of the sender, before this frame.
    pub own: Ending,
    /// The FIN of the receiver.
    pub other: Ending,
    /// Data that was not sent before, behind data that was seen.
    pub is_new_data: bool,
    /// Not older than what its sender sent and acknowledged before.
    pub is_in_order: bool,
}

/// The states of the sender after its frame.
#[must_use]
pub fn after_sending(before: States, seen: &Seen, facts: Facts) -> States {
    if seen.has(tcp::RST) {
        return States::one(TcpState::Close);
    }
    if seen.has(tcp::SYN) {
        // A late copy of a SYN says nothing about an end that went on long ago.
        let state = if seen.has(tcp::ACK) { TcpState::SynRecv } else { TcpState::SynSent };
        return if before.only(BEFORE) == NONE { before } else { States::one(state) };
    }
    let heard = before.each(|state| heard_before_sending(state, facts));
    let mut after = if seen.has(tcp::FIN) { heard.each(closing) } else { heard };
    if facts.is_new_data && !seen.has(tcp::FIN) {
        after = after.only(SENDING);
    }
    if facts.is_in_order && facts.acknowledges_fin == Some(false) {
        after = after.without(HAS_FIN);
    }
    // The frames contradict each other: everything behind the handshake is possible again.
    if after == NONE { States::default().without(BEFORE) } else { after }
}

/// The states in which an end can be when it sends an acknowledgement or data, having been in `state` before: what it
/// acknowledges must have arrived.
fn heard_before_sending(state: TcpState, facts: Facts) -> States {
    let has_fin = facts.acknowledges_fin == Some(true);
    if facts.acknowledges_fin.is_none() && facts.acknowledges_unseen {
        let without = heard_before_sending(state, Facts { acknowledges_unseen: false, ..facts });
        return without.and(heard_before_sending(state, Facts { acknowledges_fin: Some(true), ..facts }));
    }
    match state {
        TcpState::None | TcpState::Listen | TcpState::Close => NONE,
        TcpState::SynSent | TcpState::SynRecv | TcpState::Established if has_fin => States::one(TcpState::CloseWait),
        TcpState::SynSent | TcpState::SynRecv | TcpState::Established => States::one(TcpState::Established),
        TcpState::FinWait1 if has_fin && facts.other.fin_acknowledges => States::one(TcpState::TimeWait),
        TcpState::FinWait1 if has_fin && (facts.own.fin_acknowledged || facts.other.fin.is_none()) => {
            States::of(&[TcpState::Closing, TcpState::TimeWait])
        }
        TcpState::FinWait1 if has_fin => States::one(TcpState::Closing),
        TcpState::FinWait2 if has_fin => States::one(TcpState::TimeWait),
        TcpState::FinWait1
        | TcpState::FinWait2
        | TcpState::CloseWait
        | TcpState::LastAck
        | TcpState::Closing
        | TcpState::TimeWait => States::one(state),
    }
}

/// Where a FIN takes its sender.
fn closing(state: TcpState) -> States {
    match state {
        TcpState::Established | TcpState::SynRecv => States::one(TcpState::FinWait1),
        TcpState::CloseWait => States::one(TcpState::LastAck),
        TcpState::FinWait1 | TcpState::LastAck | TcpState::Closing => States::one(state),
        // These have sent it and need not again.
        TcpState::None
        | TcpState::SynSent
        | TcpState::FinWait2
        | TcpState::TimeWait
        | TcpState::Close
        | TcpState::Listen => NONE,
    }
}

/// The states of the receiver, to whom the frame is on its way: as before, or as after it. `own` is the receiver's FIN.
#[must_use]
pub fn while_arriving(before: States, seen: &Seen, own: Ending) -> States {
    let acknowledges = own.fin.map(|fin| seen.ack.is_some_and(|ack| ack.at_or_after(fin)));
    before.and(before.each(|state| arrived(state, seen, acknowledges)))
}

fn arrived(state: TcpState, seen: &Seen, acknowledges_fin: Option<bool>) -> States {
    if seen.has(tcp::RST) {
        return States::one(TcpState::Close);
    }
    if seen.has(tcp::SYN) {
        return match state {
            TcpState::Listen => States::one(TcpState::SynRecv),
            TcpState::SynSent if seen.has(tcp::ACK) => States::one(TcpState::Established),
            TcpState::SynSent => States::one(TcpState::SynRecv),
            _ => NONE,
        };
    }
    let acknowledged = match state {
        TcpState::SynRecv if seen.ack.is_some() => States::one(TcpState::Established),
        TcpState::FinWait1 => from_fin(acknowledges_fin, TcpState::FinWait1, TcpState::FinWait2),
        TcpState::Closing => from_fin(acknowledges_fin, TcpState::Closing, TcpState::TimeWait),
        TcpState::LastAck => from_fin(acknowledges_fin, TcpState::LastAck, TcpState::Close),
        other => States::one(other),
    };
    if !seen.has(tcp::FIN) {
        return acknowledged;
    }
    acknowledged.each(|state| match state {
        TcpState::Established | TcpState::SynRecv => States::one(TcpState::CloseWait),
        TcpState::FinWait1 => States::one(TcpState::Closing),
        TcpState::FinWait2 => States::one(TcpState::TimeWait),
        other => States::one(other),
    })
}

/// Where the acknowledgement of a FIN leads; a FIN that nobody saw may be acknowledged or not.
fn from_fin(acknowledged: Option<bool>, before: TcpState, after: TcpState) -> States {
    match acknowledged {
        Some(true) => States::one(after),
        Some(false) => States::one(before),
        None => States::of(&[before, after]),
    }
}

/// Nobody has seen a FIN that was not sent: what one end's states say about the other's.
#[must_use]
pub fn agreed(one: States, other: States) -> States {
    if one.without(OPEN) == NONE { other.narrowed(other.without(HAS_FIN)) } else { other }
}

/// The states of an end to whom the first SYN of a connection is on its way.
#[must_use]
pub fn asked() -> States {
    BEFORE
}
