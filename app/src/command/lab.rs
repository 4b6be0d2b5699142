//! `sockscope lab` and plain `sockscope`: the screen, on a scene or at home; and the list of the scenes that ship with the program.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::output::delivered;
use super::screen::{ScreenArguments, show};
use crate::catalog;
use crate::catalog::recent::Recent;
use crate::i18n::lang_of_environment;
use crate::open::gallery::scenes;
use crate::refusal::Refusal;

const EXAMPLES: &str = "Examples:
  sockscope lab                        two hosts: a small web server and a client that fetches its page
  sockscope lab --list                 the scenes that ship with the program, a sentence each
  sockscope lab lost_syn               one of them by name, just before it gets interesting
  sockscope lab passive_open.pkt       a scene of your own, in packetdrill's language
  sockscope lab --lang zh --theme light
  sockscope lab --plain                line by line, for screen readers and pipes
  sockscope lab --kernel-src linux     K shows your own copy of a function beside ours";

/// The arguments of `lab`.
#[derive(Debug, Args, Default)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A scene of the gallery by name, a packetdrill script (.pkt), frame scenario (.json), capture or saved session; without one
    /// the scene that a stranger begins with
    #[arg(value_name = "SCENE")]
    pub scene: Option<PathBuf>,
    /// List the scenes of the gallery
    #[arg(long, conflicts_with = "scene")]
    pub list: bool,
    /// How the screen looks
    #[command(flatten)]
    pub screen: ScreenArguments,
}

/// Runs `lab`.
///
/// # Errors
/// The scene cannot be read, or there is no terminal.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.list {
        return Ok(list(&arguments.screen)?);
    }
    let path = arguments.scene.as_deref();
    show(&arguments.screen, || {
        let Some(path) = path else { return catalog::scene(None).map(|session| Some(session.into())) };
        let opened = catalog::opening(path)?;
        Recent::load().remember(path);
        Ok(Some(opened))
    })
}

/// Prints the name, title and sentence of every scene of the gallery.
fn list(screen: &ScreenArguments) -> Result<ExitCode, Refusal> {
    let lang = screen.lang().unwrap_or_else(lang_of_environment);
    let mut out = io::stdout().lock();
    let width = scenes().iter().map(|scene| scene.name.len()).max().unwrap_or(0);
    for scene in scenes() {
        delivered(writeln!(out, "{:<width$} {}", scene.name, scene.sentence.text(lang)))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the home screen.
///
/// # Errors
/// There is no terminal.
pub fn home(screen: &ScreenArguments) -> anyhow::Result<ExitCode> {
    show(screen, || Ok(None))
}
