//! `sockscope config`: the user's file checked, printed as it takes effect, and where it lies.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::command::output::deliver;
use crate::config;
use crate::i18n::{Lang, Message, lang_of_environment};
use crate::refusal::{Refusal, harmless, is_absent};
use crate::tui::settings::Settings;

const EXAMPLES: &str = "Examples:
  sockscope config path                        where the file lies
  sockscope config check                       what is wrong in it, line by line
  sockscope config --print                     every setting as it is now: keys, colours, language
  sockscope config --print > \"$(sockscope config path)\"   begin a file of your own
In the file:
  lang = \"zh\"
  [keys]
  into = [\"i\", \"F11\"]
  [colour.dark]
  tcp = \"#5fd7af\"";

/// The arguments of `config`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub action: Option<Action>,
    /// Print every setting as it is now, as a file that can be used
    #[arg(long)]
    pub print: bool,
}

/// What `config` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Name what is wrong in the file: unknown names with their line, keys that two actions would have
    Check {
        /// Another file than one's own
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Print where the file lies
    Path,
}

/// Runs the command.
///
/// # Errors
/// The file cannot be read or has faults, or there is no place for one.
pub fn run(arguments: &Arguments, lang: Option<Lang>) -> anyhow::Result<ExitCode> {
    let lang = lang.unwrap_or_else(lang_of_environment);
    match &arguments.action {
        Some(Action::Check { file }) => check(file.as_deref(), lang)?,
        Some(Action::Path) => deliver(format!("{}\n", place()?.display()).as_bytes(), None)?,
        None => {
            let settings = Settings::load();
            if let Some(remark) = settings.remark(lang) {
                crate::refusal::say(&remark);
            }
            deliver(settings.print(lang).as_bytes(), None)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn place() -> Result<PathBuf, Refusal> {
    config::place().ok_or_else(|| {
        Refusal::usage(
            "there is no place for a configuration: set HOME or XDG_CONFIG_HOME.",
            "没有放置配置文件的位置：请设置 HOME 或 XDG_CONFIG_HOME。",
        )
    })
}

/// Says what is wrong in a file, a line for each fault.
fn check(file: Option<&Path>, lang: Lang) -> Result<(), Refusal> {
    let own = file.is_none();
    let path = file.map_or_else(place, |file| Ok(file.to_path_buf()))?;
    let shown = harmless(&path.display().to_string());
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if own && is_absent(&error) => {
            return deliver(format!("{}\n", Message::ConfigNone.fill(lang, &[&shown])).as_bytes(), None);
        }
        Err(error) => {
            return Err(Refusal::usage(
                format!("{shown} cannot be read: {error}; name a file that is there."),
                format!("无法读取 {shown}：{error}；请给出存在的文件。"),
            ));
        }
    };
    let complaints = Settings::of(&text).complaints;
    if complaints.is_empty() {
        return deliver(format!("{}\n", Message::ConfigGood.fill(lang, &[&shown])).as_bytes(), None);
    }
    let lines: String = complaints.iter().map(|complaint| format!("{shown}: {}\n", complaint.text(lang))).collect();
    deliver(lines.as_bytes(), None)?;
    let count = complaints.len();
    Err(Refusal::usage(
        format!("{shown} has {count} fault(s), named above; what is wrong is left out, the rest counts."),
        format!("{shown} 有 {count} 处错误，见上；有误的部分不生效，其余照常。"),
    ))
}
