//! What concerns the program and not the run: language, theme, home, pictures of the screen, leaving.

use ratatui::buffer::Buffer;
use tui_input::Input;

use super::{App, Flow};
use crate::i18n::Message;
use crate::picture::Picture;
use crate::session::Session;
use crate::session::answer::Refused;
use crate::tui::action::Action;
use crate::tui::answers::Finding;
use crate::tui::playback::Playback;
use crate::tui::signals::CAN_STOP;
use crate::tui::theme::Palette;
use crate::tui::ui_state::Overlay;

impl App {
    /// Takes in what the terminal says of itself.
    pub(super) fn learn_of_terminal(&mut self, found: Finding) -> Flow {
        match found {
            Finding::IsLight(is_light) => {
                self.ui.terminal_is_light = Some(is_light);
                let palette = if is_light { Palette::Light } else { Palette::Dark };
                let now = self.ui.theme.palette;
                if !self.ui.is_theme_chosen && now != palette && matches!(now, Palette::Dark | Palette::Light) {
                    self.ui.theme = self.ui.palettes.theme(palette, self.ui.theme.depth);
                    return Flow::Draw;
                }
                Flow::Idle
            }
            Finding::IsAmbiguousWide(is_wide) => {
                let changed = is_wide != std::mem::replace(&mut self.ui.is_ambiguous_wide, is_wide);
                if changed { Flow::Redraw } else { Flow::Idle }
            }
        }
    }

    pub(super) fn program(&mut self, action: Action) -> Flow {
        match action {
            Action::Palette => self.ui.overlay = Overlay::Palette(Input::default(), 0),
            Action::Help => self.ui.overlay = Overlay::Help(Input::default(), 0),
            Action::Language => {
                self.ui.lang = self.ui.lang.other();
                self.refresh();
            }
            Action::Theme => {
                let palette = self.ui.theme.palette.next();
                self.ui.theme = self.ui.palettes.theme(palette, self.ui.theme.depth);
                self.ui.is_theme_chosen = true;
                self.ui.message = Some(Message::Theme.fill(self.ui.lang, &[palette.name()]));
            }
            Action::Host => {
                // A chosen sock holds its host: who asks for the other one follows the step again.
                self.lets_sock_go();
                let count = self.picture.hosts.len().max(1);
                self.ui.host = (self.ui.host + 1) % count;
                self.refresh();
            }
            Action::Relative => {
                self.ui.relative = !self.ui.relative;
                self.refresh();
            }
            Action::Times => {
                self.ui.times = self.ui.times.next(self.picture.ladder.clock.is_wall);
                self.ui.message = Some(self.ui.times.words().text(self.ui.lang).to_owned());
            }
            Action::Mouse => {
                self.ui.mouse = !self.ui.mouse;
                let message = if self.ui.mouse { Message::MouseOn } else { Message::MouseOff };
                self.ui.message = Some(message.text(self.ui.lang).to_owned());
                return Flow::Mouse;
            }
            Action::ExportSvg | Action::ExportText => self.export(action == Action::ExportSvg),
            Action::Captures => self.back_to_table(),
            Action::Restart => self.restart(),
            Action::SaveRun => self.save_run(),
            Action::Home => {
                if !self.leave_run() {
                    return Flow::Draw;
                }
                self.close();
                self.close_table();
                self.session = None;
                self.ui.playback = Playback::Paused;
                self.picture = Picture::default();
                self.come_home();
            }
            Action::Redraw => return Flow::Redraw,
            Action::Suspend if CAN_STOP => return Flow::Suspend,
            Action::Quit => return if self.leave_run() { Flow::Quit } else { Flow::Draw },
            _ => self.ui.message = Some(Message::NoActionHere.text(self.ui.lang).to_owned()),
        }
        Flow::Draw
    }

    /// Begins again; a live session goes on running with a host that has just been switched on.
    fn restart(&mut self) {
        let Some(session) = &mut self.session else { return };
        match session.restart() {
            Ok(answer) => self.take_in(Some(answer)),
            Err(refusal) => {
                self.moved(true);
                self.ui.message = Some(refusal.text(self.ui.lang).to_owned());
                self.faults.push(refusal);
            }
        }
        self.wake_run();
    }

    /// Writes the run beside the person, under a name of its own.
    fn save_run(&mut self) {
        let name = format!("sockscope-run-{}.pcapng", self.picture.step);
        let Some(session) = &mut self.session else { return };
        let saved =
            session.recording().and_then(|bytes| std::fs::write(&name, bytes).map_err(|error| error.to_string()));
        if saved.is_ok() {
            self.remember(std::path::Path::new(&name));
        }
        self.ui.message = Some(match saved {
            Ok(()) => Message::Saved.fill(self.ui.lang, &[&name]),
            Err(why) => format!("{name}: {why}"),
        });
    }

    /// Starts a command beside a live session.
    pub(super) fn shell(&mut self, line: &str) {
        let started = self.session.as_mut().and_then(Session::outside).is_some_and(|outside| outside.command(line));
        if started {
            self.ui.message = Some(Message::ShellStarted.fill(self.ui.lang, &[line]));
        } else {
            self.refuse(&Refused::NoNetwork);
        }
    }

    /// Shows what a command said.
    pub(super) fn said(&mut self, line: &str, text: &str, status: Option<i32>) -> Flow {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if lines.is_empty() {
            lines.push("—".to_owned());
        }
        let status = status.map_or_else(|| "·".to_owned(), |status| status.to_string());
        self.ui.overlay = Overlay::Output(format!("$ {line}  [{status}]"), lines);
        self.ui.message = None;
        Flow::Draw
    }

    /// Whether the run may be left now; a live one asks once.
    pub(super) fn leave_run(&mut self) -> bool {
        let live = self.session.as_mut().is_some_and(|session| session.outside().is_some());
        if live && !self.quit_asked {
            self.quit_asked = true;
            self.ui.message = Some(Message::QuitLive.text(self.ui.lang).to_owned());
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
            let light = self.ui.theme.palette == Palette::Light;
            let ground = if light { crate::tui::print::svg::LIGHT } else { crate::tui::print::svg::DARK };
            crate::tui::print::svg::screen(&buffer, ground, &self.picture.title)
        } else {
            crate::tui::print::text::screen(&buffer)
        };
        self.ui.message = Some(match std::fs::write(&name, text) {
            Ok(()) => Message::Saved.fill(self.ui.lang, &[&name]),
            Err(error) => format!("{name}: {error}"),
        });
    }
}
