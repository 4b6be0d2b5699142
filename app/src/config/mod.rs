//! What the user has set, from one file: language, theme, colours, keys, places.
//!
//! The file is TOML in the user's configuration folder ([`place`]). Nothing in it can keep the program from starting: what is wrong
//! is left out and complained of, with its line and, where a name is nearly right, the one that was meant. Promise: a name that is
//! not known is never passed over in silence, and nothing of the file reaches a terminal unescaped.
//!
//! This room knows the form of the file only. Which actions, themes and colours there are is handed in as a [`Vocabulary`] by those
//! who have them (`tui`), and what they make of it is theirs: `tui::keymap` the keys, `tui::theme` the colours.

mod read;

use std::env;
use std::path::PathBuf;

use etcetera::{BaseStrategy, choose_base_strategy};

use crate::i18n::{Lang, Words};

pub use read::read;

/// What the file says; what it does not say is `None`, or not in the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The language.
    pub lang: Option<Lang>,
    /// The name of a theme.
    pub theme: Option<String>,
    /// Whether the mouse is the program's.
    pub mouse: Option<bool>,
    /// Whether only ASCII is drawn.
    pub ascii: Option<bool>,
    /// How many colours the terminal shows.
    pub colours: Option<Colours>,
    /// How wide the terminal draws characters of ambiguous width.
    pub ambiguous: Option<Ambiguous>,
    /// Where the user's own copy of the sources of Linux 1.2.13 lies.
    pub kernel_src: Option<PathBuf>,
    /// Keys of actions, in the order of the file.
    pub keys: Vec<KeySetting>,
    /// Colours of roles, in the order of the file.
    pub colour: Vec<ColourSetting>,
}

/// How many colours are used; without a word the terminal is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// The sixteen of the terminal's own table.
    Sixteen,
    /// 256.
    Indexed,
    /// 24 bits.
    True,
}

/// The width of characters that East Asian terminals may draw over two cells, such as those of borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambiguous {
    /// One cell.
    Narrow,
    /// Two cells: none of them is drawn, ASCII stands in their place.
    Wide,
}

/// Keys of one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySetting {
    /// The action's name.
    pub action: String,
    /// Its keys, as the help writes them: `s`, `Ctrl-t`, `F11`, `g p c`.
    pub keys: Vec<String>,
    /// The line of the file, counted from 1.
    pub line: usize,
}

/// The colour of one role of one theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColourSetting {
    /// The theme.
    pub theme: String,
    /// The role.
    pub role: String,
    /// The colour in 24 bits, 0xRRGGBB.
    pub rgb: u32,
    /// Its place in the table of 256 and among the first 16, where the file names them.
    pub places: Option<(u8, u8)>,
    /// The line of the file, counted from 1.
    pub line: usize,
}

/// The names that the file may use.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// Actions that can be given keys.
    pub actions: Vec<&'static str>,
    /// Themes that can be chosen.
    pub themes: Vec<&'static str>,
    /// Themes whose colours can be set: those that have any.
    pub coloured: Vec<&'static str>,
    /// Roles of colours.
    pub roles: Vec<&'static str>,
}

/// Something that is wrong in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The line, counted from 1; 0 where it is no line's.
    pub line: usize,
    /// What, and what to do.
    pub words: Words<String>,
}

impl Complaint {
    /// A complaint of one line.
    #[must_use]
    pub fn new(line: usize, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { line, words: Words::new(en.into(), zh.into()) }
    }

    /// The sentence with its line.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let (line, words) = (self.line, self.words.text(lang));
        match (line, lang) {
            (0, _) => words.to_owned(),
            (_, Lang::En) => format!("line {line}: {words}"),
            (_, Lang::Zh) => format!("第 {line} 行：{words}"),
        }
    }
}

/// Where the file lies: `sockscope/config.toml` in the user's configuration folder (`XDG_CONFIG_HOME`, else `~/.config`; on
/// Windows the folder of that name). None where the environment names no home.
#[must_use]
pub fn place() -> Option<PathBuf> {
    let strategy = choose_base_strategy().ok().filter(|_| at_home("XDG_CONFIG_HOME"))?;
    Some(strategy.config_dir().join("sockscope").join("config.toml"))
}

/// The folder of what programs remember (`XDG_STATE_HOME`, else `~/.local/state`; on Windows that of their data). None where the
/// environment names no home.
#[must_use]
pub fn state_folder() -> Option<PathBuf> {
    let strategy = choose_base_strategy().ok().filter(|_| at_home("XDG_STATE_HOME"))?;
    Some(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()))
}

/// Whether the environment names a home, or the folder that this variable is for. An empty HOME is none: what is written there
/// would land in the folder one happens to be in.
fn at_home(variable: &str) -> bool {
    let named = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(windows) || named("HOME") || named(variable)
}
