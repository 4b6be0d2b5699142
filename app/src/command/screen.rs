//! The screen as commands open it: what the command line says about its looks, and entering it. Promise: where there is no
//! screen nothing is opened, and one sentence says what to do instead.

use std::process::ExitCode;

use clap::Args;

use crate::catalog::Home;
use crate::i18n::Lang;
use crate::refusal::{EXIT_USAGE, Refusal, harmless};
use crate::session::contract::{Run, Session};
use crate::tui::theme::{Palette, Theme};
use crate::tui::{self, Options, terminal};

/// How the screen looks.
#[derive(Debug, Clone, Args, Default)]
pub struct ScreenArguments {
    /// en or zh; L switches while it runs
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    /// dark, light, high-contrast or mono; Ctrl-t switches while it runs
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub no_mouse: bool,
    /// Draw with ASCII characters only
    #[arg(long)]
    pub ascii: bool,
}

/// Opens the screen on what `open` gives, or at home. Where there is no screen nothing is opened.
pub fn show(arguments: &ScreenArguments, open: impl FnOnce() -> Result<Option<Box<dyn Run>>, Refusal>) -> ExitCode {
    let options = match options(arguments) {
        Ok(options) => options,
        Err(refusal) => return refusal.say(),
    };
    if let Some(sentence) = terminal::refusal(options.lang) {
        eprintln!("sockscope: {sentence}");
        return ExitCode::from(EXIT_USAGE);
    }
    match open() {
        Ok(run) => enter(Home::standard().session(run), &options),
        Err(refusal) => refusal.say(),
    }
}

/// Enters the screen and stays until the person leaves.
fn enter(session: Session, options: &Options) -> ExitCode {
    match tui::run(session, options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => Refusal::usage(
            format!("the terminal cannot be used ({error}): start sockscope in one of its own, or use `sockscope run`, `trace` or `export`."),
            format!("无法使用终端（{error}）：请在独立的终端中启动 sockscope，或改用 `sockscope run`、`trace` 或 `export`。"),
        )
        .say(),
    }
}

/// The environment's wishes, and above them those of the command line.
///
/// # Errors
/// A language or theme that does not exist.
pub fn options(arguments: &ScreenArguments) -> Result<Options, Refusal> {
    let mut options = Options::from_environment();
    options.mouse = !arguments.no_mouse;
    options.ascii |= arguments.ascii;
    if let Some(tag) = &arguments.lang {
        options.lang = Lang::from_tag(tag).ok_or_else(|| {
            let shown = harmless(tag);
            Refusal::usage(
                format!("--lang knows no language \"{shown}\": choose en or zh."),
                format!("--lang 没有名为“{shown}”的语言：请选 en 或 zh。"),
            )
        })?;
    }
    if let Some(name) = &arguments.theme {
        let palette = Palette::from_name(name).ok_or_else(|| {
            let shown = harmless(name);
            Refusal::usage(
                format!("--theme knows no theme \"{shown}\": choose dark, light, high-contrast or mono."),
                format!("--theme 没有名为“{shown}”的主题：请选 dark、light、high-contrast 或 mono。"),
            )
        })?;
        options.theme = Theme::new(palette, options.theme.depth);
    }
    if options.ascii {
        options.lang = Lang::En;
    }
    Ok(options)
}
