//! How long a frame of the screen takes: `cargo run --release --example draw_time`. With `--show` the run is
//! opened on the terminal instead, with `--zh` in Chinese, with `--light` in the light theme.

use std::time::Instant;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::Source;
use sockscope::session::Session;
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
    let run = stack::lab::scene::first(1).map_err(|_| std::io::ErrorKind::InvalidData)?;
    let session = Some(Session::new("httpd ⇄ get", Source::Lab, run));
    if has("--show") {
        return tui::run(None, session.map(Into::into), &options)?.map_err(std::io::Error::other);
    }
    let began = Instant::now();
    let mut app = App::new(catalog::standard(), session, UiState::new(options.theme, lang));
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
