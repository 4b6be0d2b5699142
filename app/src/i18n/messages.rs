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
    Observed: "what its frames tell", "只由帧得知";
    HostWord: "host", "主机";
    StepOf: "step {0}/{1}", "第 {0}/{1} 步";
    FrameOf: "frame {0}/{1}", "第 {0}/{1} 帧";
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
    // Why.
    WhyTitle: "Why", "为什么";
    WhyMenu: "ask the run", "向运行提问";
    WhyMenuKeys: "Enter asks · Esc closes", "Enter 提问 · Esc 关闭";
    WhyKeys: "Enter goes there · → unfolds · A asks anew · Esc takes you back", "Enter 前往 · → 展开 · A 另问 · Esc 回到原处";
    WhyLooking: "looking for the answer", "正在寻找答案";
    WhyThere: "step {0}: {why} shows the answer again; Esc in it takes you back", "第 {0} 步：按 {why} 再看答案；在其中按 Esc 回到原处";
    WhyInput: "input: {0}", "输入：{0}";
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
    // The card of a buffer.
    SkbLists: "the lists that hold it", "持有它的队列";
    SkbHeader: "where the header of the layer at work begins, and the size of the allocation", "当前层首部在分配空间中的位置，以及该空间的大小";
    SkbData: "the user data in the allocation", "用户数据在分配空间中的范围";
    SkbSequenceRelative: "sequence numbers it takes, from the start of the connection", "它占用的序号，从连接开始算起";
    SkbSequenceAbsolute: "sequence numbers it takes, as they stand in the header", "它占用的序号，即首部中的原值";
    SkbKept: "kept after it is sent: it may be needed again", "发送后保留：可能要重传";
    SkbFreed: "freed after it is sent", "发送后释放";
    SkbUndecided: "nobody has decided yet", "尚未决定";
    SkbAtUnlock: "freed at unlock", "解锁时释放";
    SkbKeys: "↑↓ scroll · any other key closes", "↑↓ 滚动 · 其他键关闭";
    NoSkb: "no buffer is chosen here, and this step has none in hand", "这里没有选中缓冲区，本步手中也没有";
    RoadReader: "reader", "读者";
    ChooseFrame: "choose the frame with ↑ ↓ first: {drop} loses it, {duplicate} doubles it, {delay} delays it", "先用 ↑ ↓ 选中一帧：{drop} 丢掉，{duplicate} 重复，{delay} 延迟";
    RoadInUse: "sock in use", "sock 使用中";
    RoadWire: "wire", "网线";
    // Plot and outline.
    PlotEmpty: "no TCP segment has passed yet", "还没有 TCP 报文段经过";
    PlotSurveyed: "{0} of {1} turns surveyed", "已查看 {0}/{1} 轮";
    PlotEdge: "edge {0}", "边界 {0}";
    PlotAcknowledged: "acknowledged", "已确认";
    PlotWindow: "window", "窗口";
    OutlineSteps: "{0} steps", "{0} 步";
    OutlineCut: "more calls than are shown", "还有未显示的调用";
    CaptureEmpty: "nothing is replayed here: open a capture, or take the branch it came with", "此处没有重放：请打开抓包文件，或回到它所在的分支";
    NoMoreDifferences: "no other decision differs in this direction", "这个方向上没有其他不同的决定";
    OtherSide: "the other end is played now, at the same time", "现在扮演另一端，时刻不变";
    OtherSideShort: "the other end is played now; this replay ends earlier: its last frame", "现在扮演另一端；这次重放结束得更早，停在它的最后一帧";
    OtherSideNot: "the capture is not open any more: choose the connection in its table", "抓包已不再打开：请在连接表中选择连接";
    NoStream: "this run has no TCP segment yet", "本次运行还没有 TCP 报文段";
    NoLineSelected: "choose a frame in the pane Capture, or one of the ladder that was compared", "请在抓包窗格中选择一帧，或在时序图中选择一个比较过的帧";
    NoDifference: "no entry of the list of differences tells of this frame", "差异列表中没有说明此帧的条目";
    NotReplayed: "nothing is replayed here", "此处没有重放";
    OutlineEmpty: "no function runs in this turn", "本轮没有函数运行";
    NothingToFold: "this call calls nothing", "此调用没有内部调用";
    // Groups of the sock's fields.
    GroupWho: "who", "身份";
    GroupSend: "send", "发送";
    GroupReceive: "receive", "接收";
    GroupWindow: "window", "窗口";
    GroupTime: "time", "时间";
    GroupMemory: "memory", "内存";
    GroupFlags: "flags and options", "标志与选项";
    MoreChanged: "+{0} more changed", "另有 {0} 个改变";
    // Queues.
    BytesSegments: "bytes · segments", "字节 · 报文段数";
    BytesSkbs: "bytes · skbs", "字节 · skb 数";
    Empty: "empty", "空";
    InFlight: "In flight", "在途";
    PeerWindow: "Peer window", "对端窗口";
    // ARP.
    ArpCount: "{0} slots · {1} used", "{0} 槽 · 已用 {1}";
    ArpEmpty: "the table is empty: no neighbour is known", "表是空的：不知道任何邻居";
    ArpAddress: "hardware address", "硬件地址";
    ArpFlags: "flags", "标志";
    ArpLeft: "time left", "剩余时间";
    ArpWaiting: "{0} waiting", "{0} 个等待";
    ArpNext: "next request", "下次请求";
    ArpTries: "{0} tries left", "还可试 {0} 次";
    ArpLastTry: "1 try left", "还可试 1 次";
    ArpFires: "its timer has fired", "定时器已触发";
    Unresolved: "asking…", "询问中…";
    Never: "permanent", "永久";
    // Ladder.
    SequenceRelative: "seq relative [{relative}]", "相对序号 [{relative}]";
    SequenceAbsolute: "seq absolute [{relative}]", "绝对序号 [{relative}]";
    LegendSent: "sent", "已发";
    LegendNotYet: "not yet", "未到";
    LegendLost: "lost", "丢失";
    LegendResent: "resent", "重传";
    LegendCorrupted: "corrupted", "损坏";
    LegendTwice: "twice", "两次";
    LegendLate: "late", "迟到";
    LegendUnanswered: "unanswered", "无应答";
    Hidden: "hidden until you answer", "回答之前不显示";
    Quiet: "no frame has been sent yet", "还没有发送任何帧";
    // Frame.
    FrameNumber: "#{0} · {1} bytes", "#{0} · {1} 字节";
    NoFrame: "no frame at this step", "本步没有帧";
    // Timers.
    TimerArmed: "armed by {0}, step {1}, for {2}", "由 {0} 于第 {1} 步设为 {2}";
    TimersCount: "{0} armed", "{0} 个已启动";
    NoTimer: "no timer is running", "没有定时器在运行";
    In: "in {0}", "{0} 后";
    YourKernel: "your copy:", "你的副本：";
    NoKernelSource: "start sockscope with --kernel-src DIR to see your own copy of Linux 1.2.13 beside the code", "用 --kernel-src 目录 启动 sockscope，可在代码旁看到你自己的 Linux 1.2.13";
    // The processor.
    CpuMode: "mode", "模式";
    CpuUser: "user", "用户态";
    CpuKernel: "kernel", "内核态";
    CpuIdle: "no process is in a call, no interrupt is handled", "没有进程在调用中，也没有中断要处理";
    CpuTrapNext: "the registers are loaded, int 0x80 comes next", "寄存器已装好，接下来是 int 0x80";
    CpuReturned: "back in the program, with its result", "已带着结果返回程序";
    CpuInCall: "came in through {0}, runs {1}", "经 {0} 进入，正在运行 {1}";
    CpuInterrupts: "an interrupt has come upon the call: {0}", "中断打断了这次调用：{0}";
    CpuInterruptsIdle: "an interrupt has come upon the idle machine: {0}", "中断到达空闲的机器：{0}";
    CpuStack: "stack", "栈";
    CpuBorrowed: "whose kernel stack the interrupt runs on: it has none of its own", "中断没有自己的栈，借用它的内核栈";
    CpuIdleTask: "the idle task", "空闲任务";
    CpuStackOf: "kernel stack of {0}", "{0} 的内核栈";
    CpuStackOfPerson: "kernel stack of the process that makes the typed calls", "发出键入调用的进程的内核栈";
    CpuStackOfStartup: "kernel stack of the process that configures the interfaces", "配置网络接口的进程的内核栈";
    CpuNobodys: "no process is in a call", "没有进程在调用中";
    CpuPointsAt: "points at ({0})", "指向 ({0})";
    CpuResult: "the result: {0}", "结果：{0}";
    CpuLetsIn: "interrupts are let in", "允许中断进入";
    CpuHoldsOff: "interrupts are held off (cli)", "中断被关闭（cli）";
    CpuNothingNests: "no handler, bottom half or bh-atomic section is open", "没有中断处理、下半部或 bh 原子区在进行";
    CpuNests: "handlers, bottom halves and bh-atomic sections that are open", "正在进行的中断处理、下半部与 bh 原子区的层数";
    CpuNone: "none", "无";
    CpuWillRun: "enabled and marked: runs at the next chance", "已启用且已标记：一有机会就运行";
    CpuEnabled: "enabled, not marked", "已启用，未标记";
    CpuMarkedOnly: "marked, not enabled", "已标记，未启用";
    CpuDisabled: "neither enabled nor marked", "未启用，也未标记";
    // Tables.
    TablesRemark: "▶ this step ▸ the way here", "▶ 本步 ▸ 来路";
    // Processes.
    NoProcess: "no process yet", "还没有进程";
    ProcessOfCalls: "(typed or scripted)", "（键入或脚本）";
    ProcessOfStartup: "(start-up)", "（开机配置）";
    ProcessSleeps: "asleep in {0} on {1}", "在 {0} 中睡眠，队列 {1}";
    ProcessWakesIn: ", at most {0} jiffies more", "，至多再过 {0} 个 jiffy";
    ProcessWoken: "woken: its call goes on in {0}", "已唤醒：调用将在 {0} 中继续";
    ProcessGoesOn: "on its way back into {0}", "正在返回 {0}";
    // Socks.
    SocksFollow: "follow the step", "跟随当前步";
    SocksKeys: "{follow} chooses · {previous-sock} {next-sock} walk · {unzoom} follows the step", "{follow} 选定 · {previous-sock} {next-sock} 依次走 · {unzoom} 跟随当前步";
    SockChosen: "chosen", "已选定";
    SockMissing: "{0} does not exist at this step; {unzoom} follows the step again", "{0} 在此步不存在；按 {unzoom} 重新跟随当前步";
    SockWaits: "waits for accept() on {0}", "在 {0} 上等待 accept()";
    SockOfInode: "inode#{0}, no descriptor leads to it", "inode#{0}，没有描述符指向它";
    SockOfNobody: "nobody", "无主";
    SockIsChosen: "Sock, State and Queues show {0}; {unzoom} follows the step again", "Sock、状态与队列显示 {0}；按 {unzoom} 重新跟随当前步";
    SocksFollowed: "Sock, State and Queues follow the step", "Sock、状态与队列跟随当前步";
    NoSocksYet: "there is no sock yet", "还没有 sock";
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
    NoLesson: "no lesson is open; {home} leads to the list of lessons", "没有打开课程；按 {home} 到课程列表";
    BeatOf: "{0} of {1}", "第 {0}/{1} 节";
    LessonKeys: "{lesson-next} next · {lesson-back} back", "{lesson-next} 下一节 · {lesson-back} 上一节";
    WorkKeys: "{hint} hint · {lesson-next} skip", "{hint} 提示 · {lesson-next} 跳过";
    WorkOnWire: "In the ladder choose a frame: {drop} loses it, {duplicate} doubles it, {delay} delays it; {undo} undoes.", "在时序图中选一帧：{drop} 丢掉，{duplicate} 重复，{delay} 延迟；{undo} 撤销。";
    WorkByCalls: "{write} writes a system call; {undo} undoes.", "按 {write} 写系统调用；{undo} 撤销。";
    RankingKeys: "↑↓ choose · {shift-down} {shift-up} move · {answer} answer", "↑↓ 选择 · {shift-down} {shift-up} 移动 · {answer} 作答";
    Changes: "changed", "已改变";
    Done: "done: the run shows it", "完成：运行已证明";
    ThenAndNow: "Then and now", "当年与今天";
    PageOf: "page {0} of {1}: {lesson-next}", "第 {0}/{1} 页：{lesson-next}";
    LessonWords: "Words", "用语";
    LessonWordsKeys: "↑ ↓ choose one, {follow} explains it", "↑ ↓ 选择，按 {follow} 解释";
    YouKnow: "Now you know", "现在你知道";
    FirstSaid: "What you said first", "你最初的预测";
    WasSkipped: "skipped", "跳过";
    LookAgain: "Look again at", "值得再看";
    BeatNumber: "beat {0}", "第 {0} 节";
    NextLesson: "{next-lesson}: the next lesson, {0}", "{next-lesson}：下一课 {0}";
    NoNextLesson: "this is the last lesson; {home} leads to the list", "这是最后一课；按 {home} 回到列表";
    SecondPass: "{once-more}: the second pass, this run once more with holes to fill", "{once-more}：第二遍，把这次运行再走一遍，由你填空";
    DrawingBy: "{compare-drawing}: the ladder, to compare with", "{compare-drawing}：打开时序图对照";
    BackToTheCard: "the whole run, to compare your drawing with; {zoom} leads back to the lesson", "整个运行，可与你的图对照；按 {zoom} 回到课程";
    NotAtTheEnd: "the end of a lesson leads there, where it offers it", "要走到课程结尾，并在那里提供时，才能去那里";
    HandInBy: "To hand in: sockscope lesson {0} --report FILE", "交作业：sockscope lesson {0} --report 文件";
    OnPaper: "On paper", "纸上画一画";
    SayItBack: "Say it back", "用自己的话说";
    SayKeys: "press {write} to write one line; it stays on this computer", "按 {write} 写一行；只留在本机";
    ShellPrompt: "$ in the private network:", "$ 在私有网络中：";
    ShellStarted: "started: {0}", "已启动：{0}";
    SayPrompt: "in your own words", "用自己的话";
    CallsPrompt: "system calls, with ; between them", "系统调用，用 ; 隔开";
    NotYet: "{0}: the goal is not reached yet", "{0}：尚未达到目标";
    LessonMinutes: "{0} min", "{0} 分钟";
    Masked: "hidden until you answer: ↑ ↓ or a letter chooses, {answer} answers, {skip} skips", "回答之前不显示：用 ↑ ↓ 或字母选择，{answer} 作答，{skip} 跳过";
    PickFirst: "Put the cursor on it in its pane, and press {follow}.", "在窗格中把光标移到它上面，再按 {follow}。";
    PickOther: "{0} is not one of the answers: look on", "{0} 不在备选答案之中：请继续找";
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
    Hint: "Hint {0}", "提示 {0}";
    StackMarks: "{answer}: the stack marks it, by running on", "{answer}：由协议栈运行下去来判定";
    ChooseFirst: "choose; no penalty · {hint} hint · {skip} skip", "请选择；答错不扣分 · {hint} 提示 · {skip} 跳过";
    SureFirst: "now say how sure: {guessing} {fairly} {certain}", "再说有多大把握：{guessing} {fairly} {certain}";
    AgainCertain: "you were certain: again, with other numbers", "你当时很确定：换一组数字再来";
    Again: "again, with other numbers", "换一组数字再来";
    AgainTitle: "once more", "再来一次";
    OrderCredit: "{0} of {1} follow each other as in the run; on the right is where you had them.", "{1} 步中有 {0} 步的先后与运行一致；右边是你放的位置。";
    OrderOfRun: "the order of the run", "运行中的顺序";
    BesideRuns: "without your change {0}, with it {1}", "不作修改{0}，修改后{1}";
    AtSecond: "at {0} s", "在第 {0} 秒";
    NeverSo: "never", "从不";
    // The table of connections of a capture.
    CapturesTitle: "Connections", "连接";
    CapturesOne: "Connection {0}", "连接 {0}";
    CapturesOf: "{0} of {1}", "{0}/{1}";
    CapturesCounts: "frames {0} · connections {1}", "{0} 帧 · {1} 个连接";
    CapturesWhen: "when, in {0} s", "时间，共 {0} 秒";
    CapturesReading: "reading the capture", "正在读取抓包";
    CapturesStillReading: "the capture is still being read: wait, or press {unzoom} to make do with what has been read", "抓包仍在读取：请稍候，或按 {unzoom} 只用已读取的部分";
    CapturesStopped: "reading was stopped after {0} frames: connections may go on behind them", "读取在 {0} 帧后停止：其后连接可能仍在继续";
    CapturesNone: "There is no IPv4 TCP connection in this capture.", "此抓包中没有 IPv4 TCP 连接。";
    CapturesNoneFits: "No connection fits the filter; {unzoom} takes it away.", "没有符合过滤条件的连接；{unzoom} 取消过滤。";
    CapturesLeftOut: "left out: {0}", "未计入：{0}";
    CapturesClient: "client: frames {0}, bytes {1}, of them data {2}", "客户端：{0} 帧，{1} 字节，其中数据 {2}";
    CapturesServer: "server: frames {0}, bytes {1}, of them data {2}", "服务器：{0} 帧，{1} 字节，其中数据 {2}";
    CapturesRetransmissions: "; retransmissions {0}", "；重传 {0}";
    CapturesReordered: "; out of order {0}", "；乱序 {0}";
    CapturesZeroWindows: "; zero windows {0}", "；零窗口 {0}";
    CapturesResets: "; resets {0}", "；RST {0}";
    CapturesGaps: "; missed by the capture: {1} bytes, gaps {0}", "；抓包漏掉 {0} 段共 {1} 字节";
    CapturesBeginning: "its first frames, in seconds since the first, and why each came", "开头的帧：距首帧的秒数，以及每一帧为何发出";
    CapturesWhole: "{0}, {1}, lasts {2} s", "{0}，{1}，持续 {2} 秒";
    CapturesCopies: "; {0} frames were captured twice and are used once", "；有 {0} 帧被抓了两次，只用一次";
    NotInFrames: "captured frames do not tell this, a running kernel does: {captures} leads to the table, and there {follow} puts 1.2.13 in the place of one end", "捕获的帧不包含这些信息，需要运行的内核：按 {captures} 回到连接表，在那里按 {follow} 让 1.2.13 代替一端";
    CapturedFixed: "what was captured cannot be changed: {captures} leads to the table, and there {follow} puts 1.2.13 in the place of one end, where it can", "已捕获的内容不能改变：按 {captures} 回到连接表，在那里按 {follow} 让 1.2.13 代替一端，便可改变";
    ObservedSocksFollow: "the connection of the frame under the cursor", "光标所在帧的连接";
    ObservedSocksKeys: "{follow} puts into focus · {previous-sock} {next-sock} walk · {host} other end", "{follow} 设为焦点 · {previous-sock} {next-sock} 依次走 · {host} 另一端";
    ObservedFocus: "in focus: {0}", "焦点：{0}";
    NoOtherConnection: "there is no further connection in this direction", "这个方向上没有其他连接";
    ObservedStates: "one of these; frames tell no more:", "为其中之一，帧无法进一步判断：";
    ObservedNoState: "so many states are possible that the frames tell none", "可能的状态太多，帧无法判断";
    FramePrompt: "number of the frame in the capture", "抓包中的帧号";
    NoTable: "this run was not opened from a table of connections", "此运行不是从连接表中打开的";
    SideTitle: "Connection {0}: Linux 1.2.13 in the place of", "连接 {0}：让 Linux 1.2.13 代替";
    SidePlayClient: "the client, {0}", "客户端 {0}";
    SidePlayServer: "the server, {0}", "服务器 {0}";
    SideObserve: "nobody: observe both ends as they were captured", "谁也不代替：观察抓包中的两端";
    SideNote: "The other end stays as captured.", "另一端保持抓包中的样子。";
    SideKeys: "Enter opens · Esc closes", "Enter 打开 · Esc 关闭";
    // Home.
    HomeTitle: "The network stack of Linux 1.2.13, step by step, forwards and backwards", "逐步走过 Linux 1.2.13 网络协议栈，可前进，也可后退";
    HomeLessons: "Lessons", "课程";
    HomeLessonsNote: "short walks with questions; the stack marks the answers", "带问题的短途讲解；由协议栈评判答案";
    HomeBegin: "Begin here", "从这里开始";
    HomeBeginNote: "two hosts on a simulated wire; needs no privileges", "模拟网线上的两台主机；无需特权";
    HomeGallery: "Gallery", "场景集";
    HomeGalleryNote: "one thing each; opens just before it happens", "每个场景只讲一件事；停在事情发生之前";
    HomeRecent: "Recent files", "最近打开";
    HomeRecentNote: "scenes, captures, recordings, saved sessions", "场景、抓包、录制文件、保存的会话";
    FirstSceneAbout: "A fetches a page from B: it plays at once. p stops it, s and S step forwards and backwards.", "A 从 B 获取一个网页：立即播放。p 暂停，s 与 S 前进和后退。";
    LessonAbout: "Short beats, each with something to look at; a question comes before its answer. Space goes on.", "由短小的节组成，每节都有可看之物；先提问，后解答。空格继续。";
    LiveAbout: "No root needed: a private network with this machine's kernel at its other end. ping it, curl it, stop time.", "无需 root：一个私有网络，另一端是本机内核。可以 ping、curl，也可以让时间停住。";
    FileAbout: "A packetdrill script, a frame scenario, a capture (1.2.13 takes one end), a recording or a saved session.", "packetdrill 脚本、帧场景、抓包（1.2.13 充当其中一端）、录制文件或保存的会话。";
    LessonNotBegun: "not begun", "未开始";
    LessonAt: "at {0} of {1}", "第 {0}/{1} 节";
    SecondPassOpen: "second pass: open", "第二遍：未完成";
    SecondPassDone: "second pass: done", "第二遍：已完成";
    LessonFirst: "first: {0}", "先学：{0}";
    OtherLessons: "Other lessons", "其他课程";
    LessonDone: "done", "已完成";
    LiveQuiet: "Nothing has come yet. In another terminal type: sockscope exec -- ping {0}", "还没有帧到来。请在另一个终端输入：sockscope exec -- ping {0}";
    HomeLive: "Live", "真实网络";
    HomeLiveNote: "a TAP device; this machine's own kernel is the peer", "TAP 设备；本机内核是对端";
    HomeReplay: "Open a capture or recording", "打开抓包或录制文件";
    HomeReplayNote: "what would Linux 1.2.13 have answered?", "Linux 1.2.13 会怎样回答？";
    NoSuchPath: "nothing begins so: a folder, a .pkt, .json, .pcap or .pcapng, or a scene of the gallery", "没有以此开头的：文件夹、.pkt、.json、.pcap、.pcapng 或场景集中的场景";
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
    FilterWords: "What can be typed", "可以输入";
    FilterPrompt: "show only", "只显示";
    FindPrompt: "find", "查找";
    NotSearchable: "{0} has no rows of text to search", "“{0}”窗格没有可查找的文本行";
    NotFound: "not found: {0}", "没有找到：{0}";
    StepPrompt: "step number", "步号";
    OpenPrompt: "file to open", "要打开的文件";
    FoundOf: "{0}: {1} of {2}", "{0}：第 {1}/{2} 处";
    FoundInCode: "{0} stands in {1}, which does not run here: Esc returns", "{0} 出现在 {1} 中，它此刻没有运行：按 Esc 返回";
    FoundFrame: "{0}: frame {1}", "{0}：第 {1} 帧";
    NotRunning: "does not run here · Esc", "此刻没有运行 · Esc";
    // Go anywhere, and the cards of words.
    GoTitle: "Go anywhere", "跳到任意处";
    GoKeys: "Enter goes · Ctrl-b back · Ctrl-f on · ↑↓ choose · Esc closes", "Enter 前往 · Ctrl-b 往回 · Ctrl-f 往后 · ↑↓ 选择 · Esc 关闭";
    GoExamples: "tcp_rcv · state ESTABLISHED · frame 5 · who woke pid 100", "tcp_rcv · 状态 ESTABLISHED · frame 5 · 谁唤醒了 pid 100";
    WentTo: "{0}: step {1}", "{0}：第 {1} 步";
    StepAway: "step {0} ({1})", "第 {0} 步（{1}）";
    StillLooking: "looking through the run…", "正在运行中查找…";
    NotSeenAhead: "not after this step", "此步之后没有";
    NotSeenBehind: "not before this step", "此步之前没有";
    NotSeen: "this run does not come there", "本次运行中没有出现";
    SeenInRun: "Seen in this run", "在本次运行中";
    Today: "Today: {0}", "今天：{0}";
    KeptIs: "Kept: {0}", "保留：{0}";
    CardKeys: "↑↓ choose · Enter goes there · PgUp PgDn scroll · Esc closes", "↑↓ 选择 · Enter 前往 · PgUp PgDn 滚动 · Esc 关闭";
    CardKeysMore: "←→ next word · ↑↓ choose · Enter goes · PgDn scrolls · Esc closes", "←→ 下一个词 · ↑↓ 选择 · Enter 前往 · PgDn 滚动 · Esc 关闭";
    NoEntry: "the glossary does not know {0}", "词汇表中没有 {0}";
    NoWordHere: "no kernel word is selected in this pane", "此窗格中没有选中内核词";
    // The prompt for system calls.
    CallPrompt: "System call", "系统调用";
    CallKeys: "Tab completes · ↑↓ history · Shift-Tab host · Enter calls · Esc closes", "Tab 补全 · ↑↓ 历史 · Shift-Tab 换主机 · Enter 发出调用 · Esc 关闭";
    CallHint: "type a call as packetdrill writes it, for example {0}", "按 packetdrill 的写法输入一个调用，例如 {0}";
    CallSleeps: "sleeps", "睡眠中";
    CallEntered: "process {0} on {1} traps into the kernel: {into} steps through int 0x80", "{1} 上的进程 {0} 陷入内核：按 {into} 步入 int 0x80";
    CallBranched: "branch {2}: process {0} on {1} traps into the kernel here; {branch} shows the old branch", "分支 {2}：{1} 上的进程 {0} 在此陷入内核；按 {branch} 键看原来的分支";
    CallReturned: "on {0}: {1}", "{0} 上：{1}";
    UnknownCall: "there is no call {0}", "没有系统调用 {0}";
    UnknownConstant: "there is no constant {0}", "没有常量 {0}";
    DidYouMean: "; did you mean {0}?", "；是 {0} 吗？";
    ArgumentMisfit: "argument {0} does not fit; it is written like this: {1}", "第 {0} 个参数不合适；应这样写：{1}";
    ArgumentMissing: "an argument is missing or one too many; it is written like this: {0}", "参数缺少或过多；应这样写：{0}";
    ProcessBusy: "process {0} still sleeps in {1}: let time go on (c, t or ]) until it returns, or type on the other host", "进程 {0} 仍在 {1} 中睡眠：让时间前进（c、t 或 ]）直到它返回，或在另一台主机上输入";
    LivePastFixed: "the peer of a live session is real and cannot go back: calls are made at the end (G)", "真实会话的对端无法后退：只能在终点（G）发出调用";
    LessonCalls: "a lesson makes its own calls; where it asks for some, press {write}", "课程自己发出调用；需要你写时按 {write}";
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
    StoppedAtWhy: "stopped at {0}: {1}", "停在 {0}：{1}";
    OnHost: "{0} on {1}", "{0}（{1}）";
    PlaceError: "column {0}: {1}", "第 {0} 列：{1}";
    StopOff: "switched off: {0}", "已停用：{0}";
    StopsCount: "{0} of {1} on", "{1} 个中启用 {0} 个";
    NoStopsYet: "no stop yet: b stops at this function (or the selected frame, timer, field), w where a field changes, g b types one", "还没有停止点：b 停在此函数（或所选的帧、定时器、字段），w 停在字段改变处，g b 输入一个";
    StopPrompt: "stop at", "停在";
    StopKeys: "Tab completes · Enter sets · Esc", "Tab 补全 · Enter 设置 · Esc";
    StopExamples: "for example: tcp_ack if sk.state == SYN_RECV · state *->TIME_WAIT · frame where tcp.flags.rst · frame 7 arrives · timer TIME_WRITE fires · drop · drop BadChecksum · B.sock(4).cong_window changes · B.snmp.TcpAttemptFails · pid 100 sleeps · A sends where tcp.len > 0", "例如：tcp_ack if sk.state == SYN_RECV · state *->TIME_WAIT · frame where tcp.flags.rst · frame 7 arrives · timer TIME_WRITE fires · drop · drop BadChecksum · B.sock(4).cong_window changes · B.snmp.TcpAttemptFails · pid 100 sleeps · A sends where tcp.len > 0";
    StopFunction: "function", "函数";
    StopState: "state", "状态";
    StopFrame: "frame", "帧";
    StopTimer: "timer", "定时器";
    StopDrop: "drop", "丢弃";
    StopProcess: "process", "进程";
    StopWatch: "watch", "监视";
    StopCondition: "condition", "条件";
    StopMark: "mark", "标记";
    SearchStopped: "the search was stopped; the cursor has not moved", "搜索已停止；光标没有移动";
    StopSet: "{run} and {run-back} stop at: {0}", "{run} 与 {run-back} 将停在：{0}";
    StopGone: "no stop any more at: {0}", "不再停在：{0}";
    NothingSelected: "nothing is selected that this could be done to", "没有选中可以这样操作的对象";
    LessonWire: "this lesson does not let the wire be changed so", "本课不允许这样改动网线";
    PaneClosed: "closed by the lesson until you answer: what is asked for stands here", "课程在你作答之前关闭此窗格：答案就在这里";
    LessonNotOpen: "no lesson is open: this key answers one", "没有打开课程：此键用于作答";
    NotAsked: "the lesson asks for nothing of that kind here", "课程在这里不需要这个操作";
    OneBranch: "there is one branch only: {drop}, {delay}, {duplicate}, {corrupt}, {overtake} and {edit-frame} in the ladder make another", "只有一个分支：在时序图中按 {drop}、{delay}、{duplicate}、{corrupt}、{overtake}、{edit-frame} 可建立新分支";
    NoNetwork: "only a live session in a network of its own runs commands", "只有带私有网络的真实会话才能运行命令";
    NoActionHere: "nothing is open that this key acts on", "没有打开此键所作用的对象";
    FrameIsLost: "frame {0} is lost", "第 {0} 帧丢失";
    FrameIsLate: "frame {0} is {1} late", "第 {0} 帧迟到 {1}";
    FrameIsTwice: "frame {0} arrives twice", "第 {0} 帧到达两次";
    FrameIsDamaged: "frame {0} is damaged in octet {1}", "第 {0} 帧的第 {1} 字节被损坏";
    FrameIsChanged: "frame {0} is changed: {1}", "第 {0} 帧被改动：{1}";
    TimerFired: "{0} of {1} fires early", "{1} 的 {0} 提前触发";
    SignalSent: "signal {0} goes to process {1} on {2}", "向 {2} 上的进程 {1} 发送信号 {0}";
    KillUsage: "{0} fits no place of it: type kill(PID, SIGNAL), such as kill(200, SIGTERM)", "{0} 不合用法：请输入 kill(PID, 信号)，例如 kill(200, SIGTERM)";
    CallMade: "a process on {1} calls {0}()", "{1} 上的进程调用 {0}()";
    ActDone: "the journal has one act more", "日志中多了一个动作";
    DelayPrompt: "hold it back for (200us, 50ms, 1.5s; nothing typed: 500ms):", "延迟多久（200us、50ms、1.5s；不输入则为 500ms）：";
    OctetPrompt: "damage which octet of it:", "损坏第几个字节：";
    FormTitle: "frame {0}: what is to arrive", "第 {0} 帧：将要到达的内容";
    FormKeys: "Enter type · Space turn a flag · c checksums · w send · Esc leave", "Enter 输入 · 空格 翻转标志 · c 校验和 · w 发送 · Esc 离开";
    FormMends: "checksums are made right again", "重新计算校验和";
    FormLeaves: "checksums stay as they are", "校验和保持原样";
    FormMisfit: "{0} is no value of {1}, which has {2} bits", "{0} 不是 {1} 的取值，该字段有 {2} 位";
    FormUnchanged: "nothing is changed yet: Enter types a value", "尚未改动：按 Enter 输入取值";
    BranchFirst: "the run that was opened", "打开的那次运行";
    BranchCount: "{0}", "{0} 个";
    BranchKeys: "{follow} show · {throw-away} throw away", "{follow} 显示 · {throw-away} 丢弃";
    AtStep: "at step {0}", "第 {0} 步";
    FrameCount: "{0} frames", "{0} 帧";
    Compare: "Compare", "比较";
    ComparePrompt: "compare with (branch 2, step 36, mark a, a file):", "与什么比较（branch 2、step 36、mark a 或文件）：";
    CompareKeys: "n N differences · Enter go to the frame · Esc leave", "n N 差异 · Enter 跳到该帧 · Esc 离开";
    PlainCompare: "Compared: {0}, on the left, with {1}, on the right.", "比较：左侧 {0}，右侧 {1}。";
    PlainBoth: "{0}: on the left {1}; on the right {2}", "{0}：左侧 {1}；右侧 {2}";
    PlainOne: "{0}: {1}", "{0}：{1}";
    PlainSide: "frame {0} at {1} s from {2}, {3}{4}", "第 {0} 帧，{1} 秒，来自 {2}，{3}{4}";
    PlainDiffers: "{0} differs: on the left {1}, on the right {2}", "{0} 不同：左侧 {1}，右侧 {2}";
    PlainAbsent: "nothing", "无";
    PlainField: "{0} = {1} ({2})", "{0} = {1}（{2}）";
    PlainFieldWas: "{0} = {1}, was {3} ({2})", "{0} = {1}，原为 {3}（{2}）";
    PlainEdit: "edit-frame NAME=VALUE sends it so", "edit-frame 名称=取值 即按此发送";
    PlainNoField: "this frame has no field {0}: edit-frame alone lists them", "此帧没有字段 {0}：单独输入 edit-frame 可列出全部";
    RelationSame: "the same", "相同";
    RelationShifted: "the same at another time", "相同，只是时刻不同";
    RelationFate: "the wire does something else with it", "网线对它的处理不同";
    RelationCounted: "the same but for what every frame counts on", "相同，只是逐帧递增的字段不同";
    RelationFields: "other fields", "其他字段不同";
    RelationLeft: "only on the left", "只在左侧";
    RelationRight: "only on the right", "只在右侧";
    ComparedSame: "nothing differs", "没有差异";
    ComparedFirst: "first difference: row {0}, behind {1} that are the same", "第一处差异：第 {0} 行，此前 {1} 行相同";
    ComparedFields: "{0} fields of the machines differ", "两边机器有 {0} 个字段不同";
    StepNamed: "step {0}", "第 {0} 步";
    BranchNamed: "branch {0}: {1}", "分支 {0}：{1}";
    NoOtherBranch: "there is no other branch {0}: {pane-branches} lists them", "没有另一个分支 {0}：按 {pane-branches} 查看列表";
    BranchMade: "{0}: branch {1}", "{0}：分支 {1}";
    BranchGone: "thrown away; this is branch {0}", "已丢弃；现在是分支 {0}";
    FirstBranch: "the first branch is the run that was opened: it stays", "第一个分支是打开的那次运行，不能丢弃";
    NothingToOvertake: "no later frame of the same host could overtake frame {0}", "同一主机此后没有帧可以超过第 {0} 帧";
    TimerGone: "{0} does not run any more when this step is over: stand where it runs", "本步结束时 {0} 已不在运行：请移到它运行的时刻";
    NoSuchProcess: "there is no process {0} on this host: the Processes pane lists them", "此主机上没有进程 {0}：进程窗格中有列表";
    NoDuration: "{0} is no span of time: type 200us, 50ms or 1.5s", "{0} 不是时间长度：请输入 200us、50ms 或 1.5s 这样的形式";
    NoOctet: "{0} is no octet of this frame: type a number from 0 to {1}", "{0} 不是此帧的字节：请输入 0 到 {1} 的编号";
    AtStart: "this is the beginning of the run", "这里是运行的起点";
    AtEnd: "the run ends here: nothing more happens by itself", "运行到此为止：不会再自行发生什么";
    QuitLive: "A live connection is open: press {quit} again to leave.", "真实连接仍然打开：再按一次 {quit} 退出。";
    MouseOn: "the mouse belongs to sockscope", "鼠标归 sockscope 使用";
    MouseOff: "the mouse belongs to the terminal: select text freely", "鼠标归终端使用：可自由选择文本";
    MarkSet: "mark {0} set", "已设标记 {0}";
    NoMark: "there is no mark {0}", "没有标记 {0}";
    Pinned: "{0} is pinned", "已固定 {0}";
    Saved: "written: {0}", "已写入：{0}";
    Theme: "theme: {0}", "主题：{0}";
    Speed: "speed {0}x", "速度 {0}x";
    BranchShown: "branch {0} of {1}: the first", "分支 {0}/{1}：最初的运行";
    BranchParted: "branch {0} of {1}: {4}; parted from branch {2} at step {3}", "分支 {0}/{1}：{4}；在第 {3} 步从分支 {2} 分出";
    BranchOf: "branch {0}/{1}", "分支 {0}/{1}";
    NoSuchFrame: "no frame of this run has the number {0}", "本次运行中没有编号为 {0} 的帧";
    NotSimulated: "these frames come from a device or a file: only on a simulated wire can they fare otherwise", "这些帧来自设备或文件：只有模拟网线上的帧才能改变命运";
    // Frames.
    FrameArrived: "has arrived", "已到达";
    FrameLeaves: "leaves", "发出";
    FrameLoops: "loops back", "环回";
    FrameLast: "the last one before this step", "本步之前的最后一帧";
    Peer: "peer", "对端";
    // Line by line.
    PlainHello: "sockscope, line by line. One command a line: into, over, frame, show sock, help, quit.", "sockscope 逐行模式。每行一条命令：into、over、frame、show sock、help、quit。";
    PlainHelp: "Type a command by its name or its keys; what it needs stands behind it, as in go-step 12 or find tcp_ack. Also: where, show PANE, help WORD; at home: open NUMBER or open FILE.", "用名字或按键输入命令；所需内容写在后面，例如 go-step 12 或 find tcp_ack。另有：where、show 窗格、help 词；在主页：open 编号 或 open 文件。";
    PlainItems: "What can be opened (open NUMBER, or open FILE):", "可打开的内容（open 编号，或 open 文件）：";
    PlainTable: "open NUMBER puts 1.2.13 in the place of the server, open NUMBER client in that of the client, open NUMBER observe tells what the frames of both ends tell; find port 80 shows only what fits; captures comes back to this table.", "open 编号 让 1.2.13 代替服务器，open 编号 client 代替客户端，open 编号 observe 只由帧了解两端；find port 80 只显示符合的；captures 回到此表。";
    PlainConnection: "frames {0}, bytes {1}, {2} s", "{0} 帧，{1} 字节，{2} 秒";
    PlainMoreRows: "{0} more: find narrows them down, as in find port 80.", "还有 {0} 个：用 find 缩小范围，例如 find port 80。";
    PlainNoConnection: "There is no connection {0} in this table.", "此表中没有连接 {0}。";
    PlainNoneFits: "No connection fits the filter.", "没有符合过滤条件的连接。";
    PlainSides: "There is no side {0}: client, server or observe.", "没有 {0} 这一端：请用 client、server 或 observe。";
    PlainUnknown: "There is no command {0}; help lists them all.", "没有命令 {0}；help 列出全部命令。";
    PlainUnknownNear: "There is no command {0}; did you mean {1}? help lists them all.", "没有命令 {0}；是 {1} 吗？help 列出全部命令。";
    PlainScreenOnly: "{0} is for the screen and does nothing line by line.", "{0} 只用于屏幕界面，逐行模式下不起作用。";
    PlainMissing: "{0} needs something behind it: {1}.", "{0} 后面还需要内容：{1}。";
    PlainPanes: "Panes that can be shown: {0}.", "可显示的窗格：{0}。";
    PlainNoRows: "{0} has no rows to choose from; show reads all of it.", "{0} 没有可选择的行；show 会读出全部内容。";
    PlainIdle: "Step {0} of {1}, time {2} s. Nothing runs: the machine is idle.", "第 {0}/{1} 步，时间 {2} 秒。没有函数在运行：机器空闲。";
    PlainOuter: "Step {0} of {1}, time {2} s. Host {3}, layer {4}, function {5} of {6}.", "第 {0}/{1} 步，时间 {2} 秒。主机 {3}，{4} 层，{6} 的函数 {5}。";
    PlainPlace: "Step {0} of {1}, time {2} s. Host {3}, layer {4}, function {5} of {6}, called by {7}.", "第 {0}/{1} 步，时间 {2} 秒。主机 {3}，{4} 层，{6} 的函数 {5}，由 {7} 调用。";
    PlainFrameAt: "Frame {0} of {1}, time {2} s.", "第 {0}/{1} 帧，时间 {2} 秒。";
    PlainHere: "Here: {0}", "此处：{0}";
    PlainChange: "{0} from {1} to {2}", "{0} 由 {1} 变为 {2}";
    PlainChanged: "Changed: {0}.", "改变：{0}。";
    PlainUnchanged: "Nothing changed in this step.", "本步没有任何改变。";
    PlainLesson: "Lesson {0}: {1}", "课程 {0}：{1}";
    PlainAsks: "A question is open: show lesson reads it, choose-a and so on choose, answer answers.", "有问题待答：show lesson 读出题目，choose-a 等进行选择，answer 作答。";
    PlainFrame: "frame {0}, {1} s, {2} to {3}: {4} ({5}{6})", "第 {0} 帧，{1} 秒，{2} 发往 {3}：{4}（{5}{6}）";
    PlainState: "{0}: state {1}", "{0}：状态 {1}";
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
