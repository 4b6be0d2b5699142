//! The session line by line, for screen readers, pipes and terminals that cannot move their cursor.
//!
//! It is the same program behind it ([`App`]): every line is an action by its name (`into`, `go-step 12`) or by its keys (`s`,
//! `g p c`), with what a prompt of the screen would ask for behind it, and answered in sentences: where we are, what this step does,
//! what it changed. `show PANE` reads a pane out. Promise: what is written is text and line feeds, nothing that moves a cursor or
//! colours a letter, whatever a frame or a file holds; the end of the input is the end of the program.

mod captures;
mod overlays;
mod sentences;

use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::catalog::{Item, Opening};
use crate::i18n::{Lang, Message};
use crate::picture::Pane;
use crate::refusal::{Refusal, nearest};
use crate::tui::Options;
use crate::tui::action::{Action, Entry, Group, Mode, TABLE};
use crate::tui::app::{App, Flow};
use crate::tui::canvas::{visible, wrap};
use crate::tui::event::ScreenEvent;
use crate::tui::keymap::{Key, Meaning, matches};
use crate::tui::pane::card;
use crate::tui::panes::row;
use crate::tui::ui_state::{Asking, Overlay};

/// The screen that is drawn where something is to be read off it.
const SCREEN: Rect = Rect { x: 0, y: 0, width: 80, height: 40 };

/// How much of a capture is read at a time.
const SLICE: Duration = Duration::from_millis(100);

/// Reads lines and answers them until the input ends or the person leaves. Lines are broken at `width` columns where one is given.
///
/// Inside the result stands what the session could not do to its end.
///
/// # Errors
/// The output cannot be written, or the input not be read.
pub fn run(
    catalog: Vec<Item>,
    opened: Option<Opening>,
    options: &Options,
    width: Option<u16>,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<Result<(), Refusal>> {
    let mut ui = options.ui();
    ui.ascii = false;
    let is_home = opened.is_none();
    let titles: Vec<Item> = if is_home { catalog.clone() } else { Vec::new() };
    let mut plain = Plain { app: App::of(catalog, opened, ui), items: titles, width, out };
    plain.settle();
    plain.draw();
    plain.tell(Message::PlainHello.text(plain.lang()))?;
    if let Some(remark) = &options.remark {
        plain.tell(remark)?;
    }
    if is_home {
        plain.tell_items()?;
    } else if plain.is_table() {
        plain.tell_table()?;
    } else {
        plain.tell_where()?;
    }
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if plain.obey(String::from_utf8_lossy(&line).trim())? == Flow::Quit {
            break;
        }
        plain.out.flush()?;
    }
    plain.out.flush()?;
    Ok(plain.app.end())
}

struct Plain<'a> {
    app: App,
    /// What home offers, while nothing is open.
    items: Vec<Item>,
    width: Option<u16>,
    out: &'a mut dyn Write,
}

impl Plain<'_> {
    fn lang(&self) -> Lang {
        self.app.ui().lang
    }

    /// Writes one paragraph.
    fn tell(&mut self, text: &str) -> io::Result<()> {
        for line in text.lines() {
            let line = visible(line);
            match self.width {
                Some(width) => {
                    for part in wrap(&line, width) {
                        writeln!(self.out, "{part}")?;
                    }
                }
                None => writeln!(self.out, "{line}")?,
            }
        }
        Ok(())
    }

    fn say(&mut self, message: Message, words: &[&str]) -> io::Result<()> {
        let text = message.fill(self.lang(), words);
        self.tell(&text)
    }

    /// The screen as it would be: what is not told in words is read off it.
    fn draw(&mut self) -> Buffer {
        let mut buffer = Buffer::empty(SCREEN);
        self.app.draw(SCREEN, &mut buffer);
        buffer
    }

    /// The sentence that answers the last action.
    fn message(&self) -> Option<String> {
        let ui = self.app.ui();
        ui.message.as_ref().map(|message| ui.keys.named_in(message).into_owned())
    }

    fn tell_where(&mut self) -> io::Result<()> {
        for sentence in sentences::place(self.app.picture(), self.lang()) {
            self.tell(&sentence)?;
        }
        Ok(())
    }

    fn tell_items(&mut self) -> io::Result<()> {
        self.say(Message::PlainItems, &[])?;
        let lang = self.lang();
        let lines: Vec<String> = self
            .items
            .iter()
            .zip(1..)
            .map(|(item, number)| format!("{number}. {}: {}", item.heading(lang).0, item.title(lang)))
            .collect();
        lines.iter().try_for_each(|line| self.tell(line))
    }

    /// Does what one line says.
    fn obey(&mut self, line: &str) -> io::Result<Flow> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "" => return Ok(Flow::Idle),
            "help" | "?" => self.help(rest)?,
            "where" | "show" if self.is_table() => self.tell_table()?,
            "open" if self.is_table() => self.open_connection(rest)?,
            "show" => self.show(rest)?,
            "where" => self.tell_where()?,
            "open" if self.is_home() => self.open(rest)?,
            _ => match self.action(line) {
                Some((entry, rest)) => return self.act(entry, rest),
                None => {
                    let names = TABLE.iter().map(|entry| entry.id).chain(["show", "where", "help", "open"]);
                    match nearest(word, names) {
                        Some(near) => self.say(Message::PlainUnknownNear, &[word, near])?,
                        None => self.say(Message::PlainUnknown, &[word])?,
                    }
                }
            },
        }
        Ok(Flow::Draw)
    }

    fn is_home(&self) -> bool {
        !self.app.is_open() && !self.is_table()
    }

    /// The action that a line begins with, by its name or by its keys, and what stands behind it.
    fn action<'l>(&self, line: &'l str) -> Option<(&'static Entry, &'l str)> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if let Some(entry) = TABLE.iter().find(|entry| entry.id == word) {
            return Some((entry, rest.trim()));
        }
        let mode = self.app.mode();
        let mut before: Option<Key> = None;
        let mut left = line;
        loop {
            let (word, rest) = left.split_once(char::is_whitespace).unwrap_or((left, ""));
            let key = Key::named(word);
            match self.app.ui().keys.meaning(mode, before.as_ref(), &key) {
                Meaning::Act(action) => {
                    let in_mode = |mode: Mode| TABLE.iter().find(|entry| entry.action == action && entry.mode == mode);
                    let entry = in_mode(mode).or_else(|| TABLE.iter().find(|entry| entry.action == action))?;
                    return Some((entry, rest.trim()));
                }
                Meaning::Prefix if !rest.is_empty() => {
                    before = Some(key.after(before.as_ref()));
                    left = rest.trim_start();
                }
                Meaning::Prefix | Meaning::Nothing => return None,
            }
        }
    }

    fn act(&mut self, entry: &Entry, rest: &str) -> io::Result<Flow> {
        if is_of_the_screen(entry.action) {
            self.say(Message::PlainScreenOnly, &[entry.id])?;
            return Ok(Flow::Idle);
        }
        let step = self.app.picture().step;
        let was_home = self.is_home();
        let flow = self.app.act(entry.action);
        if flow == Flow::Quit {
            return Ok(Flow::Quit);
        }
        let before = self.app.ui().overlay.clone();
        match before {
            Overlay::Prompt(..) | Overlay::Call(_) | Overlay::Stop(_) | Overlay::Go(_) if rest.is_empty() => {
                self.missing(entry)?;
                return Ok(Flow::Draw);
            }
            Overlay::Prompt(asking, _) => self.answer(asking, rest),
            Overlay::Call(_) => self.call(rest)?,
            Overlay::Stop(_) | Overlay::Go(_) => self.type_line(rest)?,
            Overlay::Side(view) => {
                self.escape();
                self.open_connection(&format!("{} {rest}", view.number))?;
                return Ok(Flow::Draw);
            }
            Overlay::Why(_) => return self.ask_why(rest),
            Overlay::Help(..) | Overlay::Palette(..) => {
                self.escape();
                self.help(rest)?;
                return Ok(Flow::Draw);
            }
            Overlay::Nothing => {}
            Overlay::Frame(_) if !rest.is_empty() => {
                if !self.edit(rest)? {
                    return Ok(Flow::Draw);
                }
            }
            Overlay::Card(_) => {
                self.settle();
                let card = self.app.ui().overlay.clone();
                return self.read_off(&card);
            }
            Overlay::WhichKey(_)
            | Overlay::Output(..)
            | Overlay::ProcNet(_)
            | Overlay::Compare(_)
            | Overlay::Skb(_)
            | Overlay::Reading(_)
            | Overlay::Frame(_) => return self.read_off(&before),
        }
        self.settle();
        let after = self.app.ui().overlay.clone();
        if !matches!(after, Overlay::Nothing) {
            return self.read_off(&after);
        }
        self.tell_outcome(entry.action, step, was_home)?;
        Ok(Flow::Draw)
    }

    /// Says what came of an action.
    fn tell_outcome(&mut self, action: Action, step: u64, was_home: bool) -> io::Result<()> {
        let message = self.message();
        if let Some(message) = &message {
            self.tell(message)?;
        }
        if self.is_table() {
            return match action {
                Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Travel(..) => {
                    self.tell_connection()
                }
                _ if message.is_some() => Ok(()),
                _ => self.tell_table(),
            };
        }
        if self.is_home() {
            return if message.is_none() { self.tell_items() } else { Ok(()) };
        }
        match action {
            Action::Pane(pane) => return self.tell_pane(pane),
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top => return self.tell_row(),
            Action::NextPane | Action::PreviousPane => return self.tell_pane(self.app.ui().focus),
            _ => {}
        }
        let moved = was_home || self.app.picture().step != step;
        if moved || message.is_none() { self.tell_where() } else { Ok(()) }
    }

    /// Lets a search that goes on come to its end: there is nobody who could press Esc.
    fn settle(&mut self) {
        while self.app.is_indexing() {
            self.app.work(Instant::now() + SLICE);
        }
        while self.app.patience() == Some(Duration::ZERO) {
            self.app.handle(ScreenEvent::Time);
        }
    }

    /// Answers a prompt with what stands behind the action.
    fn answer(&mut self, asking: Asking, rest: &str) {
        if asking.takes_a_letter() {
            self.app.press(&Key::named(rest));
            return;
        }
        // What the prompt proposes gives way to what is typed.
        self.app.press(&Key::named("Ctrl-u"));
        self.app.handle(ScreenEvent::Paste(rest.to_owned()));
        self.app.press(&Key::named("Enter"));
    }

    fn call(&mut self, line: &str) -> io::Result<()> {
        self.app.handle(ScreenEvent::Paste(format!("{line}\n")));
        let complaint = match &self.app.ui().overlay {
            Overlay::Call(typing) => typing.complaint.as_ref().map(|complaint| complaint.text.clone()),
            _ => None,
        };
        if let Some(complaint) = complaint {
            let complaint = self.app.ui().keys.named_in(&complaint).into_owned();
            self.tell(&complaint)?;
            self.escape();
        }
        Ok(())
    }

    /// Types a line into a prompt that keeps open what it cannot take, and tells what is wrong with it.
    fn type_line(&mut self, line: &str) -> io::Result<()> {
        self.app.handle(ScreenEvent::Paste(line.to_owned()));
        self.settle();
        self.app.press(&Key::named("Enter"));
        if !matches!(self.app.ui().overlay, Overlay::Nothing) {
            let open = self.app.ui().overlay.clone();
            self.read_off(&open)?;
        }
        Ok(())
    }

    /// Asks the question of a number among those that make sense here; without one, or with a number that there is not, tells which
    /// there are.
    fn ask_why(&mut self, number: &str) -> io::Result<Flow> {
        if let Ok(number) = number.parse::<usize>() {
            for _ in 1..number {
                self.app.press(&Key::named("Down"));
            }
            self.app.press(&Key::named("Enter"));
            self.settle();
        }
        let open = self.app.ui().overlay.clone();
        self.read_off(&open)
    }

    /// Sets fields of the frame that is edited, each as `name=value`, and lets it arrive so. Says whether it does.
    fn edit(&mut self, settings: &str) -> io::Result<bool> {
        for setting in settings.split_whitespace() {
            let Overlay::Frame(form) = &self.app.ui().overlay else { return Ok(true) };
            let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
            let named = |row: &usize| form.fields.get(*row).is_some_and(|field| field.field.name == name);
            // The last header of that field is the one that people change, as the form begins there.
            let Some(row) = (0..form.fields.len()).rev().find(named) else {
                self.say(Message::PlainNoField, &[name])?;
                self.escape();
                return Ok(false);
            };
            let (way, count) =
                if row < form.selected { ("Up", form.selected - row) } else { ("Down", row - form.selected) };
            for _ in 0..count {
                self.app.press(&Key::named(way));
            }
            for key in ["Enter", "Ctrl-u"] {
                self.app.press(&Key::named(key));
            }
            self.app.handle(ScreenEvent::Paste(value.to_owned()));
            self.app.press(&Key::named("Enter"));
            let complaint = match &self.app.ui().overlay {
                Overlay::Frame(form) => form.complaint.clone(),
                _ => None,
            };
            if let Some(complaint) = complaint {
                self.tell(&complaint)?;
                self.escape();
                self.escape();
                return Ok(false);
            }
        }
        self.app.press(&Key::named("w"));
        Ok(true)
    }

    fn missing(&mut self, entry: &Entry) -> io::Result<()> {
        self.escape();
        self.say(Message::PlainMissing, &[entry.id, entry.label.text(self.lang())])
    }

    fn escape(&mut self) {
        self.app.press(&Key::named("Esc"));
    }

    /// Tells what lies over the screen, and puts it away.
    fn read_off(&mut self, overlay: &Overlay) -> io::Result<Flow> {
        match overlay {
            Overlay::Output(title, lines) => {
                self.tell(title)?;
                lines.iter().try_for_each(|line| self.tell(line))?;
            }
            Overlay::ProcNet(view) => {
                self.tell(&format!("{}: /proc/net/{}", view.text.host, view.text.file.name()))?;
                view.text.lines.iter().try_for_each(|(line, _)| self.tell(line))?;
            }
            Overlay::Compare(view) => {
                let told = overlays::comparison(&view.comparison, self.lang());
                told.iter().try_for_each(|line| self.tell(line))?;
            }
            Overlay::Frame(form) => {
                let told = overlays::form(form, self.lang());
                told.iter().try_for_each(|line| self.tell(line))?;
            }
            Overlay::Reading(view) => {
                let lines = view.lines(Rect::new(0, 0, 80, 24), self.lang());
                lines.iter().try_for_each(|(_, line)| self.tell(line))?;
            }
            Overlay::Card(card) => {
                let told = card::sentences(card, &self.app.ui().plain());
                told.iter().try_for_each(|line| self.tell(line))?;
            }
            _ => {
                let drawn = self.draw();
                sentences::lines(&drawn).iter().try_for_each(|line| self.tell(line))?;
            }
        }
        self.escape();
        Ok(Flow::Draw)
    }

    fn show(&mut self, name: &str) -> io::Result<()> {
        match Pane::from_id(name) {
            _ if self.is_home() => self.tell_items(),
            Some(pane) => {
                self.app.act(Action::Pane(pane));
                self.tell_pane(pane)
            }
            None => {
                let names: Vec<&str> = Pane::ALL.iter().map(|pane| pane.id()).collect();
                self.say(Message::PlainPanes, &[&names.join(", ")])
            }
        }
    }

    fn tell_pane(&mut self, pane: Pane) -> io::Result<()> {
        let title = row(pane).title.text(self.lang());
        self.tell(&format!("{title}:"))?;
        let view = self.app.ui().view(pane);
        let lines = sentences::pane(self.app.picture(), pane, view, &self.app.ui().style(pane));
        lines.iter().try_for_each(|line| self.tell(line))
    }

    /// The row that is chosen in the pane with the focus.
    fn tell_row(&mut self) -> io::Result<()> {
        let pane = self.app.ui().focus;
        let view = self.app.ui().view(pane);
        match sentences::chosen(self.app.picture(), pane, view) {
            Some(line) => self.tell(&line),
            None => self.say(Message::PlainNoRows, &[row(pane).title.text(self.lang())]),
        }
    }

    /// Opens an item of home by its number, or a file.
    fn open(&mut self, what: &str) -> io::Result<()> {
        let by_number = what.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let place = by_number.or_else(|| self.items.iter().position(Item::wants_path));
        let Some(place) = place.filter(|place| *place < self.items.len() && !what.is_empty()) else {
            return self.tell_items();
        };
        self.app.act(Action::PageUp);
        for _ in 0..place {
            self.app.act(Action::Down);
        }
        self.app.act(Action::Enter);
        if matches!(self.app.ui().overlay, Overlay::Prompt(..)) {
            self.app.handle(ScreenEvent::Paste(if by_number.is_some() { String::new() } else { what.to_owned() }));
            self.app.press(&Key::named("Enter"));
        }
        self.settle();
        if let Some(message) = self.message() {
            self.tell(&message)?;
        }
        if self.is_table() {
            return self.tell_table();
        }
        if self.is_home() { Ok(()) } else { self.tell_where() }
    }

    /// Every command with its keys, or those that a word finds.
    fn help(&mut self, wanted: &str) -> io::Result<()> {
        let lang = self.lang();
        if wanted.is_empty() {
            self.say(Message::PlainHelp, &[])?;
        }
        let keys = self.app.ui().keys.clone();
        let found = matches(&keys, wanted, lang);
        for group in Group::ALL {
            let rows: Vec<&&Entry> =
                found.iter().filter(|entry| entry.group == group && !is_of_the_screen(entry.action)).collect();
            if !rows.is_empty() {
                self.tell(group.words().text(lang))?;
            }
            for entry in rows {
                let written = keys.of(entry).join(", ");
                let written = if written.is_empty() { String::new() } else { format!(" ({written})") };
                self.tell(&format!("  {}{written}: {}", entry.id, entry.label.text(lang)))?;
            }
        }
        Ok(())
    }
}

/// Whether an action changes only how the screen looks or plays by the clock.
fn is_of_the_screen(action: Action) -> bool {
    matches!(
        action,
        Action::Play(_)
            | Action::Faster
            | Action::Slower
            | Action::Zoom
            | Action::Pin
            | Action::Left
            | Action::Right
            | Action::Theme
            | Action::Mouse
            | Action::Redraw
            | Action::Suspend
    )
}
