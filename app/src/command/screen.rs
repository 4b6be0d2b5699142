//! The screen as commands open it: what the command line says about its looks, and entering it. Promise: where there is no
//! screen nothing is opened, and one sentence says what to do instead.

use std::io::{self, BufWriter, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::catalog::recent::Recent;
use crate::catalog::{self, Opening};
use crate::command::output::delivered;
use crate::command::progress::during;
use crate::i18n::{Lang, Message, Words};
use crate::open::kernel_source::KernelSource;
use crate::plain;
use crate::refusal::{Refusal, harmless};
use crate::tui::settings::Settings;
use crate::tui::theme::{Depth, Palette};
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
    /// Without a screen, line by line on standard input and output: for screen readers, pipes and dumb terminals
    #[arg(long)]
    pub plain: bool,
    /// Your own copy of the source of Linux 1.2.13: K shows its functions beside ours
    #[arg(long, value_name = "DIR")]
    pub kernel_src: Option<PathBuf>,
}

impl ScreenArguments {
    /// Takes over what was said before the command, where nothing was said after it.
    pub fn inherit(&mut self, before: &Self) {
        self.lang = self.lang.take().or_else(|| before.lang.clone());
        self.theme = self.theme.take().or_else(|| before.theme.clone());
        self.no_mouse |= before.no_mouse;
        self.ascii |= before.ascii;
        self.plain |= before.plain;
        self.kernel_src = self.kernel_src.take().or_else(|| before.kernel_src.clone());
    }

    /// The language that was asked for; ASCII has no Chinese.
    #[must_use]
    pub fn lang(&self) -> Option<Lang> {
        if self.ascii { Some(Lang::En) } else { self.lang.as_deref().and_then(Lang::from_tag) }
    }
}

/// What is being done before anything is on the screen.
const OPENING: Words = Words::new("opening", "正在打开");

/// Opens the screen on what `open` gives, or at home, and stays until the person leaves. Where there is no screen nothing is
/// opened.
///
/// # Errors
/// A language or theme that does not exist, no terminal, or what `open` says.
pub fn show(
    arguments: &ScreenArguments,
    open: impl FnOnce() -> Result<Option<Opening>, Refusal>,
) -> anyhow::Result<ExitCode> {
    let mut options = options(arguments)?;
    if arguments.plain {
        // A pipe shows every character, whatever the locale says, to those who asked for them.
        options.lang = arguments.lang.as_deref().and_then(Lang::from_tag).unwrap_or(options.lang);
        return line_by_line(open()?, &options);
    }
    if let Some(refusal) = terminal::refusal() {
        return Err(refusal.into());
    }
    let left = tui::run(Some(Recent::load()), during(OPENING, open)?, &options).map_err(|error| {
        Refusal::usage(
            format!("the terminal cannot be used ({error}): start sockscope in one of its own, or use `sockscope run`, `trace` or `export`."),
            format!("无法使用终端（{error}）：请在独立的终端中启动 sockscope，或改用 `sockscope run`、`trace` 或 `export`。"),
        )
    })?;
    left?;
    Ok(ExitCode::SUCCESS)
}

/// The session line by line. On a terminal lines are broken at 80 columns; through a pipe they are as long as they are.
fn line_by_line(opened: Option<Opening>, options: &Options) -> anyhow::Result<ExitCode> {
    let width = io::stdout().is_terminal().then_some(80);
    let mut out = BufWriter::new(io::stdout().lock());
    let left =
        plain::run(catalog::of_person(&Recent::load()), opened, options, width, &mut io::stdin().lock(), &mut out);
    match left {
        Ok(left) => left?,
        Err(error) => delivered(Err(error))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The environment's wishes, above them those of the user's file, and above all those of the command line.
///
/// # Errors
/// A language or theme that does not exist.
pub fn options(arguments: &ScreenArguments) -> Result<Options, Refusal> {
    let mut options = Options::from_environment();
    let settings = Settings::load();
    let config = &settings.config;
    options.lang = config.lang.unwrap_or(options.lang);
    options.mouse = config.mouse.unwrap_or(true) && !arguments.no_mouse;
    options.ascii |= arguments.ascii || config.ascii == Some(true);
    options.ambiguous = config.ambiguous;
    options.palettes = settings.palettes.clone();
    options.keys = settings.keys.clone();
    let mut palette = options.theme.palette;
    if let Some(named) = config.theme.as_deref().and_then(Palette::from_name) {
        palette = named;
        options.is_theme_chosen = true;
    }
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
        palette = Palette::from_name(name).ok_or_else(|| {
            let shown = harmless(name);
            Refusal::usage(
                format!("--theme knows no theme \"{shown}\": choose dark, light, high-contrast or mono."),
                format!("--theme 没有名为“{shown}”的主题：请选 dark、light、high-contrast 或 mono。"),
            )
        })?;
        options.is_theme_chosen = true;
    }
    // A folder that was named now must be there; one of the file that has gone is told when the screen opens.
    let mut trouble = None;
    match (&arguments.kernel_src, &config.kernel_src) {
        (Some(folder), _) => options.kernel_source = Some(KernelSource::of(folder)?),
        (None, Some(folder)) => match KernelSource::of(folder) {
            Ok(source) => options.kernel_source = Some(source),
            Err(refusal) => trouble = Some(refusal),
        },
        (None, None) => {}
    }
    let depth = config.colours.map_or(options.theme.depth, Depth::from);
    options.theme = options.palettes.theme(palette, depth);
    if options.ascii {
        options.lang = Lang::En;
    }
    let told = trouble.map(|refusal| Message::ConfigFault.fill(options.lang, &[refusal.text(options.lang)]));
    options.remark = settings.remark(options.lang).or(told);
    Ok(options)
}
