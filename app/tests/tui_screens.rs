//! The screens as text, at every tier of size and in both languages, and a walk over every size.

mod tui_sample;

use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::catalog;
use sockscope::i18n::{Lang, Words};
use sockscope::picture::Pane;
use sockscope::picture::Picture;
use sockscope::picture::Source;
use sockscope::session::Session;
use sockscope::tui::action::{Action, TABLE};
use sockscope::tui::app::App;
use sockscope::tui::print::text;
use sockscope::tui::screen;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::Overlay;
use sockscope::tui::ui_state::{Progress, UiState};
use tui_input::Input;
use tui_sample::Still;

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 35), (160, 45), (200, 60)];

fn still(lang: Lang, lesson: Option<fn(Lang) -> lessons::View>) -> Still {
    Still { ui: UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang), lesson }
}

/// The program on a real run.
fn app() -> App {
    let session = Session::new("httpd ⇄ get", Source::Lab, stack::lab::scene::first(1).unwrap());
    let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), Lang::En);
    App::new(catalog::standard(), Some(session), ui)
}

/// Whatever draws a screen: the program, or the screen alone.
trait Draws {
    fn draw(&mut self, area: Rect, buffer: &mut Buffer);
}

impl Draws for App {
    fn draw(&mut self, area: Rect, buffer: &mut Buffer) {
        App::draw(self, area, buffer);
    }
}

impl Draws for Still {
    fn draw(&mut self, area: Rect, buffer: &mut Buffer) {
        Still::draw(self, area, buffer);
    }
}

fn drawn(screen: &mut impl Draws, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    screen.draw(area, &mut buffer);
    buffer
}

fn check(name: &str, screen: &mut impl Draws, width: u16, height: u16) {
    let shown = text::screen(&drawn(screen, width, height));
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, shown);
    });
}

#[test]
fn a_moment_at_every_size_in_both_languages() {
    for lang in [Lang::En, Lang::Zh] {
        for (width, height) in SIZES {
            check(&format!("moment_{width}x{height}_{}", lang.tag()), &mut still(lang, None), width, height);
        }
    }
}

#[test]
fn a_lesson_in_words_a_question_and_its_answer() {
    for lang in [Lang::En, Lang::Zh] {
        let tag = lang.tag();
        check(&format!("lesson_words_80x24_{tag}"), &mut still(lang, Some(tui_sample::words)), 80, 24);
        check(&format!("lesson_words_160x45_{tag}"), &mut still(lang, Some(tui_sample::words)), 160, 45);
        check(&format!("lesson_question_80x24_{tag}"), &mut still(lang, Some(tui_sample::question)), 80, 24);
        check(&format!("lesson_task_80x24_{tag}"), &mut still(lang, Some(tui_sample::task)), 80, 24);
        check(&format!("lesson_ranking_80x24_{tag}"), &mut still(lang, Some(tui_sample::ranking)), 80, 24);
        check(&format!("lesson_ordered_80x24_{tag}"), &mut still(lang, Some(tui_sample::ordered)), 80, 24);
        check(&format!("lesson_again_80x24_{tag}"), &mut still(lang, Some(tui_sample::again)), 80, 24);
        check(&format!("lesson_done_80x24_{tag}"), &mut still(lang, Some(tui_sample::done)), 80, 24);
        check(&format!("lesson_closing_80x24_{tag}"), &mut still(lang, Some(tui_sample::closing)), 80, 24);
        check(&format!("lesson_answer_80x24_{tag}"), &mut still(lang, Some(tui_sample::answer)), 80, 24);
    }
}

#[test]
fn every_pane_zoomed() {
    for pane in Pane::ALL.iter().copied() {
        let mut still = still(Lang::En, None);
        still.ui.focus_on(pane);
        still.ui.zoomed = true;
        check(&format!("zoom_{pane:?}_80x24_en").to_lowercase(), &mut still, 80, 24);
    }
}

#[test]
fn home_help_and_palette() {
    for lang in [Lang::En, Lang::Zh] {
        let tag = lang.tag();
        let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang);
        let mut home = App::new(catalog::standard(), None, ui);
        check(&format!("home_80x24_{tag}"), &mut home, 80, 24);
        check(&format!("home_160x45_{tag}"), &mut home, 160, 45);
        let mut help = still(lang, None);
        help.ui.overlay = Overlay::Help(Input::default(), 0);
        check(&format!("help_80x24_{tag}"), &mut help, 80, 24);
        let mut palette = still(lang, None);
        palette.ui.overlay = Overlay::Palette(Input::default(), 0);
        check(&format!("palette_80x24_{tag}"), &mut palette, 80, 24);
    }
}

#[test]
fn no_size_panics_and_no_action_does() {
    for lang in [Lang::En, Lang::Zh] {
        for lesson in
            [None, Some(tui_sample::words as fn(Lang) -> _), Some(tui_sample::question), Some(tui_sample::answer)]
        {
            let mut still = still(lang, lesson);
            for width in (0..=14).chain((15..=250).step_by(17)) {
                for height in (0..=14).chain((15..=80).step_by(7)) {
                    drawn(&mut still, width, height);
                }
            }
        }
    }
    for (width, height) in [(0, 0), (3, 2), (20, 5), (80, 24), (160, 45)] {
        for entry in TABLE
            .iter()
            .filter(|entry| !matches!(entry.action, Action::ExportSvg | Action::ExportText | Action::SaveRun))
        {
            let mut app = app();
            drawn(&mut app, width, height);
            app.act(entry.action);
            drawn(&mut app, width, height);
        }
    }
}

fn painted(ui: &UiState, picture: &Picture, width: u16, height: u16) -> String {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    screen::draw(area, &mut buffer, ui, picture);
    text::screen(&buffer)
}

#[test]
fn path_code_and_stack_say_whose_call_they_show() {
    for (lang, said) in [
        (Lang::En, ["Path · B runs", "Code · B runs", "Stack · B runs"]),
        (Lang::Zh, ["路径 · B 在运行", "代码 · B 在运行", "调用栈 · B 在运行"]),
    ] {
        let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang);
        let mut picture = tui_sample::moment(lang);
        let own = painted(&ui, &picture, 120, 35);
        picture.acting = 1;
        let other = painted(&ui, &picture, 120, 35);
        for title in said {
            assert!(other.contains(title) && !own.contains(title), "{title}: {other}");
        }
        let small = painted(&ui, &picture, 80, 24);
        assert!(small.lines().nth(1).unwrap().starts_with(" B: "), "{small}");
    }
}

#[test]
fn bookkeeping_is_folded_and_changed_values_stand_at_the_end_of_their_lines() {
    let mut ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En);
    let mut picture = tui_sample::moment(Lang::En);
    let note = picture.code.lines.iter().position(|line| line.contains("note!")).unwrap() + picture.code.first_line;
    picture.code.folded.clear();
    picture.code.folded.push(note..note + 1);
    picture.code.values = vec![(picture.code.current, "state CLOSE → SYN_SENT".to_owned())];
    ui.zoomed = true;
    let shown = painted(&ui, &picture, 160, 45);
    assert!(!shown.contains("note!"), "{shown}");
    let line = |number: usize| shown.lines().find(|line| line.contains(&format!(" {number}"))).unwrap_or("").to_owned();
    assert!(line(note - 1).contains(&format!("{}·", note - 1)), "{shown}");
    assert!(line(note + 1).contains(&format!("{} ", note + 1)), "{shown}");
    let lit = shown.lines().find(|line| line.contains('▶')).unwrap();
    assert!(lit.contains("tcp_set_state") && lit.contains("* state CLOSE → SYN_SENT"), "{lit}");
    ui.zoomed = false;
    // Where both do not fit, the value stands below the statement and hides nothing of it.
    let small = painted(&ui, &picture, 80, 24);
    let mut rows = small.lines().skip_while(|line| !line.contains('▶'));
    assert!(rows.next().is_some_and(|line| line.contains("tcp_set_state(k, sk, TcpState::S…")), "{small}");
    assert!(rows.next().is_some_and(|line| line.contains("* state CLOSE → SYN_SENT")), "{small}");
    // A step that is noted in a folded line lights the statement before it.
    picture.code.current = note;
    let shown = painted(&ui, &picture, 160, 45);
    let lit = shown.lines().find(|line| line.contains('▶')).unwrap();
    assert!(lit.contains(&(note - 1).to_string()), "{lit}");
}

#[test]
fn work_that_takes_its_time_shows_how_far_it_is_and_what_stops_it() {
    let label = Words { en: "looking for the last change", zh: "查找最后一次改变" };
    for (lang, stop) in [(Lang::En, "Esc stops it"), (Lang::Zh, "Esc 停止")] {
        for ascii in [false, true] {
            let mut ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang);
            ui.ascii = ascii && lang == Lang::En;
            ui.progress = Some(Progress { done: 30, of: 40, label });
            let picture = tui_sample::moment(lang);
            for (width, height) in [(40, 10), (80, 24), (160, 45)] {
                let shown = painted(&ui, &picture, width, height);
                let foot = shown.lines().last().unwrap();
                assert!(foot.contains(label.text(lang)), "{foot}");
                assert!(width < 80 || foot.contains(stop) && foot.contains("75 %"), "{foot}");
                assert!(width < 80 || foot.contains(if ui.ascii { "##" } else { "▓▓" }), "{foot}");
            }
        }
    }
}

/// What a stranger's frame, file or name might hold.
const HOSTILE: &str = "\x1b]0;OWNED\x07\x1b[31m\u{202e}\u{200b}\u{9b}\t\r\n";

#[test]
fn nothing_that_comes_from_outside_can_drive_the_terminal() {
    let mut picture = tui_sample::moment(Lang::En);
    let hostile = || HOSTILE.to_owned();
    picture.title = hostile();
    picture.hosts[0].name = hostile();
    picture.path[2].function = hostile();
    picture.code.sentence = hostile();
    picture.code.lines[19] = hostile();
    picture.stack[1].arguments = hostile();
    picture.socks[0].fields[1].value = hostile();
    picture.arp.rows[0].hardware = hostile();
    picture.ladder.columns[0] = hostile();
    if let Some(frame) = &mut picture.frame {
        frame.note = hostile();
        frame.rows[0].value = hostile();
        frame.bytes.extend_from_slice(HOSTILE.as_bytes());
    }
    picture.changed[0].new = hostile();
    let mut lesson = tui_sample::words(Lang::En);
    lesson.narration = vec![hostile()];
    picture.lesson = Some(lesson);
    let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), Lang::En);
    for (width, height) in SIZES {
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        sockscope::tui::screen::draw(area, &mut buffer, &ui, &picture);
        for cell in buffer.content() {
            let bad = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
            assert!(!cell.symbol().chars().any(bad), "{:?} at {width}x{height}", cell.symbol());
        }
        assert!(text::screen(&buffer).contains('␛'), "it is shown, not stripped");
    }
}

#[test]
fn ascii_shows_only_ascii() {
    let mut ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En);
    ui.ascii = true;
    let mut still = Still { ui, lesson: None };
    for (width, height) in SIZES {
        let shown = text::screen(&drawn(&mut still, width, height));
        assert!(shown.bytes().all(|byte| byte == b'\n' || (0x20..0x7f).contains(&byte)), "{shown}");
    }
}

#[test]
fn what_changed_is_marked_without_colour() {
    let mut still = Still { ui: UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En), lesson: None };
    let shown = text::screen(&drawn(&mut still, 160, 45));
    assert!(shown.contains("* state") && shown.contains("TCP_CLOSE → TCP_SYN_SENT"), "{shown}");
}

#[test]
fn zoom_and_back_is_the_identity() {
    let mut app = app();
    let before = drawn(&mut app, 120, 35);
    app.act(Action::Zoom);
    assert_ne!(before, drawn(&mut app, 120, 35));
    app.act(Action::Unzoom);
    assert_eq!(before, drawn(&mut app, 120, 35));
}

#[test]
fn the_table_of_a_capture_at_every_size_in_both_languages() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/captures/rst.pcapng");
    for lang in [Lang::En, Lang::Zh] {
        let opening = catalog::opening(path.as_ref()).unwrap_or_else(|refusal| panic!("{}", refusal.words.en));
        let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang);
        let mut app = App::of(catalog::standard(), Some(opening), ui);
        while app.work(Instant::now() + Duration::from_secs(1)).more {}
        for (width, height) in [(80, 24), (120, 35), (160, 45), (200, 60)] {
            check(&format!("captures_{width}x{height}_{}", lang.tag()), &mut app, width, height);
        }
        app.act(Action::Enter);
        check(&format!("captures_side_80x24_{}", lang.tag()), &mut app, 80, 24);
    }
}
