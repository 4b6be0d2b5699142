//! The frames of the connection in focus as lines, each with its reason, below what has to be known of the whole capture.

use super::view::View;
use crate::capture::observe::analysis::Scale;
use crate::capture::observe::listing::{segment, why};
use crate::capture::observe::seen::Side;
use crate::capture::seconds;
use crate::i18n::Words;
use crate::picture::replay::{Replay, ReplayRow};

/// Lines on each side of the cursor.
const AROUND: usize = 200;

/// The lines around the cursor.
pub(super) fn listing(view: &View<'_>) -> Replay {
    let observation = view.session.observation();
    let frames = observation.frames();
    let first = view.passed.saturating_sub(AROUND);
    let origin = view.session.table.index().origin_ns();
    let rows = frames.iter().enumerate().skip(first).take(2 * AROUND).map(|(line, observed)| ReplayRow {
        line,
        time: seconds(observed.seen.time_ns.saturating_sub(origin)),
        frame: observed.seen.frame.to_string(),
        what: segment(&observed.seen, &view.session.focused.last).trim_end().to_owned(),
        how: why(observed.marks, view.lang),
        sign: match observed.seen.side {
            Side::Client => '→',
            Side::Server => '←',
        },
        decides: !observed.marks.is_usual(),
        ahead: line >= view.passed,
    });
    let now = view.passed.saturating_sub(1).saturating_sub(first);
    Replay { notices: notices(view), rows: rows.collect(), now, lines: frames.len() }
}

/// What has to be known before any line is believed.
fn notices(view: &View<'_>) -> Vec<String> {
    let table = &view.session.table;
    let mut notices = vec![
        Words::new(
            "An analysis of the frames (→ client, ← server): nothing of 1.2.13 runs here.",
            "对帧的分析（→ 客户端，← 服务器）：此处不运行 1.2.13。",
        )
        .owned(),
    ];
    for side in Side::ALL.into_iter().filter(|_| view.session.focused.is_observed()) {
        let (end, name) = (view.last(side), view.name(side));
        if end.sent.frames == 0 {
            notices.push(Words::new(
                format!("No frame of the {name} is in the capture: what it does is known only from its peer."),
                format!("抓包中没有{name}的帧：其行为只能由对端得知。"),
            ));
        } else if end.isn.is_none() {
            notices.push(Words::new(
                format!("The SYN of the {name} is not in the capture: numbers count from its first frame."),
                format!("抓包中没有{name}的 SYN：序号从它的第一帧算起。"),
            ));
        }
        if end.sent.frames > 0 && end.scale == Scale::Unknown {
            notices.push(Words::new(
                format!("The scale of the {name}'s windows is unknown: ? stands behind them."),
                format!("{name}的窗口移位未知：其后标 ?。"),
            ));
        }
    }
    notices.extend(table.notices());
    notices.into_iter().map(|notice| notice.into_text(view.lang)).collect()
}
