//! What the tests of the rows drive: the first scene as a session, its picture, and the program without a terminal.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::i18n::Lang;
use sockscope::picture::{LadderRow, Picture, Source};
use sockscope::session::{PictureRequest, Session};
use sockscope::tui::app::App;
use sockscope::tui::keymap::Key;
use sockscope::tui::print::text;

/// The scene that ships with the program, standing where its programs begin.
pub(crate) fn session() -> Session {
    Session::new("test", Source::Lab, stack::lab::scene::first(1).unwrap())
}

/// The picture of the present moment, of the host that acts, in English.
pub(crate) fn picture(session: &mut Session) -> Picture {
    session.picture(PictureRequest { switched: 0, relative: true, lang: Lang::En })
}

/// The number of the first frame whose label begins so.
pub(crate) fn frame(session: &mut Session, label: &str) -> u64 {
    let found = picture(session).ladder.rows.iter().find_map(|row| match row {
        LadderRow::Frame { number, label: shown, .. } if shown.starts_with(label) => Some(*number),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no frame {label} in {:?}", picture(session).ladder.rows))
}

/// Presses keys by their names, with a blank between them.
pub(crate) fn press(app: &mut App, keys: &str) {
    for key in keys.split(' ') {
        app.press(&Key::named(key));
    }
}

/// The cells of a screen of that many columns and rows.
pub(crate) fn cells(app: &mut App, (width, height): (u16, u16)) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    buffer
}

/// Its text.
pub(crate) fn shown(app: &mut App, size: (u16, u16)) -> String {
    text::screen(&cells(app, size))
}
