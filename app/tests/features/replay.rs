//! A replay on the screen: the comparison with its capture, and the ways from a line of it to the run.

use sockscope::capture::index::index;
use sockscope::capture::inject::{Outcome, inject_until};
use sockscope::capture::{report, source};
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::Pane;
use sockscope::session::Session;
use sockscope::tui::app::App;
use sockscope::tui::panes::capture;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;

use crate::driving::{press, shown};

/// A replay of the one connection of a capture, in the place of its server.
fn outcome(name: &str) -> Outcome {
    let bytes = source::load(&format!("{}/../assets/captures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let index = index(&bytes).unwrap();
    let flow = index.flows().first().unwrap();
    inject_until(&index.of_bytes(&bytes), &index.read(&bytes, flow), flow.server, index.last_ns()).unwrap()
}

fn app(session: Session) -> App {
    App::new(catalog::standard(), Some(session), UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En))
}

/// The line under the cursor of the pane: its place, its sign, and the segment.
fn line(app: &App) -> Option<(usize, char, String)> {
    let row = capture::selected(app.picture(), app.ui().view(Pane::Capture).scroll)?;
    Some((row.line, row.sign, row.what.clone()))
}

#[test]
fn a_replay_opens_on_what_its_report_says() {
    let outcome = outcome("zerowin.pcap");
    let verdict = report::verdict(&outcome, Lang::En);
    let lines: Vec<String> =
        outcome.lines.iter().map(|line| report::row(&outcome, line, Lang::En).unwrap().what).collect();
    let mut app = app(Session::of_replay(outcome));
    assert_eq!(app.ui().focus, Pane::Capture);
    let replay = &app.picture().replay;
    assert_eq!(replay.notices, verdict);
    assert_eq!(replay.rows.iter().map(|row| row.what.clone()).collect::<Vec<_>>(), lines);
    assert!(replay.rows.iter().all(|row| row.ahead), "1.2.13 has sent nothing yet");
    for size in [(80, 24), (160, 45)] {
        let screen = shown(&mut app, size);
        assert!(screen.contains("~ 0.000000") && screen.contains("First decision that differs"), "{screen}");
    }
}

#[test]
fn the_keys_go_from_one_decision_to_the_next_and_back() {
    let outcome = outcome("zerowin.pcap");
    let decisions: Vec<usize> = (0..outcome.lines.len()).filter(|line| outcome.lines[*line].decides).collect();
    let mut app = app(Session::of_replay(outcome));
    assert_eq!(decisions.len(), 3);
    let mut steps = Vec::new();
    for decision in &decisions {
        press(&mut app, ")");
        let (line, sign, what) = line(&app).unwrap();
        assert_eq!((line, sign), (*decision, '+'));
        // 1.2.13 stands where it sends that frame: the segment's acknowledgement is in the frame in hand.
        let ack = what.split_once("ack ").unwrap().1.split(' ').next().unwrap();
        let frame = app.picture().frame.as_ref().unwrap();
        let own = frame.rows.iter().find(|row| row.name == "ack_seq").unwrap().value.parse::<u32>().unwrap();
        let first = frame.rows.iter().find(|row| row.name == "seq").unwrap().value.parse::<u32>().unwrap();
        assert!(own > ack.parse::<u32>().unwrap() && first > 0, "{own} {ack}");
        assert!(!app.picture().replay.rows[app.picture().replay.now].ahead);
        assert_eq!(app.picture().replay.rows[app.picture().replay.now].line, *decision);
        steps.push(app.picture().step);
    }
    press(&mut app, ")");
    assert_eq!(app.ui().message.as_deref(), Some("no other decision differs in this direction"));
    press(&mut app, "(");
    assert_eq!(app.picture().step, steps[1]);
    press(&mut app, "g t Enter");
    assert_eq!(app.picture().step, steps[1], "a notice leads nowhere");
}

#[test]
fn the_pane_says_so_where_nothing_is_replayed() {
    let mut app = app(crate::driving::session());
    press(&mut app, "g p v z");
    assert!(shown(&mut app, (80, 24)).contains("nothing is replayed here"));
    press(&mut app, ")");
    assert!(app.ui().message.is_some());
}
