//! The calls that a second pass asks for: four to six places `HOST: enter FUNCTION`, each once.

use stack::functions;
use stack::lab::query::{Happening, Place, PlaceKind};
use toml::Spanned;

use super::Reader;
use crate::file::LessonFile;
use crate::lesson::Call;
use crate::problem::position;

/// How many calls a second pass asks for: fewer are no road, and more have no room as options.
const CALLS: core::ops::RangeInclusive<usize> = 4..=6;

impl Reader<'_> {
    /// The calls of a lesson, those that can be read; none where it has no second pass.
    pub(super) fn calls(&mut self, file: &LessonFile) -> Vec<Call> {
        let mut calls: Vec<Call> = Vec::new();
        for text in &file.calls {
            let Some(call) = self.call(text) else { continue };
            if calls.iter().any(|other| (&other.host, other.function) == (&call.host, call.function)) {
                self.complain(text, "this call is there twice; name another function", "该调用出现两次，请换一个函数");
            }
            calls.push(call);
        }
        if let Some(first) = file.calls.first()
            && !CALLS.contains(&file.calls.len())
        {
            self.complain(
                first,
                format!("a second pass has four to six calls, not {}", file.calls.len()),
                format!("第二遍要有四到六个调用，而不是 {} 个", file.calls.len()),
            );
        }
        calls
    }

    fn call(&mut self, text: &Spanned<String>) -> Option<Call> {
        let place = self.place(text)?;
        let parts = match &place {
            Place {
                kind: PlaceKind::Host { host: Some(host), what: Happening::Enter(function) },
                condition: None,
                ..
            } => Some((host.name.clone(), function)),
            _ => None,
        };
        let Some((host, name)) = parts else {
            let (en, zh) = ("a call is written `HOST: enter FUNCTION`", "调用写作 `主机: enter 函数`");
            self.complain(text, en, zh);
            return None;
        };
        let Some(function) = functions::named(name) else {
            self.complain(
                text,
                format!("no kernel function is called {name}; see sockscope lesson trace --all"),
                format!("没有名为 {name} 的内核函数；见 sockscope lesson trace --all"),
            );
            return None;
        };
        Some(Call { host, function, place, line: position(self.text, text.span().start).0 })
    }
}
