//! The panes of this moment: what changed is marked without colour, queues buffer by buffer, ARP, timers, the ladder and its marks,
//! the plot, the outline, and the frame linked with its bytes.

use std::path::{Path, PathBuf};

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::plot::PlotKind;
use sockscope::picture::{FrameFate, FrameMarks, LadderRow, Pane, Picture, Queue, Source};
use sockscope::session::motion::{Direction, Motion};
use sockscope::session::{PictureRequest, Session};
use sockscope::tui::app::{App, Flow};
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::panes::ladder;
use sockscope::tui::screen;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::{Overlay, UiState};
use stack::link::wire::Fate;
use stack::view::state_diagram;

use crate::driving::{cells, frame, picture, press, session, shown};

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (160, 45);

/// The default scene, played to its end.
fn played() -> Session {
    let mut run = stack::lab::scene::first(1).unwrap();
    run.play(100_000);
    Session::new("test", Source::Lab, run)
}

fn golden(name: &str) -> Session {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden").join(name);
    catalog::scene(Some(&path)).unwrap()
}

fn app(session: Session) -> App {
    App::new(catalog::standard(), Some(session), UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En))
}

fn marks_of(picture: &Picture, frame: u64) -> FrameMarks {
    let found = picture.ladder.rows.iter().find_map(|row| match row {
        LadderRow::Frame { number, marks, .. } if *number == frame => Some(*marks),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no frame {frame}"))
}

#[test]
fn row_10_what_changed_is_marked_without_colour_and_never_out_of_sight() {
    let mut session = session();
    assert!(session.travel(Motion::State, Direction::Forward).moved());
    while picture(&mut session).state.from.is_none() {
        assert!(session.travel(Motion::State, Direction::Forward).moved());
    }
    let mut app = app(session);
    press(&mut app, "2");
    let state = app.picture().socks[0].fields.iter().find(|field| field.name == "state").unwrap();
    let line = format!("{} → {}", state.old.as_ref().unwrap(), state.value);
    // At its top, and with the cursor on the last field, where the changed one would lie outside.
    for _ in 0..2 {
        let screen = shown(&mut app, SMALL);
        let marked = screen.lines().any(|row| row.contains(&line) && row.contains("* state"));
        assert!(marked, "{line} in\n{screen}");
        for _ in 0..70 {
            press(&mut app, "Down");
        }
    }
    let selected = app.ui().view(Pane::Sock).selected;
    let fields = app.picture().socks[0].fields.clone();
    assert_eq!(selected, fields.len() - 1);
    assert!(shown(&mut app, SMALL).contains(&fields[selected].name), "the selected field is in sight");
    press(&mut app, "z");
    assert!(shown(&mut app, LARGE).contains("─ window ─"), "the groups have headings");
}

#[test]
fn the_groups_of_a_sock_are_whole_and_in_their_order() {
    let mut session = played();
    session.go_to(2_000);
    let picture = picture(&mut session);
    let groups: Vec<_> = picture.socks[0].fields.iter().map(|field| field.group).collect();
    assert!(groups.is_sorted(), "{groups:?}");
    let mut distinct = groups.clone();
    distinct.dedup();
    assert_eq!(distinct.len(), 7);
}

#[test]
fn row_14_the_edge_taken_is_one_of_the_diagram_and_its_function_is_running() {
    let mut session = played();
    session.go_to(1);
    let mut taken = 0;
    while session.travel(Motion::State, Direction::Forward).moved() {
        let picture = picture(&mut session);
        let (Some(from), Some(now)) = (picture.state.from, picture.state.now) else { continue };
        let edge = state_diagram::edge(from, now).unwrap_or_else(|| panic!("{from:?} → {now:?} is no edge"));
        let running: Vec<&str> = picture.stack.iter().map(|call| call.function.as_str()).collect();
        // Where several functions take an edge the table names one; the label names what else does it.
        let by_label = edge.cause.en.contains("close()") && running.contains(&"tcp_close");
        assert!(running.contains(&edge.function) || by_label, "{edge:?} in {running:?}");
        taken += 1;
    }
    assert!(taken >= 8, "{taken} edges");
}

/// The names on a queue.
fn names<'a>(picture: &'a Picture, queue: &str) -> Vec<&'a str> {
    let queue: Option<&Queue> = picture.queues.rows.iter().find(|row| row.name == queue);
    queue.map_or(Vec::new(), |queue| queue.skbs.iter().map(|skb| skb.name.as_str()).collect())
}

#[test]
fn row_15_a_segment_moves_from_back_log_to_receive_queue_at_release_sock() {
    let mut session = golden("back_log/read_data.pkt");
    let (mut parked, mut read) = (Vec::new(), None);
    while read.is_none() && session.travel(Motion::Into, Direction::Forward).moved() {
        let picture = picture(&mut session);
        if parked.is_empty() {
            parked = names(&picture, "back_log").iter().map(|name| (*name).to_owned()).collect();
            if let Some(name) = parked.first() {
                // The road, the box and its card, while it is parked.
                let step = picture.step;
                let skb = picture.queues.rows.iter().flat_map(|row| &row.skbs).find(|skb| skb.name == *name).unwrap();
                let (range, number, host) = (skb.range.clone(), skb.number, picture.host);
                assert_eq!(range, "101..201", "relative, as the ladder counts");
                let request = PictureRequest { switched: 0, relative: true, lang: Lang::En };
                let card = session.skb_card((host, number), request).unwrap();
                let value = |field: &str| card.rows.iter().find(|(name, ..)| *name == field).unwrap().1.clone();
                assert_eq!((value("list"), value("seq")), ("back_log".to_owned(), range));
                assert!(
                    card.frame.iter().any(|(_, name, _)| name == "Transmission Control Protocol"),
                    "{:?}",
                    card.frame
                );
                session.go_to(step);
            }
        } else if names(&picture, "receive_queue").iter().any(|name| parked.iter().any(|parked| parked == name)) {
            read = Some(picture);
        }
    }
    let read = read.expect("what was parked is never delivered");
    let running: Vec<&str> = read.stack.iter().map(|call| call.function.as_str()).collect();
    assert!(running.contains(&"release_sock"), "{running:?}");
    assert!(names(&read, "back_log").is_empty());
}

#[test]
fn row_15_enter_on_a_buffer_opens_its_card() {
    let mut session = played();
    session.go_to(1);
    while !picture(&mut session).queues.rows.iter().any(|row| row.name == "send_head" && !row.skbs.is_empty()) {
        assert!(session.travel(Motion::Into, Direction::Forward).moved(), "nothing is ever sent");
    }
    let mut app = app(session);
    press(&mut app, "5");
    let screen = shown(&mut app, LARGE);
    assert!(screen.contains("→ *send_head 1") || screen.contains("→ send_head 1"), "the road out:\n{screen}");
    assert!(screen.contains("[SYN 0..1 · len "), "{screen}");
    let rows = text_of(Pane::Queues, &app);
    let place = rows.iter().position(|row| row.starts_with('[')).unwrap();
    (0..place).for_each(|_| press(&mut app, "Down"));
    press(&mut app, "Enter");
    let screen = shown(&mut app, SMALL);
    assert!(matches!(app.ui().overlay, Overlay::Skb(_)));
    assert!(screen.contains("send_head") && screen.contains("mem_len") && screen.contains("users"), "{screen}");
    press(&mut app, "Esc");
    assert!(matches!(app.ui().overlay, Overlay::Nothing));
    // Elsewhere the buffer that the step has in hand.
    press(&mut app, "1 g k");
    assert!(matches!(app.ui().overlay, Overlay::Skb(_)), "{:?}", app.ui().message);
}

fn text_of(pane: Pane, app: &App) -> Vec<String> {
    sockscope::tui::panes::row(pane).content.text.unwrap()(app.picture())
}

/// The default scene, in which A asks for a host that is not there.
fn asking_for_nobody() -> Session {
    let mut session = played();
    session.travel(Motion::End, Direction::Forward);
    for line in [
        // Not TCP: its third timeout has the entry forgotten, and begins anew.
        "socket(AF_INET, SOCK_DGRAM, 0)",
        "sendto(3, \"hello\", 5, 0, {sa_family = AF_INET, sin_port = htons(9), sin_addr = inet_addr(\"10.0.0.9\")}, 16)",
    ] {
        session.prompt(line, 0, Lang::En).unwrap();
        session.travel(Motion::End, Direction::Forward);
    }
    session
}

#[test]
fn row_17_an_unresolved_entry_stands_first_retries_and_drops() {
    let mut session = asking_for_nobody();
    // Whoever acts, A is looked at.
    let of_a = |session: &mut Session| {
        let here = picture(session);
        let request = PictureRequest { switched: 1, relative: true, lang: Lang::En };
        if here.host == 0 { here } else { session.picture(request) }
    };
    let asked = |picture: &Picture| picture.arp.rows.iter().find(|row| row.ip == "10.0.0.9").cloned();
    let first = of_a(&mut session);
    let entry = asked(&first).expect("10.0.0.9 is asked for");
    assert_eq!(first.arp.rows[0].ip, "10.0.0.9", "what waits stands first");
    assert_eq!(entry.waiting.len(), 1, "its datagram waits: {entry:?}");
    assert!(entry.waiting[0].label.contains("UDP"));
    let mut tries = vec![entry.retries];
    let mut app = {
        let mut here = asking_for_nobody();
        picture(&mut here);
        app(here)
    };
    press(&mut app, "6");
    let screen = shown(&mut app, SMALL);
    assert!(screen.contains("asking") && screen.contains("tries left") && screen.contains("[UDP"), "{screen}");
    while let Some(entry) = asked(&of_a(&mut session)).filter(|entry| entry.hardware.is_empty()) {
        if tries.last() != Some(&entry.retries) {
            tries.push(entry.retries);
        }
        assert!(session.travel(Motion::Timer, Direction::Forward).moved(), "it is asked for ever");
    }
    assert!(tries.len() >= 3 && tries.is_sorted_by(|a, b| a > b), "{tries:?}");
    assert!(asked(&of_a(&mut session)).is_none(), "then it drops");
}

#[test]
fn row_18_timers_stand_on_one_scale_and_tell_who_armed_them() {
    let mut session = played();
    session.go_to(1);
    while !picture(&mut session).timers.iter().any(|timer| timer.owner.contains("TIME_WRITE")) {
        assert!(session.travel(Motion::Into, Direction::Forward).moved());
    }
    let mut app = app(session);
    press(&mut app, "9 z");
    let screen = shown(&mut app, LARGE);
    let timer = app.picture().timers.iter().find(|timer| timer.owner.contains("TIME_WRITE")).unwrap().clone();
    let armed = timer.armed.expect("it is known who armed it");
    assert!(armed.step <= app.picture().step);
    assert!(screen.contains(&format!("armed by {}, step {}", armed.function, armed.step)), "{screen}");
    // There it was armed indeed: it is new at that step, and not there one step before.
    let mut there = played();
    there.go_to(armed.step);
    let running = |session: &mut Session| {
        let picture = picture(session);
        picture.timers.iter().any(|other| (&other.function, &other.owner) == (&timer.function, &timer.owner))
    };
    assert!(running(&mut there), "step {}", armed.step);
    there.go_to(armed.step - 1);
    assert!(!running(&mut there), "step {}", armed.step - 1);
    // Bars: the longest is full, and a longer time has a longer bar.
    let full = |line: &str| line.chars().filter(|c| *c == '▓').count();
    let bars: Vec<usize> = screen.lines().map(full).filter(|cells| *cells > 0).collect();
    assert_eq!(bars.len(), app.picture().timers.len(), "{screen}");
    assert!(bars.is_sorted() && bars.last() > bars.first(), "soonest first: {bars:?}");
}

/// The line of the screen with the number of a frame.
fn line_of(screen: &str, frame: u64) -> &str {
    let number = format!("#{frame}");
    let found = screen.lines().find(|line| line.split_whitespace().any(|word| word.trim_end_matches('┃') == number));
    found.unwrap_or_else(|| panic!("{number} in\n{screen}"))
}

#[test]
fn row_19_what_is_sent_is_solid_and_what_is_to_come_dashed() {
    let mut session = played();
    session.go_to(1);
    for _ in 0..3 {
        session.travel(Motion::Frame, Direction::Forward);
    }
    session.travel(Motion::Into, Direction::Forward);
    let past = |row: &LadderRow| matches!(row, LadderRow::Frame { fate: FrameFate::Arrived, .. });
    let mut app = app(session);
    press(&mut app, "4 z");
    let screen = shown(&mut app, LARGE);
    assert!(app.picture().ladder.rows.iter().any(past));
    assert!(line_of(&screen, 1).contains("──▸") && !line_of(&screen, 1).contains('╌'), "{screen}");
    let ahead = app.picture().ladder.rows.iter().find_map(|row| match row {
        LadderRow::Frame { number, fate: FrameFate::Ahead, .. } => Some(*number),
        _ => None,
    });
    assert!(line_of(&screen, ahead.unwrap()).contains('╌'), "{screen}");
    // Window, length and segment size, where there is room: and not where there is none.
    assert!(line_of(&screen, 3).contains("win=") && line_of(&screen, 3).contains("mss="), "{screen}");
    press(&mut app, "z");
    assert!(!line_of(&shown(&mut app, SMALL), 3).contains("win="));
}

#[test]
fn row_19_what_befell_a_frame_is_marked_by_a_sign_and_the_legend_tells_it() {
    let mut session = session();
    let syn = frame(&mut session, "SYN seq");
    for (fate, wanted, sign, legend) in [
        (
            Fate::Corrupt(40, 1),
            FrameMarks { corrupted: true, unanswered: true, ..FrameMarks::default() },
            "≠ ?",
            "corrupted",
        ),
        (Fate::Duplicate, FrameMarks { duplicated: true, ..FrameMarks::default() }, "2x", "twice"),
        (Fate::Delay(300_000), FrameMarks { delayed: true, ..FrameMarks::default() }, "◔", "late"),
    ] {
        session.go_to_branch(0, Lang::En).unwrap();
        session.wire(syn, fate.clone(), Lang::En).unwrap();
        session.go_to_frame(syn);
        while marks_of(&picture(&mut session), syn) != wanted {
            assert!(session.travel(Motion::Frame, Direction::Forward).moved(), "{fate:?} has no such mark");
        }
        let step = picture(&mut session).step;
        let mut run = stack::lab::scene::first(1).unwrap();
        run.play(1_000);
        let mut other = Session::new("test", Source::Lab, run);
        other.wire(syn, fate, Lang::En).unwrap();
        other.go_to(step);
        let mut app = app(other);
        press(&mut app, "4 z");
        let screen = shown(&mut app, LARGE);
        assert!(line_of(&screen, syn).contains(sign), "{sign} in\n{screen}");
        assert!(screen.contains(legend), "{legend} in\n{screen}");
    }
}

#[test]
fn row_19_sixty_frames_are_reached_with_the_cursor_always_in_sight() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/captures/http.pcap");
    let mut session = catalog::scene(Some(&path)).unwrap();
    session.travel(Motion::End, Direction::Forward);
    let mut app = app(session);
    press(&mut app, "4");
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..150 {
        let screen = shown(&mut app, SMALL);
        let row = ladder::selected(&app.picture().ladder, app.ui().view(Pane::Ladder).scroll);
        if let Some(LadderRow::Frame { number, .. }) = app.picture().ladder.rows.get(row) {
            line_of(&screen, *number);
            reached.insert(*number);
        }
        press(&mut app, "Up");
    }
    assert!(reached.len() >= 60, "{} frames", reached.len());
}

/// The scene in which A's SYN is lost, as far as it goes.
fn with_lost_syn() -> Session {
    let mut session = session();
    let syn = frame(&mut session, "SYN seq");
    session.wire(syn, Fate::Drop, Lang::En).unwrap();
    session.go_to_frame(syn);
    let resent =
        |row: &LadderRow| matches!(row, LadderRow::Frame { resent: true, fate, .. } if *fate != FrameFate::Ahead);
    while !picture(&mut session).ladder.rows.iter().any(resent) {
        assert!(session.travel(Motion::Frame, Direction::Forward).moved(), "it is never sent again");
    }
    for _ in 0..4 {
        session.travel(Motion::Frame, Direction::Forward);
    }
    let rows = picture(&mut session).sock_list.rows;
    let place = rows.iter().find(|row| row.place.host == 0 && !row.remote.is_empty()).unwrap().place;
    session.choose_sock(Some(place));
    session
}

#[test]
fn row_20_when_the_socks_are_gone_the_connection_that_spoke_last_is_drawn() {
    let mut session = played();
    session.survey(Some(usize::MAX));
    session.travel(Motion::End, Direction::Forward);
    let plot = picture(&mut session).plot;
    assert!(plot.events.len() > 8 && plot.stream.contains(":80"), "{plot:?}");
}

#[test]
fn row_20_the_plot_marks_the_segment_that_was_sent_again() {
    let mut session = with_lost_syn();
    session.survey(Some(usize::MAX));
    let plot = picture(&mut session).plot;
    let syns: Vec<&PlotKind> = plot
        .events
        .iter()
        .map(|event| &event.kind)
        .filter(|kind| matches!(kind, PlotKind::Sent { low: 0, high: 1, .. }))
        .collect();
    assert!(matches!(syns[0], PlotKind::Sent { lost: true, again: false, .. }), "{syns:?}");
    assert!(matches!(syns[1], PlotKind::Sent { lost: false, again: true, .. }), "{syns:?}");
    assert!(!plot.cong_window.is_empty() && plot.queues.iter().any(|(name, _)| *name == "send_head"), "{plot:?}");
    let mut app = app(with_lost_syn());
    press(&mut app, "g p g z");
    let screen = shown(&mut app, LARGE);
    let drawn = |screen: &str| screen.chars().filter(|c| ('\u{2801}'..='\u{28ff}').contains(c)).count();
    assert!(drawn(&screen) > 40, "{screen}");
    // In the drawing, not only in the legend.
    let field: String = screen.lines().skip(5).take(30).collect();
    assert!(field.contains('R') && field.contains('x') && field.contains('┃'), "{screen}");
    assert!(screen.contains("sent") && screen.contains("acknowledged") && screen.contains("cong_window"), "{screen}");
    // The cursor is linked with the timeline: Left moves it, Enter goes there.
    let here = app.picture().step;
    let before = app.picture().plot.events[app.picture().plot.at - 1].step;
    press(&mut app, "Left Enter");
    assert!(app.picture().step == before && before < here, "{} and {here}", app.picture().step);
    // Another moment of the same run draws the same run.
    let events = |app: &App| app.picture().plot.events.len();
    assert_eq!(events(&app), plot.events.len());
}

#[test]
fn row_20_a_plot_of_a_moment_is_that_of_the_run_however_one_came_there() {
    let mut walked = played();
    walked.survey(Some(7));
    walked.go_to(700);
    for _ in 0..400 {
        picture(&mut walked);
    }
    let there = picture(&mut walked);
    assert_eq!(there.surveyed, None, "it ends");
    let mut jumped = played();
    jumped.survey(Some(usize::MAX));
    jumped.go_to(700);
    assert!(picture(&mut jumped) == there);
}

#[test]
fn row_21_the_flags_light_their_byte_and_the_byte_its_field() {
    let mut session = played();
    session.go_to(1);
    for _ in 0..3 {
        session.travel(Motion::Frame, Direction::Forward);
    }
    let mut app = app(session);
    press(&mut app, "g p b");
    shown(&mut app, LARGE);
    let frame = app.picture().frame.clone().unwrap();
    let flags = frame.rows.iter().position(|row| row.name == "flags").unwrap_or_else(|| panic!("{:?}", frame.rows));
    let byte = frame.rows[flags].range.clone();
    assert_eq!(byte.len(), 1);
    press(&mut app, "g t");
    (0..flags).for_each(|_| press(&mut app, "Down"));
    let buffer = cells(&mut app, LARGE);
    let pane = screen::layout(buffer.area, app.ui(), app.picture()).panes;
    let area = pane.iter().find(|(pane, _)| *pane == Pane::Bytes).unwrap().1;
    // The dump: six columns of the offset, three a byte.
    let per_row = sockscope::tui::panes::bytes::per_row(area.width - 2);
    let first = sockscope::tui::panes::bytes::first_row(
        Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2),
        &frame,
        &app.ui().style(Pane::Bytes),
    );
    let at = |byte: usize| {
        let (row, column) = (byte / per_row - first, byte % per_row);
        (area.x + 7 + 3 * u16::try_from(column).unwrap(), area.y + 1 + u16::try_from(row).unwrap())
    };
    let is_lit = |buffer: &Buffer, byte: usize| {
        let (x, y) = at(byte);
        buffer[(x, y)].modifier.contains(Modifier::REVERSED)
    };
    assert!(is_lit(&buffer, byte.start) && !is_lit(&buffer, byte.start - 1) && !is_lit(&buffer, byte.end));
    // The other way: another field first, then a click on the byte.
    press(&mut app, "g t");
    shown(&mut app, LARGE);
    assert_eq!(app.ui().view(Pane::Frame).selected, 0);
    let (column, row) = at(byte.start);
    let click =
        MouseEvent { kind: MouseEventKind::Down(MouseButton::Left), column, row, modifiers: KeyModifiers::NONE };
    app.handle(ScreenEvent::Mouse(click));
    // The innermost field that owns the byte: the flags, or one of their bits.
    let selected = &frame.rows[app.ui().view(Pane::Frame).selected];
    assert!(app.ui().view(Pane::Frame).selected >= flags && selected.range == byte, "{selected:?}");
}

#[test]
fn row_22_r_toggles_the_numbers_and_the_header_says_which() {
    let mut session = played();
    session.travel(Motion::End, Direction::Forward);
    let mut app = app(session);
    press(&mut app, "4");
    let label = |app: &App| match app
        .picture()
        .ladder
        .rows
        .iter()
        .find(|row| matches!(row, LadderRow::Frame { label, .. } if label.starts_with("SYN seq")))
    {
        Some(LadderRow::Frame { label, .. }) => label.clone(),
        _ => String::new(),
    };
    assert!(shown(&mut app, SMALL).contains("seq relative"));
    assert_eq!(label(&app), "SYN seq=0");
    press(&mut app, "r");
    assert!(shown(&mut app, SMALL).contains("seq absolute"));
    assert_ne!(label(&app), "SYN seq=0");
    press(&mut app, "r");
    assert!(shown(&mut app, SMALL).contains("seq relative"));
    assert_eq!(label(&app), "SYN seq=0");
}

#[test]
fn the_outline_is_the_call_tree_of_the_turn_and_folds() {
    let mut session = session();
    while !picture(&mut session).stack.iter().any(|call| call.function == "tcp_connect") {
        assert!(session.travel(Motion::Into, Direction::Forward).moved());
    }
    let mut app = app(session);
    press(&mut app, "g p i");
    let outline = app.picture().outline.clone();
    let running: Vec<&str> = app.picture().stack.iter().rev().map(|call| call.function.as_str()).collect();
    let open: Vec<&str> = outline.rows.iter().filter(|row| row.is_open).map(|row| row.function).collect();
    assert_eq!(open, running, "what is lit is the stack");
    assert_eq!(outline.rows[outline.here].function, *running.last().unwrap());
    // A call's steps are its own and those of its calls: the outermost has them all.
    assert!(outline.rows[0].steps <= outline.steps && outline.rows[0].steps > outline.rows[1].steps);
    // Up to the call of system_call; folding it leaves one row, lit, and unfolding brings all back.
    let above = outline.rows.iter().position(|row| row.function == "inet_connect").unwrap();
    (above..outline.here).for_each(|_| press(&mut app, "Up"));
    press(&mut app, "Space");
    let folded = app.picture().outline.clone();
    assert!(folded.rows.len() < outline.rows.len());
    assert_eq!(folded.rows[folded.here].function, "inet_connect", "the step is lit in what is shown");
    assert!(shown(&mut app, SMALL).contains("▸ inet_connect"));
    press(&mut app, "Space");
    assert_eq!(app.picture().outline, outline);
    // Enter goes to its first step.
    press(&mut app, "Enter");
    assert_eq!(app.picture().step, outline.rows[above].first);
    assert_eq!(app.picture().code.function, "inet_connect");
}

#[test]
fn row_20_a_plot_out_of_sight_is_not_made_and_one_that_is_opened_is_there_at_once() {
    let mut whole = with_lost_syn();
    whole.survey(Some(usize::MAX));
    let whole = picture(&mut whole);
    let mut app = app(with_lost_syn());
    shown(&mut app, LARGE);
    while app.picture().surveyed.is_some() {
        assert_eq!(app.handle(ScreenEvent::Time), Flow::Draw, "the survey goes on without the plot");
    }
    assert_eq!(app.picture().timers, whole.timers);
    assert!(app.picture().plot.events.is_empty(), "nobody looks at it");
    press(&mut app, "g p g");
    assert_eq!(app.picture().plot, whole.plot);
    shown(&mut app, LARGE);
    assert_eq!(app.picture().plot, whole.plot);
    // Another pane stands in its place.
    press(&mut app, "g p i");
    shown(&mut app, LARGE);
    press(&mut app, "F");
    shown(&mut app, LARGE);
    assert!(app.picture().step < whole.step && app.picture().plot.events.is_empty(), "nobody looks at it any more");
}

#[test]
fn row_20_a_plot_says_of_its_frames_what_the_ladder_says() {
    let mut session = with_lost_syn();
    session.survey(Some(usize::MAX));
    let picture = picture(&mut session);
    let said = |wanted: u64| {
        picture.ladder.rows.iter().find_map(|row| match row {
            LadderRow::Frame { number, label, .. } if *number == wanted => Some(label.clone()),
            _ => None,
        })
    };
    assert!(picture.plot.events.len() > 3, "{:?}", picture.plot);
    for event in &picture.plot.events {
        assert_eq!(Some(event.label.text().into_owned()), said(event.number), "frame {}", event.number);
    }
}
