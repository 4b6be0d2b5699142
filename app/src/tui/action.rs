//! Every action of the program, once.
//!
//! [`TABLE`] is the only list: it feeds the dispatch of keys, the footer, the help, the palette, the which-key panel and the
//! manual page, and a test looks for keys that two actions of one mode would share. The rows that call a pane are made from
//! the table of [`panes`] and stand before the others of their group.
//!
//! To add a key: its row here, and what it does in `App::act`.

use super::panes;
use crate::i18n::{Lang, Words};
use crate::picture::Pane;
use crate::session::motion::{Direction, Motion, WireAct};

/// What a key, a line of the palette or a row of the help does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below labels each")]
pub enum Action {
    Travel(Motion, Direction),
    /// To the next or previous decision of a replay that differs from its capture.
    Difference(Direction),
    /// Replays the same connection as its other end.
    OtherEnd,
    /// The data of the connection, both directions.
    FollowStream,
    /// The entry of the list of differences that tells of the selected frame.
    Differences,
    Play(Direction),
    Faster,
    Slower,
    Pane(Pane),
    NextPane,
    PreviousPane,
    Zoom,
    Unzoom,
    Pin,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Top,
    Enter,
    Fold,
    SkbCard,
    SetMark,
    GoMark,
    GoStep,
    GoAnywhere,
    Explain,
    FindNext,
    FindPrevious,
    Watch,
    Break,
    WhoWrote,
    Why,
    TypeStop,
    StopSwitch,
    StopRemove,
    StopRun(Direction),
    Wire(WireAct),
    NextBranch,
    ThrowAway,
    Fire,
    Compare,
    Call,
    WalkSocks(Direction),
    KernelSource,
    ProcNet,
    Find,
    Palette,
    Help,
    LessonNext,
    LessonBack,
    NextLesson,
    OnceMore,
    CompareDrawing,
    Choose(u8),
    Certainty(u8),
    Answer,
    Skip,
    Hint,
    Shift(bool),
    Undo,
    Write,
    /// Class mode, on or off.
    Class,
    /// Counts the votes for an option.
    Vote(u8),
    /// A digit of the count: the key says which.
    Count,
    /// Takes the last digit back.
    Erase,
    VoteAgain,
    Shell,
    Home,
    Captures,
    ReverseOrder,
    /// To the next frame of an observed connection that came for an unusual reason.
    Oddity(Direction),
    /// Tells the times of frames in another way.
    Times,
    Host,
    Relative,
    Language,
    Theme,
    Mouse,
    ExportSvg,
    ExportText,
    Restart,
    SaveRun,
    Redraw,
    Suspend,
    Quit,
}

impl Action {
    /// Whether it is done to the program, whatever is open in it.
    #[must_use]
    pub fn is_of_program(self) -> bool {
        matches!(
            self,
            Self::Language
                | Self::Theme
                | Self::Help
                | Self::Palette
                | Self::Mouse
                | Self::Redraw
                | Self::Suspend
                | Self::ExportSvg
                | Self::ExportText
                | Self::Quit
        )
    }
}

/// Where a key counts. A mode looks in its own rows first, then in [`Mode::Main`] (unless it takes text).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everywhere in a run.
    Main,
    /// While the ladder has the focus.
    Ladder,
    /// While the timers have the focus.
    Timers,
    /// While the branches have the focus.
    Branches,
    /// While the list of stops has the focus.
    Stops,
    /// While the outline has the focus.
    Outline,
    /// While a question is open.
    Quiz,
    /// At the end of a lesson.
    Ending,
    /// While a question is open before a class.
    Class,
    /// On the home screen.
    Home,
    /// On the table of connections of a capture.
    Captures,
    /// In an observed connection of a capture.
    Observed,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 12] = [
        Self::Main,
        Self::Ladder,
        Self::Timers,
        Self::Branches,
        Self::Stops,
        Self::Outline,
        Self::Quiz,
        Self::Ending,
        Self::Class,
        Self::Home,
        Self::Captures,
        Self::Observed,
    ];

    /// When its keys count, where that is not always.
    #[must_use]
    pub fn words(self) -> Option<Words> {
        match self {
            Self::Main => None,
            Self::Ladder => Some(Words { en: "while the ladder has the focus", zh: "焦点在时序图时" }),
            Self::Timers => Some(Words { en: "while the timers have the focus", zh: "焦点在定时器时" }),
            Self::Branches => Some(Words { en: "while the branches have the focus", zh: "焦点在分支窗格时" }),
            Self::Stops => {
                Some(Words { en: "while the list of stops has the focus", zh: "焦点在停止点列表时" })
            }
            Self::Outline => Some(Words { en: "while the outline has the focus", zh: "焦点在调用树时" }),
            Self::Quiz => Some(Words { en: "while a question is open", zh: "问题打开时" }),
            Self::Ending => Some(Words { en: "at the end of a lesson", zh: "课程结束时" }),
            Self::Class => {
                Some(Words { en: "while a question is open before a class", zh: "课堂模式中问题打开时" })
            }
            Self::Home => Some(Words { en: "on the home screen", zh: "在主页上" }),
            Self::Captures => Some(Words { en: "on the table of a capture", zh: "在抓包的连接表上" }),
            Self::Observed => Some(Words { en: "in an observed connection", zh: "观察连接时" }),
        }
    }
}

/// A heading of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Moving through the run.
    Time,
    /// Panes and their contents.
    Panes,
    /// Looking for things.
    Search,
    /// The simulated wire.
    Wire,
    /// Lessons and questions.
    Lesson,
    /// The program itself.
    Program,
}

impl Group {
    /// Every group, in the order of the help.
    pub const ALL: [Self; 6] = [Self::Time, Self::Panes, Self::Search, Self::Wire, Self::Lesson, Self::Program];

    /// The heading.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Time => Words { en: "Time", zh: "时间" },
            Self::Panes => Words { en: "Panes", zh: "窗格" },
            Self::Search => Words { en: "Search and watch", zh: "查找与监视" },
            Self::Wire => Words { en: "Wire", zh: "网线" },
            Self::Lesson => Words { en: "Lesson", zh: "课程" },
            Self::Program => Words { en: "Program", zh: "程序" },
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it does.
    pub action: Action,
    /// Its name in the palette and in a configuration.
    pub id: &'static str,
    /// Its label.
    pub label: Words,
    /// Its keys, the first one shown; `g g` is a sequence.
    pub keys: &'static [&'static str],
    /// Where they count.
    pub mode: Mode,
    /// Its heading in the help.
    pub group: Group,
}

macro_rules! table {
    ($($mode:ident $group:ident $id:literal [$($key:literal),*] $action:expr, $en:literal, $zh:literal;)*) => {
        /// The actions that are no pane's.
        const ACTIONS: &[Entry] = &[$(Entry {
            action: $action,
            id: $id,
            label: Words { en: $en, zh: $zh },
            keys: &[$($key),*],
            mode: Mode::$mode,
            group: Group::$group,
        }),*];
    };
}

use Action as A;
use Direction::{Backward as Back, Forward};
use Motion as M;

table! {
    Main Time "into" ["s", "F11"] A::Travel(M::Into, Forward), "into", "步入";
    Main Time "into-back" ["S"] A::Travel(M::Into, Back), "into, backwards", "后退步入";
    Main Time "over" ["n", "F10"] A::Travel(M::Over, Forward), "over", "步过";
    Main Time "over-back" ["N"] A::Travel(M::Over, Back), "over, backwards", "后退步过";
    Main Time "out" ["f"] A::Travel(M::Out, Forward), "out", "步出";
    Main Time "out-back" ["F"] A::Travel(M::Out, Back), "out, backwards", "后退步出";
    Main Time "micro" ["."] A::Travel(M::Micro, Forward), "one micro-step", "一个微步";
    Main Time "micro-back" [","] A::Travel(M::Micro, Back), "one micro-step backwards", "后退一个微步";
    Main Time "frame" ["]"] A::Travel(M::Frame, Forward), "next frame", "下一帧";
    Main Time "frame-back" ["["] A::Travel(M::Frame, Back), "previous frame", "上一帧";
    Main Time "state" [">"] A::Travel(M::State, Forward), "next state change", "下一状态变化";
    Main Time "state-back" ["<"] A::Travel(M::State, Back), "previous state change", "上一状态变化";
    Main Time "timer" ["t"] A::Travel(M::Timer, Forward), "next timer", "下一次定时器";
    Main Time "timer-back" ["T"] A::Travel(M::Timer, Back), "previous timer", "上一次定时器";
    Main Time "layer" ["y"] A::Travel(M::Layer, Forward), "next layer crossing", "下一次跨层";
    Main Time "layer-back" ["Y"] A::Travel(M::Layer, Back), "previous layer crossing", "上一次跨层";
    Main Time "run" ["c", "F5"] A::Travel(M::Run, Forward), "run to a stop", "运行到停止点";
    Main Time "run-back" ["C"] A::Travel(M::Run, Back), "run back to a stop", "后退到停止点";
    Main Time "play" ["p"] A::Play(Forward), "play or pause", "播放或暂停";
    Main Time "play-back" ["Ctrl-r"] A::Play(Back), "play backwards", "倒放";
    Main Time "faster" ["+"] A::Faster, "faster", "加快";
    Main Time "slower" ["-"] A::Slower, "slower", "放慢";
    Main Time "end" ["G", "End"] A::Travel(M::End, Forward), "to the end", "到终点";
    Main Time "start" ["g g", "Home"] A::Travel(M::End, Back), "to the start", "到起点";
    Main Time "go-state" ["g s"] A::Travel(M::State, Forward), "to the next state change", "到下一状态变化";
    Main Time "go-frame" ["g f"] A::Travel(M::Frame, Forward), "to the next frame", "到下一帧";
    Main Time "go-step" ["g n"] A::GoStep, "to a step by its number", "按编号跳到某一步";
    Main Time "mark" ["m"] A::SetMark, "set a mark (a letter follows)", "设标记（再按一个字母）";
    Main Time "go-mark" ["'"] A::GoMark, "go to a mark (a letter follows)", "跳到标记（再按一个字母）";
    Main Panes "next-pane" ["Tab"] A::NextPane, "pane", "窗格";
    Main Panes "previous-pane" ["BackTab"] A::PreviousPane, "previous pane", "上一窗格";
    Main Panes "zoom" ["z"] A::Zoom, "zoom", "放大";
    Main Panes "unzoom" ["Esc"] A::Unzoom, "leave the zoom", "取消放大";
    Main Panes "pin" ["P"] A::Pin, "pin this pane on the right", "把此窗格固定在右侧";
    Main Panes "up" ["Up", "k"] A::Up, "up", "上";
    Main Panes "down" ["Down", "j"] A::Down, "down", "下";
    Main Panes "left" ["Left", "h"] A::Left, "left", "左";
    Main Panes "right" ["Right", "l"] A::Right, "right", "右";
    Main Panes "page-up" ["PageUp"] A::PageUp, "page up", "上翻页";
    Main Panes "page-down" ["PageDown"] A::PageDown, "page down", "下翻页";
    Main Panes "top" ["g t"] A::Top, "to the top of the pane", "到窗格顶部";
    Main Panes "follow" ["Enter"] A::Enter, "follow the selected row, or explain its word", "跟随所选的行，或解释其中的词";
    Main Panes "explain" ["g e"] A::Explain, "explain the selected word (glossary)", "解释所选的词（词汇表）";
    Outline Panes "fold" ["Space"] A::Fold, "fold or unfold this call", "折叠或展开此调用";
    Main Panes "buffer" ["g k"] A::SkbCard, "card of the selected buffer, or of the one in hand", "所选缓冲区（或当前步手中缓冲区）的卡片";
    Main Panes "next-difference" [")"] A::Difference(Forward), "next decision that differs from the capture", "到下一个与抓包不同的决定";
    Main Panes "previous-difference" ["("] A::Difference(Back), "previous decision that differs from the capture", "到上一个与抓包不同的决定";
    Main Panes "other-end" ["g a"] A::OtherEnd, "replay this connection as its other end", "扮演此连接的另一端重放";
    Main Panes "follow-stream" ["V"] A::FollowStream, "the data of this connection as text, both directions", "此连接的数据：双向文本";
    Main Panes "differences" ["g d"] A::Differences, "where 1.2.13 differs: the entry for the selected frame of the capture", "1.2.13 的差异：抓包中所选帧的条目";
    Main Panes "host" ["a"] A::Host, "other host", "切换主机";
    Main Panes "relative" ["r"] A::Relative, "relative or absolute numbers", "相对或绝对序号";
    Main Panes "times" ["@"] A::Times, "times since the start, since the frame before, of the day", "时间：距开始、距上一帧、时刻";
    Main Panes "proc" ["o"] A::ProcNet, "/proc/net: what this kernel tells", "/proc/net：内核自己的说法";
    Main Panes "next-sock" ["}"] A::WalkSocks(Forward), "choose the next sock for Sock, State and Queues", "选定下一个 sock，供 sock、状态与队列窗格显示";
    Main Panes "previous-sock" ["{"] A::WalkSocks(Back), "choose the previous sock", "选定上一个 sock";
    Main Panes "kernel-source" ["K"] A::KernelSource, "your own Linux 1.2.13 beside the code (--kernel-src)", "在代码旁显示你自己的 Linux 1.2.13（--kernel-src）";
    Main Search "go-anywhere" ["Ctrl-g"] A::GoAnywhere, "go anywhere: function, frame, state, timer, process, mark, word", "跳到任意处：函数、帧、状态、定时器、进程、标记、词";
    Main Search "find" ["/"] A::Find, "find in this pane", "在此窗格中查找";
    Main Search "find-next" ["Ctrl-n"] A::FindNext, "next match", "下一个匹配";
    Main Search "find-previous" ["Ctrl-b"] A::FindPrevious, "previous match", "上一个匹配";
    Main Search "watch" ["w"] A::Watch, "watch the selected field: c and C stop where it changes", "监视所选字段：c 与 C 停在其改变处";
    Main Search "break" ["b"] A::Break, "stop at what is selected: this function, frame, timer, process, header field", "停在所选处：此函数、帧、定时器、进程、首部字段";
    Main Search "who-wrote" ["W"] A::WhoWrote, "who last wrote the selected field", "谁最后写了所选字段";
    Main Search "why" ["A"] A::Why, "why: ask about what is selected", "为什么：对所选内容提问";
    Main Search "type-stop" ["g b"] A::TypeStop, "type a stop: a function, frame where ..., drop, a condition", "输入停止点：函数、frame where …、drop、条件";
    Stops Search "stop-switch" ["Space"] A::StopSwitch, "switch this stop on or off", "启用或停用此停止点";
    Stops Search "stop-remove" ["x"] A::StopRemove, "remove this stop", "删除此停止点";
    Stops Search "stop-run" ["Enter"] A::StopRun(Forward), "run to the next place of this stop", "运行到此停止点的下一处";
    Stops Search "stop-run-back" ["Backspace"] A::StopRun(Back), "run back to the last place of this stop", "后退到此停止点的上一处";
    Ladder Wire "drop" ["d"] A::Wire(WireAct::Drop), "lose this frame", "丢掉此帧";
    Ladder Wire "delay" ["D"] A::Wire(WireAct::Delay), "delay this frame", "延迟此帧";
    Ladder Wire "duplicate" ["v"] A::Wire(WireAct::Duplicate), "duplicate this frame", "重复此帧";
    Ladder Wire "corrupt" ["x"] A::Wire(WireAct::Corrupt), "corrupt this frame", "损坏此帧";
    Ladder Wire "overtake" ["O"] A::Wire(WireAct::Overtake), "let the next frame overtake this one", "让下一帧超过此帧";
    Ladder Wire "edit-frame" ["E"] A::Wire(WireAct::Edit), "edit the fields of this frame", "编辑此帧的字段";
    Timers Wire "fire" ["x"] A::Fire, "let this timer fire now", "让此定时器立即触发";
    Branches Wire "throw-away" ["x"] A::ThrowAway, "throw this branch away", "丢弃此分支";
    Main Wire "branch" ["B"] A::NextBranch, "next branch of the run", "运行的下一分支";
    Main Wire "compare" ["g c"] A::Compare, "compare with a branch, step, mark or file", "与分支、步、标记或文件比较";
    Main Wire "call" ["I"] A::Call, "type a system call", "输入系统调用";
    Main Lesson "lesson-next" ["Space"] A::LessonNext, "next beat of the lesson", "课程的下一节";
    Main Lesson "lesson-back" ["Backspace"] A::LessonBack, "previous beat of the lesson", "课程的上一节";
    Ending Lesson "once-more" ["o"] A::OnceMore, "second pass: the run once more, with holes", "第二遍：同一运行，由你填空";
    Ending Lesson "compare-drawing" ["d"] A::CompareDrawing, "the ladder, to compare your drawing with", "打开时序图，与自己的图对照";
    Quiz Lesson "choose-a" ["a"] A::Choose(0), "choose a", "选 a";
    Quiz Lesson "choose-b" ["b"] A::Choose(1), "choose b", "选 b";
    Quiz Lesson "choose-c" ["c"] A::Choose(2), "choose c", "选 c";
    Quiz Lesson "choose-d" ["d"] A::Choose(3), "choose d", "选 d";
    Quiz Lesson "choose-e" ["e"] A::Choose(4), "choose e", "选 e";
    Quiz Lesson "guessing" ["1"] A::Certainty(0), "guessing", "猜的";
    Quiz Lesson "fairly" ["2"] A::Certainty(1), "fairly sure", "比较确定";
    Quiz Lesson "certain" ["3"] A::Certainty(2), "certain", "确定";
    Quiz Lesson "answer" ["Enter"] A::Answer, "answer", "作答";
    Quiz Lesson "hint" ["h"] A::Hint, "hint", "提示";
    Quiz Lesson "shift-up" ["K"] A::Shift(true), "move the step up", "上移此步";
    Quiz Lesson "shift-down" ["J"] A::Shift(false), "move the step down", "下移此步";
    Main Lesson "undo" ["U"] A::Undo, "take the changes of the task back", "撤销任务中的改变";
    Main Lesson "write" ["e"] A::Write, "write: system calls for a task, or the lesson in your own words", "书写：任务的系统调用，或用自己的话总结";
    Ending Lesson "next-lesson" ["n"] A::NextLesson, "next lesson", "下一课";
    Quiz Lesson "skip" ["Esc"] A::Skip, "skip", "跳过";
    Main Lesson "class" ["Z"] A::Class, "class mode, on or off: the lesson large, votes counted", "课堂模式开或关：放大课程，统计投票";
    Class Lesson "vote-a" ["a"] A::Vote(0), "count the votes for a", "统计 a 的票数";
    Class Lesson "vote-b" ["b"] A::Vote(1), "count the votes for b", "统计 b 的票数";
    Class Lesson "vote-c" ["c"] A::Vote(2), "count the votes for c", "统计 c 的票数";
    Class Lesson "vote-d" ["d"] A::Vote(3), "count the votes for d", "统计 d 的票数";
    Class Lesson "vote-e" ["e"] A::Vote(4), "count the votes for e", "统计 e 的票数";
    Class Lesson "count" ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] A::Count, "a digit of the count", "输入票数的一位";
    Class Lesson "erase" ["Backspace"] A::Erase, "take the last digit back; without a count, the previous beat", "删去票数的末位；未在计票时回到上一节";
    Class Lesson "vote-again" ["v"] A::VoteAgain, "vote once more, after the discussion", "讨论后再投一次票";
    Class Lesson "class-hint" ["h"] A::Hint, "hint for the class", "给全班的提示";
    Class Lesson "reveal" ["Enter"] A::LessonNext, "show what the run did", "揭示运行的结果";
    Main Program "shell" ["!"] A::Shell, "run a command in the network of a live session", "在真实会话的网络中运行命令";
    Main Program "palette" [":", "Ctrl-p"] A::Palette, "palette", "命令";
    Main Program "help" ["?", "F1"] A::Help, "help", "帮助";
    Main Program "language" ["L"] A::Language, "switch to Chinese", "切换为英文";
    Main Program "theme" ["Ctrl-t"] A::Theme, "next theme", "下一主题";
    Main Program "mouse" ["M"] A::Mouse, "mouse on or off", "鼠标开或关";
    Main Program "export-svg" ["X"] A::ExportSvg, "write this screen as SVG", "把当前画面写成 SVG";
    Main Program "export-text" [] A::ExportText, "write this screen as text", "把当前画面写成文本";
    Main Program "restart" ["R"] A::Restart, "begin again: boot a live host anew, any other run from its start", "重新开始：真实会话重新启动主机，其余回到起点";
    Main Program "save-run" ["Ctrl-s"] A::SaveRun, "save this session: it opens again where you are", "保存这次会话：以后在同一处重新打开";
    Captures Panes "reverse-order" ["r"] A::ReverseOrder, "reverse the order of the rows", "反转各行的顺序";
    Observed Search "oddity" ["n"] A::Oddity(Forward), "next frame that came for an unusual reason", "下一个异常的帧";
    Observed Search "oddity-back" ["N"] A::Oddity(Back), "previous frame that came for an unusual reason", "上一个异常的帧";
    Main Program "captures" ["u"] A::Captures, "back to the table of connections of this capture", "回到此抓包的连接表";
    Main Program "home" ["H"] A::Home, "home screen", "主页";
    Main Program "redraw" ["Ctrl-l"] A::Redraw, "draw everything again", "重画整个画面";
    Main Program "suspend" ["Ctrl-z"] A::Suspend, "suspend", "挂起";
    Main Program "quit" ["q"] A::Quit, "quit", "退出";
}

/// Every action of the program.
pub const TABLE: &[Entry] = &with_panes();

/// The actions, with the rows of the panes before the others of their group.
const fn with_panes() -> [Entry; ACTIONS.len() + panes::TABLE.len()] {
    let mut all = [ACTIONS[0]; ACTIONS.len() + panes::TABLE.len()];
    let mut at = 0;
    let mut pane = 0;
    let mut place = 0;
    while place < ACTIONS.len() {
        while matches!(ACTIONS[place].group, Group::Panes) && pane < panes::TABLE.len() {
            all[at] = of_pane(&panes::TABLE[pane]);
            at += 1;
            pane += 1;
        }
        all[at] = ACTIONS[place];
        at += 1;
        place += 1;
    }
    all
}

const fn of_pane(row: &panes::Row) -> Entry {
    Entry {
        action: Action::Pane(row.pane),
        id: row.action,
        label: row.label,
        keys: row.keys,
        mode: Mode::Main,
        group: Group::Panes,
    }
}

/// The keys that begin longer ones, with what the panel says of them.
pub const PREFIXES: &[(&str, Words)] =
    &[("g", Words { en: "go to", zh: "跳到" }), ("g p", Words { en: "pane, by its letter", zh: "窗格（再按字母）" })];

/// One hint of the footer: an action by its name, and a word short enough for eighty columns.
pub type Hint = (&'static str, Words);

macro_rules! hints {
    ($name:ident, $doc:literal: $($id:literal $en:literal $zh:literal;)*) => {
        #[doc = $doc]
        pub const $name: &[Hint] = &[$(($id, Words { en: $en, zh: $zh })),*];
    };
}

hints! { HINTS_MAIN, "The footer of a run.":
    "into" "into" "步入"; "over" "over" "步过"; "captures" "table" "连接表"; "next-difference" "difference" "差异"; "out" "out" "步出"; "frame" "frame" "帧"; "state" "state" "状态";
    "timer" "timer" "定时器"; "layer" "layer" "跨层"; "play" "play" "播放"; "next-pane" "pane" "窗格"; "zoom" "zoom" "放大"; "host" "host" "主机"; "differences" "entry" "条目"; "other-end" "other end" "另一端";
    "class" "class" "课堂"; "run" "run" "运行"; "shell" "command" "外部命令"; "find" "find" "查找"; "language" "中文" "English"; "follow-stream" "stream" "数据流"; "export-svg" "export" "导出"; "quit" "quit" "退出";
    "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_HOME, "The footer of the home screen.":
    "up" "choose" "选择"; "follow" "open" "打开"; "find" "find" "查找"; "language" "中文" "English"; "theme" "theme" "主题"; "quit" "quit" "退出";
    "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_CAPTURES, "The footer of the table of connections.":
    "up" "choose" "选择"; "follow" "replay" "重放"; "find" "filter" "过滤"; "left" "sort" "排序"; "reverse-order" "reverse" "反转"; "home" "home" "主页";
    "language" "中文" "English"; "theme" "theme" "主题"; "quit" "quit" "退出"; "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_OBSERVED, "The footer of an observed connection.":
    "frame" "frame" "帧"; "into" "any" "任一帧"; "oddity" "unusual" "异常"; "captures" "table" "连接表"; "host" "other end" "另一端";
    "next-sock" "connection" "连接"; "next-pane" "pane" "窗格"; "zoom" "zoom" "放大"; "times" "times" "时间"; "state" "state" "状态"; "play" "play" "播放";
    "find" "find" "查找"; "language" "中文" "English"; "export-svg" "export" "导出"; "quit" "quit" "退出"; "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_LADDER, "The footer while the ladder has the focus.":
    "into" "into" "步入"; "frame" "frame" "帧"; "follow" "jump" "跳到"; "drop" "lose" "丢掉"; "delay" "delay" "延迟"; "duplicate" "twice" "重复";
    "corrupt" "corrupt" "损坏"; "edit-frame" "edit" "编辑"; "next-difference" "difference" "差异"; "follow-stream" "stream" "数据流"; "times" "times" "时间"; "relative" "numbers" "序号"; "next-pane" "pane" "窗格"; "zoom" "zoom" "放大";
    "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_TIMERS, "The footer while the timers have the focus.":
    "into" "into" "步入"; "timer" "next timer" "下一定时器"; "fire" "fire now" "立即触发"; "next-pane" "pane" "窗格"; "zoom" "zoom" "放大";
    "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_BRANCHES, "The footer while the branches have the focus.":
    "follow" "show" "显示"; "throw-away" "throw away" "丢弃"; "branch" "next" "下一个"; "next-pane" "pane" "窗格"; "zoom" "zoom" "放大";
    "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_STOPS, "The footer while the list of stops has the focus.":
    "stop-run" "next hit" "下一处"; "stop-switch" "on/off" "启停"; "stop-remove" "remove" "删除";
    "type-stop" "type one" "输入"; "run" "run" "运行"; "next-pane" "pane" "窗格"; "zoom" "zoom" "放大";
    "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_OUTLINE, "The footer while the outline has the focus.":
    "follow" "go there" "跳到"; "fold" "fold" "折叠"; "into" "into" "步入"; "over" "over" "步过"; "out" "out" "步出"; "next-pane" "pane" "窗格";
    "zoom" "zoom" "放大"; "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_ENDING, "The footer at the end of a lesson.":
    "lesson-next" "next page" "下一页"; "lesson-back" "back" "返回"; "next-lesson" "next lesson" "下一课"; "once-more" "second pass" "第二遍"; "write" "in your words" "用自己的话"; "home" "lessons" "课程列表";
    "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_QUIZ, "The footer while a question is open.":
    "choose-a" "… choose" "… 选择"; "guessing" "2 3 how sure" "2 3 把握"; "answer" "answer" "作答"; "hint" "hint" "提示"; "skip" "skip" "跳过"; "class" "class" "课堂";
    "palette" "palette" "命令"; "help" "help" "帮助";
}

hints! { HINTS_CLASS, "The footer while a question is open before a class.":
    "lesson-next" "reveal" "揭示"; "vote-a" "… option" "… 选项"; "count" "…9 count" "…9 票数"; "erase" "correct" "修改"; "vote-again" "again" "再投";
    "class" "leave" "退出课堂"; "class-hint" "hint" "提示"; "palette" "palette" "命令"; "help" "help" "帮助";
}
hints! { HINTS_TAUGHT, "What stands before any other footer while a class looks at a lesson and no question is open.":
    "lesson-next" "on" "继续"; "lesson-back" "back" "返回"; "class" "leave class" "退出课堂";
}

/// One heading of the manual, with its rows: keys as they are pressed, and what they do.
pub type Chapter = (String, Vec<(String, &'static str)>);

/// The manual of the keys, made from the table alone: the groups in the order of the help, the keys that count only in one mode
/// under a heading of their own.
#[must_use]
pub fn manual(lang: Lang) -> Vec<Chapter> {
    let mut chapters = Vec::new();
    for group in Group::ALL {
        for mode in Mode::ALL {
            let rows: Vec<(String, &str)> = TABLE
                .iter()
                .filter(|entry| entry.group == group && entry.mode == mode && !entry.keys.is_empty())
                .map(|entry| (entry.keys.join(", "), entry.label.text(lang)))
                .collect();
            if !rows.is_empty() {
                let heading = group.words().text(lang);
                let only = mode.words().map_or(String::new(), |words| format!(" ({})", words.text(lang)));
                chapters.push((format!("{heading}{only}"), rows));
            }
        }
    }
    chapters
}

/// The row of an action's name.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_has_every_key_of_the_table_once() {
        for lang in [Lang::En, Lang::Zh] {
            let mut told: Vec<String> =
                manual(lang).into_iter().flat_map(|(_, rows)| rows).map(|(keys, label)| keys + label).collect();
            let mut rows: Vec<String> = TABLE
                .iter()
                .filter(|entry| !entry.keys.is_empty())
                .map(|entry| entry.keys.join(", ") + entry.label.text(lang))
                .collect();
            told.sort();
            rows.sort();
            assert_eq!(told, rows);
        }
    }
}
