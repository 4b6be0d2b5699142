//! What concerns the program and not the run: language, theme, home, pictures of the screen, leaving.

use ratatui::buffer::Buffer;
use tui_input::Input;

use super::{App, Flow};
use crate::i18n::Message;
use crate::picture::Picture;
use crate::session::motion::{Direction, Motion};
use crate::tui::action::Action;
use crate::tui::desk::{Asking, Overlay};
use crate::tui::pane::bars::Pace;
use crate::tui::theme::{Palette, Theme};

impl App {
    pub(super) fn act_at_home(&mut self, action: Action) -> Flow {
        let last = self.doors.len().saturating_sub(1);
        match action {
            Action::Up => self.desk.door = self.desk.door.saturating_sub(1),
            Action::Down => self.desk.door = (self.desk.door + 1).min(last),
            Action::PageUp | Action::Travel(Motion::End, Direction::Backward) => self.desk.door = 0,
            Action::PageDown | Action::Travel(Motion::End, Direction::Forward) => self.desk.door = last,
            Action::Enter => self.open_door(),
            Action::Language
            | Action::Theme
            | Action::Help
            | Action::Palette
            | Action::Mouse
            | Action::Redraw
            | Action::Suspend
            | Action::ExportSvg
            | Action::ExportText
            | Action::Quit => return self.program(action),
            _ => {}
        }
        Flow::Draw
    }

    pub(super) fn open_door(&mut self) {
        if self.session.house.wants_path(self.desk.door) {
            self.ask(Asking::File);
            return;
        }
        let opened = self.session.house.open(self.desk.door, self.desk.lang);
        self.opened(opened);
    }

    pub(super) fn program(&mut self, action: Action) -> Flow {
        match action {
            Action::Palette => self.desk.overlay = Overlay::Palette(Input::default(), 0),
            Action::Help => self.desk.overlay = Overlay::Help(Input::default(), 0),
            Action::Language => {
                self.desk.lang = self.desk.lang.other();
                self.doors = self.session.house.doors(self.desk.lang);
                self.refresh();
            }
            Action::Theme => {
                let palette = self.desk.theme.palette.next();
                self.desk.theme = Theme::new(palette, self.desk.theme.depth);
                self.desk.message = Some(Message::Theme.fill(self.desk.lang, &[palette.name()]));
            }
            Action::Host => {
                let count = self.picture.hosts.len().max(1);
                self.desk.host = (self.desk.host + 1) % count;
                self.refresh();
            }
            Action::Relative => {
                self.desk.relative = !self.desk.relative;
                self.refresh();
            }
            Action::Mouse => {
                self.desk.mouse = !self.desk.mouse;
                let message = if self.desk.mouse { Message::MouseOn } else { Message::MouseOff };
                self.desk.message = Some(message.text(self.desk.lang).to_owned());
                return Flow::Mouse;
            }
            Action::ExportSvg | Action::ExportText => self.export(action == Action::ExportSvg),
            Action::Home => {
                if !self.leave_run() {
                    return Flow::Draw;
                }
                self.session.run = None;
                self.desk.pace = Pace::Paused;
                self.picture = Picture::default();
            }
            Action::Redraw => return Flow::Redraw,
            Action::Suspend => return Flow::Suspend,
            Action::Quit => return if self.leave_run() { Flow::Quit } else { Flow::Draw },
            _ => self.desk.message = Some(Message::NotHere.text(self.desk.lang).to_owned()),
        }
        Flow::Draw
    }

    /// Starts a command beside a live session.
    pub(super) fn shell(&mut self, line: &str) {
        let started = self.session.run.as_mut().and_then(|run| run.flowing()).is_some_and(|run| run.command(line));
        let message = if started { Message::ShellStarted } else { Message::NotHere };
        self.desk.message = Some(message.fill(self.desk.lang, &[line]));
    }

    /// Shows what a command said.
    pub(super) fn said(&mut self, line: &str, text: &str, status: Option<i32>) -> Flow {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if lines.is_empty() {
            lines.push("—".to_owned());
        }
        let status = status.map_or_else(|| "·".to_owned(), |status| status.to_string());
        self.desk.overlay = Overlay::Output(format!("$ {line}  [{status}]"), lines);
        self.desk.message = None;
        Flow::Draw
    }

    /// Whether the run may be left now; a live one asks once.
    pub(super) fn leave_run(&mut self) -> bool {
        let live = self.session.run.as_mut().is_some_and(|run| run.flowing().is_some());
        if live && !self.quit_asked {
            self.quit_asked = true;
            self.desk.message = Some(Message::QuitLive.text(self.desk.lang).to_owned());
            return false;
        }
        true
    }

    pub(super) fn export(&mut self, svg: bool) {
        let area = self.area;
        let mut buffer = Buffer::empty(area);
        self.draw(area, &mut buffer);
        let name = format!("sockscope-step-{}.{}", self.picture.step, if svg { "svg" } else { "txt" });
        let text = if svg {
            let light = self.desk.theme.palette == Palette::Light;
            let ground = if light { crate::tui::print::svg::LIGHT } else { crate::tui::print::svg::DARK };
            crate::tui::print::svg::screen(&buffer, ground, &self.picture.title)
        } else {
            crate::tui::print::text::screen(&buffer)
        };
        self.desk.message = Some(match std::fs::write(&name, text) {
            Ok(()) => Message::Saved.fill(self.desk.lang, &[&name]),
            Err(error) => format!("{name}: {error}"),
        });
    }
}
