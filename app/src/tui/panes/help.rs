//! What the help says of each pane before it lists all keys: what the pane shows, its signs, its five most useful keys.
//!
//! One arm per pane and no other way in: a pane without its words does not compile. To add one: a sentence or two of what is to be
//! seen, a row for every sign that is drawn in it, and exactly five keys by the names of their actions, said as they act there.

use crate::i18n::Words;
use crate::picture::Pane;

/// What the help says of a pane.
#[derive(Clone, Copy, Debug)]
pub struct PaneHelp {
    /// What it shows, in a sentence or two.
    pub shows: Words,
    /// The signs that stand in it, and what they mean.
    pub marks: &'static [(&'static str, Words)],
    /// The keys that are most useful in it: actions by their names, and what each does there.
    pub keys: [(&'static str, Words); 5],
}

macro_rules! pane_help {
    ($en:literal $zh:literal; $(mark $sign:literal $mark_en:literal $mark_zh:literal;)* $(key $id:literal $key_en:literal $key_zh:literal;)*) => {
        &PaneHelp {
            shows: Words { en: $en, zh: $zh },
            marks: &[$(($sign, Words { en: $mark_en, zh: $mark_zh })),*],
            keys: [$(($id, Words { en: $key_en, zh: $key_zh })),*],
        }
    };
}

/// What the help says of a pane.
#[must_use]
pub fn help(pane: Pane) -> &'static PaneHelp {
    match pane {
        Pane::Code => CODE,
        Pane::Sock => SOCK,
        Pane::State => STATE,
        Pane::Ladder => LADDER,
        Pane::Queues => QUEUES,
        Pane::Arp => ARP,
        Pane::Frame => FRAME,
        Pane::Stack => STACK,
        Pane::Timers => TIMERS,
        Pane::Path => PATH,
        Pane::Bytes => BYTES,
        Pane::Peer => PEER,
        Pane::Branches => BRANCHES,
        Pane::Stops => STOPS,
        Pane::Cpu => CPU,
        Pane::Tables => TABLES,
        Pane::Processes => PROCESSES,
        Pane::Socks => SOCKS,
        Pane::Plot => PLOT,
        Pane::Outline => OUTLINE,
        Pane::Capture => CAPTURE,
        Pane::Lesson => LESSON,
    }
}

const CODE: &PaneHelp = pane_help! {
    "The function that runs, in the Rust that really runs here, with the file and function of Linux 1.2.13 it stands for. Below it, in one sentence, what this step does."
    "正在运行的函数：真正在此运行的 Rust 代码，以及它所对应的 Linux 1.2.13 的文件和函数。下方用一句话说明本步做了什么。";
    mark "▶" "the line that runs" "正在运行的行";
    mark "·" "lines that only record the run are folded away here" "此处折叠了只用于记录运行的行";
    mark "*" "a value that this step changed" "本步改变的值";
    mark "● ○" "a stop at this function, on or off; on a line, where a search has stopped" "此函数的停止点（启用、停用）；在行上表示搜索停在此处";
    key "into" "into the next function, or the next step of this one" "步入下一个函数，或本函数的下一步";
    key "over" "over it: calls are taken whole" "步过：被调用的函数整个执行完";
    key "out" "out of this function" "步出本函数";
    key "break" "a stop at this function: c and C stop there" "在此函数设停止点：c 与 C 会停在那里";
    key "find" "find a word in the function" "在函数中查找";
};
const SOCK: &PaneHelp = pane_help! {
    "The struct sock under focus: every field by its kernel name in its group, with its value at this moment; zeros are dim, and what this step changed always stands in view."
    "当前关注的 struct sock：各字段按内核中的名字分组列出，值为此刻的值；零值变暗，本步改变的字段始终可见。";
    mark "*" "changed by this step" "本步改变";
    mark "→" "from the old value to the new one" "由旧值变为新值";
    key "down" "choose a field" "选择字段";
    key "who-wrote" "who last wrote it: go to that step" "最后是谁写的：跳到那一步";
    key "watch" "watch it: c and C stop where it changes" "监视它：c 与 C 会停在它改变处";
    key "relative" "sequence numbers relative or absolute" "相对或绝对序号";
    key "host" "the sock of the other host" "另一台主机的 sock";
};
const STATE: &PaneHelp = pane_help! {
    "The TCP state diagram, the state of this sock lit in it, and below it the edges that lead out of that state."
    "TCP 状态图：点亮的是此 sock 的状态，下方列出从该状态离开的边。";
    mark "*" "the edge just taken" "刚刚走过的边";
    mark "▐ ▌" "the state now" "现在的状态";
    key "state" "to the next change of a state" "到下一次状态变化";
    key "state-back" "to the one before" "到上一次状态变化";
    key "host" "the other host" "另一台主机";
    key "down" "scroll to the edges" "滚动到各条边";
    key "zoom" "the whole screen" "占满屏幕";
};
const LADDER: &PaneHelp = pane_help! {
    "The frames of this run in time, from host to host, with the states between them. What has not happened yet is dashed."
    "本次运行的帧，按时间在主机之间往来，中间标出状态。尚未发生的画成虚线。";
    mark "▶" "where you are" "你所在之处";
    mark "─ ╌" "sent, and not yet sent" "已发与未发";
    mark "✗" "lost on the wire" "在网线上丢失";
    mark "↻" "sent again" "重传";
    mark "≠" "corrupted: other bytes arrived than had left" "损坏：到达的字节与发出的不同";
    mark "2x" "arrived twice" "到达两次";
    mark "◔" "arrived later than usual" "比平常晚到";
    mark "?" "no answer came before it was sent again, or within a second" "重传之前或一秒之内没有应答";
    mark "░" "hidden until the question is answered" "回答问题之前不显示";
    mark "= ~" "a replay: the captured end sends the same; it differs by design of 1995" "重放：被抓取的一端发送相同内容；因 1995 年的设计而不同";
    mark "+ -" "only 1.2.13 sends it; only the capture has it" "只有 1.2.13 发送；只有抓包中有";
    mark "< >" "1.2.13 sends it earlier, later" "1.2.13 发送得较早、较晚";
    mark "◌" "the capture missed it: inferred from an acknowledgement" "抓包漏掉了它：根据确认推断";
    key "down" "choose a frame" "选择帧";
    key "follow" "go to the moment of the chosen frame" "跳到所选帧的时刻";
    key "drop" "lose it: the run branches there" "丢掉它：运行在此分支";
    key "follow-stream" "the data of its connection as text" "其连接的数据（文本）";
    key "times" "times since the start, since the frame before, of the day" "时间：距开始、距上一帧、时刻";
};
const QUEUES: &PaneHelp = pane_help! {
    "The roads of buffers on this host, in from the wire to the reader and out to the wire, and every queue on which something stands: what waits to be sent, to be acknowledged, to be read, and what came while the sock was in use (back_log)."
    "本机上缓冲区的去路：从网线到读者，从写者到网线；以及每个非空队列：等待发送的、等待确认的、等待读取的，以及 sock 被占用时到来的（back_log）。";
    mark "*" "changed by this step" "本步改变";
    mark "[ ]" "one sk_buff: what it carries, its sequence numbers, valid bytes, sock, name" "一个 sk_buff：所载内容、序号范围、有效字节、所属 sock、名字";
    mark "▓ ░" "used, and free" "已用与空闲";
    key "down" "choose a queue or a buffer" "选择队列或缓冲区";
    key "follow" "the card of the chosen buffer" "所选缓冲区的卡片";
    key "state" "to the next change of a state" "到下一次状态变化";
    key "host" "the other host" "另一台主机";
    key "zoom" "the whole screen" "占满屏幕";
};
const ARP: &PaneHelp = pane_help! {
    "The ARP table of this host: first who is being asked for, with the packets that wait for the answer, then who is known and for how long."
    "本机的 ARP 表：先列正在询问的地址及等待应答的数据包，再列已知的地址与剩余时间。";
    mark "*" "changed by this step" "本步改变";
    mark "▓ ░" "the time that is left" "剩余时间";
    key "down" "choose an entry or a packet that waits" "选择表项或等待的数据包";
    key "follow" "the card of the chosen packet" "所选数据包的卡片";
    key "timer" "to the next timer" "到下一次定时器";
    key "host" "the other host" "另一台主机";
    key "proc" "what /proc/net/arp tells of it" "看 /proc/net/arp 怎么说";
};
const FRAME: &PaneHelp = pane_help! {
    "The frame of this step, header by header and field by field. The bytes of the chosen field are lit in the pane Bytes."
    "本步的帧，逐层首部、逐个字段。所选字段的字节在“字节”窗格中点亮。";
    mark "✗" "a checksum or length that is wrong" "错误的校验和或长度";
    key "down" "choose a field" "选择字段";
    key "frame" "to the next frame" "到下一帧";
    key "frame-back" "to the one before" "到上一帧";
    key "pane-bytes" "its bytes" "它的字节";
    key "find" "find a field" "查找字段";
};
const STACK: &PaneHelp = pane_help! {
    "The calls that led here, innermost first, each with its layer and its arguments."
    "通向此处的调用，最内层在前，各带层与参数。";
    mark "▶" "the function that runs" "正在运行的函数";
    key "down" "choose a call" "选择调用";
    key "break" "stop at the chosen function" "在所选函数设停止点";
    key "out" "out of this function" "步出本函数";
    key "out-back" "back to where it was called" "退回它被调用之处";
    key "find" "find a function" "查找函数";
};
const BRANCHES: &PaneHelp = pane_help! {
    "The run that was opened, and below it every other course that you have given it: what is different there, and from which step on."
    "打开的那次运行，其下是你另外造出的每个分支：有何不同、从哪一步开始。";
    mark "▶" "the branch that is shown" "正在显示的分支";
    mark "╰─" "parted from the one above it" "从上方的分支分出";
    key "down" "choose a branch" "选择分支";
    key "follow" "show the chosen one" "显示所选分支";
    key "throw-away" "throw it away" "丢弃它";
    key "compare" "compare with another" "与另一个比较";
    key "branch" "the next branch" "下一分支";
};
const STOPS: &PaneHelp = pane_help! {
    "The stops of this session: what c and C run to, what kind each is, and where the run lists such places how often it has come so far."
    "本次会话的停止点：c 与 C 会运行到的地方、各自的种类，以及（运行自己列出的那些）到此刻已出现的次数。";
    mark "●" "it stops" "启用";
    mark "○" "switched off" "已停用";
    mark "×" "so often up to this moment" "到此刻出现的次数";
    key "stop-run" "run to its next place, whether it is on or off" "运行到它的下一处，无论是否启用";
    key "stop-run-back" "back to the one before" "后退到上一处";
    key "stop-switch" "switch it on or off" "启用或停用";
    key "stop-remove" "remove it" "删除";
    key "type-stop" "type another one" "再输入一个";
};
const CPU: &PaneHelp = pane_help! {
    "The processor of this host: registers with what they mean here, the interrupt flag, the bottom halves, and on whose stack it all runs."
    "本机的处理器：各寄存器及其此刻的含义、中断标志、下半部，以及这一切运行在谁的栈上。";
    mark "*" "changed by this step" "本步改变";
    mark "[ECX+4]" "the word of user memory at that address" "该地址处的用户内存字";
    key "down" "choose a row: its meaning stands below" "选择一行：下方说明其含义";
    key "into" "into the next function" "步入下一个函数";
    key "layer" "to the next crossing of layers, the trap among them" "到下一次跨层，陷入内核也算";
    key "host" "the other host" "另一台主机";
    key "find" "find a register" "查找寄存器";
};
const TABLES: &PaneHelp = pane_help! {
    "The tables through which the kernel finds its functions, IDT, sys_call_table, pops, ptype_base, inet_protos, and the port tables with their chains of socks."
    "内核借以找到函数的各张表：IDT、sys_call_table、pops、ptype_base、inet_protos，以及挂着 sock 链的端口表。";
    mark "▶" "the entry that this step goes through" "本步经过的表项";
    mark "▸" "an entry that the open calls came through" "尚未返回的调用所经过的表项";
    mark "*" "changed by this step" "本步改变";
    key "down" "choose an entry" "选择表项";
    key "into" "into the next function" "步入下一个函数";
    key "layer" "to the next crossing of layers" "到下一次跨层";
    key "find" "find an entry" "查找表项";
    key "zoom" "the whole screen" "占满屏幕";
};
const PROCESSES: &PaneHelp = pane_help! {
    "The processes of this host: state, the call each is in, where and on which queue it sleeps with what is done so far, and its descriptors down to the sock."
    "本机的进程：状态、所处的系统调用、睡在哪个函数的哪个队列上、已完成多少，以及从描述符一直到 sock 的链。";
    mark "*" "changed by this step" "本步改变";
    mark "▶" "it has the processor" "正占用处理器";
    mark "…" "what it is in the middle of" "正进行到一半的事";
    key "down" "choose a row" "选择一行";
    key "host" "the other host" "另一台主机";
    key "call" "type a system call" "输入系统调用";
    key "follow" "choose the sock of a descriptor" "选定某描述符的 sock";
    key "zoom" "the whole screen" "占满屏幕";
};
const SOCKS: &PaneHelp = pane_help! {
    "Every sock of every host: state, addresses, queues, who keeps it. The one you choose is the one that Sock, State and Queues show, until you let go."
    "每台主机的每个 sock：状态、地址、队列、由谁持有。选中的那个就是 Sock、状态与队列所显示的，直到你放开。";
    mark "▸" "the one that is shown" "正在显示的 sock";
    mark "●" "the row that decides what is shown" "决定显示内容的行";
    mark "*" "changed by this step" "本步改变";
    key "down" "choose a sock" "选择 sock";
    key "follow" "show it everywhere" "在各窗格中显示它";
    key "unzoom" "let go: follow the step again" "放开：重新跟随当前步";
    key "find" "find an address or port" "查找地址或端口";
    key "zoom" "the whole screen" "占满屏幕";
};
const PLOT: &PaneHelp = pane_help! {
    "The connection of this sock against time: above what one side sent, what is acknowledged and the edge of the window; below the congestion window and how long the queues were."
    "此 sock 的连接随时间的变化：上方是一端发送的序号、已确认的序号与窗口边界，下方是拥塞窗口与各队列的长度。";
    mark "┃" "now" "此刻";
    mark "┊" "the frame under the cursor" "光标所在的帧";
    mark "R" "sent again" "重传";
    mark "x" "lost on the wire" "在网线上丢失";
    mark "a w" "acknowledged, and the window's edge" "已确认与窗口边界";
    mark "c b r w s" "below: cong_window, back_log, receive_queue, write_queue, send_head" "下方：cong_window、back_log、receive_queue、write_queue、send_head";
    key "right" "the next frame" "下一帧";
    key "left" "the frame before" "上一帧";
    key "follow" "go to the moment of that frame" "跳到该帧的时刻";
    key "next-sock" "the connection of the next sock" "下一个 sock 的连接";
    key "zoom" "the whole screen" "占满屏幕";
};
const OUTLINE: &PaneHelp = pane_help! {
    "The call tree of this turn: everything that one frame, call or tick set going, with the steps of each call, those inside it counted."
    "本轮的调用树：一个帧、一次调用或一次时钟中断引起的全部调用，以及各自的步数（含其内部调用）。";
    mark "▶" "where you are" "你所在之处";
    mark "▾ ▸" "its calls are shown, or folded away" "其调用已展开或已折叠";
    key "down" "choose a call" "选择调用";
    key "follow" "go to its first step" "跳到它的第一步";
    key "fold" "fold it or unfold it" "折叠或展开";
    key "find" "find a function" "查找函数";
    key "zoom" "the whole screen" "占满屏幕";
};
const CAPTURE: &PaneHelp = pane_help! {
    "A replay beside its capture: first what has to be known of the whole, then each frame that 1.2.13 or the captured end sent, with the number it has in the capture and how the two relate."
    "重放与抓包的对照：先是关于整个重放的说明，然后是 1.2.13 或被抓取的一端发送的每一帧、它在抓包中的编号以及两者的关系。";
    mark "▶" "the frame at which 1.2.13 is, or the cursor" "1.2.13 或光标所在的帧";
    mark "→ ←" "observed: the client or the server sent it" "观察时：客户端或服务器发送";
    mark "= ~" "both send the same; they differ by design of 1995" "两者相同；因 1995 年的设计而不同";
    mark "+ -" "only 1.2.13 sends it; only the capture has it" "只有 1.2.13 发送；只有抓包中有";
    mark "< > ≠" "it comes earlier, later, or in another form" "较早、较晚，或形式不同";
    key "follow" "go to the frame" "跳到该帧";
    key "next-difference" "to the next decision that differs" "到下一个不同的决定";
    key "why" "why 1.2.13 sent this, or what it did instead" "1.2.13 为什么发送它，或者它做了什么";
    key "differences" "the entry of the list of differences that tells of it" "差异列表中说明它的条目";
    key "other-end" "replay this connection as its other end" "扮演此连接的另一端重放";
};
const TIMERS: &PaneHelp = pane_help! {
    "The timers of this host that run, the next one first: what each is for, when it fires, who armed it and at which step."
    "本机正在运行的定时器，最先到期的在前：各作何用、何时触发、由谁设置。";
    mark "*" "changed by this step" "本步改变";
    mark "▓" "the time that is left, on one logarithmic scale for all" "剩余时间，全部用同一对数刻度";
    key "timer" "to the next timer that fires" "到下一次定时器触发";
    key "timer-back" "to the one before" "到上一次定时器触发";
    key "down" "choose a timer" "选择定时器";
    key "fire" "let it fire now, in a branch" "让它立即触发（新分支）";
    key "find" "find a timer" "查找定时器";
};
const PATH: &PaneHelp = pane_help! {
    "The way of this step through the layers of the kernel, outermost first, from the process or from the wire to here."
    "本步穿过内核各层的路线，最外层在前，从进程或网线一直到此处。";
    mark "▐ ▌" "the function that runs" "正在运行的函数";
    mark "▸" "calls" "调用";
    key "layer" "to the next layer" "到下一层";
    key "layer-back" "to the one before" "到上一层";
    key "into" "one step on" "前进一步";
    key "out" "out of this function" "步出本函数";
    key "zoom" "the whole screen, one call a line" "占满屏幕，每行一个调用";
};
const BYTES: &PaneHelp = pane_help! {
    "The frame of this step as bytes, those of the chosen field lit. A click on a byte chooses the field that owns it."
    "本步的帧的字节，点亮的是所选字段。点击字节即选中它所属的字段。";
    mark "▐ ▌" "the chosen field" "所选字段";
    key "down" "the next field" "下一个字段";
    key "up" "the field before" "上一个字段";
    key "frame" "to the next frame" "到下一帧";
    key "pane-frame" "the fields by their names" "字段的名字";
    key "zoom" "the whole screen" "占满屏幕";
};
const PEER: &PaneHelp = pane_help! {
    "The struct sock of the other host that belongs to the same connection."
    "另一台主机上属于同一连接的 struct sock。";
    mark "*" "changed by this step" "本步改变";
    key "down" "choose a field" "选择字段";
    key "host" "look at that host" "看那台主机";
    key "relative" "sequence numbers relative or absolute" "相对或绝对序号";
    key "find" "find a field" "查找字段";
    key "zoom" "the whole screen" "占满屏幕";
};
const LESSON: &PaneHelp = pane_help! {
    "The open lesson: what it says, what it asks, and after your answer what the stack itself did."
    "打开的课程：它讲什么、问什么，以及作答之后协议栈自己做了什么。";
    mark "▸" "the option under the cursor" "光标所在的选项";
    mark "✓ ✗" "it ran so, and it did not" "运行如此与并非如此";
    key "lesson-next" "go on" "继续";
    key "lesson-back" "go back" "返回";
    key "write" "write: calls for a task, or the lesson in your own words" "书写：任务的系统调用，或自己的总结";
    key "hint" "a hint" "提示";
    key "follow" "to the step that settled the question" "到决定答案的那一步";
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::tui::action::by_id;

    #[test]
    fn every_key_of_every_pane_is_an_action_and_every_text_is_translated() {
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for pane in Pane::ALL {
            let help = help(*pane);
            let texts = [&help.shows].into_iter();
            let texts =
                texts.chain(help.marks.iter().map(|(_, words)| words)).chain(help.keys.iter().map(|(_, words)| words));
            for words in texts {
                assert!(chinese(words.text(Lang::Zh)) && !chinese(words.text(Lang::En)), "{}: {words:?}", pane.id());
            }
            for (id, _) in help.keys {
                assert!(by_id(id).is_some_and(|entry| !entry.keys.is_empty()), "{}: {id}", pane.id());
            }
        }
    }
}
