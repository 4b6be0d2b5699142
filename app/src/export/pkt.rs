//! The script of what really happened on one host, in packetdrill's language: every call with its true result, every
//! packet with its true numbers and times. Promise: run again, it passes.

use std::path::Path;

use stack::lab::conformance::{rules, run_script};
use stack::lab::verdict::has_hosts;

use crate::i18n::lang_of_environment;
use crate::refusal::{Refusal, harmless, say};
use crate::scenario::left_out::left_out;
use crate::scenario::{read, record};

/// The script of what happens when the script at `path` is run.
///
/// # Errors
/// It is no script of one host, or cannot be run.
pub fn script(path: &Path) -> Result<String, Refusal> {
    let name = harmless(&path.display().to_string());
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        return Err(no_script(&name));
    }
    let script = read::script(&read::read(path, &name)?, &name)?;
    if has_hosts(&script) {
        return Err(no_script(&name));
    }
    let mut run =
        run_script(&script, record::reading(path, &script)).map_err(|failure| read::of_failure(&name, &failure))?;
    if let Some(remark) = left_out(&name, &run.skipped) {
        say(remark.text(lang_of_environment()));
    }
    rules::fill_up(&mut run.script);
    let mut text = run.script.to_string();
    if let Some(oops) = &run.oops {
        // A comment of packetdrill's language: what follows no script can say.
        text.push_str(&format!("// Oops: 1.2.13 dies here: {}\n", oops.story));
    }
    Ok(text)
}

/// Why there is no script of something.
#[must_use]
pub fn no_script(name: &str) -> Refusal {
    Refusal::usage(
        format!(
            "{name} is no script of one host: only a .pkt script without //@ host lines can be written as pkt; choose another --format."
        ),
        format!("{name} 不是单主机脚本：只有不含 //@ host 行的 .pkt 脚本才能导出为 pkt；请换一种 --format。"),
    )
}
