//! One line on standard error, in the reader's language, where what packetdrill says of a failure would mislead: it calls
//! "nothing will ever come" a header that overflows a packet, and knows no name for a call that sleeps for ever.

use stack::kernel::call::CallName;
use stack::words::{Lang, Words};

/// Says a line.
pub(crate) fn say(line: &Words<String>) {
    let lang = Lang::of_locale(|name| std::env::var(name).ok());
    eprintln!("libsockscope_judge: {}", line.text(lang));
}

/// packetdrill waits for a packet, and there will be none: `oops` is why the machine has died, where it has.
pub(crate) fn silence(oops: Option<&str>) -> Words<String> {
    match oops {
        Some(story) => Words {
            en: format!(
                "the script waits for a packet, but Linux 1.2.13 died before: {story} (packetdrill will say \"IP header \
                 overflows packet\")"
            ),
            zh: format!("脚本在等一个包，而 Linux 1.2.13 在此之前已经崩溃：{story}（packetdrill 会报 \"IP header overflows packet\"）"),
        },
        None => Words {
            en: "the script waits for a packet that will never come: nothing is left to send, and no timer of Linux 1.2.13 \
                 will send anything (packetdrill will say \"IP header overflows packet\")"
                .to_owned(),
            zh: "脚本等待的包永远不会来：Linux 1.2.13 没有要发的东西，也没有哪个定时器会发出什么（packetdrill 会报 \
                 \"IP header overflows packet\"）"
                .to_owned(),
        },
    }
}

/// A call that the script does not say to block would sleep for ever.
pub(crate) fn deadlock(name: CallName, oops: Option<&str>) -> Words<String> {
    let name = name.name();
    match oops {
        Some(story) => Words {
            en: format!("{name}() never returns, because Linux 1.2.13 died: {story} (EDEADLK stands for that)"),
            zh: format!("{name}() 不会返回，因为 Linux 1.2.13 已经崩溃：{story}（用 EDEADLK 表示）"),
        },
        None => Words {
            en: format!(
                "{name}() would sleep for ever: while it waits the script cannot go on, and no timer ends the wait \
                 (EDEADLK stands for that); if it is to block, write when it returns: +0...0.1 {name}(...)"
            ),
            zh: format!(
                "{name}() 会一直睡下去：它等待时脚本无法继续，也没有定时器来结束等待（用 EDEADLK 表示）；\
                 如果本来就要阻塞，请写明返回时刻：+0...0.1 {name}(...)"
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_one_line_that_names_what_packetdrill_will_say() {
        let lines = [
            silence(None),
            silence(Some("it wrote through a null pointer.")),
            deadlock(CallName::Accept, None),
            deadlock(CallName::Accept, Some("it wrote through a null pointer.")),
        ];
        for (line, lang) in lines.iter().flat_map(|line| Lang::ALL.map(|lang| (line, lang))) {
            let text = line.text(lang);
            assert!(!text.contains('\n') && !text.contains("  "), "{text}");
            assert!(text.contains("IP header overflows packet") || text.contains("EDEADLK"), "{text}");
        }
        assert!(lines[3].text(Lang::Zh).contains("null pointer"));
    }
}
