//! The terminal: taken over on entry, given back on every way out.
//!
//! Entering switches to the alternate screen, raw mode, SGR mouse and bracketed paste. Leaving undoes all of it, also after a
//! panic (by a hook), when the system asks the program to end (it arrives as an event) and around Ctrl-Z. A terminal that is gone
//! takes everything in silence, so that leaving it cannot fail; that it is gone is told by the next picture.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Rect};

use super::answers::Questions;
use super::lean::Lean;
use super::signals;
use crate::i18n::{Lang, Message};
use crate::refusal::{Refusal, harmless};

/// Reports presses, drags and the wheel, in SGR form; bare motion is not asked for.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1002l\x1b[?1000l";

static ENTERED: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// The terminal while it is ours; dropping it gives it back.
pub struct Screen {
    terminal: Terminal<Lean<Out>>,
    mouse: bool,
    lost: Arc<AtomicBool>,
}

/// Standard output, which never fails: what is written to a terminal that is gone goes nowhere, and that it is gone is kept.
/// (Whoever owns a terminal that fails is tempted to say so on another one that is gone too, and panics.)
struct Out {
    out: BufWriter<Stdout>,
    lost: Arc<AtomicBool>,
}

impl Out {
    fn kept<T>(&self, done: io::Result<T>, otherwise: T) -> io::Result<T> {
        done.or_else(|error| match error.kind() {
            io::ErrorKind::Interrupted => Err(error),
            _ => {
                self.lost.store(true, Ordering::Relaxed);
                Ok(otherwise)
            }
        })
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.kept(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.kept(flushed, ())
    }
}

/// Why no screen can be opened here, if so.
#[must_use]
pub fn refusal() -> Option<Refusal> {
    let term = std::env::var("TERM").unwrap_or_default();
    if !io::stdout().is_terminal() {
        return Some(Refusal::usage(Message::NoTerminal.text(Lang::En), Message::NoTerminal.text(Lang::Zh)));
    }
    // On Windows no terminal has a name.
    if (term.is_empty() && !cfg!(windows)) || term == "dumb" {
        let said = |lang| Message::DumbTerminal.fill(lang, &[&harmless(&term)]);
        return Some(Refusal::usage(said(Lang::En), said(Lang::Zh)));
    }
    None
}

/// What this terminal can be asked without harm: nothing where it is the console or GNU screen, which print what they do not know
/// or pass it on to terminals that are not there, nor on Windows, where answers do not come as keys.
#[must_use]
pub fn questions() -> Questions {
    let term = std::env::var("TERM").unwrap_or_default();
    let is_mute = ["linux", "screen", "dumb", "vt", "Eterm", "cons"].iter().any(|name| term.starts_with(name));
    let can = cfg!(unix) && !term.is_empty() && !is_mute;
    Questions { colour: can, width: can }
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When the terminal cannot be put into raw mode or written to.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        // crossterm would obey NO_COLOR by printing empty colours, which also erases bold and reverse; the theme obeys it.
        crossterm::style::force_color_output(true);
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                give_back();
                before(info);
            }));
        });
        take_over(mouse)?;
        let lost = Arc::new(AtomicBool::new(false));
        let out = BufWriter::with_capacity(64 * 1024, io::stdout());
        let terminal = Terminal::new(Lean::new(Out { out, lost: Arc::clone(&lost) }))?;
        Ok(Self { terminal, mouse, lost })
    }

    /// Draws one frame; the terminal shows it at once or not at all.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn draw(&mut self, paint: impl FnOnce(&mut ratatui::Frame)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        let drawn = self.terminal.draw(paint).map(|_| ());
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        drawn
    }

    /// Asks the terminal for its background (OSC 11) and for the width it gives a character of ambiguous width: that is drawn at the
    /// left edge of the first line, the place of the cursor asked for, and `under`, the cells that stand there, drawn again. Nothing
    /// waits for the answers (`answers`). Call it when the first picture stands.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn ask(&mut self, questions: Questions, under: &[Cell]) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        if questions.width {
            queue!(out, BeginSynchronizedUpdate, MoveTo(0, 0))?;
            out.write_all("─\x1b[6n".as_bytes())?;
            out.draw((0..).zip(under).map(|(x, cell)| (x, 0, cell)))?;
            queue!(out, EndSynchronizedUpdate)?;
        }
        if questions.colour {
            out.write_all(b"\x1b]11;?\x07")?;
        }
        Write::flush(out)
    }

    /// Whether the terminal is gone: it has not taken what was written.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Gives the mouse to the program or back to the terminal.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn set_mouse(&mut self, mouse: bool) -> io::Result<()> {
        self.mouse = mouse;
        let out = self.terminal.backend_mut();
        out.write_all(if mouse { MOUSE_ON } else { MOUSE_OFF })?;
        Write::flush(out)
    }

    /// Forgets what the terminal shows, so that the next frame is drawn whole.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn redraw(&mut self) -> io::Result<()> {
        // `Terminal::clear` would ask the terminal where its cursor is and wait for the answer; a resize to the same size
        // clears without a question.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }

    /// Leaves, stops the process as Ctrl-Z would, and takes the terminal over again when it goes on.
    ///
    /// # Errors
    /// When the terminal cannot be taken over again.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        signals::stop()?;
        self.resume()
    }

    /// Takes the terminal over again after somebody else had it.
    ///
    /// # Errors
    /// When the terminal cannot be taken over again.
    pub fn resume(&mut self) -> io::Result<()> {
        // A shell may have set its own modes meanwhile; raw mode is only applied to a terminal that crossterm thinks cooked.
        drop(disable_raw_mode());
        take_over(self.mouse)?;
        self.redraw()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn take_over(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    let mut out = io::stdout().lock();
    queue!(out, EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    if mouse {
        out.write_all(MOUSE_ON)?;
    }
    out.flush()
}

fn give_back() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout().lock();
    drop(out.write_all(MOUSE_OFF));
    drop(execute!(out, EndSynchronizedUpdate, DisableBracketedPaste, Show, LeaveAlternateScreen));
    drop(disable_raw_mode());
}
