//! Finding a text in the whole of our code, function by function: what the code pane shows of a function that does not run.

use stack::functions::{self, FUNCTIONS};
use stack::kernel::probe::KFn;
use stack::lab::film::Layer;
use stack::lab::movement::Direction;
use stack::source::SOURCES;

use super::code::{folded, is_head};
use crate::picture::Code;

/// A function of our code.
struct Function {
    file: &'static str,
    name: String,
    /// The number of its first line in the file.
    first: usize,
    lines: Vec<&'static str>,
}

/// The functions of all sources, in the order of the files and of the lines.
fn all() -> Vec<Function> {
    let mut found: Vec<Function> = Vec::new();
    for (file, text) in SOURCES {
        let mut open: Option<Function> = None;
        for (index, line) in text.lines().enumerate() {
            if open.is_none() && is_head(line) {
                let name = line.split("fn ").nth(1).unwrap_or("");
                let name = name.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                open = Some(Function { file, name, first: index + 1, lines: Vec::new() });
            }
            if let Some(function) = &mut open {
                function.lines.push(line);
            }
            if line == "}" {
                found.extend(open.take());
            }
        }
    }
    found
}

/// The next function that has a text, after (or before) the one that stands at a line of a file; its found line is the lit one.
/// The search goes once around all of the code, and ends with the function that it began in.
#[must_use]
pub fn find(wanted: &str, file: &str, line: usize, direction: Direction) -> Option<Code> {
    let wanted = wanted.to_lowercase();
    let functions = all();
    let stands = |function: &Function| function.file == file && function.first <= line;
    let here = functions.iter().rposition(stands).unwrap_or(0);
    let count = functions.len();
    let has = |line: &&str| line.to_lowercase().contains(&wanted);
    (1..=count).find_map(|distance| {
        let step = if direction == Direction::Forward { distance } else { count - distance };
        let function = functions.get((here + step) % count)?;
        let found = match direction {
            Direction::Forward => function.lines.iter().position(has),
            Direction::Backward => function.lines.iter().rposition(has),
        };
        Some(shown(function, function.first + found?))
    })
}

/// The function as the pane shows it, with a line of it lit.
fn shown(function: &Function, line: usize) -> Code {
    let cited = cited(function);
    Code {
        function: function.name.clone(),
        layer: cited.map_or(Layer::default(), Layer::of),
        kernel_file: cited.map_or(String::new(), |cited| cited.file.to_owned()),
        rust_file: function.file.to_owned(),
        citation: cited
            .filter(|cited| !cited.rfc.is_empty())
            .map_or(String::new(), |cited| format!("RFC {}", cited.rfc)),
        first_line: function.first,
        lines: function.lines.iter().map(|line| (*line).to_owned()).collect(),
        current: line,
        // What was looked for may stand in a line that is folded while the function runs.
        folded: folded(function.file).into_iter().filter(|lines| !lines.contains(&line)).collect(),
        is_found: true,
        ..Code::default()
    }
}

/// The kernel function that it is, or the one whose stage it is; else any of its file, which tells the file of the original.
fn cited(function: &Function) -> Option<&'static KFn> {
    let parent = || {
        let of_file = FUNCTIONS.iter().filter(|known| known.rust_file == function.file);
        let parents = of_file.clone().filter(|known| function.name.starts_with(known.name));
        parents.max_by_key(|known| known.name.len()).or_else(|| of_file.clone().next()).copied()
    };
    functions::named(&function.name).or_else(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_goes_around_all_of_the_code_and_back() {
        let first = find("back_log", "stack/src/drivers/eth0.rs", 1, Direction::Forward).expect("somewhere");
        let text = |code: &Code| code.lines.get(code.current - code.first_line).cloned().unwrap_or_default();
        assert!(text(&first).contains("back_log") && first.is_found, "{first:?}");
        let next = find("back_log", &first.rust_file, first.current, Direction::Forward).expect("another");
        assert_ne!(next.function, first.function);
        let back = find("back_log", &next.rust_file, next.current, Direction::Backward).expect("the first again");
        assert_eq!(back.function, first.function);
        assert!(find("no such text anywhere", &first.rust_file, 1, Direction::Forward).is_none());
        assert!(all().len() > 400, "{} functions", all().len());
    }
}
