//! `sockscope differences`: where 1.2.13 differs from what RFC 793, RFC 1122 or a modern kernel do, each entry with the
//! scenes that show it, read out of the embedded sources.
//!
//! One JSON object per line, schema 1: `function`, `file`, `rfc`, `text` (English), `chinese`, `scenes`, `source`, `line`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use stack::lab::differences::{Difference, differences};

use crate::command::output::delivered;
use crate::i18n::{Lang, lang_of_environment};
use crate::scenario::find::scene_file;

const EXAMPLES: &str = "Examples:
  sockscope differences                        the list for people
  sockscope differences --markdown             the same as a page, scenes and sources linked
  sockscope differences --json | grep tcp_ack  one JSON object per line";

/// The arguments of `differences`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// One JSON object per line
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,
    /// A page in Markdown with links from the root of the sources
    #[arg(long)]
    pub markdown: bool,
}

/// Runs the command.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    delivered(print(arguments))?;
    Ok(ExitCode::SUCCESS)
}

fn print(arguments: &Arguments) -> io::Result<()> {
    let lang = lang_of_environment();
    let mut out = BufWriter::new(io::stdout().lock());
    let all = differences();
    if arguments.markdown {
        writeln!(out, "# {}\n", title(lang, all.len()))?;
    } else if !arguments.json {
        writeln!(out, "{}", title(lang, all.len()))?;
    }
    let mut file = "";
    for difference in &all {
        if arguments.json {
            writeln!(out, "{}", as_json(difference))?;
            continue;
        }
        if difference.file != file {
            file = difference.file;
            writeln!(out, "{}{file}\n", if arguments.markdown { "\n## " } else { "\n" })?;
        }
        if arguments.markdown { markdown(&mut out, lang, difference)? } else { plain(&mut out, lang, difference)? }
    }
    out.flush()
}

fn title(lang: Lang, count: usize) -> String {
    match lang {
        Lang::En => format!("{count} known differences between Linux 1.2.13 and RFC 793, RFC 1122 or a modern kernel"),
        Lang::Zh => format!("Linux 1.2.13 与 RFC 793、RFC 1122 或现代内核的 {count} 处已知差异"),
    }
}

fn as_json(difference: &Difference) -> serde_json::Value {
    json!({
        "function": difference.function,
        "file": difference.file,
        "rfc": difference.rfc,
        "text": difference.text,
        "chinese": difference.chinese,
        "scenes": difference.scenes,
        "source": difference.source,
        "line": difference.line,
    })
}

/// The function with the paragraph of the RFC, if one is named.
fn heading(difference: &Difference) -> String {
    if difference.rfc.is_empty() {
        difference.function.clone()
    } else {
        format!("{} (RFC {})", difference.function, difference.rfc)
    }
}

fn plain(out: &mut impl Write, lang: Lang, difference: &Difference) -> io::Result<()> {
    let (scenes, colon) = match lang {
        Lang::En => ("Scenes", ": "),
        Lang::Zh => ("场景", "："),
    };
    writeln!(out, "  {}", heading(difference))?;
    writeln!(out, "    {}", difference.in_words(lang).replace('`', ""))?;
    if !difference.scenes.is_empty() {
        writeln!(out, "    {scenes}{colon}{}", difference.scenes.join(" "))?;
    }
    writeln!(out, "    {}:{}\n", difference.source, difference.line)
}

fn markdown(out: &mut impl Write, lang: Lang, difference: &Difference) -> io::Result<()> {
    let ([scenes_are, source_is], colon, stop, gap) = match lang {
        Lang::En => (["Scenes", "Source"], ": ", ".", " "),
        Lang::Zh => (["场景", "源代码"], "：", "。", ""),
    };
    let linked = |scene: &String| scene_file(scene).map_or_else(|| scene.clone(), |file| format!("[{scene}]({file})"));
    let scenes: Vec<String> = difference.scenes.iter().map(linked).collect();
    let scenes =
        if scenes.is_empty() { String::new() } else { format!("{gap}{scenes_are}{colon}{}{stop}", scenes.join(", ")) };
    let source = format!("[{}]({}#L{})", difference.source, difference.source, difference.line);
    let text = difference.in_words(lang);
    writeln!(out, "- **{}**{colon}{text}{scenes}{gap}{source_is}{colon}{source}", heading(difference))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::scenario::check::{Verdict, check};
    use crate::scenario::find::scenes;

    fn root() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn every_linked_scene_is_a_file() {
        for scene in differences().iter().flat_map(|difference| &difference.scenes) {
            let file = scene_file(scene).unwrap_or_else(|| panic!("{scene} is no file"));
            assert!(root().join(file).is_file(), "{scene} leads to {file}");
            assert!(file.contains(&format!("/{scene}.")), "{scene} leads to {file}");
        }
    }

    #[test]
    fn scenes_of_our_own_do_what_they_say() {
        let found = ["kept", "kept_frames", "build_options"].map(|group| root().join("assets/scenes").join(group));
        let found = scenes(&found).expect("scenes");
        assert!(found.len() > 20, "only {} scenes", found.len());
        for scene in found {
            // Scripts say what they send; only frame scenarios have a recording of the events too.
            let has_trace = scene.path.with_extension("trace.jsonl").exists();
            match check(&scene.path, has_trace, Lang::En) {
                Verdict::Passed(_) => {}
                Verdict::Failed(lines, _) | Verdict::Unreadable(lines, _) => panic!("{}", lines.join("\n")),
            }
        }
    }
}
