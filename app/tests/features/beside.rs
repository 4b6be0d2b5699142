//! A replay beside its capture: the ladder with the captured end, times, streams, reasons, the other end, and ways that lead far.

use std::collections::BTreeSet;

use sockscope::capture::follow::Content;
use sockscope::capture::inject::{Outcome, inject_until};
use sockscope::capture::report;
use sockscope::capture::source;
use sockscope::catalog::{self, Opening};
use sockscope::i18n::Lang;
use sockscope::picture::times::Times;
use sockscope::picture::{LadderRow, Pane, Picture};
use sockscope::session::captures::{CaptureTable, End};
use sockscope::tui::app::App;
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::pane::reading::Reading;
use sockscope::tui::panes::capture;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::{Overlay, UiState};
use stack::wire::edit::mend_checksums;

use crate::driving::{press, shown};
use crate::folder::Folder;

fn path(name: &str) -> String {
    format!("{}/../assets/captures/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn table(path: &str) -> CaptureTable {
    CaptureTable::read_whole(path, source::load(path).unwrap()).unwrap()
}

/// The program on the replay of the first connection of a capture, with its table behind it.
fn app_in(path: &str, end: End, lang: Lang) -> App {
    let table = table(path);
    let session = table.replay(end).unwrap().unwrap();
    let ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), lang);
    App::of(catalog::standard(), Some(Opening::Replay(Box::new(session), Box::new(table))), ui)
}

fn app(name: &str, end: End) -> App {
    app_in(&path(name), end, Lang::En)
}

fn outcome(name: &str, end: End) -> Outcome {
    let table = table(&path(name));
    let (index, bytes) = (table.index(), table.bytes());
    let connection = index.read(bytes, &index.flows()[0]);
    let own = if end == End::Client { connection.client } else { connection.server };
    inject_until(&index.of_bytes(bytes), &connection, own, index.last_ns()).unwrap()
}

/// Works until nothing more is to be done at once; gives the number of slices.
fn settle(app: &mut App) -> usize {
    for slice in 0..100_000 {
        if app.patience() != Some(std::time::Duration::ZERO) {
            return slice;
        }
        app.handle(ScreenEvent::Time);
    }
    panic!("it never ends");
}

fn line_of(row: &LadderRow) -> Option<usize> {
    match row {
        LadderRow::Frame { at_capture, .. } => at_capture.as_ref()?.line,
        LadderRow::Captured { at_capture, .. } => at_capture.line,
        LadderRow::State { .. } | LadderRow::Oops { .. } => None,
    }
}

#[test]
fn the_captured_end_faces_1_2_13_where_there_is_room() {
    let mut app = app("zerowin.pcap", End::Server);
    press(&mut app, "4 z G");
    let wide = shown(&mut app, (80, 24));
    let row = wide.lines().find(|line| line.contains("#21")).unwrap();
    for part in ["0.088359", "── ACK ack=14481", "▸~ ◂──", "── ACK ack=14481 ──", "#21"] {
        assert!(row.contains(part), "{part}: {row}");
    }
    let extra = wide.lines().find(|line| line.contains("0.064335") && line.contains('+')).unwrap();
    assert!(extra.contains("extra: only 1.2.13") && !extra.contains('#'), "{extra}");
    assert!(wide.contains("A = 1.2.13") && wide.contains("captured"), "{wide}");
    assert!(wide.contains("~ by design of 1995  + only 1.2.13"), "{wide}");
    let narrow = shown(&mut app, (60, 24));
    let row = narrow.lines().find(|line| line.contains("#21")).unwrap();
    assert!(row.contains("~#21") && row.contains("TCP"), "{row}");
    press(&mut app, "L");
    let chinese = shown(&mut app, (80, 24));
    assert!(chinese.contains("1995 年的设计") && chinese.contains("多出："), "{chinese}");
}

#[test]
fn every_line_of_the_comparison_has_one_row_of_the_ladder_at_its_place() {
    for (name, end) in [("lossy.pcap", End::Server), ("lossy.pcap", End::Client), ("zerowin.pcap", End::Client)] {
        let outcome = outcome(name, end);
        let mut app = app(name, end);
        press(&mut app, "G");
        let mut seen = BTreeSet::new();
        loop {
            let ladder = &app.picture().ladder;
            let lines: Vec<usize> = ladder.rows.iter().filter_map(line_of).collect();
            assert!(lines.is_sorted(), "{name} {end:?}: {lines:?}");
            let own: BTreeSet<usize> = lines.iter().copied().collect();
            assert_eq!(own.len(), lines.len(), "{name} {end:?}: a line stands twice");
            seen.extend(own);
            for row in &ladder.rows {
                let missing = line_of(row).is_some_and(|line| outcome.lines[line].stack.is_none());
                assert_eq!(matches!(row, LadderRow::Captured { .. }), missing, "{row:?}");
            }
            // Up to the first row that is shown, so that the one before it comes into view.
            let first = ladder.rows.iter().find_map(|row| match row {
                LadderRow::Frame { number, .. } => Some(*number),
                _ => None,
            });
            if first == Some(1) {
                break;
            }
            for _ in 0..100 {
                press(&mut app, "[");
            }
        }
        assert_eq!(seen, (0..outcome.lines.len()).collect(), "{name} {end:?}");
    }
}

#[test]
fn every_row_of_the_ladder_has_the_seconds_of_the_report() {
    for (name, end) in [("lossy.pcap", End::Server), ("zerowin.pcap", End::Server), ("http.pcap", End::Client)] {
        let outcome = outcome(name, end);
        let mut app = app(name, end);
        press(&mut app, "G");
        let ladder = &app.picture().ladder;
        let mut compared = 0;
        for (place, row) in ladder.rows.iter().enumerate() {
            let Some(line) = line_of(row) else { continue };
            let told = report::row(&outcome, &outcome.lines[line], Lang::En).unwrap();
            assert_eq!(ladder.time(place, Times::SinceStart).as_deref(), Some(told.time.as_str()), "{name} {told:?}");
            compared += 1;
        }
        assert!(compared > 15, "{name}: {compared}");
    }
}

#[test]
fn one_key_tells_the_times_in_another_way_in_every_session() {
    let mut app = app("zerowin.pcap", End::Server);
    press(&mut app, "4 z G");
    assert!(shown(&mut app, (80, 24)).contains("3.460331"));
    press(&mut app, "@");
    let delta = shown(&mut app, (80, 24));
    assert!(delta.contains("Δ s") && delta.contains("1.764003"), "{delta}");
    press(&mut app, "@");
    let of_day = shown(&mut app, (80, 24));
    assert!(of_day.contains("UTC") && of_day.contains("13:30:47.4307"), "{of_day}");
    press(&mut app, "@");
    assert!(shown(&mut app, (80, 24)).contains("3.460331"));
    let ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En);
    let mut lab = App::new(catalog::standard(), Some(crate::driving::session()), ui);
    press(&mut lab, "@");
    assert_eq!(lab.ui().times, Times::Delta);
    press(&mut lab, "@");
    assert_eq!(lab.ui().times, Times::SinceStart, "a simulated wire knows no time of day");
}

#[test]
fn the_stream_of_a_connection_is_read_as_text_and_as_digits() {
    let mut app = app("http.pcap", End::Client);
    press(&mut app, "V");
    let text = shown(&mut app, (80, 24));
    for part in ["Stream 10.8.0.1:33314 ⇄ 10.8.0.2:80", "→ GET /data.txt HTTP/1.1", "← HTTP/1.0 200 OK", "· 80 octets"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    press(&mut app, "x");
    assert!(shown(&mut app, (80, 24)).contains("→ 00000000  47 45 54 20 2f"));
    press(&mut app, "x / L e n g t h Enter");
    let found = shown(&mut app, (80, 24));
    assert!(found.lines().nth(2).unwrap().contains("Content-Length: 270177"), "{found}");
    press(&mut app, "/ ? n o ? Enter");
    let lost = shown(&mut app, (80, 24));
    assert!(lost.contains("?no?"), "{lost}");
    press(&mut app, "Esc");
    assert!(matches!(app.ui().overlay, Overlay::Nothing));
    let ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En);
    let mut lab = App::new(catalog::standard(), Some(crate::driving::session()), ui);
    press(&mut lab, "V");
    assert!(shown(&mut lab, (80, 24)).contains("→ GET / HTTP/1.0"));
}

#[test]
fn what_1_2_13_sends_is_the_stream_that_was_captured() {
    let table = table(&path("http.pcap"));
    let connection = table.index().read(table.bytes(), &table.index().flows()[0]);
    let captured = sockscope::session::follow::Streamed::of_connection(&connection);
    let mut session = table.replay(End::Server).unwrap().unwrap();
    let replayed = session.stream(None).unwrap();
    assert_eq!(replayed.ends, captured.ends);
    let octets = |side: usize, streamed: &sockscope::session::follow::Streamed| -> Vec<u8> {
        let said = streamed.followed.said.iter().filter(|said| said.side == side);
        said.flat_map(|said| match &said.content {
            Content::Data(octets) => octets.clone(),
            Content::Hole(octets) => panic!("a hole of {octets}"),
        })
        .collect()
    };
    assert_eq!(octets(0, &replayed), octets(0, &captured));
    assert_eq!(octets(1, &replayed).len(), octets(1, &captured).len());
}

#[test]
fn a_row_is_told_by_its_entries_and_a_missing_frame_by_what_was_done_instead() {
    let mut app = app("zerowin.pcap", End::Server);
    press(&mut app, "g d");
    let Overlay::Reading(view) = &app.ui().overlay else { panic!("no entries") };
    assert!(matches!(view.reading, Reading::Entries(..)));
    let told = shown(&mut app, (100, 40));
    assert!(told.contains("kept/largest_window.pkt") || told.contains("sockscope lab "), "{told}");
    press(&mut app, "Esc L g d");
    assert!(shown(&mut app, (100, 40)).contains("场景：sockscope lab "));
    let mut app = app_in(&path("lossy.pcap"), End::Server, Lang::En);
    let outcome = outcome("lossy.pcap", End::Server);
    let missing = (0..outcome.lines.len()).find(|line| outcome.lines[*line].stack.is_none()).unwrap();
    let scroll = |app: &App| capture::selected(app.picture(), app.ui().view(Pane::Capture).scroll).map(|row| row.line);
    while scroll(&app).is_some_and(|line| line < missing) {
        press(&mut app, "Down");
    }
    assert_eq!(scroll(&app), Some(missing));
    press(&mut app, "A");
    let asked = shown(&mut app, (100, 40));
    let seconds = report::row(&outcome, &outcome.lines[missing], Lang::En).unwrap().time;
    assert!(
        asked.contains(&format!("What did 1.2.13 do at {seconds} s"))
            || asked.contains(&format!("Nothing ran in 1.2.13 at {seconds} s")),
        "{asked}"
    );
}

#[test]
fn the_other_end_is_played_at_the_same_time_without_the_table() {
    let mut app = app("zerowin.pcap", End::Server);
    press(&mut app, ") ) )");
    settle(&mut app);
    let before = app.picture().microseconds;
    assert!(app.picture().title.contains("1.2.13 = 10.8.0.2:5556"));
    press(&mut app, "g a");
    settle(&mut app);
    assert!(app.picture().title.contains("1.2.13 = 10.8.0.1:38130"), "{}", app.picture().title);
    let after = app.picture().microseconds;
    assert!(after <= before && after > 300_000, "{before} {after}");
    assert_eq!(app.ui().message.as_deref(), Some("the other end is played now, at the same time"));
    press(&mut app, "Ctrl-g o t h e r Space e n d Enter");
    settle(&mut app);
    assert!(app.picture().title.contains("1.2.13 = 10.8.0.2:5556"), "{}", app.picture().title);
    press(&mut app, "u");
    assert!(app.table().is_some(), "the table lies behind it");
    let ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En);
    let mut lab = App::new(catalog::standard(), Some(crate::driving::session()), ui);
    press(&mut lab, "g a");
    assert_eq!(lab.ui().message.as_deref(), Some("nothing is replayed here"));
}

#[test]
fn the_notices_tell_what_was_left_out_and_where_the_file_is_damaged() {
    let notices = |picture: &Picture| picture.replay.notices.clone();
    assert!(notices(app("lossy.pcap", End::Server).picture()).contains(&"left out: 2 ARP".to_owned()));
    let folder = Folder::new("beside");
    let whole = std::fs::read(path("lossy.pcap")).unwrap();
    let cut = folder.file("cut.pcap", &whole[..whole.len() - 5]);
    let notices = notices(app_in(&cut, End::Server, Lang::Zh).picture());
    assert!(notices.iter().any(|notice| notice.starts_with("cut.pcap 在第 337 帧之后被截断")), "{notices:?}");
}

/// A capture of so many questions and answers, behind which the server says its last word again, as 1.2.13 would not.
fn long_capture(rounds: u32) -> Vec<u8> {
    let frame = |from_client: bool, seq: u32, ack: u32, flags: u8, payload: &[u8]| {
        let (source, destination) = if from_client { (1, 2) } else { (2, 1) };
        let mut bytes = vec![2, 0, 0, 0, 0, destination, 2, 0, 0, 0, 0, source, 8, 0, 0x45, 0];
        bytes.extend(u16::to_be_bytes(40 + payload.len() as u16));
        bytes.extend([0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, source, 10, 0, 0, destination]);
        let ports: [u16; 2] = if from_client { [4_000, 80] } else { [80, 4_000] };
        bytes.extend(ports.iter().flat_map(|port| port.to_be_bytes()));
        bytes.extend([seq.to_be_bytes(), ack.to_be_bytes()].concat());
        bytes.extend([0x50, flags, 0x10, 0, 0, 0, 0, 0]);
        bytes.extend(payload);
        mend_checksums(&mut bytes);
        bytes
    };
    let mut frames =
        vec![frame(true, 99, 0, 2, b""), frame(false, 499, 100, 0x12, b""), frame(true, 100, 500, 0x10, b"")];
    for round in 0..rounds {
        frames.push(frame(true, 100 + round, 500 + round, 0x18, b"?"));
        frames.push(frame(false, 500 + round, 101 + round, 0x18, b"!"));
    }
    frames.push(frame(true, 100 + rounds, 500 + rounds, 0x10, b""));
    frames.push(frame(false, 499 + rounds, 100 + rounds, 0x18, b"!"));
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
    for (place, bytes) in frames.iter().enumerate() {
        let (length, time) = (bytes.len() as u32, place as u32 * 20_000);
        file.extend([1_000 + time / 1_000_000, time % 1_000_000, length, length].map(u32::to_le_bytes).concat());
        file.extend(bytes);
    }
    file
}

#[test]
fn the_next_decision_is_reached_far_behind_what_was_played_and_esc_stops_the_way() {
    let folder = Folder::new("far");
    let mut app = app_in(&folder.file("far.pcap", long_capture(12_000)), End::Server, Lang::En);
    let (played, steps) = (app.picture().timeline.signs.len(), app.picture().steps);
    press(&mut app, ")");
    let is_on_its_way = app.patience() == Some(std::time::Duration::ZERO);
    let line = capture::selected(app.picture(), app.ui().view(Pane::Capture).scroll);
    assert!(is_on_its_way, "it is there at once: {:?} of {steps}: {line:?}", app.picture().step);
    let before = app.picture().step;
    press(&mut app, "Esc");
    assert_eq!(app.picture().step, before, "it stays where it was");
    assert!(app.ui().message.is_some());
    press(&mut app, ")");
    settle(&mut app);
    let here = &app.picture().replay.rows[app.picture().replay.now];
    let line = capture::selected(app.picture(), app.ui().view(Pane::Capture).scroll).unwrap();
    assert_eq!(line.sign, '-', "{line:?}");
    assert!(here.line + 2 >= line.line && app.picture().step > before + 1_000_000, "{here:?} {line:?}");
    assert!(app.picture().steps > steps && app.picture().timeline.signs.len() > played);
}

/// What the program prints.
fn printed(arguments: &[&str]) -> Vec<u8> {
    let program = env!("CARGO_BIN_EXE_sockscope");
    let done = std::process::Command::new(program).args(arguments).env("LANG", "C").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

#[test]
fn report_diagram_recording_and_screen_have_one_clock() {
    for (name, own) in [("zerowin.pcap", "10.8.0.2"), ("lossy.pcap", "10.9.0.1")] {
        let path = path(name);
        let report = String::from_utf8(printed(&["replay", &path, "--as", own, "--headless", "--all"])).unwrap();
        // Lines of the comparison; those without a frame of 1.2.13 are told as missing, or in other segments.
        let end = if own == "10.8.0.2" { End::Server } else { End::Client };
        let outcome = outcome(name, end);
        let times: Vec<String> = report.lines().skip(2).take(outcome.lines.len()).map(first_word).collect();
        let sent = times.iter().zip(&outcome.lines).filter(|(_, line)| line.stack.is_some());
        let mut sent: Vec<String> = sent.map(|(time, _)| time.clone()).collect();
        let mermaid = printed(&["export", &path, "--as", own, "--format", "mermaid"]);
        let mermaid = String::from_utf8(mermaid).unwrap();
        let arrows = mermaid.lines().filter_map(|line| line.trim().strip_prefix("h0->>h1: ")).map(first_word);
        let mut arrows: Vec<String> = arrows.collect();
        arrows.sort();
        sent.sort();
        // What 1.2.13 sends behind the end of the capture stands on no line.
        assert!(sent.iter().all(|time| arrows.contains(time)), "{name}");
        let end = sockscope::capture::seconds(outcome.end_ns - outcome.start_ns).parse::<f64>().unwrap();
        let later = arrows.iter().filter(|time| !sent.contains(time));
        for time in later {
            assert!(time.parse::<f64>().unwrap() > end, "{name}: {time} stands on no line");
        }
        let recording = printed(&["export", &path, "--as", own, "--format", "pcapng"]);
        let folder = Folder::new("clock");
        let recording = sockscope::capture::open(&folder.file("a.pcapng", recording)).unwrap();
        let out =
            recording.frames.iter().filter(|frame| frame.direction == sockscope::capture::FrameDirection::Outbound);
        let seconds = |time_ns: u64| sockscope::capture::seconds(time_ns - outcome.start_ns);
        let mut recorded: Vec<String> = out.map(|frame| seconds(frame.time_ns)).collect();
        recorded.sort();
        assert_eq!(recorded, arrows, "{name}");
        let trace = String::from_utf8(printed(&["trace", &path, "--as", own, "--tree"])).unwrap();
        let sends = trace.lines().filter(|line| line.contains("A/eth0 sends TCP")).map(first_word);
        let sends: Vec<f64> = sends.map(|time| time.parse().unwrap()).collect();
        assert!(sends.len() >= arrows.len(), "{name}");
        let way = outcome.way_ns as f64 / 1e9;
        for (sent, passed) in sends.iter().zip(&arrows) {
            // A trace has the time of 1.2.13 itself, in whole microseconds of its clock.
            assert!((sent + way - passed.parse::<f64>().unwrap()).abs() < 2.5e-6, "{name}: {sent} {passed}");
        }
        let screen = printed(&["export", &path, "--as", own, "--format", "text", "--pane", "ladder", "--width", "120"]);
        let screen = String::from_utf8(screen).unwrap();
        let last = times.last().unwrap();
        let plot = printed(&["export", &path, "--as", own, "--format", "text", "--pane", "plot", "--width", "120"]);
        let plot = String::from_utf8(plot).unwrap();
        // Its axis begins with the SYN.
        assert!(plot.contains(" 0 µs "), "{name}: {plot}");
        assert!(screen.contains(last.as_str()) && screen.contains("A = 1.2.13"), "{name} {last}: {screen}");
    }
}

fn first_word(line: &str) -> String {
    line.split_whitespace().next().unwrap_or("").to_owned()
}
