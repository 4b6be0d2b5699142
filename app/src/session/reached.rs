//! A stop that was reached, and the sentence that says which it was and why the run stopped there.

use stack::kernel::probe::Discard;
use stack::lab::query::{Part, Why};
use stack::view::Value;

use crate::i18n::{Lang, Message};

/// A stop that was reached, and why it stopped there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// The stop, as written.
    pub place: String,
    /// The host, and what was asked there.
    pub why: Why,
}

impl Reached {
    /// "stopped at: tcp_ack if sk.state == SYN_RECV, on B: sk.state = SYN_RECV".
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let named =
            |host: &String| self.place.starts_with(&format!("{host}:")) || self.place.contains(&format!("{host}."));
        let sends = |host: &String| self.place.starts_with(&format!("{host} "));
        let unnamed = self.why.host.as_ref().filter(|host| !named(host) && !sends(host));
        let place = match unnamed {
            Some(host) => Message::OnHost.fill(lang, &[&self.place, host]),
            None => self.place.clone(),
        };
        let parts: Vec<String> = self.why.parts.iter().map(|part| shown(part, lang)).collect();
        if parts.is_empty() {
            return Message::StoppedAt.fill(lang, &[&place]);
        }
        Message::StoppedAtWhy.fill(lang, &[&place, &parts.join(" · ")])
    }
}

/// One thing that was asked: `sk.state = SYN_RECV`, `B.sock(4).cong_window 1 → 2`; of a drop its reason in words.
fn shown(part: &Part, lang: Lang) -> String {
    let reason = Discard::ALL.iter().find(|reason| part.thing == "drop" && part.now == Value::from(reason.name()));
    match (reason, &part.before) {
        (Some(reason), _) => format!("{}, {}", reason.name(), reason.words().text(lang)),
        (None, Some(before)) => format!("{} {before} → {}", part.thing, part.now),
        (None, None) => format!("{} = {}", part.thing, part.now),
    }
}
