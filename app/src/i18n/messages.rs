//! Every sentence and label of the screen, once, in both languages.

use super::Lang;

/// Declares [`Message`]: each entry must carry both texts, in this order, or the program does not compile.
macro_rules! messages {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        /// A label or sentence of the screen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each text below says what it is")]
        pub enum Message { $($name),* }

        impl Message {
            /// Every message, for the tests of the translation.
            pub const ALL: &'static [Message] = &[$(Message::$name),*];

            /// The text in one language.
            #[must_use]
            pub fn text(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Message::$name, Lang::En) => $en, (Message::$name, Lang::Zh) => $zh,)*
                }
            }
        }
    };
}

messages! {
    // The title line.
    Lab: "simulated wire", "模拟网线";
    Live: "live TAP", "真实 TAP";
    Replay: "replay", "重放";
    Script: "script", "脚本";
    HostWord: "host", "主机";
    StepOf: "step {0}/{1}", "第 {0}/{1} 步";
    Paused: "PAUSED", "已暂停";
    Playing: "PLAYING {0}x", "播放中 {0}x";
    PlayingBack: "REWINDING {0}x", "倒放中 {0}x";
    Running: "RUNNING", "运行中";
    WaitingOne: "· 1 frame waits", "· 1 个帧等待";
    Waiting: "· {0} frames wait", "· {0} 个帧等待";
    OopsOf: "OOPS {0}", "{0} 已崩溃";
    OopsTitle: "Oops: Linux 1.2.13 has crashed", "Oops：Linux 1.2.13 崩溃了";
    OopsDies: "{0} dies here: {1}.", "{0} 死在这里：{1}。";
    OopsAfter: "Nothing runs on {0} any more.", "{0} 上不再有任何东西运行。";
    OopsBack: "step back, to see what led here", "步退，看看怎么走到这一步";
    OopsRestart: "restart", "重新开始";
    OopsBoot: "boot it again", "重新启动";
    OopsSave: "save the run", "保存这次运行";
    OopsClose: "close this card", "关闭这张卡片";
    Lost: "lost {0} in {1} out", "丢失 入 {0} 出 {1}";
    LostShort: "lost {0}", "丢 {0}";
    RecordingOn: "REC {0} {1}/s", "录制 {0} {1}/s";
    RecordingShort: "REC {0}", "录 {0}";
    RecordingFull: "REC full", "录制已满";
    RecordingFailed: "NOT RECORDED", "录制失败";
    DeviceGone: "the device is gone: {0}", "设备已消失：{0}";
    // Path.
    RouteOfStep: "route of this step through the kernel", "本步穿过内核的路线";
    NothingRuns: "nothing runs: the machine is idle", "没有函数在运行：机器空闲";
    HostRuns: "{0} runs", "{0} 在运行";
    // Code.
    StepInFunction: "{0} · step {1} of {2}", "{0} · 第 {1}/{2} 步";
    NoSource: "no source is embedded for this step", "本步没有内嵌的源码";
    // Stack.
    Depth: "depth {0}", "深度 {0}";
    // Sock.
    ChangedByStep: "* changed by this step", "* 本步改变";
    NoSocket: "no sock yet", "还没有 sock";
    // State.
    TimeInState: "{0} in this state", "此状态已 {0}";
    EdgesOut: "Edges out of {0}", "离开 {0} 的边";
    EdgeTaken: "just taken", "刚刚走过";
    NoState: "no TCP sock: nothing to place", "没有 TCP sock：无处可标";
    // Queues.
    BytesSkbs: "bytes · skbs", "字节 · skb 数";
    Empty: "empty", "空";
    InFlight: "In flight", "在途";
    PeerWindow: "Peer window", "对端窗口";
    // ARP.
    ArpCount: "{0} slots · {1} used", "{0} 槽 · 已用 {1}";
    ArpEmpty: "no neighbour is known yet", "还不知道任何邻居";
    ArpAddress: "hardware address", "硬件地址";
    ArpFlags: "flags", "标志";
    ArpLeft: "time left", "剩余时间";
    ArpWaiting: "{0} waiting", "{0} 个等待";
    ArpTries: "{0} tries left", "还可试 {0} 次";
    Unresolved: "asking…", "询问中…";
    Never: "permanent", "永久";
    // Ladder.
    SequenceRelative: "seq relative [r]", "相对序号 [r]";
    SequenceAbsolute: "seq absolute [r]", "绝对序号 [r]";
    LegendSent: "sent", "已发";
    LegendNotYet: "not yet", "未到";
    LegendLost: "lost", "丢失";
    LegendResent: "resent", "重传";
    Hidden: "hidden until you answer", "回答之前不显示";
    Quiet: "no frame has been sent yet", "还没有发送任何帧";
    // Frame.
    FrameNumber: "#{0} · {1} bytes", "#{0} · {1} 字节";
    NoFrame: "no frame at this step", "本步没有帧";
    // Timers.
    TimersCount: "{0} armed", "{0} 个已启动";
    NoTimer: "no timer is running", "没有定时器在运行";
    In: "in {0}", "{0} 后";
    // Work that takes its time.
    EscStops: "Esc stops it", "Esc 停止";
    // The changed line.
    Changed: "changed", "改变";
    NothingChanged: "nothing changed in this step", "本步没有任何改变";
    AndMore: "and {0} more", "另有 {0} 处";
    // Timeline.
    Mark: "set a mark: which letter?", "设标记：哪个字母？";
    MarkGo: "go to a mark: which letter?", "跳到标记：哪个字母？";
    // Lesson.
    NoLesson: "no lesson is open; H leads to the list of lessons", "没有打开课程；按 H 到课程列表";
    BeatOf: "{0} of {1}", "第 {0}/{1} 节";
    LessonKeys: "Space next · Backspace back", "空格 下一节 · 退格 上一节";
    WorkKeys: "e write · i hint · U undo · Space next", "e 书写 · i 提示 · U 撤销 · 空格 下一节";
    RankingKeys: "↑↓ choose · J K move · Enter answer", "↑↓ 选择 · J K 移动 · Enter 作答";
    Changes: "changed", "已改变";
    Done: "done: the run shows it", "完成：运行已证明";
    ThenAndNow: "Then and now", "当年与今天";
    OnPaper: "On paper", "纸上画一画";
    SayItBack: "Say it back", "用自己的话说";
    SayKeys: "press e to write one line; it stays on this computer", "按 e 写一行；只留在本机";
    ShellPrompt: "$ in the private network:", "$ 在私有网络中：";
    ShellStarted: "started: {0}", "已启动：{0}";
    SayPrompt: "in your own words", "用自己的话";
    LessonMinutes: "{0} min", "{0} 分钟";
    Masked: "hidden until you answer: a to e choose, Enter answers, Esc skips", "回答之前不显示：a 到 e 选择，Enter 作答，Esc 跳过";
    NoPenalty: "no penalty", "答错不扣分";
    HowSure: "How sure are you?", "你有多大把握？";
    Guessing: "guessing", "猜的";
    Fairly: "fairly", "比较确定";
    Certain: "certain", "确定";
    Evidence: "evidence from this run", "本次运行的证据";
    YourAnswer: "your answer", "你的答案";
    TheStack: "the stack", "协议栈";
    NotSo: "not so", "不对";
    ItRan: "it ran so", "如此运行";
    Why: "Why", "为什么";
    Hint: "Hint {0} of 3", "提示 {0}/3";
    StackMarks: "The stack itself marks your answer, by running on.", "由协议栈自己运行下去来判定你的答案。";
    // Home.
    HomeTitle: "The network stack of Linux 1.2.13, step by step, forwards and backwards", "逐步走过 Linux 1.2.13 网络协议栈，可前进，也可后退";
    HomeLessons: "Lessons", "课程";
    HomeLessonsNote: "short walks with questions; the stack marks the answers", "带问题的短途讲解；由协议栈评判答案";
    HomeLab: "Laboratory", "实验室";
    HomeLabNote: "two hosts on a simulated wire; needs no privileges", "模拟网线上的两台主机；无需特权";
    HomeLive: "Live", "真实网络";
    HomeLiveNote: "a TAP device; this machine's own kernel is the peer", "TAP 设备；本机内核是对端";
    HomeReplay: "Open a capture or recording", "打开抓包或录制文件";
    HomeReplayNote: "what would Linux 1.2.13 have answered?", "Linux 1.2.13 会怎样回答？";
    HomeOpen: "Open a file…", "打开文件…";
    LiveItem: "In a private network of its own", "在一个私有网络中";
    FirstScene: "A web page is fetched", "获取一个网页";
    // Overlays.
    HelpOfKeys: "Help: every key, by group", "帮助：按组列出所有按键";
    HelpOfPane: "The keys of this pane", "此窗格的按键";
    HelpTitle: "Help: {0}", "帮助：{0}";
    NoMarks: "no mark is set yet: press a letter to set one here", "还没有标记：按一个字母即可在此设标记";
    NoMarksToGo: "no mark is set yet", "还没有标记";
    MarkAt: "step {0}", "第 {0} 步";
    MarkReplace: "step {0}: set it here instead", "第 {0} 步：改设在此处";
    HelpFilter: "type to search · Enter runs the row · Esc closes", "输入即搜索 · Enter 执行所选 · Esc 关闭";
    Palette: "Palette", "命令面板";
    NoMatch: "nothing matches", "没有匹配项";
    Then: "then", "接着按";
    FindPrompt: "find", "查找";
    NotSearchable: "{0} has no rows of text to search", "“{0}”窗格没有可查找的文本行";
    NotFound: "not found: {0}", "没有找到：{0}";
    StepPrompt: "step number", "步号";
    OpenPrompt: "file to open", "要打开的文件";
    // The prompt for system calls.
    CallPrompt: "System call", "系统调用";
    CallKeys: "Tab completes · ↑↓ history · Shift-Tab host · Enter calls · Esc closes", "Tab 补全 · ↑↓ 历史 · Shift-Tab 换主机 · Enter 发出调用 · Esc 关闭";
    CallHint: "type a call as packetdrill writes it, for example {0}", "按 packetdrill 的写法输入一个调用，例如 {0}";
    CallSleeps: "sleeps", "睡眠中";
    CallEntered: "process {0} on {1} traps into the kernel: s steps through int 0x80", "{1} 上的进程 {0} 陷入内核：按 s 步入 int 0x80";
    CallBranched: "branch {2}: process {0} on {1} traps into the kernel here; the key B shows the old branch", "分支 {2}：{1} 上的进程 {0} 在此陷入内核；按 B 键看原来的分支";
    CallReturned: "on {0}: {1}", "{0} 上：{1}";
    UnknownCall: "there is no call {0}", "没有系统调用 {0}";
    UnknownConstant: "there is no constant {0}", "没有常量 {0}";
    DidYouMean: "; did you mean {0}?", "；是 {0} 吗？";
    ArgumentMisfit: "argument {0} does not fit; it is written like this: {1}", "第 {0} 个参数不合适；应这样写：{1}";
    ArgumentMissing: "an argument is missing or one too many; it is written like this: {0}", "参数缺少或过多；应这样写：{0}";
    ProcessBusy: "process {0} still sleeps in {1}: let time go on (c, t or ]) until it returns, or type on the other host", "进程 {0} 仍在 {1} 中睡眠：让时间前进（c、t 或 ]）直到它返回，或在另一台主机上输入";
    LivePastFixed: "the peer of a live session is real and cannot go back: calls are made at the end (G)", "真实会话的对端无法后退：只能在终点（G）发出调用";
    LessonCalls: "a lesson makes its own calls; where it asks for some, press e", "课程自己发出调用；需要你写时按 e";
    CallLost: "the call could not be made here", "无法在此发出该调用";
    // /proc/net.
    ProcKeys: "←→ or 1 to 8 which file · ↑↓ scroll · z whole screen · Esc closes", "←→ 或 1 到 8 选文件 · ↑↓ 滚动 · z 全屏 · Esc 关闭";
    ProcEmpty: "nothing stands in this file", "此文件为空";
    TooSmall: "A larger window shows more (80x24 is enough).", "窗口大一些能看到更多（80x24 即可）。";
    // Answers of the program.
    // What a session answers.
    NoFrameAhead: "no frame leaves or arrives after this step", "此步之后再没有帧发出或到达";
    NoFrameBehind: "no frame left or arrived before this step", "此步之前没有帧发出或到达";
    NoStateAhead: "no sock changes its state after this step", "此步之后再没有 sock 改变状态";
    NoStateBehind: "no sock changed its state before this step", "此步之前没有 sock 改变过状态";
    NoTimerAhead: "no timer fires after this step", "此步之后再没有定时器触发";
    NoTimerBehind: "no timer fired before this step", "此步之前没有定时器触发过";
    NoLayerAhead: "no other layer takes over after this step", "此步之后不再跨层";
    NoLayerBehind: "no other layer took over before this step", "此步之前没有跨过层";
    NoStopAhead: "none of the {0} stops lies after this step", "此步之后没有遇到任何停止点（共 {0} 个）";
    NoStopBehind: "none of the {0} stops lies before this step", "此步之前没有遇到任何停止点（共 {0} 个）";
    NoWriter: "nothing changed {0} before this step", "此步之前 {0} 没有改变过";
    StoppedAt: "stopped at: {0}", "停在：{0}";
    SearchStopped: "the search was stopped; the cursor has not moved", "搜索已停止；光标没有移动";
    StopSet: "c and C stop at: {0}", "c 与 C 将停在：{0}";
    StopGone: "no stop any more at: {0}", "不再停在：{0}";
    NothingSelected: "nothing is selected that this could be done to", "没有选中可以这样操作的对象";
    LessonWire: "this lesson does not let the wire be changed so", "本课不允许这样改动网线";
    PaneClosed: "closed by the lesson until you answer: what is asked for stands here", "课程在你作答之前关闭此窗格：答案就在这里";
    LessonNotOpen: "no lesson is open: this key answers one", "没有打开课程：此键用于作答";
    NotAsked: "the lesson asks for nothing of that kind here", "课程在这里不需要这个操作";
    OneBranch: "there is one branch only: d, D, v and x in the ladder make another", "只有一个分支：在时序图中按 d、D、v、x 可建立新分支";
    NoNetwork: "only a live session in a network of its own runs commands", "只有带私有网络的真实会话才能运行命令";
    NoActionHere: "nothing is open that this key acts on", "没有打开此键所作用的对象";
    FrameIsLost: "frame {0} is lost: branch {1}", "第 {0} 帧已丢失：分支 {1}";
    FrameIsLate: "frame {0} is late: branch {1}", "第 {0} 帧被延迟：分支 {1}";
    FrameIsTwice: "frame {0} arrives twice: branch {1}", "第 {0} 帧到达两次：分支 {1}";
    FrameIsDamaged: "frame {0} is damaged: branch {1}", "第 {0} 帧被损坏：分支 {1}";
    AtStart: "this is the beginning of the run", "这里是运行的起点";
    AtEnd: "the run ends here: nothing more happens by itself", "运行到此为止：不会再自行发生什么";
    QuitLive: "A live connection is open: press q again to leave.", "真实连接仍然打开：再按一次 q 退出。";
    MouseOn: "the mouse belongs to sockscope", "鼠标归 sockscope 使用";
    MouseOff: "the mouse belongs to the terminal: select text freely", "鼠标归终端使用：可自由选择文本";
    MarkSet: "mark {0} set", "已设标记 {0}";
    NoMark: "there is no mark {0}", "没有标记 {0}";
    Pinned: "{0} is pinned", "已固定 {0}";
    Saved: "written: {0}", "已写入：{0}";
    Theme: "theme: {0}", "主题：{0}";
    Speed: "speed {0}x", "速度 {0}x";
    BranchShown: "branch {0} of {1}: the first", "分支 {0}/{1}：最初的运行";
    BranchParted: "branch {0} of {1}, parted from branch {2} at step {3}", "分支 {0}/{1}：在第 {3} 步从分支 {2} 分出";
    BranchOf: "branch {0}/{1}", "分支 {0}/{1}";
    NoSuchFrame: "no frame of this run has the number {0}", "本次运行中没有编号为 {0} 的帧";
    NotSimulated: "these frames come from a device or a file: only on a simulated wire can they fare otherwise", "这些帧来自设备或文件：只有模拟网线上的帧才能改变命运";
    // Frames.
    FrameArrived: "has arrived", "已到达";
    FrameLeaves: "leaves", "发出";
    FrameLoops: "loops back", "环回";
    FrameLast: "the last one before this step", "本步之前的最后一帧";
    Peer: "peer", "对端";
    // The user's file.
    ConfigFault: "in the configuration, {0}", "配置文件中：{0}";
    ConfigFaults: "in the configuration, {0} ({1} more: `sockscope config check`)", "配置文件中：{0}（另有 {1} 处：`sockscope config check`）";
    ConfigHead: "sockscope: every setting as it is now. `sockscope config path` says where a file like this belongs.", "sockscope：当前的全部设置。`sockscope config path` 给出此文件应放的位置。";
    ConfigKernel: "the folder of your own copy of the Linux 1.2.13 sources", "你自己的 Linux 1.2.13 源码目录";
    ConfigColours: "24 bits, place among the 256, place among the 16; one text \"#rrggbb\" is enough", "24 位色、256 色中的编号、16 色中的编号；只写 \"#rrggbb\" 也可以";
    ConfigNone: "{0} is not there: everything is as it ships", "{0} 不存在：一切都是默认设置";
    ConfigGood: "{0}: nothing is wrong", "{0}：没有错误";
    // Refusals before the screen opens.
    NoTerminal: "sockscope needs a terminal for its screen; add --plain to walk line by line, or use `sockscope run`, `trace` or `export`.", "sockscope 的界面需要终端；可加 --plain 逐行进行，或改用 `sockscope run`、`trace` 或 `export`。";
    DumbTerminal: "this terminal (TERM={0}) cannot move its cursor; add --plain to walk line by line, use `sockscope run`, `trace` or `export`, or set TERM.", "此终端 (TERM={0}) 无法移动光标；可加 --plain 逐行进行，或改用 `sockscope run`、`trace` 或 `export`，或设置 TERM。";
}
