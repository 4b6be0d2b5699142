//! Who imports whom among the files of a crate, read from their `use` lines and from the paths in their code.
//!
//! A file stands for the module it holds (`wire/mod.rs` for `wire`), and a name that a module only hands on (`pub use`) is
//! looked up where it is made. Two kinds of arrows say nothing about the order of the floors and are not counted: `mod x;`,
//! and a file's use of what the `mod.rs` of its own folder holds, which is where a folder keeps what its files share.
//! Promise: an import written as a path is seen; what a macro writes is not.

use std::collections::{BTreeMap, BTreeSet};

/// A module as its path from the crate's root: `["wire", "dissect", "ip"]`; empty for `lib.rs` and `main.rs`.
type Module = Vec<String>;

/// The files of one crate and their imports.
pub(crate) struct Imports {
    /// Path of the file of each module, as it was given.
    files: BTreeMap<Module, String>,
    /// Where a name comes from that a module imports or hands on.
    handed_on: BTreeMap<(Module, String), Module>,
    arrows: BTreeMap<Module, BTreeSet<Module>>,
}

impl Imports {
    /// Reads a crate: the folder of its sources (`app/src/`), the path of each file, and its text without tests.
    pub(crate) fn of(folder: &str, sources: &[(String, String)]) -> Self {
        let mut imports = Self { files: BTreeMap::new(), handed_on: BTreeMap::new(), arrows: BTreeMap::new() };
        let texts: Vec<(Module, String)> = sources
            .iter()
            .map(|(path, text)| (module_of(path.strip_prefix(folder).unwrap_or(path)), without_comments(text)))
            .collect();
        for ((module, _), (path, _)) in texts.iter().zip(sources) {
            imports.files.insert(module.clone(), path.clone());
        }
        for (module, text) in &texts {
            for path in uses(text) {
                let Some(target) = imports.absolute(module, &path) else { continue };
                if let Some(name) = target.last() {
                    imports.handed_on.insert((module.clone(), name.clone()), target.clone());
                }
            }
        }
        for (module, text) in &texts {
            let named: BTreeSet<Module> = uses(text)
                .into_iter()
                .chain(imports.paths(module, text))
                .filter_map(|path| imports.absolute(module, &path))
                .map(|target| imports.home(&target, 8))
                .filter(|target| !module.starts_with(target))
                .collect();
            imports.arrows.insert(module.clone(), named);
        }
        imports
    }

    /// The paths of the files.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.values().map(String::as_str)
    }

    /// Every import between two files, as (who, whom).
    pub(crate) fn arrows(&self) -> impl Iterator<Item = (&str, &str)> {
        let file = |module: &Module| self.files.get(module).map_or("", String::as_str);
        self.arrows.iter().flat_map(move |(from, all)| all.iter().map(move |to| (file(from), file(to))))
    }

    /// The circles: files that can all be reached from each other, each circle sorted.
    pub(crate) fn circles(&self) -> Vec<Vec<String>> {
        let reach: BTreeMap<&Module, BTreeSet<&Module>> =
            self.files.keys().map(|module| (module, self.reached_from(module))).collect();
        let mut found = Vec::new();
        let mut taken: BTreeSet<&Module> = BTreeSet::new();
        for (module, reached) in &reach {
            let circle: Vec<&Module> = reached
                .iter()
                .copied()
                .filter(|other| reach.get(*other).is_some_and(|back| back.contains(module)))
                .collect();
            if circle.len() > 1 && taken.insert(module) {
                taken.extend(&circle);
                let mut names: Vec<String> =
                    circle.iter().filter_map(|module| self.files.get(*module).cloned()).collect();
                names.sort();
                found.push(names);
            }
        }
        found.dedup();
        found
    }

    fn reached_from<'a>(&'a self, start: &Module) -> BTreeSet<&'a Module> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&Module> = self.arrows.get(start).into_iter().flatten().collect();
        while let Some(module) = open.pop() {
            if reached.insert(module) {
                open.extend(self.arrows.get(module).into_iter().flatten());
            }
        }
        reached
    }

    /// A path as written in `module`, counted from the root; none for a path into another crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Module> {
        let mut base: Module = module.to_vec();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (base, rest) = (Vec::new(), path.get(1..)?),
            "self" => rest = path.get(1..)?,
            "super" => {
                while rest.first().is_some_and(|word| word == "super") {
                    base.pop()?;
                    rest = rest.get(1..)?;
                }
            }
            child => {
                base.push(child.to_owned());
                if !self.files.contains_key(&base) {
                    return None;
                }
                base.pop();
            }
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    /// The module in which what a path names is made.
    fn home(&self, path: &[String], patience: u8) -> Module {
        let known = (0..=path.len()).rev().find(|length| self.files.contains_key(&path[..*length])).unwrap_or(0);
        let module = path[..known].to_vec();
        let from = path.get(known).and_then(|name| self.handed_on.get(&(module.clone(), name.clone())));
        match from {
            Some(from) if patience > 0 && from != path => self.home(from, patience - 1),
            _ => module,
        }
    }

    /// Paths in the code: those that begin with `crate` or `super`, and those that begin with a child of the module.
    fn paths(&self, module: &[String], text: &str) -> Vec<Vec<String>> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut found = Vec::new();
        let mut rest = text;
        let mut before = ' ';
        while let Some(start) = rest.find(is_word) {
            before = rest[..start].chars().next_back().unwrap_or(before);
            let path_length = rest[start..].find(|c: char| !is_word(c) && c != ':').unwrap_or(rest.len() - start);
            let path = &rest[start..start + path_length];
            if before != ':' && path.contains("::") {
                let words: Vec<String> = path.split("::").filter(|word| !word.is_empty()).map(str::to_owned).collect();
                let child = [module, &words[..1]].concat();
                if ["crate", "super"].contains(&words[0].as_str()) || self.files.contains_key(&child) {
                    found.push(words);
                }
            }
            before = path.chars().next_back().unwrap_or(' ');
            rest = &rest[start + path_length..];
        }
        found
    }
}

fn module_of(path: &str) -> Module {
    let mut words: Module = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if words.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        words.pop();
    }
    words
}

fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// The paths of the `use` lines, braces written out.
fn uses(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("use ") {
        let line = rest[..at].rsplit('\n').next().unwrap_or("").trim();
        let declares = line.is_empty() || line == "pub" || line.starts_with("pub(") && line.ends_with(')');
        rest = &rest[at + 4..];
        if declares && let Some(end) = rest.find(';') {
            write_out(&[], &rest[..end], &mut found);
            rest = &rest[end..];
        }
    }
    found
}

/// The leaves of one `use` tree, each behind the path that stands before its braces.
fn write_out(before: &[String], tree: &str, found: &mut Vec<Vec<String>>) {
    let (path, inside) = match tree.split_once('{') {
        Some((path, inside)) => (path, inside.rsplit_once('}').map(|(inside, _)| inside)),
        None => (tree.split(" as ").next().unwrap_or(""), None),
    };
    let words = path.split("::").map(str::trim).filter(|word| !word.is_empty() && *word != "*");
    // `self` at the end of a path is that path.
    let words = words.filter(|word| before.is_empty() || *word != "self");
    let path: Vec<String> = before.iter().cloned().chain(words.map(str::to_owned)).collect();
    let Some(inside) = inside else {
        found.push(path);
        return;
    };
    let mut depth = 0;
    let leaves = inside.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    for leaf in leaves.filter(|leaf| !leaf.trim().is_empty()) {
        write_out(&path, leaf, found);
    }
}
