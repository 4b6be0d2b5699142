//! Both ends of an observed connection, frame by frame. Promise: a pure fold: the same frames give the same ends.

use stack::wire::tcp;

use super::analysis::agree;
use super::end::End;
use super::marks::Marks;
use super::seen::{Both, Seen};
use super::states::{Facts, after_sending, agreed, asked, while_arriving};

/// What is known of both ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ends {
    /// The ends.
    pub both: Both<End>,
}

impl Ends {
    /// Takes the next frame and its marks.
    pub fn take(&mut self, seen: &Seen, marks: &Marks) {
        let is_first = self.both.client.sent.frames == 0 && self.both.server.sent.frames == 0;
        let (sender, receiver) = self.both.split(seen.side);
        if is_first && seen.has(tcp::SYN) {
            sender.states = asked();
            receiver.states = asked();
        }
        if seen.has(tcp::SYN) {
            agree(&mut sender.scale, &mut receiver.scale, seen.shift);
        }
        let facts = facts(sender, receiver, seen);
        sender.states = after_sending(sender.states, seen, facts);
        receiver.states = while_arriving(receiver.states, seen, receiver.ending);
        (receiver.states, sender.states) =
            (agreed(sender.states, receiver.states), agreed(receiver.states, sender.states));
        sender.sends(seen, marks);
        sender.ending.fin_acknowledges |= seen.has(tcp::FIN) && facts.acknowledges_fin == Some(true);
        receiver.is_acknowledged(seen);
        receiver.is_sent(seen);
    }
}

/// What the frame says, against what was known before it.
fn facts(sender: &End, receiver: &End, seen: &Seen) -> Facts {
    let acknowledges_fin = receiver.ending.fin.map(|fin| seen.ack.is_some_and(|ack| ack.at_or_after(fin)));
    let is_known = sender.snd_nxt.or(sender.snd_una);
    Facts {
        acknowledges_fin,
        acknowledges_unseen: seen.ack.is_some_and(|ack| receiver.snd_nxt.is_none_or(|nxt| ack.after(nxt))),
        own: sender.ending,
        other: receiver.ending,
        is_new_data: seen.length > 0 && is_known.is_some_and(|known| seen.end().after(known)),
        is_in_order: sender.snd_nxt.is_none_or(|nxt| seen.seq.at_or_after(nxt))
            && seen.ack.is_none_or(|ack| sender.rcv_nxt.is_none_or(|rcv| ack.at_or_after(rcv))),
    }
}
