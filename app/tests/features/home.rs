//! Home: what is offered and how it is reached, scenes of the gallery, recent files, paths that are completed; live mode for a
//! stranger; completions and manual pages.

use std::path::{Path, PathBuf};
use std::process::Command;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use sockscope::catalog::recent::Recent;
use sockscope::catalog::{self, Item};
use sockscope::i18n::Lang;
use sockscope::open::complete::complete;
use sockscope::open::gallery::scenes;
use sockscope::session::motion::{Direction, Motion};
use sockscope::tui::app::App;
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::keymap::Key;
use sockscope::tui::playback::Playback;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;
use stack::lab::query::{Place, reach};
use stack::lab::run::Moment;

use crate::driving::{press, shown};
use crate::folder::Folder;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sockscope");

fn app(lang: Lang) -> App {
    App::new(catalog::standard(), None, UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang))
}

fn type_text(app: &mut App, text: &str) {
    for letter in text.chars() {
        app.press(&Key::named(&letter.to_string()));
    }
}

#[test]
fn row_47_every_item_of_home_is_reached_at_every_size_by_key_and_by_mouse() {
    for lang in [Lang::En, Lang::Zh] {
        for size in [(80, 24), (160, 45), (40, 12)] {
            let mut app = app(lang);
            let items = catalog::standard();
            for (place, item) in items.iter().enumerate() {
                assert_eq!(app.ui().item, place);
                let shown = shown(&mut app, size);
                // A wide glyph is followed by a blank in the text of a screen.
                let (shown, wanted) = (shown.replace(' ', ""), item.title(lang).replace(' ', ""));
                // The smallest screen has no room for the end of a long title.
                let wanted: String = wanted.chars().take(if size.0 < 80 { 14 } else { 80 }).collect();
                assert!(shown.contains(&wanted), "{wanted} is not shown at {size:?}:\n{shown}");
                press(&mut app, "Down");
            }
            press(&mut app, "Home");
            // A click on a row chooses it; one on the row that is chosen opens it.
            let mut chosen = Vec::new();
            for (y, x) in (0..size.1 - 1).flat_map(|y| [(y, 6), (y, size.0 / 2)]).filter(|_| size == (160, 45)) {
                press(&mut app, "Home");
                let kind = MouseEventKind::Down(MouseButton::Left);
                app.handle(ScreenEvent::Mouse(MouseEvent { kind, column: x, row: y, modifiers: KeyModifiers::NONE }));
                if app.ui().item > 0 || !app.picture().hosts.is_empty() {
                    chosen.push(app.ui().item);
                    press(&mut app, "H");
                }
            }
            if size == (160, 45) {
                chosen.sort_unstable();
                chosen.dedup();
                assert_eq!(chosen, (0..items.len()).collect::<Vec<usize>>(), "all rows by mouse");
            }
        }
    }
}

#[test]
fn row_25_the_first_key_of_a_stranger_sets_something_moving() {
    let mut app = app(Lang::En);
    shown(&mut app, (80, 24));
    press(&mut app, "Enter");
    assert!(matches!(app.ui().playback, Playback::Playing(_)), "{:?}", app.ui().playback);
    let before = (app.picture().step, shown(&mut app, (80, 24)));
    assert!(app.patience().is_some(), "nobody waits for the next step");
    app.handle(ScreenEvent::Time);
    assert!(app.picture().step > before.0, "nothing has moved");
    assert_ne!(shown(&mut app, (80, 24)), before.1);
}

#[test]
fn row_53_home_is_searched_while_letters_are_typed() {
    let mut app = app(Lang::En);
    shown(&mut app, (80, 24));
    press(&mut app, "/");
    type_text(&mut app, "zero_w");
    let place = scenes().iter().position(|scene| scene.name == "zero_window").unwrap();
    let first = catalog::standard().iter().position(|item| matches!(item, Item::Gallery(_))).unwrap();
    assert_eq!(app.ui().item, first + place);
    press(&mut app, "Enter Enter");
    assert!(app.picture().title.starts_with("zero_window"), "{}", app.picture().title);
    press(&mut app, "H /");
    type_text(&mut app, "zz, nowhere to be found");
    assert_eq!(app.ui().item, first + place, "what is not found moves nothing");
    assert!(shown(&mut app, (80, 24)).contains("zz, nowhere to be found"));
}

#[test]
fn row_34_lessons_stand_under_their_chapters_and_a_key_goes_from_one_to_the_next() {
    let mut app = app(Lang::En);
    press(&mut app, "Right");
    let screen = shown(&mut app, (100, 40));
    let places = lessons::Chapter::ALL.map(|chapter| screen.find(&format!("Lessons · {}", chapter.name.en)));
    assert!(places[0].is_some() && places.iter().flatten().is_sorted(), "{screen}");
    assert!(screen.contains("▸  1 The gate: int 0x80"), "{screen}");
    press(&mut app, "Right");
    let screen = shown(&mut app, (100, 40));
    assert!(screen.contains("▸  5 "), "{screen}");
    // Of nobody in particular nothing is known, and nothing is asked for.
    assert!(!screen.contains("first:"), "{screen}");
    let nobody = sockscope::lesson::curriculum::courses(Some("a name that no test has"));
    let handshake = nobody.iter().find(|course| course.id == "handshake").unwrap();
    assert!(handshake.note(None, Lang::En).ends_with("first: 1 gate"), "{}", handshake.note(None, Lang::En));
}

#[test]
fn row_34_every_scene_of_the_gallery_opens_before_what_it_is_about_and_one_key_moves() {
    for scene in scenes() {
        let name = &scene.name;
        let place = Place::parse(&scene.at).unwrap_or_else(|error| panic!("{name}: {}", error.message.en));
        let mut session =
            catalog::scene(Some(Path::new(name))).unwrap_or_else(|refusal| panic!("{}", refusal.words.en));
        let at = session.moment();
        assert_eq!(reach(&place, session.run(), Moment::default()), Some(at), "{name} does not open at {}", scene.at);
        assert!(session.travel(Motion::Into, Direction::Forward).moved(), "{name}: nothing comes after {}", scene.at);
        for lang in [Lang::En, Lang::Zh] {
            let sentence = scene.sentence.text(lang);
            assert!(sentence.ends_with(['.', '。']), "{name}: {sentence}");
        }
        assert!(scene.sentence.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{name}");
    }
    let list = Command::new(PROGRAM).args(["lab", "--list"]).env("LC_ALL", "C").output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    assert_eq!(list.lines().count(), scenes().len());
    assert!(list.lines().zip(scenes()).all(|(line, scene)| line.starts_with(&scene.name)), "{list}");
}

#[test]
fn row_34_scenes_of_the_gallery_show_what_their_sentence_says() {
    let drops = |name: &str| {
        let output = Command::new(PROGRAM).args(["trace", name, "--drops"]).env("LC_ALL", "C").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(drops("full_backlog").contains("tcp_conn_request"), "{}", drops("full_backlog"));
    let holds = |name: &str, place: &str| {
        let mut session = catalog::scene(Some(Path::new(name))).unwrap();
        let place = Place::parse(place).unwrap();
        let found = reach(&place, session.run(), Moment::default());
        assert!(found.is_some(), "{name}: {place} never happens");
    };
    holds("handshake", "B: born SYN_RECV");
    holds("lost_syn", "timer TIME_WRITE fires");
    holds("lost_ack", "B: timer TIME_WRITE fires");
    holds("retransmission", "when A.sock(2).cong_window decreases");
    holds("zero_window", "B sends where tcp && tcp.window == 0");
    holds("back_log", "when host.sock(3).back_log.len > 0");
    holds("two_readers", "B: wakes 1000");
    holds("simultaneous_close", "A: state FIN_WAIT1->CLOSING");
    holds("simultaneous_close", "B: state FIN_WAIT1->CLOSING");
    holds("rst", "A: return connect ECONNREFUSED");
    holds("arp_silence", "A: return connect ETIMEDOUT");
    holds("fragments", "B: return recvfrom #2");
    let mut session = catalog::scene(Some(Path::new("reordered"))).unwrap();
    let mut arrival = |frame: u64| {
        let place = Place::parse(&format!("frame {frame} arrives")).unwrap();
        reach(&place, session.run(), Moment::default()).unwrap()
    };
    assert!(arrival(9) < arrival(8), "nothing is overtaken");
    let mut session = catalog::scene(Some(Path::new("teardrop"))).unwrap();
    assert_eq!(session.run().crashes.len(), 1);
}

#[test]
fn row_35_what_was_opened_lately_is_offered_again() {
    let folder = Folder::new("recent");
    let state = PathBuf::from(folder.path("state/recent.json"));
    let mut recent = Recent::of(state.clone());
    assert!(recent.paths().is_empty() && recent.take_remark().is_none());
    for number in 0..14 {
        let path = folder.file(&format!("scene{number}.pkt"), "0 socket(..., SOCK_STREAM, 0) = 3\n");
        recent.remember(Path::new(&path));
    }
    recent.remember(Path::new(&folder.path("scene8.pkt")));
    recent.remember(Path::new("lost_syn"));
    let mut again = Recent::of(state.clone());
    assert_eq!(again.paths(), recent.paths());
    assert_eq!(again.paths().len(), 10);
    assert!(again.paths()[0].ends_with("scene8.pkt") && again.take_remark().is_none());
    // It is opened from home, and what is opened there by its path is remembered.
    let mut app = app(Lang::En).with_recent(again);
    assert!(shown(&mut app, (100, 60)).contains("scene8.pkt"));
    press(&mut app, "/");
    type_text(&mut app, "scene4");
    press(&mut app, "Enter Enter H");
    assert!(Recent::of(state.clone()).paths()[0].ends_with("scene4.pkt"), "{:?}", Recent::of(state.clone()));
    // A file that is damaged, and one that cannot be written.
    std::fs::write(&state, "{\"\u{1b}[31m\": ").unwrap();
    let mut damaged = Recent::of(state.clone());
    let remark = damaged.take_remark().unwrap();
    assert!(damaged.paths().is_empty() && remark.en.contains("damaged") && !remark.en.contains('\u{1b}'), "{remark:?}");
    let below_a_file = state.join("below").join("recent.json");
    let mut nowhere = Recent::of(below_a_file.clone());
    nowhere.remember(Path::new(&folder.path("scene8.pkt")));
    assert!(!below_a_file.exists());
}

#[test]
fn row_35_a_path_is_completed_with_tab() {
    let folder = Folder::new("paths");
    for name in ["inside/one.pkt", "inside/two.pcapng", "inside/three.txt", ".hidden.pkt", "in\u{1b}.pkt"] {
        folder.file(name, "");
    }
    let inside = folder.path("inside/");
    assert_eq!(complete(&folder.path("i")), std::slice::from_ref(&inside));
    assert_eq!(complete(&inside), [folder.path("inside/one.pkt"), folder.path("inside/two.pcapng")]);
    assert_eq!(complete("lost_s"), ["lost_syn"]);
    let mut app = app(Lang::En);
    let file = catalog::standard().iter().position(Item::wants_path).unwrap();
    for _ in 0..file {
        press(&mut app, "Down");
    }
    press(&mut app, "Enter");
    type_text(&mut app, &folder.path("i"));
    press(&mut app, "Tab Tab Tab");
    let offered = shown(&mut app, (160, 45));
    assert!(offered.contains("two.pcapng"), "{offered}");
    press(&mut app, "Ctrl-u");
    type_text(&mut app, "no such beginning");
    press(&mut app, "Tab");
    assert!(shown(&mut app, (160, 45)).contains("nothing begins so"));
}

#[cfg(live)]
#[test]
fn row_24_the_machines_own_kernel_browses_1995() {
    if !crate::live_support::is_possible() {
        return;
    }
    let folder = Folder::private("live");
    let mut command = Command::new(PROGRAM);
    command.args(["live", "--", "curl", "-s", "--max-time", "20", "http://10.0.0.2/"]);
    let output = command.env("XDG_RUNTIME_DIR", &folder.0).env("LC_ALL", "C").output().unwrap();
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && page.contains("1.2.13"), "{page}{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(live)]
#[test]
fn row_61_without_the_privilege_it_is_said_what_is_missing_and_the_simulated_wire_is_offered() {
    // Root without the one capability that a device takes is in the same place as anybody.
    let live = ["live", "--tap", "tap61", "--for", "1"];
    let mut command = if crate::live_support::is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set=-net_admin", "--inh-caps=-net_admin", PROGRAM]);
        command
    } else {
        Command::new(PROGRAM)
    };
    let output = match command.args(live).env("LC_ALL", "C").output() {
        Ok(output) => output,
        Err(error) => return crate::live_support::skip(&format!("setpriv: {error}")),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("`sockscope lab` needs none of this."), "{said}");
    assert!(["CAP_NET_ADMIN", "/dev/net/tun"].iter().any(|missing| said.contains(missing)), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

/// The standard output of the program.
fn output(arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).env("LC_ALL", "C").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The commands of the program, as its help lists them.
fn commands() -> Vec<String> {
    let help = output(&["--help"]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let name =
        |line: &str| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()).map(str::to_owned);
    listed.filter_map(name).filter(|name| name != "help").collect()
}

#[test]
fn row_62_completions_and_manual_pages_exist_for_every_command() {
    let commands = commands();
    assert!(commands.len() >= 14 && commands.iter().any(|name| name == "glossary"), "{commands:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = output(&["completions", shell]);
        for command in &commands {
            assert!(script.contains(command.as_str()), "{shell} does not complete {command}");
        }
        assert!(script.contains("list"), "{shell} does not complete lab --list");
    }
    let folder = Folder::new("man");
    output(&["man", "--all", &folder.path("")]);
    let mut pages = vec![("sockscope".to_owned(), output(&["man"]))];
    pages.extend(commands.iter().map(|name| (format!("sockscope-{name}"), output(&["man", name]))));
    for (name, page) in &pages {
        assert_eq!(&std::fs::read_to_string(folder.path(&format!("{name}.1"))).unwrap(), page);
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{name}:\n{page}");
        let examples =
            ["sockscope-completions", "sockscope-man"].contains(&name.as_str()) || page.contains("Examples:");
        assert!(examples, "{name} has no examples");
    }
    assert!(pages[0].1.contains("KEYS OF THE SCREEN"));
    for (name, _) in &pages {
        let page = folder.path(&format!("{name}.1"));
        for lint in [&["mandoc", "-Tlint", "-Werror"][..], &["groff", "-man", "-ww", "-z"]] {
            let Some((tool, arguments)) = lint.split_first() else { continue };
            // Where a tool is not installed the other one, or nobody, has looked.
            let Ok(output) = Command::new(tool).args(arguments).arg(&page).output() else { continue };
            let said =
                format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(said.trim().is_empty(), "{tool} of {name}: {said}");
        }
    }
}

#[test]
fn row_33_a_film_of_keys_shows_the_real_screens() {
    let film = output(&["export", "lost_syn", "--format", "cast", "--keys", "say:the_next_frame ] wait:1 ] L"]);
    let lines: Vec<serde_json::Value> = film.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["version"], 2);
    let marker = lines.iter().find(|line| line[1] == "m").expect("a marker");
    assert_eq!(marker[2], "the next frame");
    let times: Vec<f64> = lines[1..].iter().map(|line| line[0].as_f64().unwrap()).collect();
    assert!(times.is_sorted() && times.last().is_some_and(|last| *last > 4.0), "{times:?}");
    let mut parser = vt100::Parser::new(45, 160, 0);
    for line in lines[1..].iter().filter(|line| line[1] == "o") {
        parser.process(line[2].as_str().unwrap().as_bytes());
    }
    let shown = parser.screen().contents();
    assert!(shown.contains("lost_syn") && shown.contains("步入"), "{shown}");
    let moving = output(&["export", "lost_syn", "--format", "svg", "--keys", "] ]"]);
    assert!(moving.contains("@keyframes") && !moving.contains("<script"), "it does not move");
    let refused = Command::new(PROGRAM).args(["export", "--format", "cast", "--keys", "nonsense"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
}
