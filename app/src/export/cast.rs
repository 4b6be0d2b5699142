//! Films for terminals, in asciicast v2 (asciinema plays them): of a run, one picture per change of a socket's state and per death
//! of a kernel, with a marker that names it, evenly spaced, since the times of the run lie between microseconds and minutes; or of
//! a person's keys ([`of_takes`]), at the times at which they were pressed.
//! Promise: but for the drawing itself nothing in it can drive a terminal.

use std::io;

use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use serde_json::json;
use stack::lab::run::{CrashRecord, Moment, StateRecord};
use stack::wire::visible::visible;

use super::keys::Takes;
use super::offscreen::Offscreen;

/// Seconds that a picture stays.
const STAY: f64 = 1.5;
/// The most changes of state that are filmed.
const MOST: usize = 2_000;
/// Clears the screen and puts the cursor out of sight.
const CLEAR: &str = "\x1b[?25l\x1b[2J";

/// The film of everything that happens to the sockets of a run, ended by its last moment. `told` hears how many of how many pictures
/// are there.
///
/// # Errors
/// Never: a film is written to memory.
pub fn film(stage: &mut Offscreen, title: &str, told: &mut dyn FnMut(usize, usize)) -> io::Result<String> {
    // The theme has obeyed NO_COLOR already; crossterm would print empty colours, which also erases bold and reverse.
    crossterm::style::force_color_output(true);
    let mut changes: Vec<(Moment, String)> = {
        let run = stage.session().run();
        let hosts: Vec<String> = run.head().hosts.iter().map(|host| host.name.clone()).collect();
        // The first state of a new sock is no news.
        let news = run.states.iter().filter(|state| state.is_news());
        let mut changes: Vec<_> = news.map(|state| (state.moment, label(&hosts, state))).collect();
        let host = |crash: &CrashRecord| hosts.get(crash.host).map_or("", String::as_str).to_owned();
        let crashes = run.crashes.iter();
        changes.extend(crashes.map(|crash| (crash.moment, format!("{}: Oops: {}", host(crash), crash.oops.story))));
        changes.sort_by_key(|(moment, _)| *moment);
        changes
    };
    let left_out = changes.len().saturating_sub(MOST);
    changes.truncate(MOST);
    let mut film = Film { picture: Buffer::empty(stage.area()), time: 0.0, lines: Vec::new() };
    film.header(title);
    let count = changes.len();
    for (place, (moment, label)) in changes.into_iter().enumerate() {
        told(place, count);
        stage.go_to_moment(moment);
        film.marker(&label);
        film.picture(stage.draw())?;
        film.time += STAY;
    }
    if left_out > 0 {
        film.marker(&format!("{left_out} more changes of state, not filmed"));
    }
    stage.go_to_end();
    film.picture(stage.draw())?;
    film.time += STAY;
    // The last picture stays as long as every other.
    film.event("o", "");
    Ok(film.lines.concat())
}

/// The film of what a person did: every picture at its time, and what is said of it as markers.
///
/// # Errors
/// Never: a film is written to memory.
pub fn of_takes(takes: &Takes, title: &str) -> io::Result<String> {
    crossterm::style::force_color_output(true);
    let first = takes.pictures.first().map(|(_, picture)| picture.area).unwrap_or_default();
    let mut film = Film { picture: Buffer::empty(first), time: 0.0, lines: Vec::new() };
    film.header(title);
    let mut captions = takes.captions.iter().peekable();
    for (time, picture) in &takes.pictures {
        while let Some((at, caption)) = captions.next_if(|(at, _)| at <= time) {
            film.time = *at;
            film.marker(caption);
        }
        film.time = *time;
        film.picture(picture.clone())?;
    }
    film.time = takes.end;
    film.event("o", "");
    Ok(film.lines.concat())
}

/// A film that is being made.
struct Film {
    picture: Buffer,
    /// Where it is, in seconds.
    time: f64,
    lines: Vec<String>,
}

impl Film {
    fn header(&mut self, title: &str) {
        let area = self.picture.area;
        let header = json!({ "version": 2, "width": area.width, "height": area.height, "title": visible(title) });
        self.lines.push(format!("{header}\n"));
        self.event("o", CLEAR);
    }

    fn event(&mut self, kind: &str, data: &str) {
        self.lines.push(format!("{}\n", json!([self.time, kind, data])));
    }

    fn marker(&mut self, label: &str) {
        self.event("m", &visible(label));
    }

    /// Adds what turns the picture before into this one.
    fn picture(&mut self, picture: Buffer) -> io::Result<()> {
        let mut bytes = Vec::new();
        CrosstermBackend::new(&mut bytes).draw(self.picture.diff(&picture).into_iter())?;
        self.event("o", &String::from_utf8_lossy(&bytes));
        self.picture = picture;
        Ok(())
    }
}

fn label(hosts: &[String], state: &StateRecord) -> String {
    let host = hosts.get(state.host).map_or("", String::as_str);
    format!("{host}/{state}")
}
