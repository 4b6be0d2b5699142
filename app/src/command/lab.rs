//! `sockscope lab` and plain `sockscope`: the screen, on a scene or at home.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::screen::{ScreenArguments, show};
use crate::catalog;

const EXAMPLES: &str = "Examples:
  sockscope lab                        two hosts: a small web server and a client that fetches its page
  sockscope lab passive_open.pkt       a scene of your own, in packetdrill's language
  sockscope lab --lang zh --theme light
  sockscope lab --plain                line by line, for screen readers and pipes
  sockscope lab --kernel-src linux     K shows your own copy of a function beside ours";

/// The arguments of `lab`.
#[derive(Debug, Args, Default)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A packetdrill script (.pkt) or frame scenario (.json); without one the scene that ships with the program
    #[arg(value_name = "SCENE")]
    pub scene: Option<PathBuf>,
    /// How the screen looks
    #[command(flatten)]
    pub screen: ScreenArguments,
}

/// Runs `lab`.
///
/// # Errors
/// The scene cannot be read, or there is no terminal.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    show(&arguments.screen, || catalog::scene(arguments.scene.as_deref()).map(Some))
}

/// Opens the home screen.
///
/// # Errors
/// There is no terminal.
pub fn home(screen: &ScreenArguments) -> anyhow::Result<ExitCode> {
    show(screen, || Ok(None))
}
