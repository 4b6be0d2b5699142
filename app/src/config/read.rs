//! The file read: TOML with the place of every word, so that what is wrong is told with its line.

use std::ops::Range;
use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Ambiguous, ColourSetting, Colours, Complaint, Config, KeySetting, Vocabulary};
use crate::i18n::Lang;
use crate::refusal::{harmless, nearest};

/// Settings of the file's head.
const SETTINGS: [&str; 9] = ["lang", "theme", "mouse", "ascii", "colours", "ambiguous", "kernel_src", "keys", "colour"];

/// Reads the file. What is wrong is left out and told, in the order of the lines.
#[must_use]
pub fn read(text: &str, words: &Vocabulary) -> (Config, Vec<Complaint>) {
    let mut reader = Reader { text, words, config: Config::default(), complaints: Vec::new() };
    match DeTable::parse(text) {
        Ok(table) => reader.head(table.get_ref()),
        Err(error) => {
            let line = error.span().map_or(0, |span| reader.line(&span));
            let what = harmless(error.message());
            reader.complain(
                line,
                format!("this is not TOML: {what}; nothing of the file counts."),
                format!("这不是 TOML：{what}；整个文件都不生效。"),
            );
        }
    }
    reader.complaints.sort_by_key(|complaint| complaint.line);
    (reader.config, reader.complaints)
}

struct Reader<'a> {
    text: &'a str,
    words: &'a Vocabulary,
    config: Config,
    complaints: Vec<Complaint>,
}

/// A table's entries in the order of the file.
fn in_order<'t, 'a>(table: &'t DeTable<'a>) -> Vec<(&'t str, Range<usize>, &'t Spanned<DeValue<'a>>)> {
    let mut entries: Vec<_> = table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value)).collect();
    entries.sort_by_key(|(_, span, _)| span.start);
    entries
}

impl Reader<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    fn complain(&mut self, line: usize, en: String, zh: String) {
        self.complaints.push(Complaint::new(line, en, zh));
    }

    /// A name that is not known, with the known one that is most like it.
    fn unknown(&mut self, span: &Range<usize>, (en, zh): (&str, &str), name: &str, known: &[&str]) {
        let line = self.line(span);
        let shown = harmless(name);
        let near = nearest(name, known.iter().copied());
        let (meant_en, meant_zh) = match near {
            Some(near) => (format!("did you mean \"{near}\"?"), format!("是“{near}”吗？")),
            None if known.len() <= 20 => {
                (format!("there are {}.", known.join(", ")), format!("可用的有 {}。", known.join("、")))
            }
            None => {
                ("`sockscope config --print` lists all.".to_owned(), "`sockscope config --print` 列出全部。".to_owned())
            }
        };
        self.complain(
            line,
            format!("there is no {en} \"{shown}\"; {meant_en}"),
            format!("没有{zh}“{shown}”；{meant_zh}"),
        );
    }

    fn misfit(&mut self, value: &Spanned<DeValue>, name: &str, (en, zh): (&str, &str)) {
        let line = self.line(&value.span());
        let kind = value.get_ref().type_str();
        self.complain(
            line,
            format!("\"{name}\" is {en}, and not this {kind}."),
            format!("“{name}”应为{zh}，而不是这里的 {kind}。"),
        );
    }

    fn head(&mut self, table: &DeTable) {
        for (name, span, value) in in_order(table) {
            match name {
                "lang" => self.config.lang = self.choice(name, value, &[("en", Lang::En), ("zh", Lang::Zh)]),
                "theme" => {
                    let known: Vec<(&str, &str)> = self.words.themes.iter().map(|theme| (*theme, *theme)).collect();
                    self.config.theme = self.choice(name, value, &known).map(str::to_owned);
                }
                "mouse" => self.config.mouse = self.truth(name, value),
                "ascii" => self.config.ascii = self.truth(name, value),
                "colours" => {
                    let known = [("16", Colours::Sixteen), ("256", Colours::Indexed), ("true", Colours::True)];
                    self.config.colours = self.choice(name, value, &known);
                }
                "ambiguous" => {
                    let known = [("narrow", Ambiguous::Narrow), ("wide", Ambiguous::Wide)];
                    self.config.ambiguous = self.choice(name, value, &known);
                }
                "kernel_src" => match value.get_ref().as_str() {
                    Some(path) => self.config.kernel_src = (!path.is_empty()).then(|| PathBuf::from(path)),
                    None => self.misfit(value, name, ("a path in quotes", "加引号的路径")),
                },
                "keys" => self.keys(value),
                "colour" => self.themes(value),
                _ => self.unknown(&span, ("setting", "设置项"), name, &SETTINGS),
            }
        }
    }

    /// One of several words; `auto` is what stands where nothing is said.
    fn choice<T: Copy>(&mut self, name: &str, value: &Spanned<DeValue>, known: &[(&str, T)]) -> Option<T> {
        let Some(word) = value.get_ref().as_str() else {
            self.misfit(value, name, ("a word in quotes", "加引号的词"));
            return None;
        };
        let found = known.iter().find(|(other, _)| *other == word).map(|(_, value)| *value);
        if found.is_none() && word != "auto" {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).chain(["auto"]).collect();
            self.unknown(&value.span(), (name, name), word, &names);
        }
        found
    }

    fn truth(&mut self, name: &str, value: &Spanned<DeValue>) -> Option<bool> {
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.misfit(value, name, ("true or false", " true 或 false"));
        }
        truth
    }

    fn keys(&mut self, value: &Spanned<DeValue>) {
        let Some(table) = value.get_ref().as_table() else {
            return self.misfit(value, "keys", ("a table of actions", "以操作名为键的表"));
        };
        let known = self.words.actions.clone();
        for (action, span, value) in in_order(table) {
            if !known.contains(&action) {
                self.unknown(&span, ("action", "操作"), action, &known);
                continue;
            }
            let keys = match value.get_ref() {
                DeValue::String(key) => Some(vec![key.clone().into_owned()]),
                DeValue::Array(keys) => {
                    keys.iter().map(|key| key.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
                }
                _ => None,
            };
            match keys {
                Some(keys) => {
                    let line = self.line(&span);
                    self.config.keys.push(KeySetting { action: action.to_owned(), keys, line });
                }
                None => self.misfit(
                    value,
                    action,
                    ("a list of keys like [\"s\", \"F11\"]", "按键列表，如 [\"s\", \"F11\"]"),
                ),
            }
        }
    }

    fn themes(&mut self, value: &Spanned<DeValue>) {
        let Some(table) = value.get_ref().as_table() else {
            return self.misfit(value, "colour", ("a table of themes", "以主题名为键的表"));
        };
        let (themes, roles) = (self.words.coloured.clone(), self.words.roles.clone());
        for (theme, span, value) in in_order(table) {
            if !themes.contains(&theme) {
                self.unknown(&span, ("theme", "主题"), theme, &themes);
                continue;
            }
            let Some(table) = value.get_ref().as_table() else {
                self.misfit(value, theme, ("a table of colours", "颜色表"));
                continue;
            };
            for (role, span, value) in in_order(table) {
                if !roles.contains(&role) {
                    self.unknown(&span, ("colour", "颜色"), role, &roles);
                    continue;
                }
                let line = self.line(&span);
                match colour(value.get_ref()) {
                    Some((rgb, places)) => {
                        let (theme, role) = (theme.to_owned(), role.to_owned());
                        self.config.colour.push(ColourSetting { theme, role, rgb, places, line });
                    }
                    None => self.misfit(
                        value,
                        role,
                        (
                            "a colour like \"#5f87d7\" or [\"#5f87d7\", 68, 4]",
                            "颜色，如 \"#5f87d7\" 或 [\"#5f87d7\", 68, 4]",
                        ),
                    ),
                }
            }
        }
    }
}

/// A colour: in 24 bits alone, or with its places in the tables of 256 and of 16.
fn colour(value: &DeValue) -> Option<(u32, Option<(u8, u8)>)> {
    let rgb = |value: &DeValue| {
        let digits = value.as_str()?.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let Some(three) = value.as_array() else { return rgb(value).map(|rgb| (rgb, None)) };
    let place = |at: usize| three.get(at)?.get_ref().as_integer()?.as_str().parse::<u8>().ok();
    let first = three.first().filter(|_| three.len() == 3)?;
    Some((rgb(first.get_ref())?, Some((place(1)?, place(2).filter(|place| *place < 16)?))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vocabulary {
        Vocabulary {
            actions: vec!["into", "over", "zoom"],
            themes: vec!["dark", "light"],
            coloured: vec!["dark"],
            roles: vec!["text", "dim"],
        }
    }

    fn said(text: &str) -> Vec<String> {
        read(text, &words()).1.iter().map(|complaint| complaint.text(Lang::En)).collect()
    }

    #[test]
    fn everything_that_can_be_set_is_read() {
        let text = "lang = \"zh\"\ntheme = \"light\"\nmouse = false\nascii = true\ncolours = \"256\"\nambiguous = \"wide\"\n\
                    kernel_src = \"/src\"\n[keys]\ninto = [\"s\", \"F11\"]\nzoom = \"z\"\n[colour.dark]\ntext = \"#0a0B0c\"\n\
                    dim = [\"#ffffff\", 231, 15]\n";
        let (config, complaints) = read(text, &words());
        assert_eq!(complaints, []);
        assert_eq!((config.lang, config.mouse, config.ascii), (Some(Lang::Zh), Some(false), Some(true)));
        assert_eq!((config.colours, config.ambiguous), (Some(Colours::Indexed), Some(Ambiguous::Wide)));
        assert_eq!(config.keys[0], KeySetting { action: "into".into(), keys: vec!["s".into(), "F11".into()], line: 9 });
        assert_eq!(config.keys[1].keys, ["z"]);
        assert_eq!((config.colour[0].rgb, config.colour[0].places, config.colour[0].line), (0x000a_0b0c, None, 12));
        assert_eq!(config.colour[1].places, Some((231, 15)));
    }

    #[test]
    fn what_is_not_known_is_told_with_its_line_and_what_was_meant() {
        let said =
            said("lang = \"auto\"\n\n\nteme = \"dark\"\ntheme = \"lihgt\"\n[keys]\ninot = [\"s\"]\n[colour.drak]\n");
        assert_eq!(
            said,
            [
                "line 4: there is no setting \"teme\"; did you mean \"theme\"?",
                "line 5: there is no theme \"lihgt\"; did you mean \"light\"?",
                "line 7: there is no action \"inot\"; did you mean \"into\"?",
                "line 8: there is no theme \"drak\"; did you mean \"dark\"?",
            ]
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_left_out_and_told() {
        let text =
            "mouse = \"yes\"\nlang = 3\n[keys]\ninto = 4\n[colour.dark]\ntext = \"blue\"\ndim = [\"#000000\", 3, 16]\n";
        let (config, complaints) = read(text, &words());
        assert_eq!(complaints.iter().map(|complaint| complaint.line).collect::<Vec<_>>(), [1, 2, 4, 6, 7]);
        assert_eq!(config, Config::default());
    }

    #[test]
    fn no_toml_is_told_with_its_line_and_drives_no_terminal() {
        let said = said("mouse = true\nlang = \"\x1b]0;x\x07\n");
        assert!(said.len() == 1 && said[0].starts_with("line 2: this is not TOML"), "{said:?}");
        assert!(said[0].chars().all(|c| !c.is_control()), "{said:?}");
    }
}
