//! An observed capture in the panes that every run has: its laws (the picture of a frame is one, whichever way the cursor came), what
//! stays unknown, what its keys do and what they refuse, and how it looks at every size in both languages.

mod folder;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use folder::{Folder, NOWHERE};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::capture::observe::seen::Side;
use sockscope::capture::source;
use sockscope::catalog::{self, Opening};
use sockscope::i18n::{Lang, Message};
use sockscope::picture::plot::PlotKind;
use sockscope::picture::sock_list::SockPlace;
use sockscope::picture::{LadderRow, Layer, Pane, Picture, Sock, Source};
use sockscope::session::PictureRequest;
use sockscope::session::captures::CaptureTable;
use sockscope::session::motion::{Direction, Motion, WireAct};
use sockscope::session::observed::ObservedSession;
use sockscope::tui::action::{Action, Mode, TABLE};
use sockscope::tui::app::{App, Flow};
use sockscope::tui::hints;
use sockscope::tui::keymap::Key;
use sockscope::tui::panes::needs_kernel;
use sockscope::tui::print;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;
use stack::include::tcp::TcpState;

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 35), (160, 45), (200, 60)];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn asset(name: &str) -> String {
    root().join("assets/captures").join(name).to_string_lossy().into_owned()
}

fn kind(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures/kinds").join(name).to_string_lossy().into_owned()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

/// A connection of a capture in focus, observed to its end.
fn session(path: &str, number: u32) -> ObservedSession {
    let table = CaptureTable::read_whole(path, source::load(path).unwrap()).unwrap();
    let Ok(mut observed) = ObservedSession::new(Box::new(table), number) else { panic!("{path} has no {number}") };
    assert!(!observed.work(soon()), "{path}");
    observed
}

fn request(lang: Lang) -> PictureRequest {
    PictureRequest { switched: 0, relative: true, lang }
}

fn picture(observed: &ObservedSession) -> Picture {
    observed.picture(request(Lang::En))
}

fn ui(lang: Lang) -> UiState {
    UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang)
}

fn app_of(observed: ObservedSession, lang: Lang) -> App {
    App::of(catalog::standard(), Some(Opening::Observed(Box::new(observed))), ui(lang))
}

fn app(path: &str, number: u32) -> App {
    app_of(session(path, number), Lang::En)
}

fn settle(app: &mut App) {
    while app.work(soon()).more {}
}

fn press(app: &mut App, keys: &str) {
    for key in keys.split(' ') {
        app.press(&Key::named(key));
        settle(app);
    }
}

fn screen(app: &mut App, (width, height): (u16, u16)) -> String {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    print::text::screen(&buffer)
}

fn message(app: &App) -> String {
    app.ui().message.clone().unwrap_or_default()
}

fn field(sock: &Sock, name: &str) -> String {
    sock.fields.iter().find(|field| field.name == name).map(|field| field.value.clone()).unwrap()
}

#[test]
fn it_stands_in_the_panes_of_every_run_at_four_sizes_in_both_languages() {
    for lang in [Lang::En, Lang::Zh] {
        let mut app = app_of(session(&asset("zerowin.pcap"), 1), lang);
        press(&mut app, "g n 2 2 Enter");
        for size in SIZES {
            let shown = screen(&mut app, size);
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("observed_{}x{}_{}", size.0, size.1, lang.tag()), shown);
            });
        }
    }
}

#[test]
fn forward_and_back_again_is_the_same_picture() {
    for (path, number) in [(asset("lossy.pcap"), 1), (asset("rst.pcap"), 2), (kind("no_syn.pcap"), 1)] {
        let mut observed = session(&path, number);
        let own: Vec<usize> = observed.observation().frames().iter().map(|one| one.seen.frame).collect();
        loop {
            let before = picture(&observed);
            for motion in [Motion::Into, Motion::Micro, Motion::Frame, Motion::Over] {
                // From a frame of another connection the next one of this and the one before it lie further apart.
                let is_twin = matches!(motion, Motion::Into | Motion::Micro) || own.contains(&observed.frame());
                if is_twin && observed.travel(motion, Direction::Forward).moved() {
                    assert!(observed.travel(motion, Direction::Backward).moved(), "{path} {motion:?}");
                    assert!(picture(&observed) == before, "{path} at frame {}: {motion:?}", before.step);
                }
            }
            if !observed.travel(Motion::Into, Direction::Forward).moved() {
                break;
            }
        }
    }
}

/// The first TCP frame of the capture, or the last.
fn first_frame(observed: &mut ObservedSession, direction: Direction) -> usize {
    observed.travel(Motion::End, direction);
    observed.frame()
}

#[test]
fn states_and_oddities_are_the_same_both_ways() {
    for (path, number) in [(asset("lossy.pcap"), 1), (asset("rst.pcap"), 2), (asset("http.pcap"), 1)] {
        let mut observed = session(&path, number);
        let ends = (first_frame(&mut observed, Direction::Backward), first_frame(&mut observed, Direction::Forward));
        let mut walk = |direction: Direction, is_oddity: bool| {
            let twin = if direction == Direction::Forward { Direction::Backward } else { Direction::Forward };
            observed.travel(Motion::End, twin);
            let mut frames = Vec::new();
            loop {
                let answer =
                    if is_oddity { observed.seek_oddity(direction) } else { observed.travel(Motion::State, direction) };
                if !answer.moved() {
                    return frames;
                }
                frames.push(observed.frame());
            }
        };
        for is_oddity in [false, true] {
            let (forth, mut back) = (walk(Direction::Forward, is_oddity), walk(Direction::Backward, is_oddity));
            back.reverse();
            // Where a walk begins is no part of it.
            let (first, last) = ends;
            let between = |frames: Vec<usize>| -> Vec<usize> {
                frames.into_iter().filter(|frame| *frame != first && *frame != last).collect()
            };
            let (forth, back) = (between(forth), between(back));
            assert!(forth == back && (is_oddity || !forth.is_empty()), "{path}: {forth:?} {back:?}");
        }
    }
}

#[test]
fn the_picture_of_a_frame_is_one_whichever_way_the_cursor_came() {
    for path in [asset("rst.pcap"), asset("lossy.pcap")] {
        let mut walked = session(&path, 1);
        let mut pictures = Vec::new();
        loop {
            pictures.push(picture(&walked));
            if !walked.travel(Motion::Into, Direction::Forward).moved() {
                break;
            }
        }
        let count = pictures.len();
        assert!(count > 5, "{path}");
        let mut jumped = session(&path, 1);
        for place in (0..count).rev().step_by(7) {
            // By way of the other end, of another connection and of other frames.
            jumped.switch_side();
            if jumped.focus_beside(Direction::Forward) {
                jumped.work(soon());
                jumped.travel(Motion::Frame, Direction::Backward);
                assert!(jumped.choose(SockPlace { host: 0, number: 1 }));
                jumped.work(soon());
            } else {
                jumped.switch_side();
            }
            jumped.go_to(pictures[place].step);
            assert!(picture(&jumped) == pictures[place], "{path} at frame {}", pictures[place].step);
        }
    }
}

/// Every frame number that a picture names: those of the connection in focus, and those of the whole timeline.
fn named(picture: &Picture) -> (Vec<u64>, Vec<u64>) {
    let rows = picture.ladder.rows.iter().filter_map(|row| match row {
        LadderRow::Frame { number, .. } => Some(*number),
        LadderRow::Captured { .. } | LadderRow::State { .. } | LadderRow::Oops { .. } => None,
    });
    let lines = picture.replay.rows.iter().map(|row| row.frame.parse().unwrap());
    let plotted = picture.plot.events.iter().map(|event| event.number);
    let held = picture.queues.rows.iter().flat_map(|queue| &queue.skbs).map(|skb| u64::from(skb.number));
    let signs = picture.timeline.signs.iter().map(|(number, _)| *number);
    let own = rows.chain(lines).chain(plotted).chain(held.filter(|number| *number > 0)).chain(signs);
    (own.collect(), vec![picture.step, picture.frame.as_ref().unwrap().number])
}

#[test]
fn every_frame_number_is_one_of_the_capture_and_what_is_ahead_stays_ahead() {
    for (path, number) in [(asset("rst.pcap"), 2), (asset("lossy.pcap"), 1), (kind("chat_client_frame_missed.pcap"), 1)]
    {
        let mut observed = session(&path, number);
        let own: Vec<u64> = observed.observation().frames().iter().map(|one| one.seen.frame as u64).collect();
        let mut all = vec![observed.frame() as u64];
        observed.travel(Motion::End, Direction::Backward);
        all.push(observed.frame() as u64);
        while observed.travel(Motion::Into, Direction::Forward).moved() {
            all.push(observed.frame() as u64);
            let shown = picture(&observed);
            let (of_focus, of_all) = named(&shown);
            assert!(of_focus.iter().all(|number| own.contains(number)), "{path} at {}", shown.step);
            assert!(of_all.iter().all(|number| all.contains(number)), "{path} at {}: {of_all:?}", shown.step);
            for row in &shown.replay.rows {
                let passed = row.frame.parse::<u64>().unwrap() <= shown.step;
                assert_eq!(row.ahead, !passed, "{path} at {}: frame {}", shown.step, row.frame);
            }
        }
        assert!(own.iter().all(|number| all.contains(number)), "{path}: every frame is on the timeline");
    }
}

#[test]
fn all_connections_are_on_one_timeline_and_the_focus_stays_until_it_is_moved() {
    let mut observed = session(&asset("rst.pcap"), 1);
    observed.travel(Motion::End, Direction::Backward);
    let mut connections = vec![observed.connection()];
    let mut times = Vec::new();
    while observed.travel(Motion::Into, Direction::Forward).moved() {
        let shown = picture(&observed);
        assert_eq!(observed.connection(), 1);
        times.push(shown.microseconds);
        if let Some((_, number)) = shown.frame.as_ref().unwrap().note.split_once("of connection ") {
            connections.push(number.parse().unwrap());
            assert!(shown.changed.is_empty(), "a frame of another connection changes nothing of this one");
        }
    }
    connections.dedup();
    assert!(connections.len() > 1, "{connections:?}");
    assert!(times.is_sorted(), "the clock goes on with every frame");
    let frame = observed.frame();
    assert!(observed.focus_here());
    observed.work(soon());
    assert_eq!((observed.frame(), observed.connection()), (frame, *connections.last().unwrap()));
    assert!(!observed.focus_beside(Direction::Forward), "there is no connection behind the last");
}

#[test]
fn a_state_is_shown_only_where_the_frames_leave_no_other() {
    let mut observed = session(&asset("http.pcap"), 1);
    let mut seen = (0, 0, 0);
    loop {
        let shown = picture(&observed);
        let ends = observed.observation().at(observed.observation().passed(observed.frame()));
        let state = &shown.state;
        let possible: Vec<TcpState> = ends.both.of(Side::Client).states.iter().collect();
        match (state.now, possible.len()) {
            (Some(now), 1) => assert_eq!((possible[0], state.possible.len()), (now, 0)),
            (None, 2..=3) => assert_eq!(state.possible, possible),
            (None, _) => assert!(state.possible.is_empty()),
            (Some(now), _) => panic!("{now:?} is shown, {possible:?} are possible"),
        }
        seen.0 += usize::from(state.now.is_some());
        seen.1 += usize::from(!state.possible.is_empty());
        let other: Vec<TcpState> = ends.both.server.states.iter().collect();
        for (name, state) in &shown.state.others {
            assert!(other.contains(state), "{name} {state:?}");
            assert_eq!(name.ends_with('?'), other.len() > 1, "{name}");
            seen.2 += 1;
        }
        if !observed.travel(Motion::Frame, Direction::Forward).moved() {
            break;
        }
    }
    assert!(seen.0 > 2 && seen.1 > 0 && seen.2 > 2, "{seen:?}");
}

#[test]
fn what_no_frame_tells_is_a_question_mark_and_never_a_number() {
    // Nothing of 1.2.13 runs: what only a kernel knows is unknown in every capture.
    let observed = session(&asset("zerowin.pcap"), 1);
    let shown = picture(&observed);
    for name in ["write_seq", "copied_seq", "receive_queue", "cong_window", "ssthresh", "rtt", "rto"] {
        assert_eq!(field(&shown.socks[0], name), "?", "{name}");
    }
    assert_eq!(shown.queues.in_flight.map(|(_, window)| window), Some(None));
    let mut no_syn = session(&kind("no_syn.pcap"), 1);
    no_syn.travel(Motion::End, Direction::Forward);
    let shown = picture(&no_syn);
    for name in ["isn", "mss_offered", "window_shift", "window_seq"] {
        assert_eq!(field(&shown.socks[0], name), "?", "{name} without a SYN");
    }
    assert!(field(&shown.socks[0], "window").ends_with(" << ?"), "{}", field(&shown.socks[0], "window"));
    assert!(shown.replay.notices.iter().any(|notice| notice.contains("SYN of the client is not in the capture")));
    let mut one_sided = session(&kind("one_sided.pcap"), 1);
    one_sided.travel(Motion::End, Direction::Forward);
    let shown = picture(&one_sided);
    let silent = if field(&shown.socks[0], "frames") == "0" { &shown.socks[0] } else { &shown.peer_socks[0] };
    for name in ["state", "sent_seq", "acked_seq", "window", "in_flight", "packets_out", "round_trip"] {
        assert_eq!(field(silent, name), "?", "{name} of an end that is silent");
    }
    assert!(shown.replay.notices.iter().any(|notice| notice.starts_with("No frame of the ")));
}

#[test]
fn a_hole_in_the_capture_shows_what_lies_behind_it() {
    // A frame of data is left out of a capture in which the next one follows before both are acknowledged.
    let whole = std::fs::read(asset("zerowin.pcap")).unwrap();
    let (mut with_hole, mut at) = (whole[..24].to_vec(), 24);
    for number in 1.. {
        let Some(length) = whole.get(at + 8..at + 12) else { break };
        let next = at + 16 + u32::from_le_bytes(length.try_into().unwrap()) as usize;
        with_hole.extend(whole[at..next].iter().filter(|_| number != 4));
        at = next;
    }
    let folder = Folder::new("hole");
    let mut observed = session(&folder.file("hole.pcap", with_hole), 1);
    let mut held = 0;
    while observed.travel(Motion::Frame, Direction::Forward).moved() {
        let shown = picture(&observed);
        let ends = observed.observation().at(observed.observation().passed(observed.frame()));
        let [from_client, before_client, from_server, before_server] = &shown.queues.rows[..] else {
            panic!("{:?}", shown.queues.rows)
        };
        for (queue, count) in [
            (from_client, ends.both.client.in_flight.len()),
            (before_client, ends.both.client.out_of_order.len()),
            (from_server, ends.both.server.in_flight.len()),
            (before_server, ends.both.server.out_of_order.len()),
        ] {
            assert_eq!(queue.skbs.len(), count, "{} at {}", queue.name, shown.step);
        }
        held += before_client.skbs.len() + before_server.skbs.len();
    }
    assert!(held > 0, "something lies out of order there");
}

#[test]
fn the_plot_is_the_stream_of_the_end_that_is_looked_at() {
    let mut observed = session(&asset("lossy.pcap"), 1);
    observed.travel(Motion::End, Direction::Forward);
    let sent = |shown: &Picture| {
        let octets = shown.plot.events.iter().filter_map(|event| match event.kind {
            PlotKind::Sent { high, .. } => Some(high),
            PlotKind::Acknowledged { .. } | PlotKind::Other => None,
        });
        octets.max().unwrap_or(0).to_string()
    };
    for _ in 0..2 {
        let shown = picture(&observed);
        assert_eq!(sent(&shown), field(&shown.socks[0], "sent_seq"), "{}", shown.plot.stream);
        let again = shown.plot.events.iter().filter(|event| matches!(event.kind, PlotKind::Sent { again: true, .. }));
        assert_eq!(again.count().to_string(), field(&shown.socks[0], "resent"));
        observed.switch_side();
    }
}

#[test]
fn the_frame_is_taken_apart_whatever_carried_it() {
    let fields = |path: &str| {
        let shown = picture(&session(path, 1));
        let frame = shown.frame.unwrap();
        assert!(frame.rows.iter().all(|row| row.range.end <= frame.bytes.len()), "{path}");
        let inner = frame.rows.iter().filter(|row| row.layer == Layer::Tcp);
        inner.map(|row| (row.name.clone(), row.value.clone())).collect::<Vec<_>>()
    };
    let wanted = fields(&kind("chat.pcap"));
    assert!(wanted.iter().any(|(name, _)| name == "seq"), "{wanted:?}");
    for carrier in ["vlan", "qinq", "mpls", "pppoe", "raw_ip", "raw_ipv4", "null_loopback", "loop_openbsd"] {
        assert_eq!(fields(&kind(&format!("{carrier}.pcap"))), wanted, "{carrier}");
    }
    assert!(!fields(&asset("http_sll2.pcap")).is_empty());
}

#[test]
fn keys_go_by_frame_by_oddity_by_number_and_back() {
    let mut app = app(&asset("lossy.pcap"), 1);
    let first = app.observed().unwrap().frame();
    let began = screen(&mut app, (100, 30));
    for (keys, at) in [("]", first + 1), ("n", 7), ("n", 23), ("N", 7), ("[", 6), ("G", 338), ("Home", first)] {
        press(&mut app, keys);
        assert_eq!(app.observed().unwrap().frame(), at, "after {keys}");
    }
    assert_eq!(screen(&mut app, (100, 30)), began, "the way back leads to the same screen");
    press(&mut app, "g n 4 2 Enter");
    assert_eq!(app.observed().unwrap().frame(), 42);
    press(&mut app, "m a G ' a");
    assert_eq!(app.observed().unwrap().frame(), 42);
    press(&mut app, "R");
    assert_eq!(app.observed().unwrap().frame(), first);
    press(&mut app, "[");
    assert!(message(&app).contains("no earlier frame"), "{}", message(&app));
    press(&mut app, "@");
    assert_eq!(message(&app), "seconds since the frame before");
}

#[test]
fn enter_leads_from_every_pane_to_the_frame_of_its_row() {
    let mut app = app(&asset("lossy.pcap"), 1);
    press(&mut app, "g n 4 0 Enter g p l Down Down Down Enter");
    let below = app.observed().unwrap().frame();
    assert!(below > 40, "the ladder leads on: {below}");
    press(&mut app, "g p v Up Up Enter");
    let above = app.observed().unwrap().frame();
    assert!(above < below, "the frames lead back: {above}");
    press(&mut app, "g p g Left Enter");
    assert!(app.observed().unwrap().frame() < above, "the plot leads back");
    press(&mut app, "g n 2 0 Enter g p q Down");
    let wanted = app.picture().queues.rows.iter().flat_map(|queue| &queue.skbs).next().map(|skb| skb.number as usize);
    press(&mut app, "Enter");
    let held = app.observed().unwrap().frame();
    assert!(Some(held) == wanted && held < 20, "a segment in flight leads to the frame that carried it: {held}");
}

#[test]
fn the_list_of_socks_puts_a_connection_into_focus_and_keeps_the_time() {
    let mut app = app(&asset("rst.pcap"), 1);
    press(&mut app, "G");
    let frame = app.observed().unwrap().frame();
    assert_eq!(app.picture().sock_list.rows.len(), 4, "both ends of two connections");
    press(&mut app, "g p h g t Down Down Down Down Enter");
    let observed = app.observed().unwrap();
    assert_eq!((observed.connection(), observed.side(), observed.frame()), (2, Side::Server, frame));
    press(&mut app, "{");
    let observed = app.observed().unwrap();
    assert_eq!((observed.connection(), observed.side(), observed.frame()), (1, Side::Server, frame));
    press(&mut app, "} }");
    assert_eq!(app.observed().unwrap().connection(), 2);
    press(&mut app, "{ {");
    assert_eq!(message(&app), Message::NoOtherConnection.text(Lang::En));
    press(&mut app, "a");
    assert_eq!(app.picture().host, 0, "the other end");
}

#[test]
fn what_needs_a_kernel_says_so_and_what_would_change_the_past_is_refused() {
    for lang in [Lang::En, Lang::Zh] {
        let mut app = app_of(session(&asset("zerowin.pcap"), 1), lang);
        for pane in Pane::ALL.iter().copied().filter(|pane| needs_kernel(*pane)) {
            app.act(Action::Pane(pane));
            let words = if lang == Lang::En { "captured frames" } else { "捕获的帧" };
            let shown = screen(&mut app, (160, 45)).split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(shown.contains(words), "{pane:?}: {shown}");
        }
        let before = app.picture().clone();
        for action in [
            Action::Wire(WireAct::Drop),
            Action::Wire(WireAct::Edit),
            Action::Call,
            Action::Fire,
            Action::NextBranch,
            Action::Break,
            Action::Watch,
            Action::TypeStop,
            Action::Compare,
            Action::ProcNet,
            Action::KernelSource,
            Action::SkbCard,
            Action::Travel(Motion::Out, Direction::Forward),
            Action::Travel(Motion::Timer, Direction::Backward),
            Action::Shell,
            Action::SaveRun,
            Action::LessonNext,
        ] {
            assert_eq!(app.act(action), Flow::Draw);
            assert!(!message(&app).is_empty(), "{action:?} is answered");
            assert!(*app.picture() == before, "{action:?} changes nothing");
        }
        app.act(Action::Pane(Pane::Ladder));
        press(&mut app, "d");
        let shown = screen(&mut app, (160, 45));
        let words = if lang == Lang::En { "u leads to the table" } else { "按 u 回到连接表" };
        assert!(shown.contains(words), "the keys of the wire are answered, and the key is named: {shown}");
    }
}

#[test]
fn the_stream_of_the_connection_in_focus_is_followed() {
    let mut app = app(&asset("http.pcap"), 1);
    press(&mut app, "G V");
    let shown = screen(&mut app, (160, 45));
    assert!(shown.contains("GET /data.txt HTTP/1.1"), "{shown}");
    press(&mut app, "Esc g a");
    assert_eq!(app.picture().host, 1, "the other end is looked at");
}

#[test]
fn from_the_table_to_both_ends_and_back() {
    let Ok(opening) = catalog::opening(Path::new(&asset("rst.pcapng"))) else { panic!("it opens") };
    let mut app = App::of(Vec::new(), Some(opening), ui(Lang::En));
    settle(&mut app);
    assert_eq!(app.mode(), Mode::Captures);
    press(&mut app, "Down Enter Down Enter");
    assert_eq!(app.mode(), Mode::Observed);
    assert_eq!(app.picture().source, Source::Observed);
    assert!(screen(&mut app, (160, 45)).contains("10.8.0.1:41334"), "{}", screen(&mut app, (160, 45)));
    press(&mut app, "{ u");
    assert_eq!(app.mode(), Mode::Captures);
    assert_eq!(app.table().unwrap().selected(), 0, "the table stands on the connection that was in focus");
    press(&mut app, "Enter Down Enter H");
    assert_eq!(app.mode(), Mode::Home);
}

#[test]
fn a_long_observing_goes_in_slices_and_esc_ends_it() {
    let path = asset("rst.pcap");
    let table = CaptureTable::read_whole(&path, source::load(&path).unwrap()).unwrap();
    let Ok(mut observed) = ObservedSession::new(Box::new(table), 1) else { panic!("there is one") };
    assert!(observed.progress().is_some());
    assert!(picture(&observed).ladder.rows.is_empty(), "nothing is told before it is known");
    assert!(!observed.give_up(), "nothing is in focus yet");
    assert!(observed.choose(SockPlace { host: 0, number: 2 }) && !observed.work(soon()));
    assert_eq!((observed.connection(), observed.progress()), (2, None));
    assert!(observed.focus_beside(Direction::Backward));
    assert!(observed.give_up(), "the connection in focus stays");
    assert_eq!((observed.connection(), observed.observation().frames().is_empty()), (2, false));
}

#[test]
fn every_key_of_the_footer_does_something() {
    let mut app = app(&asset("rst.pcap"), 2);
    press(&mut app, "]");
    let writes = [Action::ExportSvg, Action::ExportText, Action::SaveRun];
    for hint in hints::footer(Mode::Observed, app.ui(), &app.picture().clone()) {
        if writes.contains(&hint.action) || hint.action == Action::Captures {
            continue;
        }
        let mut app = self::app(&asset("rst.pcap"), 2);
        press(&mut app, "]");
        let before = screen(&mut app, (160, 45));
        let flow = app.act(hint.action);
        settle(&mut app);
        assert!(flow == Flow::Quit || screen(&mut app, (160, 45)) != before, "{:?}", hint.action);
    }
}

#[test]
fn a_hostile_name_and_payload_move_no_cursor() {
    let folder = Folder::new("hostile");
    let bytes = std::fs::read(kind("chat.pcap")).unwrap();
    let path = folder.file("a\u{1b}[2J\u{202e}b.pcap", &bytes);
    let mut app = app(&path, 1);
    for pane in Pane::ALL {
        app.act(Action::Pane(*pane));
        for size in SIZES {
            let shown = screen(&mut app, size);
            assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{pane:?}");
        }
    }
}

#[test]
fn it_is_walked_line_by_line_too() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    command.args(["replay", &asset("zerowin.pcap"), "--observe", "--plain"]);
    command.env("LC_ALL", "C.UTF-8").env("XDG_CONFIG_HOME", NOWHERE).env("XDG_STATE_HOME", NOWHERE);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"go-step 22\nstate-back\ndrop\nshow sock\ncaptures\n").unwrap();
    let told = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert!(told.contains("frame 22, client to server: keep-alive"), "{told}");
    assert!(told.contains("what was captured cannot be changed"), "{told}");
    assert!(told.contains("state TCP_") && told.contains("cong_window ?"), "{told}");
    assert!(told.contains("Frame 22 of 28, time 0.352327 s."), "{told}");
    assert!(told.contains("zerowin.pcap: "), "the way back to the table: {told}");
}

/// Keys that write a file, end the program or wait for a device.
fn is_left_out(action: Action) -> bool {
    matches!(
        action,
        Action::ExportSvg | Action::ExportText | Action::SaveRun | Action::Quit | Action::Suspend | Action::Home
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_keys_make_it_panic(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 60..120), which in 0usize..6, size in 0usize..4,
    ) {
        let captures = [
            asset("lossy.pcap"), asset("rst.pcap"), kind("no_syn.pcap"), kind("one_sided.pcap"),
            kind("ip_fragments.pcap"), kind("chat_server_frame_missed.pcap"),
        ];
        let mut app = app(&captures[which], 1);
        let keys: Vec<&str> = TABLE
            .iter()
            .filter(|entry| !is_left_out(entry.action))
            .flat_map(|entry| entry.keys)
            .copied()
            .chain(["Enter", "Esc", "1", "9", "Down", "Up", "x"])
            .collect();
        for pick in picks {
            // Whoever has left is brought back.
            if app.mode() != Mode::Observed {
                press(&mut app, "Esc Enter Down Down Enter");
            }
            for key in pick.get(&keys).split(' ') {
                app.press(&Key::named(key));
            }
            settle(&mut app);
            screen(&mut app, SIZES[size]);
        }
    }

    #[test]
    fn any_size_is_drawn(width in 1u16..220, height in 1u16..70) {
        let mut app = app(&asset("lossy.pcap"), 1);
        press(&mut app, "n n n");
        for pane in [Pane::Capture, Pane::Plot, Pane::Socks, Pane::State, Pane::Queues] {
            app.act(Action::Pane(pane));
            screen(&mut app, (width, height));
        }
    }
}
