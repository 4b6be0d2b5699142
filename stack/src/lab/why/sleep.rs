//! Why a process still sleeps, and why accept() returns nothing: where it sleeps, what would wake it, what came instead.

use super::answer::{Answer, Input, Kind, Link, say};
use super::around::{function, running};
use super::chain::chain;
use super::fate::{self, Outcome, Reception};
use super::field::host_name;
use super::frame::{named, not_through};
use super::look::{Found, Look};
use super::moment::Shot;
use super::scan::Hunt;
use crate::include::arp::ATF_COM;
use crate::include::sched::{SavedFrame, Task, TaskState, WaitQueueId};
use crate::include::tcp::TcpState;
use crate::kernel::Kernel;
use crate::kernel::probe::Event;
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::lab::world::Medium;
use crate::view::sock::{by_number, name};
use crate::wire::FrameSummary;
use crate::words::Words;

/// Frames that came meanwhile whose fate is told, the latest of them.
const MOST_FRAMES: usize = 4;
/// Wake-ups in vain that are told, the latest of them.
const MOST_WAKES: usize = 3;

/// What would end a sleep, by the place that sleeps.
fn awaited(frame: Option<&SavedFrame>) -> Words<String> {
    let (en, zh) = match frame {
        Some(SavedFrame::TcpRead { .. }) => {
            ("data in sequence, a FIN, a RST or a signal", "按序到达的数据、FIN、RST 或信号")
        }
        Some(SavedFrame::TcpAccept) => (
            "a connection whose handshake is over, on the listener's receive_queue",
            "监听 sock 的 receive_queue 上有握手完成的连接",
        ),
        Some(SavedFrame::InetAccept { .. }) => ("the child leaving SYN_RECV", "子 sock 离开 SYN_RECV"),
        Some(SavedFrame::InetConnect) => {
            ("the SYN+ACK of the peer, a RST, or the end of the tries", "对端的 SYN+ACK、RST，或尝试次数用尽")
        }
        Some(SavedFrame::InetRelease) => ("the acknowledgement of the FIN", "对 FIN 的确认"),
        Some(SavedFrame::TcpWrite { memory: true, .. }) | Some(SavedFrame::SockAllocSendSkb) => {
            ("send memory: buffers that an acknowledgement frees", "发送内存：确认到达后释放的缓冲区")
        }
        Some(SavedFrame::TcpWrite { memory: false, .. }) => ("the end of the handshake", "握手完成"),
        Some(SavedFrame::SkbRecvDatagram) => ("a datagram for the sock", "发给这个 sock 的数据报"),
        Some(SavedFrame::DoSelect { .. }) => {
            ("a descriptor that is ready, or the end of its time", "某个描述符就绪，或时间到")
        }
        Some(SavedFrame::SockAccept { .. } | SavedFrame::SysClose { .. }) | None => ("a wake-up", "一次唤醒"),
    };
    say(en, zh)
}

/// The task of a process id that sleeps.
fn sleeper(k: &Kernel, pid: i32) -> Option<&Task> {
    let task = k.task_of_pid(pid)?;
    k.tasks.get(task.0 as usize).filter(|task| task.state == TaskState::Interruptible)
}

/// Whose queue a task stands on: a sock by its number, or the queue of all select() calls.
fn queue(k: &Kernel, task: &Task) -> Option<u32> {
    let socket = task.waiting.iter().find_map(|queue| match queue {
        WaitQueueId::Inode(socket) => k.sockets.get(*socket),
        WaitQueueId::MasterSelect => None,
    })?;
    socket.data.map(crate::include::arena::Id::serial)
}

/// What the sock of a sleeper shows, as far as it bears upon the sleep; and packets that wait for an address.
fn seen(k: &Kernel, task: &Task) -> Vec<Words<String>> {
    let mut seen = Vec::new();
    let sock = queue(k, task).and_then(|sk| k.sock.get(by_number(k, sk)?));
    match (task.frames.first(), sock) {
        (Some(SavedFrame::TcpRead { .. }), Some(sock)) => {
            let lies = |skb: &crate::include::skbuff::SkbId| k.skb.get(*skb).is_some_and(|skb| !skb.acked);
            let behind = sock.receive_queue.iter().filter(|skb| lies(skb)).count();
            let (held, next) = (sock.receive_queue.len(), sock.acked_seq.0);
            seen.push(say(
                format!("receive_queue holds {held} buffers, {behind} of them behind a gap; {next} is expected next."),
                format!("receive_queue 上有 {held} 个缓冲区，其中 {behind} 个在空缺之后；期待的序号是 {next}。"),
            ));
        }
        (Some(SavedFrame::TcpWrite { .. } | SavedFrame::SockAllocSendSkb), Some(sock)) => {
            let window = sock.window_seq.0.wrapping_sub(sock.rcv_ack_seq.0).min(65_535);
            let (waiting, out, memory) = (sock.write_queue.len(), sock.packets_out, sock.wmem_alloc);
            seen.push(say(
                format!("The peer's window is {window}; {waiting} segments wait on write_queue, {out} are not acknowledged, {memory} octets are charged."),
                format!("对端窗口为 {window}；write_queue 上有 {waiting} 个报文段等待，{out} 个未确认，已计入 {memory} 字节。"),
            ));
        }
        _ => {}
    }
    let unresolved = k.arp.iter().filter(|(_, entry)| entry.flags & ATF_COM == 0 && !entry.skb.is_empty());
    seen.extend(unresolved.map(|(_, entry)| {
        let (address, waiting) = (entry.ip, entry.skb.len());
        say(
            format!("{waiting} packets of the host wait for the address of {address}: ARP has not been answered."),
            format!("主机有 {waiting} 个包在等待 {address} 的地址：ARP 还没有得到应答。"),
        )
    }));
    seen
}

/// Why a process still sleeps at a moment.
pub(super) fn still(look: &mut Look<'_>, host: HostId, pid: i32, at: Moment) -> Found<Answer> {
    let shot = look.near(at)?;
    let asleep = shot.as_ref().and_then(|shot| {
        let k = shot.of(host)?;
        let task = sleeper(k, pid)?;
        Some((queue(k, task), awaited(task.frames.first()), seen(k, task)))
    });
    let slept = look.last(host, &[Hunt::Sleeps(pid)], at)?;
    let (Some((sk, awaited, looked_at)), Some(slept)) = (asleep, slept) else { return awake(look, host, pid, at) };
    let mut links = Vec::new();
    let sock = sk.map_or_else(
        || say("a queue of select()", "select() 的队列"),
        |sk| {
            let name = name(&host_name(look, host), sk);
            say(format!("the queue of {name}"), format!("{name} 的队列"))
        },
    );
    let by = look.at(slept.moment)?.map_or("?", |shot| sleeps_in(&shot));
    came_instead(look, host, pid, (slept.moment, at), &mut links)?;
    woken_in_vain(look, host, pid, slept.moment, &mut links)?;
    let text = say(
        format!("pid {pid} falls asleep in {by} on {}; what would wake it: {}.", sock.en, awaited.en),
        format!("进程 {pid} 在 {by} 中于{}上睡眠；能唤醒它的是：{}。", sock.zh, awaited.zh),
    );
    links.push(Link::new(slept.moment, Some(host), Kind::Process, text));
    chain(look, slept.moment, &mut links)?;
    let verdict = say(
        format!("pid {pid} sleeps in {by} and has been waiting for this, which has not come: {}.", awaited.en),
        format!("进程 {pid} 在 {by} 中睡眠，它等的还没有来：{}。", awaited.zh),
    );
    Ok(Answer { question: Words::default(), verdict, links, looked_at })
}

/// The function that sleeps: the one that calls the scheduler.
fn sleeps_in(shot: &Shot) -> &'static str {
    let around = running(&shot.film, shot.moment.step.saturating_sub(1));
    let names = around.iter().rev().filter_map(|entry| function(&shot.film, *entry)).map(|known| known.name);
    names.into_iter().find(|name| !["schedule", "interruptible_sleep_on"].contains(name)).unwrap_or("?")
}

/// A process that does not sleep: what it did last.
fn awake(look: &mut Look<'_>, host: HostId, pid: i32, at: Moment) -> Found<Answer> {
    let hit = look.last(host, &[Hunt::Wakes(pid), Hunt::Calls(pid)], at)?;
    let mut links = Vec::new();
    let verdict = match hit {
        Some(hit) if hit.hunt == 0 => {
            let text = say(format!("pid {pid} was woken here."), format!("进程 {pid} 在这里被唤醒。"));
            links.push(Link::new(hit.moment, Some(host), Kind::Process, text));
            chain(look, hit.moment, &mut links)?;
            say(
                format!("pid {pid} does not sleep at this moment: it has been woken."),
                format!("进程 {pid} 此刻没有睡眠：它已被唤醒。"),
            )
        }
        Some(hit) => {
            chain(look, hit.moment, &mut links)?;
            say(
                format!("pid {pid} does not sleep at this moment: its last call did not have to wait."),
                format!("进程 {pid} 此刻没有睡眠：它最后一次调用无需等待。"),
            )
        }
        None => say(
            format!("{} has no process {pid} that has made a call by this moment.", host_name(look, host)),
            format!("到这一刻 {} 上没有进程 {pid} 进行过系统调用。", host_name(look, host)),
        ),
    };
    Ok(Answer { question: Words::default(), verdict, links, looked_at: Vec::new() })
}

/// Numbers of the frames that came to a host, or were to come, between two moments: the latest first.
fn frames_meanwhile(look: &Look<'_>, host: HostId, (after, until): (Moment, Moment)) -> Vec<usize> {
    let is_simulated = matches!(look.run.head().medium, Medium::Simulated(_));
    // What left a little before came a little after.
    let since = look.run.time(after);
    let to_host = |frame: &&crate::lab::run::FrameRecord| {
        if is_simulated {
            let late = frame.sent.arrivals.iter().any(|(time, _)| *time >= since);
            frame.sent.host != host && (late || frame.moment > after)
        } else {
            frame.from_outside && frame.moment > after
        }
    };
    let past = look.run.frames.partition_point(|frame| frame.moment <= until);
    let latest = look.run.frames.iter().enumerate().take(past).rev().take(64);
    latest.filter(|(_, frame)| to_host(frame)).map(|(place, _)| place + 1).take(MOST_FRAMES).collect()
}

/// What came while a process slept, and why that did not wake it.
fn came_instead(
    look: &mut Look<'_>,
    host: HostId,
    pid: i32,
    between: (Moment, Moment),
    links: &mut Vec<Link>,
) -> Found<()> {
    for number in frames_meanwhile(look, host, between) {
        let frame = named(look, number);
        let mut inner = Vec::new();
        let (moment, why) = match not_through(look, number, between.1, &mut inner)? {
            Ok(lost) => (inner.first().map(|link| link.moment), lost),
            Err(Some(reception)) if reception.moment() > between.0 && reception.host() == host => {
                (Some(reception.moment()), did_not_wake(&reception, pid))
            }
            Err(_) => continue,
        };
        let text = say(
            format!("Meanwhile came frame {number}, {frame}. {}", why.en),
            format!("其间有第 {number} 帧：{frame}。{}", why.zh),
        );
        links.push(Link::new(moment.unwrap_or(between.1), Some(host), Kind::Frame, text).with(inner));
    }
    Ok(())
}

/// Why a frame that was handled did not end a sleep.
fn did_not_wake(reception: &Reception, pid: i32) -> Words<String> {
    let shot = &reception.shot;
    let handled = shot.film.steps.get(reception.arrival..=reception.end.min(shot.film.steps.len().saturating_sub(1)));
    let handled = handled.unwrap_or(&[]);
    let woke = handled.iter().any(|step| matches!(step.event, Event::WakeUp { task } if shot.pid(task) == pid));
    // What the protocol said of it, and not what was said of its answer on the way out.
    let is_of_protocol = |file: &str| ["/tcp_", "/udp", "/raw", "/arp", "/icmp"].iter().any(|room| file.contains(room));
    let last_note = handled.iter().rev().find_map(|step| match &step.event {
        Event::Note { text } if is_of_protocol(step.place.file()) => Some(text.trim_end_matches('.')),
        _ => None,
    });
    let asks_queue = handled
        .iter()
        .any(|step| matches!(step.event, Event::Enter { function, .. } if function.name == "wake_up_interruptible"));
    if woke {
        return say(
            "It woke the process, which found nothing and slept again.",
            "它唤醒了进程，但进程没有得到所等的，又睡下。",
        );
    }
    if reception.back_log.is_some() {
        return say("It went to a back_log and woke nobody.", "它进入 back_log，没有唤醒任何进程。");
    }
    let (en, zh) = if asks_queue {
        ("It woke another queue than the one this process stands on.", "它唤醒的是别的队列，不是这个进程所在的队列。")
    } else {
        ("Nothing in its handling wakes anybody.", "处理过程中没有唤醒任何进程。")
    };
    let told = last_note.map_or_else(Words::default, |note| {
        let zh = crate::lab::caption::chinese::of(note).unwrap_or(note);
        say(format!(" ({note})"), format!("（{zh}）"))
    });
    say(format!("{en}{}", told.en), format!("{zh}{}", told.zh))
}

/// Wake-ups of the same call after which the process slept again.
fn woken_in_vain(look: &mut Look<'_>, host: HostId, pid: i32, slept: Moment, links: &mut Vec<Link>) -> Found<()> {
    let Some(call) = look.last(host, &[Hunt::Calls(pid)], slept)? else { return Ok(()) };
    let wakes = look.all(host, &[Hunt::Wakes(pid)], call.moment, slept)?;
    for hit in wakes.iter().rev().take(MOST_WAKES) {
        let Some(shot) = look.at(hit.moment)? else { continue };
        let around = running(&shot.film, hit.moment.step.saturating_sub(1));
        let names = around.iter().rev().filter_map(|entry| function(&shot.film, *entry)).map(|known| known.name);
        let by = names.into_iter().find(|name| !name.starts_with("wake_up") && !name.starts_with("def_callback"));
        let by = by.unwrap_or("?");
        let text = say(
            format!("{by} woke pid {pid} here, but what it waits for was not there: it slept again."),
            format!("{by} 在这里唤醒过进程 {pid}，但它所等的还没有，于是又睡下。"),
        );
        links.push(Link::new(hit.moment, Some(host), Kind::Process, text));
    }
    Ok(())
}

/// A connection that waits on a listener: the number of its sock, its state, and its ports.
struct Waiting {
    sk: u32,
    state: TcpState,
    ports: (u16, u16),
}

fn connections(k: &Kernel, listener: u32) -> Option<(u16, Vec<Waiting>)> {
    let sock = k.sock.get(by_number(k, listener)?)?;
    let child = |skb: &crate::include::skbuff::SkbId| {
        let sk = k.skb.get(*skb)?.sk?;
        let child = k.sock.get(sk)?;
        Some(Waiting { sk: sk.serial(), state: child.state, ports: (child.num, child.dummy_th.dest) })
    };
    Some((sock.num, sock.receive_queue.iter().filter_map(child).collect()))
}

/// Why accept() on a listener returns nothing at a moment.
pub(super) fn accepts_nothing(look: &mut Look<'_>, host: HostId, sk: u32, at: Moment) -> Found<Answer> {
    let listener = name(&host_name(look, host), sk);
    let shot = look.near(at)?;
    let found = shot.as_ref().and_then(|shot| connections(shot.of(host)?, sk));
    let mut links = Vec::new();
    let mut looked_at = Vec::new();
    let verdict = match found {
        None => say(format!("{listener} does not exist at this moment."), format!("{listener} 此刻不存在。")),
        Some((port, waiting)) if waiting.is_empty() => {
            looked_at.push(say(
                format!("Looked at receive_queue of {listener}: it is empty; and at every SYN for port {port}."),
                format!("查看了 {listener} 的 receive_queue：为空；以及发往端口 {port} 的每个 SYN。"),
            ));
            no_connection(look, (host, port), at, &mut links)?
        }
        Some((_, waiting)) => match waiting.iter().find(|child| !is_half_open(child.state)) {
            Some(ready) => {
                let child = name(&host_name(look, host), ready.sk);
                say(
                    format!("A connection is ready, {child} in {}: nobody calls accept().", ready.state.name()),
                    format!("已有就绪的连接 {child}（{}）：没有人调用 accept()。", ready.state.name()),
                )
            }
            None => half_open(look, host, &waiting, at, &mut links)?,
        },
    };
    if let Some(slept) = asleep_in_accept(look, host, sk, at)? {
        links.insert(0, slept);
    }
    Ok(Answer { question: Words::default(), verdict, links, looked_at })
}

fn is_half_open(state: TcpState) -> bool {
    matches!(state, TcpState::SynRecv | TcpState::SynSent)
}

/// The process that sleeps in accept() on a listener.
fn asleep_in_accept(look: &mut Look<'_>, host: HostId, sk: u32, at: Moment) -> Found<Option<Link>> {
    let pid = look.near(at)?.and_then(|shot| {
        let k = shot.of(host)?;
        let on_it = |task: &&Task| sleeper(k, task.pid).is_some() && queue(k, task) == Some(sk);
        k.tasks.iter().skip(1).find(on_it).map(|task| task.pid)
    });
    let Some(pid) = pid else { return Ok(None) };
    let call = look.last(host, &[Hunt::Calls(pid)], at)?;
    Ok(call.map(|call| {
        let text = say(
            format!("pid {pid} called here and sleeps until a connection is ready."),
            format!("进程 {pid} 在这里调用，睡眠到有连接就绪为止。"),
        );
        Link::new(call.moment, Some(host), Kind::Process, text).ending(Input::Call)
    }))
}

/// Every connection of a listener is half open: what its handshake lacks.
fn half_open(
    look: &mut Look<'_>,
    host: HostId,
    waiting: &[Waiting],
    at: Moment,
    links: &mut Vec<Link>,
) -> Found<Words<String>> {
    let Some(child) = waiting.first() else { return Ok(Words::default()) };
    let name = name(&host_name(look, host), child.sk);
    let state = child.state.name();
    let (num, dest) = child.ports;
    let is_of_it = |bytes: &[u8]| match FrameSummary::of(bytes) {
        FrameSummary::Tcp(tcp) => [(num, dest), (dest, num)].contains(&(tcp.source_port, tcp.destination_port)),
        _ => false,
    };
    let past = look.run.frames.partition_point(|frame| frame.moment <= at);
    let frames = look.run.frames.iter().enumerate().take(past).rev();
    let latest: Vec<usize> =
        frames.filter(|(_, frame)| is_of_it(&frame.sent.bytes)).map(|(place, _)| place + 1).take(MOST_FRAMES).collect();
    let mut why = None;
    for number in latest {
        let mut inner = Vec::new();
        if let Ok(lost) = not_through(look, number, at, &mut inner)? {
            why = why.or(Some(lost));
            links.append(&mut inner);
        }
    }
    if links.is_empty() {
        let last = look.run.states.iter().rev().find(|record| record.host == host && record.sk == child.sk);
        if let Some(moment) = last.map(|record| record.moment) {
            chain(look, moment, links)?;
        }
    }
    let why = why
        .unwrap_or_else(|| say("No frame of it was lost: the answer is under way.", "没有丢失它的帧：应答还在途中。"));
    Ok(say(
        format!(
            "{name} is on the queue, but only in {state}: the ACK that ends its handshake has not come. {}",
            why.en
        ),
        format!("{name} 已在队列上，但还处于 {state}：结束握手的 ACK 没有到。{}", why.zh),
    ))
}

/// No connection waits: what became of the SYNs for the port.
fn no_connection(
    look: &mut Look<'_>,
    (host, port): (HostId, u16),
    at: Moment,
    links: &mut Vec<Link>,
) -> Found<Words<String>> {
    let is_syn = |bytes: &[u8]| match FrameSummary::of(bytes) {
        FrameSummary::Tcp(tcp) => {
            let flags = crate::wire::tcp::SYN | crate::wire::tcp::ACK;
            tcp.destination_port == port && tcp.flags & flags == crate::wire::tcp::SYN
        }
        _ => false,
    };
    let past = look.run.frames.partition_point(|frame| frame.moment <= at);
    let frames = look.run.frames.iter().enumerate().take(past).rev();
    let to_it =
        frames.filter(|(_, frame)| (frame.from_outside || frame.sent.host != host) && is_syn(&frame.sent.bytes));
    let syns: Vec<usize> = to_it.map(|(place, _)| place + 1).take(MOST_FRAMES).collect();
    let Some(latest) = syns.first().copied() else {
        return Ok(say(
            format!("No SYN for port {port} has been sent by this moment: nobody connects."),
            format!("到这一刻没有发往端口 {port} 的 SYN：没有人来连接。"),
        ));
    };
    if let Ok(lost) = not_through(look, latest, at, links)? {
        return Ok(say(format!("No connection waits: {}", lost.en), format!("没有等待的连接：{}", lost.zh)));
    }
    if let Outcome::Received(reception) = fate::of(look, latest, at)? {
        chain(look, reception.moment(), links)?;
    }
    Ok(say(
        format!("No connection waits: that of the last SYN, frame {latest}, has been accepted already or has ended."),
        format!("没有等待的连接：最后一个 SYN（第 {latest} 帧）的连接已被接受或已结束。"),
    ))
}
