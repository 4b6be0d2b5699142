//! How long a frame of the screen takes: `cargo run --release --example draw_time`. With `--show` the sample moment is
//! opened on the terminal instead, with `--zh` in Chinese, with `--light` in the light theme, with `--ask` with a question.

#[path = "../tests/tui_sample/mod.rs"]
mod tui_sample;

use std::time::Instant;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use sockscope::i18n::Lang;
use sockscope::picture::Source;
use sockscope::session::Walk;
use sockscope::session::motion::{Direction, Motion};
use sockscope::tui::action::Action;
use sockscope::tui::app::App;
use sockscope::tui::theme::{Palette, Theme};
use sockscope::tui::ui_state::UiState;
use sockscope::tui::{self, Options};

fn main() -> std::io::Result<()> {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    let lang = if has("--zh") { Lang::Zh } else { Lang::En };
    let mut options = Options { lang, ascii: false, ..Options::from_environment() };
    if has("--light") {
        options.theme = Theme::new(Palette::Light, options.theme.depth);
    }
    let lesson = match (has("--ask"), has("--words")) {
        (true, _) => Some(tui_sample::question as fn(Lang) -> _),
        (_, true) => Some(tui_sample::words as fn(Lang) -> _),
        _ => None,
    };
    let mut session = tui_sample::session(lesson).0;
    if has("--lab") {
        let run = stack::lab::scene::first(1).map_err(|_| std::io::ErrorKind::InvalidData)?;
        session.run = Some(Box::new(Walk::new("httpd ⇄ get", Source::Lab, run)));
    }
    if has("--show") {
        return tui::run(session, &options);
    }
    let began = Instant::now();
    let mut app = App::new(session, UiState::new(options.theme, lang));
    println!("the first picture of the run: {} µs", began.elapsed().as_micros());
    for (width, height) in [(80, 24), (120, 35), (160, 45), (200, 60)] {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).map_err(|_| std::io::ErrorKind::Other)?;
        let mut times: Vec<u128> = (0..1000)
            .map(|_| {
                let before = Instant::now();
                let drawn = terminal.draw(|frame| {
                    let area = frame.area();
                    app.draw(area, frame.buffer_mut());
                });
                assert!(drawn.is_ok());
                before.elapsed().as_micros()
            })
            .collect();
        times.sort_unstable();
        println!("{width}x{height}: median {} µs, p99 {} µs", times[500], times[990]);
    }
    for direction in [Direction::Forward, Direction::Backward] {
        let mut times: Vec<u128> = (0..500)
            .map(|_| {
                let before = Instant::now();
                app.act(Action::Travel(Motion::Into, direction));
                before.elapsed().as_micros()
            })
            .collect();
        times.sort_unstable();
        println!("a step {direction:?} with its picture: median {} µs, p99 {} µs", times[250], times[495]);
    }
    Ok(())
}
