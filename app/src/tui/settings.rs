//! What the user has set, as the screen takes it: the one place where the file of [`config`](crate::config) meets the table of
//! actions and the palettes. Promise: whatever is wrong in the file, there are settings, and every fault is among the complaints.

use super::action::{Group, TABLE};
use super::keymap::Keymap;
use super::theme::{Palette, Palettes, ROLES};
use crate::config::{Ambiguous, Colours, Complaint, Config, Vocabulary, place, read};
use crate::i18n::{Lang, Message};
use crate::refusal::{harmless, is_absent};

/// The settings, and what is wrong with their file.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What the file says, as it stands there.
    pub config: Config,
    /// The keys of every action.
    pub keys: Keymap,
    /// The colours of every theme.
    pub palettes: Palettes,
    /// What is wrong, in the order of the lines.
    pub complaints: Vec<Complaint>,
}

/// The names that the file may use.
#[must_use]
pub fn vocabulary() -> Vocabulary {
    let mut themes: Vec<&str> = Palettes::COLOURED.iter().map(|palette| palette.name()).collect();
    let coloured = themes.clone();
    themes.push(Palette::Mono.name());
    Vocabulary { actions: TABLE.iter().map(|entry| entry.id).collect(), themes, coloured, roles: ROLES.to_vec() }
}

impl Settings {
    /// The settings that a file's text makes.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let (config, mut complaints) = read(text, &vocabulary());
        let (mut keys, mut palettes) = (Keymap::default(), Palettes::default());
        keys.set(&config.keys, &mut complaints);
        palettes.set(&config.colour, &mut complaints);
        complaints.sort_by_key(|complaint| complaint.line);
        Self { config, keys, palettes, complaints }
    }

    /// The settings of this user. Where there is no file everything is as it ships.
    #[must_use]
    pub fn load() -> Self {
        let Some(place) = place() else { return Self::default() };
        match std::fs::read_to_string(&place) {
            Ok(text) => Self::of(&text),
            Err(error) if is_absent(&error) => Self::default(),
            Err(error) => {
                let shown = harmless(&place.display().to_string());
                let unreadable = Complaint::new(
                    0,
                    format!("{shown} cannot be read: {error}; nothing of it counts."),
                    format!("无法读取 {shown}：{error}；其内容均不生效。"),
                );
                Self { complaints: vec![unreadable], ..Self::default() }
            }
        }
    }

    /// What the screen says of the file when it opens: its first fault, and where the others are told.
    #[must_use]
    pub fn remark(&self, lang: Lang) -> Option<String> {
        let first = self.complaints.first()?.text(lang);
        Some(match self.complaints.len() {
            1 => Message::ConfigFault.fill(lang, &[&first]),
            count => Message::ConfigFaults.fill(lang, &[&first, &(count - 1).to_string()]),
        })
    }

    /// Everything as it is now, as a file that says exactly that.
    #[must_use]
    pub fn print(&self, lang: Lang) -> String {
        let config = &self.config;
        let word = |word: Option<&str>| toml::Value::from(word.unwrap_or("auto")).to_string();
        let colours = config.colours.map(|colours| match colours {
            Colours::Sixteen => "16",
            Colours::Indexed => "256",
            Colours::True => "true",
        });
        let ambiguous = config.ambiguous.map(|ambiguous| match ambiguous {
            Ambiguous::Narrow => "narrow",
            Ambiguous::Wide => "wide",
        });
        let source = config.kernel_src.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let mut lines = vec![
            format!("# {}", Message::ConfigHead.text(lang)),
            format!("lang = {}  # en, zh, auto", word(config.lang.map(Lang::tag))),
            format!("theme = {}  # {}, auto", word(config.theme.as_deref()), vocabulary().themes.join(", ")),
            format!("mouse = {}", config.mouse.unwrap_or(true)),
            format!("ascii = {}", config.ascii.unwrap_or(false)),
            format!("colours = {}  # 16, 256, true, auto", word(colours)),
            format!("ambiguous = {}  # narrow, wide, auto", word(ambiguous)),
            format!("kernel_src = {}  # {}", toml::Value::from(source), Message::ConfigKernel.text(lang)),
            String::new(),
            "[keys]".to_owned(),
        ];
        for group in Group::ALL {
            lines.push(format!("# {}", group.words().text(lang)));
            for (entry, keys) in self.keys.rows().filter(|(entry, _)| entry.group == group) {
                let keys: Vec<toml::Value> = keys.iter().map(|key| toml::Value::from(key.as_ref())).collect();
                lines.push(format!("{} = {}  # {}", entry.id, toml::Value::from(keys), entry.label.text(lang)));
            }
        }
        for palette in Palettes::COLOURED {
            lines.extend([String::new(), format!("[colour.{}]", palette.name())]);
            lines.push(format!("# {}", Message::ConfigColours.text(lang)));
            let roles = self.palettes.roles(palette);
            lines.extend(
                roles.map(|(role, (sixteen, indexed, rgb))| format!("{role} = [\"#{rgb:06x}\", {indexed}, {sixteen}]")),
            );
        }
        lines.join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_a_file_that_says_the_same() {
        let text = "lang = \"zh\"\nmouse = false\nkernel_src = \"/a \\\"b\"\n[keys]\ninto = [\"i\"]\nundo = [\"Ctrl-x\"]\n\
                    [colour.dark]\ntcp = \"#ffffff\"\n";
        for text in ["", text] {
            let settings = Settings::of(text);
            assert_eq!(settings.complaints, []);
            for lang in Lang::ALL {
                let printed = settings.print(lang);
                let again = Settings::of(&printed);
                assert_eq!(again.complaints, [], "{printed}");
                assert_eq!(again.keys, settings.keys);
                assert_eq!(again.palettes, settings.palettes);
                assert_eq!(again.print(lang), printed);
            }
        }
    }
}
