//! What is known of an end of the connection in focus, field by field. A field that means the same as one of `struct sock` in 1.2.13
//! has its name and its explanation; what no frame tells is there too, and is `?`.

use stack::include::seq::Seq;
use stack::view::sock::SockView;

use super::view::View;
use crate::capture::observe::analysis::Scale;
use crate::capture::observe::end::{End, MOST_IN_FLIGHT};
use crate::capture::observe::ends::Ends;
use crate::capture::observe::seen::Side;
use crate::capture::seconds;
use crate::i18n::Words;
use crate::picture::socks::FieldGroup;
use crate::picture::{Field, Sock};

/// What stands for a value that no frame tells.
pub(super) const UNKNOWN: &str = "?";

/// An end, and what its fields are read from.
struct Known<'a> {
    view: &'a View<'a>,
    side: Side,
    end: &'a End,
    other: &'a End,
}

impl Known<'_> {
    fn own(&self, number: Option<Seq>) -> Option<String> {
        number.map(|number| self.view.number(number, self.side).to_string())
    }

    fn of_other(&self, number: Option<Seq>) -> Option<String> {
        number.map(|number| self.view.number(number, self.side.other()).to_string())
    }
}

/// A field: its name, what it is about, what it means where 1.2.13 has none of that name, and where it is read.
type Row = (&'static str, FieldGroup, Option<Words>, fn(&Known<'_>) -> Option<String>);

/// Every field, group by group, in each those with a row of their own first.
const ROWS: &[Row] = &[
    ("state", FieldGroup::Who, None, |known| known.end.states.text()),
    ("saddr", FieldGroup::Who, None, |known| Some(endpoint(known, known.side).address.to_string())),
    ("daddr", FieldGroup::Who, None, |known| Some(endpoint(known, known.side.other()).address.to_string())),
    ("num", FieldGroup::Who, None, |known| Some(endpoint(known, known.side).port.to_string())),
    ("dest", FieldGroup::Who, None, |known| Some(endpoint(known, known.side.other()).port.to_string())),
    (
        "isn",
        FieldGroup::Send,
        Some(Words::new("Initial sequence number, from its SYN", "初始序号，取自其 SYN")),
        |known| known.end.isn.map(|isn| isn.0.to_string()),
    ),
    ("write_seq", FieldGroup::Send, None, |_| None),
    (
        "sent_seq",
        FieldGroup::Send,
        Some(Words::new("snd_nxt: behind the last byte it was seen sending", "snd_nxt：已见其发送的最后一个字节之后")),
        |known| known.own(known.end.snd_nxt),
    ),
    (
        "rcv_ack_seq",
        FieldGroup::Send,
        Some(Words::new("snd_una: the highest acknowledgement on its way to it", "snd_una：发往它的最高确认号")),
        |known| known.own(known.end.snd_una),
    ),
    (
        "in_flight",
        FieldGroup::Send,
        Some(Words::new(
            "Bytes sent and not acknowledged, SYN and FIN counted",
            "已发送未确认的字节数，SYN 与 FIN 计入",
        )),
        |known| known.end.in_flight_octets().map(|octets| octets.to_string()),
    ),
    (
        "packets_out",
        FieldGroup::Send,
        Some(Words::new("Segments sent and not acknowledged", "已发送未确认的报文段数")),
        segments,
    ),
    (
        "mss_offered",
        FieldGroup::Send,
        Some(Words::new("Largest segment it takes, by its SYN", "它能接收的最大报文段，取自其 SYN")),
        |known| known.end.mss.map(|mss| mss.to_string()),
    ),
    ("frames", FieldGroup::Send, Some(Words::new("Frames it sent so far", "至此它发送的帧数")), |known| {
        Some(known.end.sent.frames.to_string())
    }),
    (
        "bytes",
        FieldGroup::Send,
        Some(Words::new("Bytes of data in them, those sent again too", "其中的数据字节数，重发的也计入")),
        |known| Some(known.end.sent.octets.to_string()),
    ),
    (
        "resent",
        FieldGroup::Send,
        Some(Words::new("How many of them were retransmissions", "其中重传的帧数")),
        |known| Some(known.end.sent.resent.to_string()),
    ),
    (
        "fin",
        FieldGroup::Send,
        Some(Words::new(
            "Whether it has sent a FIN, and whether that was acknowledged",
            "它是否已发送 FIN，以及是否已被确认",
        )),
        fin,
    ),
    (
        "acked_seq",
        FieldGroup::Receive,
        Some(Words::new("rcv_nxt: the next byte it expects, by its own word", "rcv_nxt：它自己声明期待的下一个字节")),
        |known| known.of_other(known.end.rcv_nxt),
    ),
    (
        "captured_seq",
        FieldGroup::Receive,
        Some(Words::new(
            "Up to here everything sent to it was captured or acknowledged",
            "发往它的数据到此处都已捕获或确认",
        )),
        |known| known.of_other(known.end.contiguous),
    ),
    ("copied_seq", FieldGroup::Receive, None, |_| None),
    ("receive_queue", FieldGroup::Receive, None, |_| None),
    (
        "window",
        FieldGroup::Window,
        Some(Words::new(
            "Window that it offered last, in bytes; << ? where its scale is unknown",
            "它上次通告的窗口（字节）；<< ? 表示移位未知",
        )),
        window,
    ),
    (
        "window_shift",
        FieldGroup::Window,
        Some(Words::new("By how many bits its windows are shifted (RFC 7323)", "它的窗口移位的位数（RFC 7323）")),
        shift,
    ),
    ("window_seq", FieldGroup::Window, None, window_edge),
    ("cong_window", FieldGroup::Window, None, |_| None),
    ("ssthresh", FieldGroup::Window, None, |_| None),
    (
        "round_trip",
        FieldGroup::Time,
        Some(Words::new(
            "How long its last acknowledgement took, seen from the place of capture",
            "从捕获点看，最近一次确认所用的时间",
        )),
        |known| known.end.round_trips.last.map(|trip| format!("{} s", seconds(trip.time_ns))),
    ),
    (
        "round_trips",
        FieldGroup::Time,
        Some(Words::new("How many were taken, and their mean", "取样次数及其平均值")),
        |known| {
            let trips = &known.end.round_trips;
            trips.mean_ns().map(|mean| format!("{} x {} s", trips.count, seconds(mean)))
        },
    ),
    ("rtt", FieldGroup::Time, None, |_| None),
    ("rto", FieldGroup::Time, None, |_| None),
];

/// Fields whose values need a row of their own.
const WIDE: &[&str] = &["state", "saddr", "daddr"];

fn endpoint(known: &Known<'_>, side: Side) -> crate::capture::segment::Endpoint {
    *known.view.session.observation().endpoints.of(side)
}

fn segments(known: &Known<'_>) -> Option<String> {
    known.end.in_flight_octets()?;
    let count = known.end.in_flight.len();
    Some(if count < MOST_IN_FLIGHT { count.to_string() } else { format!("{count}+") })
}

fn fin(known: &Known<'_>) -> Option<String> {
    let words = match (known.end.ending.fin, known.end.ending.fin_acknowledged) {
        (None, _) => Words::new("none seen", "未见"),
        (Some(_), false) => Words::new("sent", "已发送"),
        (Some(_), true) => Words::new("acknowledged", "已确认"),
    };
    Some(words.text(known.view.lang).to_owned())
}

fn window(known: &Known<'_>) -> Option<String> {
    match (known.end.window_octets, known.end.window) {
        (Some(octets), _) => Some(octets.to_string()),
        (None, Some(header)) => Some(format!("{header} << ?")),
        (None, None) => None,
    }
}

fn shift(known: &Known<'_>) -> Option<String> {
    match known.end.scale {
        Scale::By(shift) => Some(shift.to_string()),
        Scale::Off => Some("0".to_owned()),
        Scale::Unknown => None,
    }
}

/// The right edge of the window that the other end offers.
fn window_edge(known: &Known<'_>) -> Option<String> {
    known.own(Some(known.other.rcv_nxt? + known.other.window_octets?))
}

/// The values of an end, in the order of [`ROWS`].
fn values(view: &View<'_>, ends: &Ends, side: Side) -> Vec<String> {
    let known = Known { view, side, end: ends.both.of(side), other: ends.both.of(side.other()) };
    ROWS.iter().map(|(_, _, _, read)| read(&known).unwrap_or_else(|| UNKNOWN.to_owned())).collect()
}

/// An end as a sock, with what the frame under the cursor changed.
pub(super) fn sock(view: &View<'_>, side: Side) -> Sock {
    let (now, before) = (values(view, &view.now, side), values(view, &view.before, side));
    let fields = ROWS.iter().zip(now.into_iter().zip(before)).map(|((name, group, meaning, _), (value, old))| Field {
        name: (*name).to_owned(),
        old: (old != value).then_some(old),
        value,
        wide: WIDE.contains(name),
        group: *group,
        meaning: meaning.or_else(|| SockView::explain(name)).map_or("", |words| words.text(view.lang)),
    });
    Sock { name: view.name(side).to_owned(), fields: fields.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_explained_and_stands_in_its_group() {
        for (place, (name, group, meaning, _)) in ROWS.iter().enumerate() {
            assert!(meaning.is_some() || SockView::explain(name).is_some(), "{name}");
            let before = ROWS.get(place.wrapping_sub(1)).map_or(*group, |row| row.1);
            assert!(before <= *group, "{name} stands behind a later group");
        }
    }
}
