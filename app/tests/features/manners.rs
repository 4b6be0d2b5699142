//! Manners: languages, sizes, keys and their settings, the mouse, colours, terminals of every kind, and no terminal at all.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use sockscope::catalog;
use sockscope::i18n::{Lang, Message};
use sockscope::picture::{Pane, Source};
use sockscope::session::Session;
use sockscope::session::motion::{Direction, Motion};
use sockscope::tui::action::{Action, Mode, TABLE};
use sockscope::tui::answers::Finding;
use sockscope::tui::app::{App, Flow};
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::panes::help::help;
use sockscope::tui::print::text;
use sockscope::tui::settings::Settings;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::{Overlay, UiState};

use crate::folder::NOWHERE;

const SMALL: Rect = Rect { x: 0, y: 0, width: 80, height: 24 };
const LARGE: Rect = Rect { x: 0, y: 0, width: 160, height: 45 };

fn ui(lang: Lang) -> UiState {
    UiState::new(Theme::new(Palette::Dark, Depth::True), lang)
}

fn app_with(ui: UiState) -> App {
    let session = Session::new("test", Source::Lab, stack::lab::scene::first(1).unwrap());
    App::new(catalog::standard(), Some(session), ui)
}

fn app(lang: Lang) -> App {
    app_with(ui(lang))
}

fn key(app: &mut App, code: KeyCode, modifiers: KeyModifiers) -> Flow {
    app.handle(ScreenEvent::Key(KeyEvent::new(code, modifiers)))
}

fn type_keys(app: &mut App, keys: &str) {
    for letter in keys.chars() {
        key(app, KeyCode::Char(letter), KeyModifiers::NONE);
    }
}

fn buffer(app: &mut App, area: Rect) -> Buffer {
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    buffer
}

fn shown(app: &mut App, area: Rect) -> String {
    text::screen(&buffer(app, area))
}

/// Clicks on the first cell of a text that stands on the screen; says whether it stands there.
fn click(app: &mut App, area: Rect, wanted: &str) -> bool {
    let drawn = buffer(app, area);
    let width = usize::from(area.width);
    let rows =
        drawn.content().chunks(width).map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<Vec<_>>());
    let wanted: Vec<String> = wanted.chars().map(String::from).collect();
    let hits = rows.enumerate().filter_map(|(y, row)| {
        let x = row
            .windows(wanted.len())
            .position(|cells| cells.iter().zip(&wanted).all(|(cell, letter)| cell == letter))?;
        Some((u16::try_from(x).unwrap(), u16::try_from(y).unwrap()))
    });
    let Some((column, row)) = hits.max_by_key(|(_, row)| *row) else { return false };
    let kind = MouseEventKind::Down(MouseButton::Left);
    app.handle(ScreenEvent::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    true
}

fn program(arguments: &[&str], settings: &[(&str, &str)], input: &str) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env("LC_ALL", "C.UTF-8").env("XDG_CONFIG_HOME", NOWHERE).env_remove("NO_COLOR");
    for (name, value) in settings {
        command.env(name, value);
    }
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

/// A folder of configurations with one in it; gone with the value.
struct Config(PathBuf);

impl Config {
    fn new(name: &str, text: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("sockscope-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("sockscope")).unwrap();
        std::fs::write(folder.join("sockscope/config.toml"), text).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Config {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn row_46_every_string_is_in_both_languages_and_l_switches_while_it_runs() {
    for message in Message::ALL {
        assert!(!message.text(Lang::En).is_empty() && !message.text(Lang::Zh).is_empty(), "{message:?}");
    }
    let mut app = app(Lang::En);
    assert!(shown(&mut app, SMALL).contains("Code") && !shown(&mut app, SMALL).contains("代 码"));
    type_keys(&mut app, "L");
    assert!(shown(&mut app, SMALL).contains("代码"), "{}", shown(&mut app, SMALL));
    let (out, _, code) = program(&["--lang", "zh", "lab", "--plain"], &[], "s\n");
    assert!(code == 0 && out.contains("主机"), "before the command: {out}");
    let (out, _, code) = program(&["--plain", "--lang", "zh"], &[], "");
    assert!(code == 0 && out.contains("可打开的内容"), "without a command: {out}");
}

#[test]
fn row_47_no_size_panics_and_80_by_24_shows_the_whole_way_to_everything() {
    let mut app = app(Lang::Zh);
    for (width, height) in (0..=60).flat_map(|width| [0, 1, 2, 5, 11, 24, 60].map(|height| (width * 4, height))) {
        buffer(&mut app, Rect::new(0, 0, width, height));
        type_keys(&mut app, "?");
        buffer(&mut app, Rect::new(0, 0, width, height));
        key(&mut app, KeyCode::Esc, KeyModifiers::NONE);
    }
    let small = shown(&mut app, SMALL);
    assert!(small.contains("? 帮助") && small.contains(": 命令"), "{small}");
}

#[test]
fn row_49_footer_hints_palette_rows_and_listed_keys_can_be_clicked() {
    let mut app = app(Lang::En);
    let before = app.picture().step;
    assert!(click(&mut app, SMALL, "into"));
    assert_eq!(app.picture().step, before + 1, "the footer steps");
    assert!(click(&mut app, SMALL, ": palette"));
    assert!(matches!(app.ui().overlay, Overlay::Palette(..)));
    assert!(click(&mut app, SMALL, "over, backwards"));
    assert!(
        matches!(app.ui().overlay, Overlay::Nothing) && app.picture().step <= before + 1,
        "a row of the palette runs"
    );
    type_keys(&mut app, "g");
    app.handle(ScreenEvent::Time);
    assert!(click(&mut app, SMALL, "to the start"));
    assert!(app.picture().step <= 1, "a listed key is pressed");
    type_keys(&mut app, "?");
    app.handle(ScreenEvent::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: 0,
        row: 0,
        modifiers: KeyModifiers::NONE,
    }));
    assert!(matches!(app.ui().overlay, Overlay::Nothing), "a click beside the help closes it");
    assert_eq!(app.act(Action::Mouse), Flow::Mouse);
    let mut home = App::new(catalog::standard(), None, ui(Lang::En));
    assert!(click(&mut home, SMALL, "? help"));
    assert!(matches!(home.ui().overlay, Overlay::Help(..)), "the footer of home too");
}

#[test]
fn row_50_a_key_that_is_set_acts_and_stands_in_footer_and_help() {
    let settings = Settings::of("[keys]\ninto = [\"i\", \"F11\"]\nundo = []\n");
    assert_eq!(settings.complaints, []);
    let mut app = app_with(UiState { keys: settings.keys, ..ui(Lang::En) });
    let before = app.picture().step;
    type_keys(&mut app, "s");
    assert_eq!(app.picture().step, before, "the old key means nothing");
    type_keys(&mut app, "i");
    assert_eq!(app.picture().step, before + 1);
    let footer = shown(&mut app, SMALL);
    assert!(footer.lines().last().unwrap().contains("i/S into"), "{footer}");
    type_keys(&mut app, "?");
    assert!(shown(&mut app, SMALL).contains("i  F11"), "{}", shown(&mut app, SMALL));
    for entry in TABLE.iter().filter(|entry| ["up", "down", "left", "right"].contains(&entry.id)) {
        assert_eq!(entry.keys.len(), 2, "an arrow and a letter of vi: {}", entry.id);
    }
}

#[test]
fn row_51_the_help_begins_with_the_pane_and_the_panel_swallows_no_key() {
    for lang in Lang::ALL {
        for pane in Pane::ALL {
            let mut app = app(lang);
            app.act(Action::Pane(*pane));
            app.act(Action::Help);
            let seen = shown(&mut app, LARGE).replace(['\n', ' ', '┃', '│'], "");
            let head: String = help(*pane).shows.text(lang).chars().filter(|c| *c != ' ').take(12).collect();
            assert!(seen.contains(&head), "{}: {seen}", pane.id());
            key(&mut app, KeyCode::Enter, KeyModifiers::NONE);
            assert!(!matches!(app.ui().overlay, Overlay::Help(..)), "Enter runs its first key");
        }
    }
    let mut app = app(Lang::En);
    app.act(Action::GoStep);
    type_keys(&mut app, "40");
    key(&mut app, KeyCode::Enter, KeyModifiers::NONE);
    type_keys(&mut app, "ma");
    type_keys(&mut app, "s'");
    assert!(!shown(&mut app, SMALL).contains("step 40\n") && app.patience().is_some(), "not at once");
    app.handle(ScreenEvent::Time);
    let panel = shown(&mut app, SMALL);
    assert!(panel.contains("a  step 40"), "the marks are listed: {panel}");
    type_keys(&mut app, "a");
    assert_eq!(app.picture().step, 40, "and the next key is not swallowed");
    type_keys(&mut app, "g");
    assert!(!shown(&mut app, SMALL).contains("g then"));
    app.handle(ScreenEvent::Time);
    assert!(shown(&mut app, SMALL).contains("g then"));
    type_keys(&mut app, "g");
    assert!(app.picture().step <= 1);
}

#[test]
fn row_54_themes_follow_the_terminal_and_light_ones_paint_their_ground() {
    let mut app = app(Lang::En);
    assert_eq!(app.handle(ScreenEvent::Terminal(Finding::IsLight(true))), Flow::Draw);
    assert_eq!(app.ui().theme.palette, Palette::Light);
    for area in [SMALL, LARGE] {
        let drawn = buffer(&mut app, area);
        assert!(drawn.content().iter().all(|cell| cell.bg != Color::Reset && cell.fg != Color::Reset), "{area:?}");
    }
    type_keys(&mut app, "?");
    assert!(buffer(&mut app, SMALL).content().iter().all(|cell| cell.bg != Color::Reset), "under the help too");
    let mut chosen = app_with(UiState { is_theme_chosen: true, ..ui(Lang::En) });
    chosen.handle(ScreenEvent::Terminal(Finding::IsLight(true)));
    assert_eq!(chosen.ui().theme.palette, Palette::Dark, "what was chosen stays");
    assert!(
        buffer(&mut chosen, SMALL).content().iter().all(|cell| cell.bg != Color::Reset),
        "and is painted on a light one"
    );
    for depth in [Depth::Sixteen, Depth::Indexed, Depth::True] {
        let theme = Theme::new(Palette::Dark, depth);
        match (depth, theme.text.fg) {
            (Depth::Sixteen, Some(Color::Indexed(0..16))) | (Depth::Indexed, Some(Color::Indexed(16..))) => {}
            // A colour that is one of the 256 goes out as that.
            (Depth::True, Some(Color::Rgb(..) | Color::Indexed(16..))) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn row_55_no_color_has_no_colour_and_keeps_its_emphasis() {
    let mut app = app_with(UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En));
    let drawn = buffer(&mut app, SMALL);
    assert!(drawn.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    for modifier in [Modifier::BOLD, Modifier::REVERSED] {
        assert!(drawn.content().iter().any(|cell| cell.modifier.contains(modifier)), "{modifier:?}");
    }
}

#[test]
fn row_56_without_utf8_only_ascii_and_dumb_terminals_get_advice() {
    let mut ascii = app_with(UiState { ascii: true, ..ui(Lang::En) });
    for area in [SMALL, LARGE] {
        assert!(shown(&mut ascii, area).bytes().all(|byte| byte == b'\n' || (0x20..0x7f).contains(&byte)));
    }
    let mut wide = app(Lang::Zh);
    assert!(shown(&mut wide, SMALL).contains('│'));
    wide.handle(ScreenEvent::Terminal(Finding::IsAmbiguousWide(true)));
    let seen = shown(&mut wide, SMALL);
    assert!(!seen.contains(['│', '─', '▶', '…', '●']) && seen.contains("代码"), "{seen}");
    let (_, err, code) = program(&["lab"], &[("TERM", "dumb")], "");
    assert!(code == 2 && err.contains("--plain"), "{err}");
}

#[test]
fn row_57_line_by_line_has_the_same_commands_and_moves_no_cursor() {
    let script = "s\ninto\nframe\nshow sock\nshow ladder\nshow state\nstate\ngo-step 12\nm a\nn\n' a\ng p q\nproc\nfind\nintoo\nhelp zoom\nquit\ns\n";
    for lang in ["en", "zh"] {
        let (out, err, code) = program(&["lab", "--plain", "--lang", lang], &[], script);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        assert!(out.chars().all(|c| c == '\n' || !c.is_control()), "nothing drives a terminal");
        let (step, changed) = if lang == "en" { ("Step 12 of ", "Changed: ") } else { ("第 12/", "改变：") };
        assert_eq!(out.matches(step).count(), 2, "there by its number, and back by its mark: {out}");
        assert!(out.contains(changed) || out.contains("tcp_conn"), "{out}");
        assert!(out.contains("state TCP_SYN_SENT"), "the sock is read out: {out}");
        assert!(out.contains("SYN seq=0"), "the ladder is read out: {out}");
        assert!(out.contains("/proc/net/"), "{out}");
        assert!(out.contains("into"), "what was meant: {out}");
    }
    let (out, _, code) = program(&["--plain"], &[], "open 999\nopen nothing.pkt\n");
    assert!(code == 0 && out.contains("nothing.pkt"), "{out}");
}

#[test]
fn row_58_nothing_of_a_payload_drives_the_terminal() {
    let hostile = "\x1b]0;OWNED\x07\x1b[2J\u{202e}evil\u{9b}31m\u{200b}";
    let mut app = app(Lang::En);
    app.handle(ScreenEvent::Outside(sockscope::outside::Outside::Said {
        line: hostile.to_owned(),
        text: hostile.to_owned(),
        status: Some(0),
    }));
    let drawn = shown(&mut app, SMALL);
    assert!(drawn.contains("OWNED"), "it is shown: {drawn}");
    let mut model = vt100::Parser::new(24, 80, 0);
    model.process(drawn.trim_end().replace('\n', "\r\n").as_bytes());
    assert!(model.screen().contents().contains("OWNED") && model.screen().contents().contains("sockscope"));
    for bad in ['\x1b', '\x07', '\u{202e}', '\u{9b}', '\u{200b}'] {
        assert!(!drawn.contains(bad), "{bad:?}");
    }
}

#[test]
fn row_62_every_command_has_a_manual_page_and_completions() {
    let (page, _, code) = program(&["man"], &[], "");
    assert!(code == 0 && page.contains("KEYS OF THE SCREEN") && page.contains("\\-\\-plain"), "{page}");
    let (page, _, code) = program(&["man", "lab"], &[], "");
    assert!(code == 0 && page.contains(".TH sockscope-lab 1") && page.contains("KEYS OF THE SCREEN"), "{page}");
    let (_, err, code) = program(&["man", "lap"], &[], "");
    assert!(code == 2 && err.contains("did you mean \"lab\""), "{err}");
    let folder = std::env::temp_dir().join(format!("sockscope-man-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (_, err, code) = program(&["man", "--all", folder.to_str().unwrap()], &[], "");
    assert_eq!(code, 0, "{err}");
    for name in ["sockscope.1", "sockscope-config.1", "sockscope-lesson.1", "sockscope-trace.1"] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    std::fs::remove_dir_all(folder).unwrap();
    let (script, _, _) = program(&["completions", "bash"], &[], "");
    assert!(script.contains("--plain") && script.contains("config"), "the new ones are among them");
}

#[test]
fn row_63_a_typo_in_the_configuration_is_named_with_its_line_and_what_was_meant() {
    let config = Config::new("typo", "lang = \"en\"\n\n[keys]\ninot = [\"s\"]\nzoom = [\"s\"]\n");
    let home = [("XDG_CONFIG_HOME", config.path().to_str().unwrap())];
    let (out, err, code) = program(&["config", "check"], &home, "");
    assert_eq!(code, 2, "{out}{err}");
    assert!(out.contains("line 4: there is no action \"inot\"; did you mean \"into\"?"), "{out}");
    assert!(out.contains("line 5: the key \"s\" of \"zoom\" also belongs to \"into\""), "{out}");
    let (out, _, _) = program(&["config", "path"], &home, "");
    assert!(out.ends_with("sockscope/config.toml\n"), "{out}");
    let (printed, _, code) = program(&["config", "--print"], &[], "");
    let whole = Config::new("whole", &printed);
    let (out, err, checked) = program(&["config", "check"], &[("XDG_CONFIG_HOME", whole.path().to_str().unwrap())], "");
    assert_eq!((code, checked), (0, 0), "{out}{err}");
    let (said, _, _) = program(&["lab", "--plain"], &home, "");
    assert!(said.contains("in the configuration, line 4"), "the program starts and says it: {said}");
}

#[test]
fn row_63_several_pasted_lines_are_several_calls() {
    let mut app = app(Lang::En);
    app.act(Action::Travel(Motion::End, Direction::Forward));
    app.act(Action::Call);
    app.handle(ScreenEvent::Paste("socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\r\nclose(3) = 0\nsocket(".to_owned()));
    let Overlay::Call(typing) = &app.ui().overlay else { panic!("{:?}", app.ui().message) };
    assert!(typing.complaint.is_none(), "{:?}", typing.complaint);
    assert_eq!(typing.input.value(), "socket(", "what no line feed ends stays to be looked at");
    let made: Vec<&str> = typing.around.answered.iter().map(|call| call.line.as_str()).collect();
    assert_eq!(made.len(), 2, "{made:?}");
    assert!(made[0].starts_with("socket(") && made[1].starts_with("close("), "in their order: {made:?}");
    assert!(typing.around.answered.iter().all(|call| call.result.is_some()), "both returned");
    assert_eq!(app.ui().typed.len(), 2);
    let mut app = self::app(Lang::En);
    app.act(Action::Call);
    app.handle(ScreenEvent::Paste("clothe(3)\nclose(3)\n".to_owned()));
    let Overlay::Call(typing) = &app.ui().overlay else { panic!("the prompt is closed") };
    assert!(
        typing.complaint.is_some() && typing.around.answered.is_empty(),
        "nothing is made behind a line that is none"
    );
}

#[test]
fn row_50_control_h_deletes_a_letter() {
    let mut app = app(Lang::En);
    app.act(Action::Find);
    type_keys(&mut app, "ab");
    key(&mut app, KeyCode::Char('h'), KeyModifiers::CONTROL);
    assert!(matches!(&app.ui().overlay, Overlay::Prompt(_, input) if input.value() == "a"), "^H deletes");
    assert_eq!(app.ui().mode(false, false), Mode::Main);
}

#[test]
fn row_50_sentences_name_the_key_that_is_set() {
    let settings = Settings::of("[keys]\nrelative = [\"F7\"]\nrun = [\"F8\"]\nhome = []\nlesson-next = [\"F9\"]\n");
    assert_eq!(settings.complaints, []);
    for lang in Lang::ALL {
        let mut app = app_with(UiState { keys: settings.keys.clone(), ..ui(lang) });
        app.act(Action::Pane(Pane::Ladder));
        assert!(shown(&mut app, LARGE).contains("[F7]"), "{}", shown(&mut app, LARGE));
        app.act(Action::Pane(Pane::Code));
        app.act(Action::Travel(Motion::Into, Direction::Forward));
        app.act(Action::Break);
        let said = shown(&mut app, LARGE);
        assert!(said.contains("F8 and C stop at") || said.contains("F8 与 C 将停在"), "{said}");
        app.act(Action::Pane(Pane::Lesson));
        app.act(Action::Zoom);
        assert!(shown(&mut app, LARGE).contains(":home"), "what has no key is named: {}", shown(&mut app, LARGE));
    }
}

#[test]
fn row_57_a_comparison_a_card_and_a_frame_are_told_in_sentences() {
    let script = "]\n]\n]\nshow ladder\nedit-frame\nedit-frame nothing=3\nedit-frame window=7\ncompare branch 1\nshow sock\nexplain\n";
    let (out, err, code) = program(&["lab", "--plain", "--lang", "en"], &[], script);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("tcphdr window = "), "the fields of the frame: {out}");
    assert!(out.contains("this frame has no field nothing"), "{out}");
    assert!(out.contains("Compared: ") && out.contains(": on the left frame 3 at "), "the comparison: {out}");
    assert!(out.contains("Seen in this run: "), "the card: {out}");
    assert!(!out.contains(['┏', '│', '┃', '━', '─', '≠', '▸']), "no drawing: {out}");
}
