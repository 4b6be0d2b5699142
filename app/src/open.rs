//! From a path or a name to a run that can be walked: scripts, frame scenarios and the scene that ships with the program.
//! Promise: whatever is wrong with the file is said in one sentence with its place.

use std::fs;
use std::path::Path;

use stack::lab::conformance::{Failure, run_frames};
use stack::lab::run::Run;
use stack::lab::scene;
use stack::lab::script::parse;

use crate::capture::walkable;
use crate::refusal::{Refusal, harmless};
use crate::scenario::json;

/// The largest script that is read, in octets.
const LARGEST: u64 = 4 << 20;

/// Opens a script or a frame scenario; without a path the scene a person starts with.
///
/// # Errors
/// One sentence: what is wrong, where in the file, what to do.
pub fn open(path: Option<&Path>, seed: u64) -> Result<Run, Refusal> {
    let Some(path) = path else {
        return scene::first(seed).map_err(|failure| of_failure("the first scene", &failure));
    };
    if walkable::is_capture(path) {
        return walkable::open(&path.to_string_lossy());
    }
    let name = harmless(&path.display().to_string());
    let text = read(path, &name)?;
    if path.extension().is_some_and(|extension| extension == "json") {
        let scenario = json::parse(&text)
            .map_err(|error| at(&name, error.position.line, &error.message.english, &error.message.chinese))?;
        let done = run_frames(&scenario).map_err(|failure| of_failure(&name, &failure))?;
        return Ok(scene::of_script_run(&done));
    }
    let script =
        parse(&text).map_err(|error| at(&name, error.position.line, &error.message.english, &error.message.chinese))?;
    scene::load(&script, seed).map_err(|failure| of_failure(&name, &failure))
}

fn read(path: &Path, name: &str) -> Result<String, Refusal> {
    let length = fs::metadata(path).map_err(|error| unreadable(name, &error))?.len();
    if length > LARGEST {
        return Err(Refusal::usage(
            format!(
                "{name} has {length} octets; a scene may have at most {LARGEST}: is it a capture? (sockscope replay opens those)"
            ),
            format!("{name} 有 {length} 字节，场景最多 {LARGEST} 字节：这是抓包文件吗？（用 sockscope replay 打开）"),
        ));
    }
    let octets = fs::read(path).map_err(|error| unreadable(name, &error))?;
    String::from_utf8(octets).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Refusal::usage(
            format!("{name} is not a text file (octet {at} is not UTF-8): a scene is a .pkt script or a .json frame scenario"),
            format!("{name} 不是文本文件（第 {at} 字节不是 UTF-8）：场景是 .pkt 脚本或 .json 帧场景"),
        )
    })
}

fn unreadable(name: &str, error: &std::io::Error) -> Refusal {
    Refusal::usage(
        format!("{name} cannot be read: {error}; check the path"),
        format!("无法读取 {name}：{error}；请检查路径"),
    )
}

fn at(name: &str, line: u32, english: &str, chinese: &str) -> Refusal {
    Refusal::usage(format!("{name}:{line}: {english}"), format!("{name}:{line}: {chinese}"))
}

fn of_failure(name: &str, failure: &Failure) -> Refusal {
    at(name, failure.position.line, &failure.message.english, &failure.message.chinese)
}
