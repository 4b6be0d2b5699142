//! What has to be known of a replay beside its verdict: what was inferred, rewritten or held, where it got stuck. The same
//! sentences stand in the report and with the run on the screen.

use stack::kernel::probe::Discard;

use super::Origin;
use crate::capture::inject::stuck::{Cause, Stuck};
use crate::capture::inject::{Ghosts, Outcome, Pauses};
use crate::i18n::Words;

/// All notices, in the order in which they matter.
#[must_use]
pub fn notices(outcome: &Outcome) -> Vec<Words<String>> {
    let origin = Origin::of(outcome);
    let mut notices = outcome.wire.notices();
    notices.extend(ghosts(outcome.own_ghosts, &outcome.own.to_string()));
    notices.extend(ghosts(outcome.peer_ghosts, &outcome.peer.to_string()));
    // Where 1.2.13 closes its window as often, there is nothing to tell.
    notices.extend(outcome.pauses.filter(|pauses| pauses.stack != pauses.captured).map(pauses));
    notices.extend(bent(outcome).into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words));
    // Where the captured peer has refused or reset, the captured end's call failed as well.
    for call in outcome.failed.iter().filter(|call| !call.by_peer) {
        let (time, name, errno) = (origin.time(call.time_ns), call.name, call.errno);
        notices.push(Words::new(
            format!("At {time} s the call {name} failed with error {errno}."),
            format!("在 {time} 秒，调用 {name} 失败，错误号 {errno}。"),
        ));
    }
    if outcome.unknown_end {
        notices.push(unknown_end());
    }
    if let Some(behind) = outcome.behind {
        let (sent, captured) = (behind.sent, behind.captured);
        notices.push(Words::new(
            format!(
                "When the capture ends, 1.2.13 has sent {sent} of the {captured} octets that the captured end sent."
            ),
            format!("抓包结束时，被抓取的一端发送了 {captured} 字节，1.2.13 只发送了其中的 {sent} 字节。"),
        ));
    }
    notices.extend(outcome.stuck.as_ref().map(|stuck| self::stuck(outcome, &origin, stuck)));
    if let Some(story) = &outcome.oops {
        notices.push(Words::new(
            format!("1.2.13 would have crashed here: {story}"),
            format!("1.2.13 会在这里崩溃：{story}"),
        ));
    }
    notices
}

/// What was done to the peer's frames, each with its count.
fn bent(outcome: &Outcome) -> [(usize, Words<String>); 5] {
    let Outcome { lost, answered, outside, waiting, changed, held, .. } = outcome;
    let frames = |n: usize| counted(n, "frame", "frames");
    [
        (
            *lost,
            Words::new(
                format!(
                    "{} of the peer lost behind the place of capture, or dropped by the captured end, as what follows shows: 1.2.13 does not get them.",
                    frames(*lost)
                ),
                format!("后续的帧表明，对端有 {lost} 帧在抓取位置之后丢失，或被抓包中的一端丢弃：1.2.13 收不到它们。"),
            ),
        ),
        (
            *answered,
            Words::new(
                format!(
                    "{} of the captured end acknowledged only after it was sent again, which 1.2.13 does not do: nothing that it sends gets lost here, and the peer answers as captured.",
                    frames(*answered)
                ),
                format!(
                    "被抓取的一端有 {answered} 帧重传之后才得到确认，而 1.2.13 没有重传：重放中它发出的帧不会丢失，对端仍按抓包回应。"
                ),
            ),
        ),
        (
            *outside,
            Words::new(
                format!(
                    "{} of the peer held, with data beyond the window of 1.2.13: each came a round trip after there was room{}.",
                    frames(*outside),
                    if *waiting > 0 {
                        format!(", and {waiting} still waited when the capture ended")
                    } else {
                        String::new()
                    }
                ),
                format!(
                    "对端有 {outside} 帧的数据超出 1.2.13 通告的窗口，因而被扣住：窗口有了空位，再过一个往返才送达{}。",
                    if *waiting > 0 {
                        format!("；抓包结束时仍有 {waiting} 帧在等待")
                    } else {
                        String::new()
                    }
                ),
            ),
        ),
        (
            *changed,
            Words::new(
                format!(
                    "{} of the peer rewritten for a stack without its options (window, checksum, length).",
                    frames(*changed)
                ),
                format!("对端的 {changed} 帧按没有这些选项的协议栈改写（窗口、校验和、长度）。"),
            ),
        ),
        (
            *held,
            Words::new(
                format!(
                    "{} came a round trip after 1.2.13 had caught up with the capture.",
                    counted(*held, "acknowledgement", "acknowledgements")
                ),
                format!("有 {held} 个确认在 1.2.13 赶上抓包一个往返之后才到达。"),
            ),
        ),
    ]
}

/// A number with its English noun.
fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn ghosts(ghosts: Ghosts, end: &str) -> Option<Words<String>> {
    let Ghosts { frames, octets } = ghosts;
    (frames > 0).then(|| {
        Words::new(
            format!(
                "The capture missed what {end} sent: {} with {octets} octets, inferred from the acknowledgements and filled with zeros.",
                counted(frames, "ghost frame", "ghost frames")
            ),
            format!("抓包漏掉了 {end} 发送的内容：根据确认推断出 {frames} 个幽灵帧，共 {octets} 字节，以零填充。"),
        )
    })
}

fn pauses(pauses: Pauses) -> Words<String> {
    let Pauses { captured, first_frame, stack, smallest } = pauses;
    let (en, zh) = if stack > 0 {
        (
            format!("it closes its window too, in {}", counted(stack, "frame", "frames")),
            format!("它也关闭窗口，共 {stack} 帧"),
        )
    } else {
        (
            format!("its buffer is another one and its window never closes: {smallest} at the smallest"),
            format!("但它的缓冲区大小不同，窗口从未关闭，最小为 {smallest}"),
        )
    };
    Words::new(
        format!(
            "The captured reader pauses: no window is offered in {}, the first is frame {first_frame}. The reader of 1.2.13 reads the same octets at the same times; {en}.",
            counted(captured, "frame", "frames")
        ),
        format!(
            "抓包中的读取方有停顿：{captured} 帧通告零窗口，第一帧是第 {first_frame} 帧。1.2.13 的读取方在同样的时刻读取同样的字节；{zh}。"
        ),
    )
}

fn unknown_end() -> Words<String> {
    Words::new(
        "The capture ends in the middle of a write, and what was still to come is not known: a segment of zeros stands for it.",
        "抓包在一次写入的中途结束，其余内容无从得知：以一个全零的报文段代替。",
    )
    .owned()
}

fn stuck(outcome: &Outcome, origin: &Origin, stuck: &Stuck) -> Words<String> {
    let Stuck { frame, time_ns, cause, discard } = stuck;
    let (time, peer) = (origin.time(*time_ns), outcome.peer);
    let (en, zh) = match discard {
        Some((thrown, reason)) => discarded(*thrown, *reason),
        None => ("1.2.13 threw no frame away before it".to_owned(), "在此之前 1.2.13 没有丢弃任何帧".to_owned()),
    };
    let (why, reason) = match cause {
        Cause::Conversation => ("it belongs to a conversation that 1.2.13 is not in", "它属于 1.2.13 并未参与的会话"),
        Cause::Window => (
            "its data ends beyond the window of 1.2.13, which does not open again before the capture ends",
            "它的数据超出 1.2.13 通告的窗口，而直到抓包结束窗口都没有再打开",
        ),
    };
    Words::new(
        format!(
            "Stuck at frame {frame}, {time} s: {why}. {en}. Take the other end with --as {peer}, or walk to the frame on the screen and ask why there."
        ),
        format!(
            "停滞于第 {frame} 帧，{time} 秒：{reason}。{zh}。可用 --as {peer} 换到另一端，或在屏幕上走到该帧查问原因。"
        ),
    )
}

/// What the stack threw away, and its sentence.
fn discarded(frame: usize, reason: Discard) -> (String, String) {
    let (name, words) = (reason.name(), reason.words());
    let (en, zh) = (words.text(crate::i18n::Lang::En), words.text(crate::i18n::Lang::Zh));
    (
        format!("It threw frame {frame} away, {name}: {}", en.trim_end_matches('.')),
        format!("它丢弃了第 {frame} 帧，{name}：{}", zh.trim_end_matches('。')),
    )
}
